package restapis

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
)

// What a client may declare of a request or a response, and what parameter mappings
// may name (request-response-data-mappings.md). A name is PARAM_NAME of that page.
const parameterName = `[a-zA-Z0-9._$-]+`

var (
	methodRequest  = regexp.MustCompile(`^method\.request\.(?:path|querystring|header)\.` + parameterName + `$`)
	methodResponse = regexp.MustCompile(`^method\.response\.header\.` + parameterName + `$`)

	integrationRequest    = regexp.MustCompile(`^integration\.request\.(?:path|querystring|header)\.` + parameterName + `$`)
	gatewayResponseHeader = regexp.MustCompile(`^gatewayresponse\.header\.` + parameterName + `$`)

	// declaredSource matches what must be declared by the method, with multi-value names.
	declaredSource = regexp.MustCompile(`^method\.request\.(?:multivalue)?(path|querystring|header)\.(` + parameterName + `)$`)

	commonSource     = regexp.MustCompile(`^(?s:'.*'|(?:context|stageVariables)\.` + parameterName + `)$`)
	requestSource    = regexp.MustCompile(`^method\.request\.body(?:\..+)?$`)
	responseSource   = regexp.MustCompile(`^integration\.response\.(?:(?:multivalue)?header\.` + parameterName + `|body(?:\..+)?)$`)
	gatewayRequested = declaredSource
)

// undeclarable lists the errors of the parameters that a method or a method response
// declares.
func undeclarable(form *regexp.Regexp, declared map[string]bool) []string {
	var errs []string
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !form.MatchString(name) {
			errs = append(errs, invalidExpression(name))
		}
	}
	return errs
}

// invalidRequestMappings lists the errors of an integration's request parameters.
func invalidRequestMappings(m *apigw.Method, mappings map[string]string) []string {
	return invalidMappings(mappings, func(to, from string) string {
		switch {
		case !integrationRequest.MatchString(to):
			return invalidParameter(to)
		case commonSource.MatchString(from) || requestSource.MatchString(from):
			return ""
		case !declaredSource.MatchString(from):
			return invalidExpression(from)
		case !declares(m, from):
			return invalidParameter(from)
		}
		return ""
	})
}

// declares says whether a method declares the parameter that an expression reads.
func declares(m *apigw.Method, from string) bool {
	parts := declaredSource.FindStringSubmatch(from)
	if parts == nil {
		return false
	}
	_, ok := m.RequestParameters["method.request."+parts[1]+"."+parts[2]]
	return ok
}

// undeclaredCacheKeys lists the errors of an integration's cache keys, each of which
// is a parameter of the method or of the integration's own request.
func undeclaredCacheKeys(m *apigw.Method, i *apigw.Integration) []string {
	var errs []string
	for _, key := range i.CacheKeyParameters {
		_, mapped := i.RequestParameters[key]
		if !mapped && !declares(m, key) {
			errs = append(errs, invalidParameter(key))
		}
	}
	return errs
}

// invalidResponseMappings lists the errors of an integration response's parameters;
// declared are those of the method response with its status code.
func invalidResponseMappings(declared map[string]bool, mappings map[string]string) []string {
	return invalidMappings(mappings, func(to, from string) string {
		if _, ok := declared[to]; !ok {
			return invalidParameter(to)
		}
		if !commonSource.MatchString(from) && !responseSource.MatchString(from) {
			return invalidExpression(from)
		}
		return ""
	})
}

// invalidGatewayResponseMappings lists the errors of a gateway response's parameters.
func invalidGatewayResponseMappings(mappings map[string]string) []string {
	return invalidMappings(mappings, func(to, from string) string {
		if !gatewayResponseHeader.MatchString(to) {
			return invalidParameter(to)
		}
		if !commonSource.MatchString(from) && !gatewayRequested.MatchString(from) && !requestSource.MatchString(from) {
			return invalidExpression(from)
		}
		return ""
	})
}

func invalidMappings(mappings map[string]string, check func(to, from string) string) []string {
	var errs []string
	for _, to := range slices.Sorted(maps.Keys(mappings)) {
		if err := check(to, mappings[to]); err != "" {
			errs = append(errs, err)
		}
	}
	return errs
}

func invalidParameter(name string) string {
	return "Invalid mapping expression parameter specified: " + strings.TrimSpace(name)
}

func invalidExpression(expression string) string {
	return "Invalid mapping expression specified: " + expression
}
