package apis

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/mapping"
	"gatehouse/internal/store"
)

// stageVariable stands anywhere in a URI, and is replaced for each stage.
const stageVariable = "${stageVariables."

// validateHttpIntegration checks an integration of an HTTP API, which is a proxy.
func (a api) validateHttpIntegration(i *apigwv2.Integration) error {
	if i.IntegrationType != typeAwsProxy && i.IntegrationType != typeHttpProxy {
		return badRequest(messageHttpIntegrationType)
	}
	if err := refuseWebSocketMembers(i); err != nil {
		return err
	}
	if err := validateResponseParameters(i.ResponseParameters); err != nil {
		return err
	}
	switch {
	case i.IntegrationSubtype != "":
		return validateSubtype(i)
	case i.IntegrationType == typeAwsProxy:
		return validateFunctionIntegration(i)
	default:
		return a.validateHttpProxy(i)
	}
}

// refuseWebSocketMembers refuses what has no meaning for HTTP APIs. The default of
// passthroughBehavior is taken and forgotten, as AWS does: Terraform's provider sends it.
func refuseWebSocketMembers(i *apigwv2.Integration) error {
	if i.PassthroughBehavior == passthroughNoMatch {
		i.PassthroughBehavior = ""
	}
	switch {
	case i.PassthroughBehavior != "":
		return badRequest("PassthroughBehavior" + messageWebSocketOnly)
	case i.ContentHandlingStrategy != "":
		return badRequest("ContentHandlingStrategy" + messageWebSocketOnly)
	case len(i.RequestTemplates) > 0:
		return badRequest("RequestTemplates" + messageWebSocketOnly)
	case i.TemplateSelectionExpression != "":
		return badRequest("TemplateSelectionExpression" + messageWebSocketOnly)
	}
	return nil
}

func validateFunctionIntegration(i *apigwv2.Integration) error {
	if i.IntegrationUri == "" {
		return badRequest(messageIntegrationUriNeeded + typeAwsProxy)
	}
	if i.PayloadFormatVersion == "" {
		return payloadFormatNeeded(typeAwsProxy)
	}
	if i.PayloadFormatVersion != payloadFormat1 && i.PayloadFormatVersion != payloadFormat2 {
		return payloadFormatInvalid("1.0, 2.0")
	}
	if !isFunctionUri(i.IntegrationUri) {
		return badRequest(messageInvalidFunctionUri)
	}
	if i.IntegrationMethod == "" {
		i.IntegrationMethod = "POST"
	}
	if !apigw.ValidHttpMethod(i.IntegrationMethod) {
		return badRequest(messageInvalidHttpMethod)
	}
	return validateRequestParameters(i.RequestParameters)
}

// isFunctionUri takes the ARN of a function, a version or an alias, bare or within an
// invocation URI; a stage variable may stand in it.
func isFunctionUri(uri string) bool {
	if !strings.HasPrefix(uri, arnPrefix) {
		return strings.HasPrefix(uri, stageVariable)
	}
	return strings.Contains(uri, ":lambda:") && (strings.Contains(uri, ":function:") || strings.Contains(uri, stageVariable))
}

func (a api) validateHttpProxy(i *apigwv2.Integration) error {
	if i.IntegrationUri == "" {
		return badRequest(messageIntegrationUriNeeded + typeHttpProxy)
	}
	if i.IntegrationMethod == "" {
		return badRequest(messageIntegrationMethodNeeded + typeHttpProxy)
	}
	if !apigw.ValidHttpMethod(i.IntegrationMethod) {
		return badRequest(messageInvalidHttpMethod)
	}
	if i.PayloadFormatVersion == "" {
		i.PayloadFormatVersion = payloadFormat1
	}
	if i.PayloadFormatVersion != payloadFormat1 {
		return payloadFormatInvalid(payloadFormat1)
	}
	if err := a.validateHttpProxyUri(i); err != nil {
		return err
	}
	return validateRequestParameters(i.RequestParameters)
}

// privateTarget is a listener of a load balancer, or a Cloud Map service with a query.
var privateTarget = regexp.MustCompile(`^arn:[a-z-]+:(?:elasticloadbalancing:[^:]*:[^:]*:listener/|servicediscovery:[^:]*:[^:]*:service/)[^ ]+$`)

func (a api) validateHttpProxyUri(i *apigwv2.Integration) error {
	if i.ConnectionType == connectionInternet {
		return validateHttpUri(i.IntegrationUri)
	}
	if !privateTarget.MatchString(i.IntegrationUri) && !strings.HasPrefix(i.IntegrationUri, stageVariable) {
		return badRequest(messageVpcLinkUri)
	}
	return hasLink(a, records.VpcLinks, i)
}

// hasLink checks that the VPC link of a private integration is there, unless a stage
// variable names it: version 2 for HTTP APIs, version 1 for WebSocket APIs.
func hasLink[T any](a api, links store.Collection[T], i *apigwv2.Integration) error {
	if i.ConnectionType != connectionVpcLink || strings.HasPrefix(i.ConnectionId, stageVariable) || links.Has(a.r, a.at, i.ConnectionId) {
		return nil
	}
	return badRequest(messageInvalidVpcLink + ": " + i.ConnectionId)
}

// validateHttpUri takes stage variables and path variables anywhere behind the scheme.
func validateHttpUri(uri string) error {
	if strings.HasPrefix(uri, stageVariable) || strings.Contains(uri, "://"+stageVariable) {
		return nil
	}
	scheme, rest, ok := strings.Cut(uri, "://")
	host, _, _ := strings.Cut(rest, "/")
	host, _, _ = strings.Cut(host, "?")
	if !ok || scheme != "http" && scheme != "https" || host == "" || strings.ContainsAny(uri, " \t\r\n") {
		return badRequest(messageInvalidHttpUri)
	}
	if strings.Contains(host, "{") {
		return nil
	}
	if parsed, err := url.Parse(scheme + "://" + host); err != nil || parsed.Hostname() == "" {
		return badRequest(messageInvalidHttpUri)
	}
	return nil
}

// validateRequestParameters checks what an HTTP API changes of requests.
func validateRequestParameters(parameters map[string]string) error {
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(parameters)) {
		target, err := mapping.ParseRequestTarget(key)
		if err == nil && target.Action != mapping.ActionRemove {
			_, err = mapping.CompileHTTPRequestValue(parameters[key])
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return invalidMapping(errs)
}

// validateResponseParameters checks what an HTTP API changes of responses, by the
// backend's status.
func validateResponseParameters(byStatus map[string]map[string]string) error {
	var errs []error
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		if code, err := strconv.Atoi(status); err != nil || code < 200 || code > 599 {
			return badRequest(messageStatusCode + status)
		}
		for _, key := range slices.Sorted(maps.Keys(byStatus[status])) {
			target, err := mapping.ParseResponseTarget(key)
			if err == nil && target.Action != mapping.ActionRemove {
				_, err = mapping.CompileHTTPResponseValue(byStatus[status][key])
			}
			if err != nil {
				errs = append(errs, err)
			}
		}
	}
	return invalidMapping(errs)
}

func invalidMapping(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return badRequest(mapping.InvalidMapping(errs))
}
