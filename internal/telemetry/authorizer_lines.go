package telemetry

import (
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// Steps of a REST API's pipeline that come before the usage plan.
const (
	stepResourcePolicy = "check_resource_policy"
	stepAuthorize      = "authorize"
)

// endsBeforePlan says whether the client was refused before its usage plan was looked at.
func (l *lines) endsBeforePlan() bool {
	if l.record.Fault == nil || len(l.record.Steps) == 0 {
		return false
	}
	last := l.record.Steps[len(l.record.Steps)-1].Name
	return last == stepAuthorize || last == stepResourcePolicy
}

// addAuthorizer adds the lines of an authorizer that is a function, which AWS's logs have
// before those of the usage plan (public reports; see testdata/authorizer.txtar).
func (l *lines) addAuthorizer() {
	for _, step := range l.record.Steps {
		if step.Name == stepAuthorize {
			for i := range step.Facts {
				l.addAuthorizerFact(&step.Facts[i])
			}
		}
	}
}

func (l *lines) addAuthorizerFact(fact *record.Fact) {
	traced := l.record.DataTraceEnabled
	switch fact.Kind {
	case record.Authorizer:
		l.add("Starting authorizer: " + fact.Text + " for request: " + l.record.RequestId)
	case record.AuthorizerIdentity:
		l.add("Incoming identity: " + fact.Text)
	case record.AuthorizerUri:
		if traced {
			l.add("Endpoint request URI: " + endpointText(fact.Text, traced))
		}
	case record.AuthorizerBody:
		if traced {
			l.add("Endpoint request body after transformations: " + string(fact.Body))
			l.addSending()
		}
	case record.AuthorizerReply:
		if traced {
			l.add("Authorizer result body before parsing: " + string(fact.Body))
		}
	case record.AuthorizerPolicy:
		l.add("Using valid authorizer policy for principal: " + fact.Text)
		l.add("Successfully completed authorizer execution")
	default: // what other lines show, or none
	}
}

// addSending adds the line that newer logs have before an authorizer is called.
func (l *lines) addSending() {
	for _, step := range l.record.Steps {
		for i := range step.Facts {
			if step.Facts[i].Kind == record.AuthorizerUri {
				l.add("Sending request to " + endpointText(step.Facts[i].Text, true))
			}
		}
	}
}

// addRefusal says how an authorizer or a policy refused the client.
func (l *lines) addRefusal(f *fault.Fault) {
	const failed, authorizerError = "Execution failed due to configuration error: ", "Authorizer error"
	switch f.Id() {
	case fault.IdentityMissing, fault.TokenRefused, fault.JwtRejected, fault.JwksUnreachable:
		l.add("Unauthorized request: " + l.record.RequestId)
	case fault.AuthorizerUnreachable, fault.AuthorizerCrossAccount:
		l.add(failed + "Invalid permissions on Lambda function")
		l.add(failed + authorizerError)
	case fault.AuthorizerOutputInvalid:
		l.add(failed + "Invalid JSON in response: " + f.Found)
		l.add(failed + authorizerError)
	case fault.AuthorizerFailed:
		l.add(failed + authorizerError)
	default:
		l.add("The client is not authorized to perform this operation.")
	}
}
