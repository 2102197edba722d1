package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/integration"
)

// The headers of CORS, canonical.
const (
	headerAllowOrigin      = "Access-Control-Allow-Origin"
	headerAllowCredentials = "Access-Control-Allow-Credentials"
	headerAllowMethods     = "Access-Control-Allow-Methods"
	headerAllowHeaders     = "Access-Control-Allow-Headers"
	headerExposeHeaders    = "Access-Control-Expose-Headers"
	headerMaxAge           = "Access-Control-Max-Age"
	corsPrefix             = "Access-Control-"
)

// isPreflight says whether the gateway answers the request for CORS.
func (e *exchange) isPreflight() bool {
	if e.stage.Api.Cors == nil || e.in.HTTP.Method != http.MethodOptions {
		return false
	}
	_, hasOrigin := e.header("origin")
	_, hasMethod := e.header("access-control-request-method")
	return hasOrigin && hasMethod
}

// allowedOrigin is what Access-Control-Allow-Origin says to the request's origin; empty
// for one that is not allowed. With credentials "*" cannot be said (Fetch standard).
func (e *exchange) allowedOrigin() string {
	cors := e.stage.Api.Cors
	origin, ok := e.header("origin")
	if !ok {
		return ""
	}
	if cors.AnyOrigin {
		if cors.AllowCredentials {
			return origin
		}
		return "*"
	}
	lower := strings.ToLower(origin)
	if slices.ContainsFunc(cors.Origins, func(allowed string) bool { return originMatches(allowed, lower) }) {
		return origin
	}
	return ""
}

// originMatches compares an origin; "https://*" allows every one of its scheme.
func originMatches(allowed, origin string) bool {
	if scheme, ok := strings.CutSuffix(allowed, "://*"); ok {
		return strings.HasPrefix(origin, scheme+"://")
	}
	return allowed == origin
}

// applyCors puts the configured headers in place of the backend's (guide:
// http-api-cors.md). That errors of the gateway's own get them too is unconfirmed.
func applyCors(e *exchange) {
	cors := e.stage.Api.Cors
	if cors == nil {
		return
	}
	for name := range e.response.header {
		if strings.HasPrefix(name, corsPrefix) && !e.answered {
			delete(e.response.header, name)
		}
	}
	origin := e.allowedOrigin()
	if origin == "" {
		return
	}
	e.response.header.Set(headerAllowOrigin, origin)
	if cors.AllowCredentials {
		e.response.header.Set(headerAllowCredentials, "true")
	}
	if cors.ExposeHeaders != "" && !e.answered {
		e.response.header.Set(headerExposeHeaders, cors.ExposeHeaders)
	}
}

// noteResponse notes what a browser will judge the response by; of other clients'
// nothing is noted.
func noteResponse(e *exchange) {
	if !e.record.Enabled() {
		return
	}
	if _, isBrowser := e.header("origin"); !isBrowser {
		return
	}
	var fields []integration.Field
	for name, values := range e.response.header {
		if strings.HasPrefix(name, corsPrefix) {
			fields = append(fields, integration.Field{Name: name, Value: strings.Join(values, ", ")})
		}
	}
	e.record.NoteFields(record.MethodResponseHeaders, fields)
}
