package diagnosis

import (
	"strings"

	"gatehouse/internal/fault"
)

// fix completes a finding: what would mend it, in words and as a command.
type fix func(c *diagnosed, f *fault.Fault, finding *Finding)

// fixes are what mends each error. An error that is not here has what its fault says.
var fixes = map[fault.Id]fix{
	fault.NoRoute:          fixNoRoute,
	fault.UnknownStage:     fixUnknownStage,
	fault.EndpointDisabled: fixEndpointDisabled,
	fault.UnknownApi:       fixUnknownApi,
	fault.UnknownHost:      fixUnknownApi,

	fault.SignatureMissing:               fixSignatureMissing,
	fault.SignatureMismatch:              fixSignature,
	fault.SignatureIncomplete:            fixSignatureMissing,
	fault.SignatureExpired:               fixSignature,
	fault.AccessKeyUnknown:               fixAccessKey,
	fault.IamDenied:                      fixIamDenied,
	fault.ResourcePolicyDenied:           fixResourcePolicy,
	fault.ResourcePolicyDeniedExplicitly: fixResourcePolicyDeny,

	fault.IdentityMissing:            fixIdentityMissing,
	fault.TokenRefused:               fixAuthorizerAnswer,
	fault.AuthorizerDenied:           fixAuthorizerDenied,
	fault.AuthorizerDeniedExplicitly: fixAuthorizerDenied,
	fault.CachedPolicyDenied:         fixCachedPolicy,
	fault.AuthorizerOutputInvalid:    fixAuthorizerAnswer,
	fault.AuthorizerFailed:           fixAuthorizerAnswer,
	fault.AuthorizerUnreachable:      fixAuthorizerUnreachable,

	fault.ApiKeyRefused: fixApiKey,
	fault.QuotaExceeded: fixQuota,

	fault.Throttled:         fixThrottled,
	fault.ParametersMissing: fixParametersMissing,
	fault.BodyInvalid:       fixBodyInvalid,

	fault.MockStatusCode:        fixMockStatusCode,
	fault.UnsupportedMediaType:  fixUnsupportedMediaType,
	fault.MethodResponseMissing: fixMethodResponse,
	fault.NoIntegrationResponse: fixIntegrationResponse,

	fault.EndpointUnreachable: fixEndpoint,
	fault.EndpointNameUnknown: fixEndpoint,
	fault.EndpointBroken:      fixEndpoint,
	fault.EndpointCertificate: fixEndpointTls,
	fault.EndpointTls:         fixEndpointTls,
	fault.IntegrationTimeout:  fixTimeout,
	fault.VpcLinkUnhealthy:    fixVpcLink,

	fault.InvokeDenied:           fixInvokeDenied,
	fault.InvokeCrossAccount:     fixInvokeDenied,
	fault.FunctionNotFound:       fixFunctionNotFound,
	fault.FunctionThrottled:      fixFunctionThrottled,
	fault.MalformedProxyResponse: fixMalformedProxyResponse,
	fault.FunctionError:          fixFunctionError,
	fault.ProxyMethodNotPost:     fixProxyMethod,
}

// functionArn is the function that the request was to invoke.
func (c *diagnosed) functionArn() string {
	for i := range c.record.Steps {
		for _, fact := range c.record.Steps[i].Facts {
			if fact.Kind == "sending" && strings.HasPrefix(fact.Text, "arn:") {
				return fact.Text
			}
		}
	}
	return ""
}

// functionParts of arn:aws:lambda:{region}:{account}:function:{name}[:{qualifier}].
const (
	functionName   = 6
	functionsParts = 8
)

func nameOfFunction(arn string) (name, qualifier string) {
	parts := strings.SplitN(arn, ":", functionsParts)
	if len(parts) <= functionName {
		return arn, ""
	}
	if len(parts) > functionName+1 {
		qualifier = parts[functionName+1]
	}
	return parts[functionName], qualifier
}

func fixInvokeDenied(c *diagnosed, f *fault.Fault, finding *Finding) {
	arn := c.functionArn()
	name, qualifier := nameOfFunction(arn)
	words := []string{"aws", "lambda", "add-permission", "--function-name", name}
	if f.Id() == fault.InvokeCrossAccount {
		words[len(words)-1] = strings.TrimSuffix(arn, ":"+qualifier)
		finding.Fix.Text = "Let the function's own account allow this API to invoke it: run the command there."
	} else {
		finding.Fix.Text = "Allow this API to invoke the function."
	}
	if qualifier != "" {
		words = append(words, "--qualifier", qualifier)
		finding.Fix.Text += " The alias or version " + qualifier + " has a policy of its own."
	}
	_, source, _ := strings.Cut(f.Wanted, "SourceArn ")
	finding.Fix.Command = command(append(words, "--statement-id", "apigateway-"+c.record.ApiId+"-"+c.record.ResourceId+"-"+c.record.HttpMethod,
		"--action", "lambda:InvokeFunction", "--principal", "apigateway.amazonaws.com", "--source-arn", source)...)
}

func fixFunctionNotFound(c *diagnosed, _ *fault.Fault, finding *Finding) {
	name, _ := nameOfFunction(c.functionArn())
	finding.Fix.Text = "Make the function " + name + ", or name one that exists in the integration's URI and deploy."
	finding.Fix.Command = command("aws", "lambda", "list-functions", "--query", "Functions[].FunctionName")
}

func fixFunctionThrottled(c *diagnosed, _ *fault.Fault, finding *Finding) {
	name, _ := nameOfFunction(c.functionArn())
	finding.Fix.Text = "Give the function more concurrency, or send fewer requests at once."
	finding.Fix.Command = command("aws", "lambda", "delete-function-concurrency", "--function-name", name)
}

func fixMalformedProxyResponse(c *diagnosed, f *fault.Fault, finding *Finding) {
	name, _ := nameOfFunction(c.functionArn())
	if f.Fix == "" {
		finding.Fix.Text = `Let the function answer {"statusCode": 200, "headers": {…}, "body": "text"} and nothing else.`
	}
	finding.Fix.Command = command("aws", "lambda", "update-function-code", "--function-name", name, "--zip-file", "fileb://function.zip")
}

func fixFunctionError(c *diagnosed, _ *fault.Fault, finding *Finding) {
	name, _ := nameOfFunction(c.functionArn())
	finding.Fix.Text = "Mend the function: its log has the error."
	finding.Fix.Command = command("aws", "logs", "filter-log-events", "--log-group-name", "/aws/lambda/"+name,
		"--start-time", itoa(int(c.record.Received.UnixMilli())))
}

func fixProxyMethod(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Functions are invoked with POST, whatever the client's method: set it and deploy."
	finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/httpMethod", "POST"))), c.deploy())
}
