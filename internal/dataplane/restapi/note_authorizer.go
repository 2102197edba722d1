package restapi

import (
	"bytes"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/record"
)

// noteAuthorizer notes what execution logs show of an authorizer that is a function. The
// identity is a credential, and masked wherever it stands.
func (e *exchange) noteAuthorizer(settings *authorizer.Function, call *authorizer.Call) {
	if !e.record.Verbose() {
		return
	}
	e.record.Note(record.Authorizer, settings.AuthorizerId)
	if len(call.Missing) == 0 && len(call.Identity) > 0 {
		e.record.Note(record.AuthorizerIdentity, identityText(settings, call))
	}
	functionArn, event := settings.FunctionArn, call.Event
	if functionArn == "" {
		functionArn = call.FunctionArn
	}
	call.Event = func() []byte {
		sent := event()
		e.record.Note(record.AuthorizerUri, functionArn)
		if e.record.Traced() {
			e.record.NoteBody(record.AuthorizerBody, withoutIdentity(sent, call.Identity))
		}
		return sent
	}
	call.Answered = func(payload []byte) {
		if e.record.Traced() {
			e.record.NoteBody(record.AuthorizerReply, withoutIdentity(payload, call.Identity))
		}
	}
}

// identityText is the token, or for a REQUEST authorizer each source with its value.
func identityText(settings *authorizer.Function, call *authorizer.Call) string {
	if settings.Form == authorizer.FormToken {
		return record.Mask(call.Identity[0])
	}
	text := "{"
	for i, source := range settings.Sources {
		if i > 0 {
			text += ", "
		}
		text += source.Text + "=" + record.Mask(call.Identity[i])
	}
	return text + "}"
}

// shortestSecret is how long an identity must be to be masked in a payload: shorter ones
// would mask words that only look like them.
const shortestSecret = 8

func withoutIdentity(payload []byte, identity []string) []byte {
	for _, secret := range identity {
		if len(secret) >= shortestSecret {
			payload = bytes.ReplaceAll(payload, []byte(secret), []byte(record.Mask(secret)))
		}
	}
	return payload
}
