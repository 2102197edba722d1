package httpapi

import (
	"net/url"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// findRoute finds the route that serves the request. A preflight without one is for the
// gateway to answer.
func findRoute(e *exchange) *fault.Fault {
	if e.stage.Api.DisableExecuteApiEndpoint && e.in.DefaultEndpoint {
		f := fault.New(fault.EndpointDisabled)
		f.Fix = "call the API through its custom domain, or set disableExecuteApiEndpoint to false"
		return f
	}
	e.route, e.captures = e.stage.Api.Routes.Find(e.in.HTTP.Method, e.in.Path, e.captures)
	if e.route == nil {
		e.noteRequest()
		if e.isPreflight() {
			return nil
		}
		return noRoute(e)
	}
	for i, capture := range e.captures {
		e.pathParameters = append(e.pathParameters, integration.Field{
			Name: e.route.PathParameters[i], Value: decodePath(e.in.Path[capture.Start:capture.End]),
		})
	}
	if e.record != nil {
		e.record.Method = e.stage.Settings[e.route.Index].Recorded
		e.record.Note(record.Route, e.route.RouteKey)
		e.noteRequest()
	}
	if refusal := e.route.Refusal; refusal != nil {
		id := refusal.Id
		f := fault.New(id)
		f.Checked, f.Found, f.Wanted, f.Fix = e.route.RouteKey, refusal.Feature, refusal.Reason, refusal.Fix
		return f
	}
	return nil
}

func (e *exchange) noteRequest() {
	e.record.NoteRequest(record.Request{Path: e.pathParameters, Query: e.in.Query, Headers: e.in.Headers, Body: e.in.Body})
}

func noRoute(e *exchange) *fault.Fault {
	f := fault.New(fault.NoRoute)
	f.Checked = "the deployed routes of stage " + e.stage.StageName + " (deployment " + e.stage.DeploymentId + ")"
	f.Found = e.in.HTTP.Method + " " + e.in.Path
	f.Fix = "deploy the API, correct the path, or add a $default route"
	if trimmed := strings.TrimSuffix(e.in.Path, "/"); trimmed != e.in.Path && trimmed != "" {
		if near, _ := e.stage.Api.Routes.Find(e.in.HTTP.Method, trimmed, nil); near != nil {
			f.Nearest = near.RouteKey + ": in HTTP APIs a slash at the end makes another path"
		}
	}
	return f
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
