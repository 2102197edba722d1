package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// httpFixes are what mends errors of HTTP and WebSocket APIs, whose definitions have
// routes instead of methods. An error that is here in neither table has what its fault
// says.
var httpFixes = map[fault.Id]fix{
	fault.NoRoute:            fixNoHttpRoute,
	fault.UnknownStage:       fixUnknownHttpStage,
	fault.EndpointDisabled:   fixHttpEndpointDisabled,
	fault.UnknownApi:         fixUnknownApi,
	fault.UnknownHost:        fixUnknownApi,
	fault.Throttled:          fixHttpThrottled,
	fault.IntegrationTimeout: fixHttpIntegration,

	fault.SignatureMissing:    fixSignatureMissing,
	fault.SignatureMismatch:   fixSignature,
	fault.SignatureIncomplete: fixSignatureMissing,
	fault.SignatureExpired:    fixSignature,
	fault.AccessKeyUnknown:    fixAccessKey,
	fault.IamDenied:           fixHttpIamDenied,

	fault.NoWebSocketRoute: fixNoWebSocketRoute,
	fault.NotAnUpgrade:     fixNotAnUpgrade,

	fault.EndpointUnreachable: fixHttpIntegration,
	fault.EndpointNameUnknown: fixHttpIntegration,
	fault.EndpointBroken:      fixHttpIntegration,
	fault.EndpointCertificate: fixHttpIntegration,
	fault.EndpointTls:         fixHttpIntegration,
	fault.VpcLinkUnhealthy:    fixVpcLink,

	fault.InvokeDenied:           fixInvokeDenied,
	fault.InvokeCrossAccount:     fixInvokeDenied,
	fault.FunctionNotFound:       fixFunctionNotFound,
	fault.FunctionThrottled:      fixFunctionThrottled,
	fault.FunctionError:          fixFunctionError,
	fault.MalformedProxyResponse: fixMalformedProxyResponse,
}

func (c *diagnosed) fixOf(id fault.Id) fix {
	switch c.record.ProtocolType {
	case "":
		return fixes[id]
	case record.ControlPlane:
		return fixOperation
	default:
		return httpFixes[id]
	}
}

// apigatewayv2 is a command of aws apigatewayv2 for the API of the request.
func (c *diagnosed) apigatewayv2(operation string, words ...string) string {
	return command(append([]string{"aws", "apigatewayv2", operation, "--api-id", c.record.ApiId}, words...)...)
}

func fixNoHttpRoute(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix = Fix{
		Text:    "Correct the path, make the route or a $default route, and deploy to a stage that does not deploy by itself.",
		Command: c.apigatewayv2("get-routes", "--query", "Items[].RouteKey"),
	}
	if f.Nearest != "" {
		finding.Fix.Text = "Correct the path (did you mean " + f.Nearest + "?), or make the route and deploy."
	}
}

func fixUnknownHttpStage(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the stages of API " + c.record.ApiId
	finding.Fix = Fix{
		Text:    "Put a stage that exists into the URL, or make a stage $default, which needs none in the URL.",
		Command: c.apigatewayv2("create-stage", "--stage-name", "$default", "--auto-deploy"),
	}
}

func fixHttpEndpointDisabled(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix = Fix{
		Text:    "Call the API through its custom domain, or enable its own endpoint.",
		Command: c.apigatewayv2("update-api", "--no-disable-execute-api-endpoint"),
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

// fixHttpIntegration says where to look: the record names the route and not its integration.
func fixHttpIntegration(c *diagnosed, f *fault.Fault, finding *Finding) {
	if f.Cause != nil {
		finding.Found += ": " + hideQueries(f.Cause.Error())
	}
	problem, hasProblem := problemOf(f.Cause)
	if hasProblem {
		finding.Found, finding.Wanted = problem.found, "a certificate that is trusted here and has the name that is verified"
	}
	if f.Command != "" { // the data plane knows which integration
		return
	}
	finding.Fix = Fix{
		Text:    "Mend the backend, or correct the integration of route " + c.fact(record.Route) + " (its URI, timeoutInMillis, tlsConfig).",
		Command: c.apigatewayv2("get-integrations"),
	}
	if hasProblem {
		finding.Fix.Text = problem.fix
	}
}

func fixHttpIamDenied(c *diagnosed, f *fault.Fault, finding *Finding) {
	fixIamDenied(c, f, finding)
	if resource, _, ok := strings.Cut(strings.TrimPrefix(f.Checked, "execute-api:Invoke on "), " "); ok && strings.HasPrefix(resource, "arn:") {
		finding.Fix.Command = strings.Replace(finding.Fix.Command, c.wildcardArn(), resource, 1)
	}
}
