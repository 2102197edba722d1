package apis

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
)

// What WebSocket APIs declare and map; a name is PARAM_NAME of websocket-api-data-mapping.md.
const parameterName = `[a-zA-Z0-9._$-]+`

var (
	routeRequest        = regexp.MustCompile(`^route\.request\.(?:querystring|header)\.` + parameterName + `$`)
	routeResponse       = regexp.MustCompile(`^route\.response\.header\.` + parameterName + `$`)
	integrationRequest  = regexp.MustCompile(`^integration\.request\.(?:path|querystring|header)\.` + parameterName + `$`)
	passthroughBehavior = []string{passthroughNoMatch, "WHEN_NO_TEMPLATES", "NEVER"}
)

// validateWebSocketIntegration checks an integration of a WebSocket API.
func (a api) validateWebSocketIntegration(i *apigwv2.Integration) error {
	switch {
	case i.IntegrationSubtype != "":
		return badRequest("IntegrationSubtype" + messageHttpOnly)
	case len(i.ResponseParameters) > 0:
		return badRequest("ResponseParameters" + messageHttpOnly)
	case i.TlsConfig != nil:
		return badRequest(messageTlsConfig)
	}
	completeWebSocketIntegration(i)
	if i.PayloadFormatVersion != payloadFormat1 {
		return payloadFormatInvalid(payloadFormat1)
	}
	if !slices.Contains(passthroughBehavior, i.PassthroughBehavior) {
		return badRequest("Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH, WHEN_NO_TEMPLATES and NEVER")
	}
	if err := validateWebSocketEndpoint(i); err != nil {
		return err
	}
	if err := hasLink(a, records.RestVpcLinks, i); err != nil {
		return err
	}
	if err := validateTemplates(i.TemplateSelectionExpression, i.RequestTemplates); err != nil {
		return err
	}
	return validateWebSocketParameters(i.RequestParameters)
}

// completeWebSocketIntegration gives what follows from the type.
func completeWebSocketIntegration(i *apigwv2.Integration) {
	if i.PayloadFormatVersion == "" {
		i.PayloadFormatVersion = payloadFormat1
	}
	if i.PassthroughBehavior == "" {
		i.PassthroughBehavior = passthroughNoMatch
	}
	switch i.IntegrationType {
	case typeHttp, typeHttpProxy:
		i.IntegrationResponseSelectionExpression = selectionStatusCode
	case typeAws, typeAwsProxy:
		i.IntegrationResponseSelectionExpression = selectionErrorMessage
		if !integration.IsFunctionUri(i.IntegrationUri) {
			i.IntegrationResponseSelectionExpression = selectionStatusCode // unconfirmed; a service has no errorMessage
		}
		if i.IntegrationMethod == "" {
			i.IntegrationMethod = "POST"
		}
	default:
		i.IntegrationResponseSelectionExpression = selectionStatusCode
	}
}

// arnUriParts is the number of parts before the rest of an integration's ARN:
// arn:aws:apigateway:{region}:{service}:{path|action}/{…}.
const arnUriParts = 6

func validateWebSocketEndpoint(i *apigwv2.Integration) error {
	if i.IntegrationMethod != "" && !apigw.ValidHttpMethod(i.IntegrationMethod) {
		return badRequest(messageInvalidHttpMethod)
	}
	switch i.IntegrationType {
	case typeMock:
		return nil
	case typeHttp, typeHttpProxy:
		if i.IntegrationUri == "" {
			return badRequest(messageIntegrationUriNeeded + i.IntegrationType)
		}
		if i.IntegrationMethod == "" {
			return badRequest(messageIntegrationMethodNeeded + i.IntegrationType)
		}
		return validateHttpUri(i.IntegrationUri)
	}
	if i.IntegrationUri == "" {
		return badRequest(messageIntegrationUriNeeded + i.IntegrationType)
	}
	parts := strings.SplitN(i.IntegrationUri, ":", arnUriParts)
	if len(parts) < arnUriParts || parts[0] != "arn" || parts[2] != "apigateway" || parts[4] == "" {
		return badRequest(messageInvalidArn)
	}
	if !strings.HasPrefix(parts[5], "path/") && !strings.HasPrefix(parts[5], "action/") {
		return badRequest("AWS ARN for integration must contain path or action")
	}
	if i.IntegrationType == typeAws && i.CredentialsArn == "" && parts[4] != "lambda" {
		return badRequest("Role ARN must be specified for AWS integrations") // reported for REST APIs; unconfirmed here
	}
	return nil
}

// validateTemplates checks the templates of a WebSocket API as far as REST APIs do: a
// wrong one fails when it is used.
func validateTemplates(selection string, templates map[string]string) error {
	if selection != "" {
		if _, err := mapping.CompileSelection(selection); err != nil {
			return badRequest(messageTemplateSelection)
		}
	}
	for key, template := range templates {
		if key == "" {
			return badRequest("Invalid template key specified")
		}
		if len(template) > apigw.MappingTemplateSizeLimit {
			return badRequest("A mapping template can have at most 307200 bytes")
		}
	}
	return nil
}

// validateWebSocketParameters checks what the request to a backend takes from a
// message. What the route declares is not known here: routes share integrations.
func validateWebSocketParameters(parameters map[string]string) error {
	var errs []error
	for _, to := range slices.Sorted(maps.Keys(parameters)) {
		if !integrationRequest.MatchString(to) {
			errs = append(errs, &mapping.MappingError{Expression: to, Undeclared: true})
			continue
		}
		if _, err := mapping.CompileRouteParameter(parameters[to], nil); err != nil {
			errs = append(errs, err)
		}
	}
	return invalidMapping(errs)
}

// undeclarable checks the names that a route or a route response declares.
func undeclarable(form *regexp.Regexp, declared map[string]bool) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !form.MatchString(name) {
			errs = append(errs, &mapping.MappingError{Expression: name})
		}
	}
	return invalidMapping(errs)
}
