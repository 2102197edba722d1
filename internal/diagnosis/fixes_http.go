package diagnosis

import (
	"crypto/tls"
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// httpFixes are what mends errors of HTTP and WebSocket APIs, whose definitions have
// routes instead of methods. An error that is here in neither table has what its fault
// says.
var httpFixes = map[fault.Id]fix{
	fault.NoRoute:            fixNoRoute,
	fault.NoRouteForToken:    fixNoRouteForToken,
	fault.OtherRegion:        fixOtherRegion,
	fault.UnknownStage:       fixUnknownStage,
	fault.EndpointDisabled:   fixEndpointDisabled,
	fault.UnknownApi:         fixUnknownApi,
	fault.UnknownHost:        fixUnknownApi,
	fault.Throttled:          fixHttpThrottled,
	fault.RequestTooLarge:    fixRequestTooLarge,
	fault.IntegrationTimeout: fixHttpTimeout,

	fault.IdentityMissing:            fixIdentityMissing,
	fault.TokenRefused:               fixTokenRefused,
	fault.JwtRejected:                fixJwtRejected,
	fault.JwtScopeMissing:            fixJwtScope,
	fault.JwksUnreachable:            fixJwks,
	fault.AuthorizerDenied:           fixAuthorizerDenied,
	fault.AuthorizerDeniedExplicitly: fixAuthorizerDenied,
	fault.CachedPolicyDenied:         fixCachedPolicy,
	fault.AuthorizerOutputInvalid:    fixAuthorizerAnswer,
	fault.AuthorizerFailed:           fixAuthorizerAnswer,
	fault.AuthorizerUnreachable:      fixAuthorizerUnreachable,

	fault.SignatureMissing:    fixSignatureMissing,
	fault.SignatureMismatch:   fixSignature,
	fault.SignatureIncomplete: fixSignatureIncomplete,
	fault.SignatureExpired:    fixSignature,
	fault.AccessKeyUnknown:    fixAccessKey,
	fault.IamDenied:           fixHttpIamDenied,

	fault.PayloadNotJson: fixPayloadNotJson,

	fault.ApiKeyRefused: fixApiKey,
	fault.QuotaExceeded: fixQuota,
	fault.BodyInvalid:   fixMessageInvalid,

	fault.NoWebSocketRoute: fixNoWebSocketRoute,
	fault.NotAnUpgrade:     fixNotAnUpgrade,
	fault.ConnectRefused:   fixConnectRefused,

	fault.EndpointInvalid:     fixEndpointInvalid,
	fault.MethodMisconfigured: fixMisconfigured,
	fault.EndpointUnreachable: fixEndpoint,
	fault.EndpointNameUnknown: fixEndpointName,
	fault.EndpointBroken:      fixEndpoint,
	fault.EndpointCertificate: fixHttpTls,
	fault.EndpointTls:         fixHttpTls,
	fault.VpcLinkUnhealthy:    fixVpcLink,

	fault.InvokeDenied:           fixInvokeDenied,
	fault.InvokeCrossAccount:     fixInvokeDenied,
	fault.AuthorizerCrossAccount: fixAuthorizerUnreachable,
	fault.FunctionNotFound:       fixFunctionNotFound,
	fault.FunctionThrottled:      fixFunctionThrottled,
	fault.FunctionError:          fixFunctionError,
	fault.MalformedProxyResponse: fixMalformedProxyResponse,
}

func (c *diagnosed) fixOf(id fault.Id) fix {
	if c.record.ProtocolType == record.ControlPlane {
		return fixOperation
	}
	if c.record.ProtocolType == record.FunctionUrl {
		return nil // the fault says it all
	}
	if c.isHttp() {
		return httpFixes[id]
	}
	return fixes[id]
}

// fixHttpCors lets the gateway answer browsers of the origin.
func (c *diagnosed) fixHttpCors(finding *Finding, origin string) {
	var cors apigwv2.Cors
	finding.Found += "; the API has no corsConfiguration"
	if c.definition != nil && c.definition.Http != nil && c.definition.Http.Api.CorsConfiguration != nil {
		cors = *c.definition.Http.Api.CorsConfiguration
		finding.Found = "corsConfiguration allows the origins [" + joined(cors.AllowOrigins) + "], the methods [" + joined(cors.AllowMethods) +
			"], the headers [" + joined(cors.AllowHeaders) + "]"
	}
	httpMethod, wanted := c.record.HttpMethod, allowOrigin+": "+origin
	if c.isPreflight() {
		httpMethod = valueOf(c.headers, requestMethod)
		wanted = "corsConfiguration with origin " + origin + " and method " + httpMethod
		if missing := c.headersNotAllowed(); len(missing) > 0 {
			wanted += ", and the headers " + joined(missing)
		}
	}
	finding.Wanted = wanted
	with(&cors.AllowOrigins, origin)
	with(&cors.AllowMethods, httpMethod)
	for header := range strings.SplitSeq(valueOf(c.headers, "Access-Control-Request-Headers"), ",") {
		if header = strings.TrimSpace(header); isToken(header) {
			with(&cors.AllowHeaders, header)
		}
	}
	given := map[string]any{"AllowOrigins": cors.AllowOrigins, "AllowMethods": cors.AllowMethods}
	for name, list := range map[string][]string{"AllowHeaders": cors.AllowHeaders, "ExposeHeaders": cors.ExposeHeaders} {
		if len(list) > 0 {
			given[name] = list
		}
	}
	if cors.AllowCredentials {
		given["AllowCredentials"] = true
	}
	if cors.MaxAge != nil {
		given["MaxAge"] = *cors.MaxAge
	}
	finding.Fix = Fix{
		Text:    "If pages of " + origin + " may call the API, let the gateway answer browsers: it then sets these headers in place of the backend's.",
		Command: c.thenDeploy(c.apigatewayv2("update-api", "--cors-configuration", jsonText(given))),
	}
}

// with adds an item that a list of CORS does not cover.
func with(list *[]string, item string) {
	if item != "" && !slices.Contains(*list, item) && !slices.Contains(*list, "*") {
		*list = append(slices.Clip(*list), item)
	}
}

func fixHttpThrottled(c *diagnosed, f *fault.Fault, finding *Finding) {
	if strings.HasPrefix(f.Checked, "ACCOUNT") {
		finding.Fix.Text = "Send fewer requests: all APIs of the account share this limit."
		return
	}
	const limits = `{"ThrottlingRateLimit":100,"ThrottlingBurstLimit":200}`
	finding.Fix = Fix{
		Text: "Send fewer requests, or raise the route's limits in the stage.",
		Command: c.apigatewayv2("update-stage", "--stage-name", c.record.StageName, "--route-settings",
			`{`+jsonText(c.fact(record.Route))+`:`+limits+`}`),
	}
}

// updateIntegration is an update of the integration of the request's route.
func (c *diagnosed) updateIntegration(words ...string) string {
	target := c.definition.httpIntegration(c.record.ResourceId)
	if target == nil {
		return c.apigatewayv2("get-integrations")
	}
	return c.thenDeploy(c.apigatewayv2("update-integration", append([]string{"--integration-id", target.IntegrationId}, words...)...))
}

// fixHttpTls is for private integrations, whose TLS names can be said; the certificates
// of others must be trusted.
func fixHttpTls(c *diagnosed, f *fault.Fault, finding *Finding) {
	if record := (tls.RecordHeaderError{}); errors.As(f.Cause, &record) && f.Command == "" {
		sayFailure(finding, f)
		fixPlainBackend(c, finding)
		return
	}
	if f.Command == "" { // else the data plane knows which integration
		fixEndpoint(c, f, finding)
		finding.Fix.Text = "Let the backend send a certificate that is trusted, with its intermediates, or correct the integration's URI."
	}
	finding.Wanted = "a certificate that is trusted here and has the name that is verified"
	problem, ok := problemOf(f.Cause)
	if !ok {
		return
	}
	finding.Found = problem.found
	if f.Command == "" {
		finding.Fix.Text = problem.fix
	}
}

func fixHttpIamDenied(c *diagnosed, f *fault.Fault, finding *Finding) {
	resource, _, ok := strings.Cut(strings.TrimPrefix(f.Checked, "execute-api:Invoke on "), " ")
	if !ok || !strings.HasPrefix(resource, "arn:") {
		resource = c.wildcardArn()
	}
	c.allow(finding, permission{iam.ActionInvoke, resource, "invoke"})
}
