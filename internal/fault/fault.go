package fault

import "strings"

// Id names one way to fail, for ever: "GH-R101". The letter says the area: R routing
// and reaching, A authorization, T throttling and keys, S stage caches, V validation, M mapping, B
// binary content, I integration, L Lambda, C configuration, X Gatehouse itself.
type Id string

// Form says how API Gateway prints the body of a gateway response that nobody changed.
type Form uint8

const (
	// FormPlain is {"message":"Forbidden"}: what fails before a method is executed.
	FormPlain Form = iota
	// FormSpaced is {"message": "Internal server error"}: what fails from the request's
	// validation on. Seen in public for 500, 502, 504, 400 and 415; unconfirmed for others.
	FormSpaced
	// FormCapital is {"Message":"User is not authorized …"}, of ACCESS_DENIED (seen on AWS).
	FormCapital
)

// Entry is one row of the registry.
type Entry struct {
	Id   Id
	Name string // "no-route"
	// ResponseType is the GatewayResponse that renders the fault, one of apigw.GatewayResponseTypes.
	// It is empty for a refusal of the control plane, which AWS's exception renders (see Refuse).
	ResponseType string
	// StatusCode is what the client gets while nobody set a status code; 0 is the type's own.
	StatusCode int
	// ErrorType is x-amzn-ErrorType; empty is the type's own.
	ErrorType string
	// Message is $context.error.message; a Fault may carry its own instead.
	Message string
	Form    Form
	// Sentence says in one sentence what happened.
	Sentence string
	// Article is the id of the article of the knowledge base.
	Article string
}

// Fault is why an exchange ended early. Its first fields are what the client may see;
// the rest is for the logs and the diagnosis and never reaches a client.
type Fault struct {
	Entry *Entry
	// Message is $context.error.message.
	Message string
	// ValidationError is $context.error.validationErrorString.
	ValidationError string
	// IntegrationError is $context.integrationErrorMessage.
	IntegrationError string
	// LogLine is what AWS's execution log says after "Execution failed due to ", such as
	// "configuration error: Malformed Lambda proxy response"; empty when it says nothing of the
	// kind. Of a usage plan's refusal it is the whole line.
	LogLine string

	Checked string // what was compared with what
	Found   string // what the request or the backend really had
	Wanted  string // what would have passed
	Nearest string // the closest thing that exists
	Fix     string // what to do
	Command string // what to do, for a shell; empty where only the diagnosis can tell, or nothing can
	Cause   error  // what broke underneath
}

// New makes a Fault of a registered id. An id that is not in the registry, which a
// test keeps out of the tree, becomes Unregistered.
func New(id Id) *Fault {
	entry, ok := Lookup(id)
	if !ok {
		entry, _ = Lookup(Unregistered)
		return &Fault{Entry: entry, Message: entry.Message, Found: string(id)}
	}
	return &Fault{Entry: entry, Message: entry.Message}
}

// Lookup finds the row of an id.
func Lookup(id Id) (*Entry, bool) {
	for i := range registry {
		if registry[i].Id == id {
			return &registry[i], true
		}
	}
	return nil, false
}

// Registry returns all rows, in the order of the file.
func Registry() []Entry { return append([]Entry(nil), registry...) }

// Id is the id of the fault's row.
func (f *Fault) Id() Id { return f.Entry.Id }

// Error is one line for the log of Gatehouse; no client sees it.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(string(f.Entry.Id) + " " + f.Entry.Name)
	for _, part := range [...]struct{ label, text string }{
		{"checked", f.Checked}, {"found", f.Found}, {"wanted", f.Wanted}, {"nearest", f.Nearest}, {"fix", f.Fix},
	} {
		if part.text != "" {
			b.WriteString("; " + part.label + ": " + part.text)
		}
	}
	if f.Cause != nil {
		b.WriteString("; cause: " + f.Cause.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }
