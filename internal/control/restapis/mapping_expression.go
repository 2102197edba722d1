package restapis

import (
	"maps"
	"regexp"
	"slices"

	"gatehouse/internal/apigw"
	"gatehouse/internal/mapping"
)

// What a client may declare of a request or a response, and what parameter mappings
// may set (request-response-data-mappings.md). A name is PARAM_NAME of that page. What
// a mapping may read is package mapping's to say, which compiles it.
const parameterName = `[a-zA-Z0-9._$-]+`

var (
	methodRequest  = regexp.MustCompile(`^method\.request\.(?:path|querystring|header)\.` + parameterName + `$`)
	methodResponse = regexp.MustCompile(`^method\.response\.header\.` + parameterName + `$`)

	integrationRequest    = regexp.MustCompile(`^integration\.request\.(?:path|querystring|header)\.` + parameterName + `$`)
	gatewayResponseHeader = regexp.MustCompile(`^gatewayresponse\.header\.` + parameterName + `$`)
)

// invalidMappings is AWS's message for errors of mappings; nil if there are none.
func invalidMappings(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return badRequest(mapping.InvalidMapping(errs))
}

// validateDeclared checks the parameters that a method or a method response declares.
func validateDeclared(form *regexp.Regexp, declared map[string]bool) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !form.MatchString(name) {
			errs = append(errs, &mapping.MappingError{Expression: name})
		}
	}
	return invalidMappings(errs)
}

// validateRequestMappings checks an integration's request parameters.
func validateRequestMappings(m *apigw.Method, mappings map[string]string) error {
	return validateMappings(mappings, integrationRequest.MatchString, func(from string) error {
		_, err := mapping.CompileRequestParameter(from, declaredBy(m))
		return err
	})
}

// declaredBy says which request parameters a method declares.
func declaredBy(m *apigw.Method) mapping.Declared {
	return func(parameter string) bool {
		_, ok := m.RequestParameters[parameter]
		return ok
	}
}

// validateCacheKeys checks an integration's cache keys, each of which is a parameter of
// the method or of the integration's own request.
func validateCacheKeys(m *apigw.Method, i *apigw.Integration) error {
	var errs []error
	for _, key := range i.CacheKeyParameters {
		if _, mapped := i.RequestParameters[key]; !mapped && !readsDeclared(m, key) {
			errs = append(errs, &mapping.MappingError{Expression: key, Undeclared: true})
		}
	}
	return invalidMappings(errs)
}

// readsDeclared says whether an expression reads a parameter that a method declares.
func readsDeclared(m *apigw.Method, expression string) bool {
	declared := false
	_, err := mapping.CompileRequestParameter(expression, func(parameter string) bool {
		declared = declaredBy(m)(parameter)
		return declared
	})
	return err == nil && declared
}

// validateResponseMappings checks an integration response's parameters; declared are
// those of the method response with its status code.
func validateResponseMappings(declared map[string]bool, mappings map[string]string) error {
	isDeclared := func(to string) bool {
		_, ok := declared[to]
		return ok
	}
	return validateMappings(mappings, isDeclared, func(from string) error {
		_, err := mapping.CompileResponseParameter(from)
		return err
	})
}

// validateGatewayResponseMappings checks a gateway response's parameters, which may
// read what no method declares.
func validateGatewayResponseMappings(mappings map[string]string) error {
	return validateMappings(mappings, gatewayResponseHeader.MatchString, func(from string) error {
		_, err := mapping.CompileRequestParameter(from, nil)
		return err
	})
}

// validateMappings checks what each mapping sets, then what it reads.
func validateMappings(mappings map[string]string, isTarget func(to string) bool, compile func(from string) error) error {
	var errs []error
	for _, to := range slices.Sorted(maps.Keys(mappings)) {
		if !isTarget(to) {
			errs = append(errs, &mapping.MappingError{Expression: to, Undeclared: true})
			continue
		}
		if err := compile(mappings[to]); err != nil {
			errs = append(errs, err)
		}
	}
	return invalidMappings(errs)
}
