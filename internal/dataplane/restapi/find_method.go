package restapi

import (
	"net/url"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/sigv4"
)

// methodOverrideHeader replaces the request's HTTP method (guide:
// api-gateway-known-issues.md).
const methodOverrideHeader = "X-Http-Method-Override"

// findMethod finds the Method that serves the request.
func findMethod(e *exchange) *fault.Fault {
	api := e.stage.Api
	if api.DisableExecuteApiEndpoint && e.in.DefaultEndpoint {
		f := fault.New(fault.EndpointDisabled)
		f.Fix = "call the API through its custom domain, or set disableExecuteApiEndpoint to false and deploy"
		return f
	}
	if api.Private && e.in.VpcEndpoint == nil {
		f := fault.New(fault.EndpointMismatch)
		f.Found, f.Fix = "a private API and a request that came by no VPC endpoint", "call the API at a listener of --vpc-endpoint"
		return f
	}
	if override := e.in.HTTP.Header[methodOverrideHeader]; len(override) > 0 {
		e.httpMethod = override[0]
	}
	e.method, e.captures = api.Routes.Find(plan.VerbOf(e.httpMethod), e.in.Path, e.captures)
	if e.method == nil {
		e.noteRequest()
		return noRoute(e)
	}
	e.settings = &e.stage.Settings[e.method.Index]
	e.readPathParameters()
	if e.record != nil {
		e.record.Method = e.settings.Recorded
		e.record.Note(record.Route, e.method.Route)
		e.noteRequest()
	}
	if refusal := refusalOf(e); refusal != nil {
		id := refusal.Id
		f := fault.New(id)
		f.Checked, f.Found = e.method.Route, refusal.Feature
		f.Wanted, f.Fix = refusal.Reason, refusal.Fix
		return f
	}
	return nil
}

func refusalOf(e *exchange) *plan.Refusal {
	if e.method.Refusal != nil {
		return e.method.Refusal
	}
	return e.settings.Refusal
}

func noRoute(e *exchange) *fault.Fault {
	f := fault.New(fault.NoRoute)
	if text := tokenForSignature(e); text != "" {
		f = fault.New(fault.NoRouteForToken)
		f.Message = text
	}
	f.Checked = "the deployed methods of stage " + e.stage.StageName + " (deployment " + e.stage.DeploymentId + ")"
	f.Found = e.httpMethod + " " + e.in.Path
	f.Nearest = e.stage.Api.Routes.Nearest(e.httpMethod, e.in.Path)
	f.Fix = "deploy the API, or correct the path"
	return f
}

// tokenForSignature is what AWS says of an Authorization header that is no signature where
// no method says what else it may be (public reports; what it says of a signature there is
// unconfirmed, and is Missing Authentication Token here).
func tokenForSignature(e *exchange) string {
	if e.header(headerAuthorization) == "" {
		return ""
	}
	request := sigv4.FromHTTP(e.in.HTTP, nil)
	if failed := sigv4.CheckForm(&request); failed != nil && failed.Kind == sigv4.IncompleteSignature {
		return failed.Answer(sigv4.ExecuteAPI).Message
	}
	return ""
}

// readPathParameters decodes what the route's parameters captured.
func (e *exchange) readPathParameters() {
	for i, capture := range e.captures {
		e.pathParameters = append(e.pathParameters, integration.Field{
			Name: e.method.PathParameters[i], Value: decodePath(e.in.Path[capture.Start:capture.End]),
		})
	}
}

func decodePath(encoded string) string {
	if strings.IndexByte(encoded, '%') < 0 {
		return encoded
	}
	decoded, err := url.PathUnescape(encoded)
	if err != nil {
		return encoded
	}
	return decoded
}

// noteRequest notes the request as AWS's execution log shows it.
func (e *exchange) noteRequest() {
	e.record.NoteRequest(record.Request{Path: e.pathParameters, Query: e.in.Query, Headers: e.in.Headers, Body: e.in.Body})
}
