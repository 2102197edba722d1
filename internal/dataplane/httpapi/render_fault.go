package httpapi

import (
	"errors"
	"net/http"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// rendered is what a client gets for a fault. HTTP APIs have no gateway responses:
// status and message are fixed.
type rendered struct {
	statusCode int
	message    string
}

var (
	notFound            = rendered{http.StatusNotFound, "Not Found"}
	unauthorized        = rendered{http.StatusUnauthorized, "Unauthorized"}
	forbidden           = rendered{http.StatusForbidden, "Forbidden"}
	serviceUnavailable  = rendered{http.StatusServiceUnavailable, "Service Unavailable"}
	internalServerError = rendered{http.StatusInternalServerError, "Internal Server Error"}
)

// renderings is how faults look; every other is internalServerError. 404, 401, 403 and
// 500 are the guide's (http-api-develop-routes.md, http-api-troubleshooting-*.md); 503
// for backends that fail or do not answer in time is from public reports.
var renderings = map[fault.Id]rendered{
	fault.NoRoute: notFound, fault.UnknownStage: notFound, fault.EndpointDisabled: notFound,

	fault.IdentityMissing: unauthorized, fault.TokenRefused: unauthorized, fault.JwtRejected: unauthorized, fault.JwksUnreachable: unauthorized,

	fault.JwtScopeMissing: forbidden, fault.AuthorizerDenied: forbidden, fault.AuthorizerDeniedExplicitly: forbidden, fault.CachedPolicyDenied: forbidden,
	fault.SignatureMismatch: forbidden, fault.SignatureMissing: forbidden, fault.SignatureExpired: forbidden, fault.SignatureIncomplete: forbidden,
	fault.AccessKeyUnknown: forbidden, fault.IamDenied: forbidden,

	fault.Throttled: {http.StatusTooManyRequests, "Too Many Requests"},

	fault.RequestTooLarge: {http.StatusRequestEntityTooLarge, "Request Too Long"}, fault.InvocationTooLarge: {http.StatusRequestEntityTooLarge, "Request Too Long"},
	fault.HeadersTooLarge:  {http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large"},
	fault.RequestMalformed: {http.StatusBadRequest, "Bad Request"},

	fault.IntegrationTimeout: serviceUnavailable, fault.EndpointUnreachable: serviceUnavailable, fault.EndpointNameUnknown: serviceUnavailable,
	fault.EndpointBroken: serviceUnavailable, fault.EndpointCertificate: serviceUnavailable, fault.EndpointTls: serviceUnavailable,
	fault.ResponseTooLarge: serviceUnavailable, fault.VpcLinkUnhealthy: serviceUnavailable,
}

func renderingOf(f *fault.Fault) rendered {
	if r, ok := renderings[f.Id()]; ok {
		return r
	}
	return internalServerError
}

// renderFault makes e.fault the response. It is the only place that knows how a fault
// looks to a client.
func renderFault(e *exchange) {
	r := renderingOf(e.fault)
	clear(e.response.header)
	e.response.statusCode = r.statusCode
	e.response.header.Set(headerContentType, contentTypeJSON)
	e.response.body = []byte(`{"message":"` + r.message + `"}`)
	var token *authorizer.TokenError
	if errors.As(e.fault, &token) {
		e.response.header["www-authenticate"] = []string{token.Challenge()} // as AWS spells it
	}
	e.record.Note(record.GatewayResponse, r.message)
}
