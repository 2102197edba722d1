package plan

// Verb is one of the seven HTTP methods that API Gateway serves.
type Verb int8

// The verbs, in the order in which API Gateway lists them; what ANY means (observed
// on AWS). NoVerb is every other HTTP method.
const (
	VerbDelete Verb = iota
	VerbGet
	VerbHead
	VerbOptions
	VerbPatch
	VerbPost
	VerbPut
	verbCount

	NoVerb Verb = -1
)

var verbNames = [verbCount]string{"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// VerbOf returns the verb of an HTTP method, which is case-sensitive.
func VerbOf(httpMethod string) Verb {
	for verb, name := range verbNames {
		if name == httpMethod {
			return Verb(verb)
		}
	}
	return NoVerb
}

// String is the HTTP method.
func (v Verb) String() string {
	if v < 0 || v >= verbCount {
		return "(none)"
	}
	return verbNames[v]
}
