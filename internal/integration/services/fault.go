package services

import (
	"errors"

	"gatehouse/internal/fault"
)

// NotConfigured is the fault of a call to a service in a region that no server stands
// for; where is what names the service, a URI or a subtype.
func NotConfigured(service, region, where string) *fault.Fault {
	f := fault.New(fault.ServiceNotReachable)
	f.Checked = "the integration " + where
	f.Found = "no endpoint of " + service + " in " + region
	f.Wanted = "the base URL of a server that speaks this service's protocol, in the configuration"
	f.Fix = "gatehouse serve --service-endpoint " + service + "=URL"
	f.LogLine = "configuration error: Invalid endpoint address"
	f.Cause = ErrNotConfigured
	return f
}

// NotSigned is the fault of a call that could not be signed: nobody can act as the
// integration's role.
func NotSigned(call *Call, err error) *fault.Fault {
	f := fault.New(fault.IntegrationRole)
	f.Checked, f.Found, f.Cause = "calling "+call.Service+" as "+call.Caller.RoleArn, err.Error(), err
	f.Wanted = "a role of account " + call.Caller.AccountId + " whose trust policy lets apigateway.amazonaws.com assume it"
	f.LogLine = "configuration error: API Gateway does not have permission to assume the provided role " + call.Caller.RoleArn
	if errors.Is(err, ErrNoCaller) {
		f.Wanted = "a method with AWS_IAM authorization, whose caller's credentials can be passed on"
		f.LogLine = "configuration error: Invalid credentials"
	}
	return f
}

// ErrNoCaller says that the integration calls as the API's caller, and nobody signed.
var ErrNoCaller = errors.New("the integration calls as whoever calls the API, and the request is not signed")
