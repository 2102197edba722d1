package websocketapi

import (
	"encoding/json"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// selectRoute finds the route. $connect and $disconnect need not exist.
func selectRoute(e *exchange) *fault.Fault {
	api := e.stage.Api
	switch e.eventType {
	case eventConnect:
		e.route = api.Route(plan.RouteKeyConnect)
	case eventDisconnect:
		e.route = api.Route(plan.RouteKeyDisconnect)
	default:
		if f := selectMessageRoute(e); f != nil {
			return f
		}
	}
	if e.route == nil {
		e.statusCode, e.done = statusOk, true
		return nil
	}
	e.settings = &e.stage.Settings[e.route.Index]
	if e.record != nil {
		e.record.Method = e.settings.Recorded
		e.record.Note(record.Route, e.route.RouteKey)
	}
	if refusal := e.route.Refusal; refusal != nil {
		id := refusal.Id
		f := fault.New(id)
		f.Checked, f.Found, f.Fix = "route "+e.route.RouteKey+": "+refusal.Feature, refusal.Reason, refusal.Fix
		return f
	}
	return nil
}

const statusOk = 200

// selectMessageRoute evaluates the route selection expression over a message. What is no
// JSON goes to $default (guide: websocket-api-develop-routes.md).
func selectMessageRoute(e *exchange) *fault.Fault {
	api := e.stage.Api
	if api.SelectionBroken != "" {
		f := fault.New(fault.MethodMisconfigured)
		f.Found = api.SelectionBroken
		return f
	}
	key, isJson := "", json.Valid(e.message)
	if isJson {
		key = api.RouteSelection.Select(e.mappingInput())
		if !isPredefined(key) {
			e.route = api.Route(key)
		}
	}
	if e.route == nil {
		if key != "" && e.record.Enabled() {
			e.record.Note(record.RouteKey, key[:min(len(key), record.MaxName)])
		}
		e.route = api.Route(plan.RouteKeyDefault)
	}
	if e.route != nil {
		return nil
	}
	f := fault.New(fault.NoWebSocketRoute)
	f.Checked = "the routes of the API, by " + api.RouteSelection.String()
	f.Found, f.Wanted = "the route key "+quoteJSON(key), "a route of that key, or $default"
	if !isJson {
		f.Found = "a message that is not JSON"
	}
	f.Nearest = nearestKey(api, key)
	return f
}

// isPredefined says that a key is one that a message cannot select by its content: a
// client must not reach $connect or $disconnect.
func isPredefined(key string) bool {
	return key == plan.RouteKeyConnect || key == plan.RouteKeyDisconnect || key == plan.RouteKeyDefault
}

func nearestKey(api *plan.WebSocketApi, key string) string {
	for _, route := range api.Routes {
		if key != "" && equalNames(route.RouteKey, key) {
			return route.RouteKey
		}
	}
	return ""
}
