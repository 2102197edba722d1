package knowledge

// situations are ids that are laid out for failures which package fault does not name
// yet, because what fails is not built or is no fault of a request. An id that reaches
// fault.Registry leaves this table; a test says so.
var situations = map[string]string{
	"GH-R201": "A custom domain's mapping leads elsewhere than the caller expects.",
	"GH-R401": "A browser refuses to show a response, because it has no CORS headers.",
	"GH-I106": "The backend itself sent an answer that looks like one of API Gateway's own errors, and it was passed on.",
	"GH-M206": "A mapping template has a reference that nothing sets and that is nearly one of API Gateway's, so that it has no value.",
	"GH-M304": "The backend failed, and the default integration response made a success of it.",
	"GH-M305": "The function answers as for a proxy integration, and the integration is none, so that the client got its statusCode and body as JSON.",
	"GH-B101": "A binary response left as base64 text.",
	"GH-B104": "A binary body was taken for text, and what is not UTF-8 in it was lost.",
	"GH-S101": "The response came from the stage's cache, not from the integration.",
	"GH-S102": "Cache-Control: max-age=0 was ignored, because no policy lets the client ask for a fresh answer.",
	"GH-C103": "A change is defined and not deployed, so that nothing of it shows.",
}

// Situation is the sentence of an id that is laid out and not in the registry.
func Situation(id string) (sentence string, ok bool) {
	sentence, ok = situations[id]
	return sentence, ok
}
