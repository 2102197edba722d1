package diagnosis

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// fix completes a finding: what would mend it, in words and as a command.
type fix func(c *diagnosed, f *fault.Fault, finding *Finding)

// fixes are what mends each error. An error that is not here has what its fault says.
var fixes = map[fault.Id]fix{
	fault.NoRoute:          fixNoRoute,
	fault.NoRouteForToken:  fixNoRouteForToken,
	fault.OtherRegion:      fixOtherRegion,
	fault.UnknownStage:     fixUnknownStage,
	fault.EndpointDisabled: fixEndpointDisabled,
	fault.UnknownApi:       fixUnknownApi,
	fault.UnknownHost:      fixUnknownApi,

	fault.SignatureMissing:               fixSignatureMissing,
	fault.SignatureMismatch:              fixSignature,
	fault.SignatureIncomplete:            fixSignatureIncomplete,
	fault.SignatureExpired:               fixSignature,
	fault.AccessKeyUnknown:               fixAccessKey,
	fault.IamDenied:                      fixIamDenied,
	fault.ResourcePolicyDenied:           fixResourcePolicy,
	fault.ResourcePolicyDeniedExplicitly: fixResourcePolicyDeny,

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

	fault.ApiKeyRefused: fixApiKey,
	fault.QuotaExceeded: fixQuota,

	fault.CacheControlDenied: fixCacheControlDenied,

	fault.Throttled:         fixThrottled,
	fault.RequestTooLarge:   fixRequestTooLarge,
	fault.ParametersMissing: fixParametersMissing,
	fault.BodyInvalid:       fixBodyInvalid,

	fault.PayloadNotJson:        fixPayloadNotJson,
	fault.RequestBodyNotJson:    fixBodyNotJson,
	fault.TemplateFailed:        fixTemplateFailed,
	fault.MockStatusCode:        fixMockStatusCode,
	fault.UnsupportedMediaType:  fixUnsupportedMediaType,
	fault.MethodResponseMissing: fixMethodResponse,
	fault.NoIntegrationResponse: fixIntegrationResponse,

	fault.EndpointInvalid:       fixEndpointInvalid,
	fault.PathParameterUnmapped: fixPathParameter,
	fault.MethodMisconfigured:   fixMisconfigured,
	fault.EndpointUnreachable:   fixEndpoint,
	fault.EndpointNameUnknown:   fixEndpointName,
	fault.EndpointBroken:        fixEndpoint,
	fault.EndpointCertificate:   fixEndpointTls,
	fault.EndpointTls:           fixEndpointTls,

	fault.ClientCertificateRefused: fixClientCertificate,
	fault.ClientCertificateExpired: fixClientCertificate,

	fault.IntegrationTimeout: fixTimeout,
	fault.VpcLinkUnhealthy:   fixVpcLink,

	fault.InvokeDenied:           fixInvokeDenied,
	fault.InvokeCrossAccount:     fixInvokeDenied,
	fault.AuthorizerCrossAccount: fixAuthorizerUnreachable,
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
			if fact.Kind == record.Sending && strings.HasPrefix(fact.Text, "arn:") {
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
	if f.Nearest != "" {
		finding.Nearest = []string{nearestStatement(f.Nearest)}
	}
	arn := c.functionArn()
	finding.Found = "no statement of the function's policy allows this API to invoke it"
	if otherSource.MatchString(f.Nearest) {
		finding.Found += "; " + finding.Nearest[0]
	}
	if c.fixCredentials(finding, arn) {
		return
	}
	name, qualifier := nameOfFunction(arn)
	isOther := c.isOtherAccount(arn)
	if isOther {
		name = strings.TrimSuffix(arn, ":"+qualifier)
		c.sayCrossAccount(finding, arn)
	} else {
		finding.Fix.Text = "Allow this API to invoke the function."
	}
	words := []string{"aws", "lambda", "add-permission", "--function-name", name}
	if qualifier != "" {
		words = append(words, "--qualifier", qualifier)
		finding.Fix.Text += " The alias or version " + qualifier + " has a policy of its own."
	}
	_, source, _ := strings.Cut(f.Wanted, "SourceArn ")
	finding.Fix.Command = command(append(words, "--statement-id", "apigateway-"+c.record.ApiId+"-"+c.record.ResourceId+"-"+c.record.HttpMethod,
		"--action", "lambda:InvokeFunction", "--principal", "apigateway.amazonaws.com", "--source-arn", source)...)
}

// otherSource finds, in what package iam says of a denial, the statement of a policy
// that is for another SourceArn.
var otherSource = regexp.MustCompile(`nearest is statement "([^"]*)": condition AWS:SourceArn \S+ \[(.*)\], and the request has \S+: (\w+ differs)`)

// nearestStatement says shortly which statement comes nearest.
func nearestStatement(explained string) string {
	if parts := otherSource.FindStringSubmatch(explained); parts != nil {
		return "nearest statement " + strconv.Quote(parts[1]) + " allows " + parts[2] + ": " + parts[3]
	}
	return explained
}

const arnAccount = 4 // of arn:aws:lambda:{region}:{account}:function:{name}

func accountOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > arnAccount {
		return parts[arnAccount]
	}
	return ""
}

func (c *diagnosed) isOtherAccount(arn string) bool {
	account := accountOf(arn)
	return account != "" && account != c.scope.Account
}

// sayCrossAccount says where a permission must be added: beside the function.
func (c *diagnosed) sayCrossAccount(finding *Finding, arn string) {
	account := accountOf(arn)
	finding.Found = "API in account " + c.scope.Account + ", function in " + account + ", whose policy has no such statement"
	finding.Fix.Text = "Let the function's own account allow this API to invoke it: run the command with credentials of account " + account + "."
}

// fixCode is a function's code to mend; function.zip stands for the new one.
func (*diagnosed) fixCode(functionArn, text string) Fix {
	name, _ := nameOfFunction(functionArn)
	return Fix{Text: sentence(text) + " Put the new code into function.zip.", Command: command("aws", "lambda", "update-function-code", "--function-name", name, "--zip-file", "fileb://function.zip")}
}

func fixFunctionNotFound(c *diagnosed, _ *fault.Fault, finding *Finding) {
	arn := c.functionArn()
	if variable := c.emptyStageVariable(arn); variable != "" {
		c.fixStageVariable(variable, finding)
		return
	}
	name, qualifier := nameOfFunction(arn)
	finding.Fix = c.makeFunction(arn, "or name one that exists in the integration's URI and deploy", c.scope.ExecuteApiArn(c.record.ApiId, "*", "*", "*"))
	if c.definition == nil || len(c.definition.Functions) == 0 {
		return
	}
	finding.Nearest = append(finding.Nearest, "functions that exist: "+someOf(c.definition.Functions, name))
	here := strings.Replace(arn, ":lambda:"+regionOf(arn)+":", ":lambda:"+c.scope.Region+":", 1)
	for _, other := range c.definition.Functions {
		if other == name && here == arn && qualifier != "" {
			c.fixQualifier(finding, name, qualifier)
			return
		}
		if !plan.Resembles(other, name) {
			continue
		}
		finding.Fix.Text = "Name the function that exists in the integration's URI (did you mean " + other + "?), and deploy."
		if here != arn {
			finding.Found += "; function " + other + " is in region " + c.scope.Region
			finding.Fix.Text = "Name the function in the integration's URI with its region, " + c.scope.Region + ", and deploy."
		}
		meant := strings.Replace(here, ":function:"+name, ":function:"+other, 1)
		if variable, value, ok := c.variableFor(arn, meant); ok {
			c.fixVariableValue(finding, record.Field{Name: variable, Value: value})
			return
		}
		if c.isHttp() {
			finding.Fix.Command = c.updateIntegration("--integration-uri", meant)
		} else if target := c.restIntegration(); target != nil {
			finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/uri", strings.Replace(target.Uri, arn, meant, 1)))), c.deploy())
		}
		return
	}
}

// fixQualifier makes the alias that an integration's URI names, and lets the API invoke it:
// an alias has a policy of its own.
func (c *diagnosed) fixQualifier(finding *Finding, name, qualifier string) {
	finding.Found += ": function " + name + " exists, and has no alias or version " + qualifier
	finding.Wanted = "an alias or version " + qualifier + " of the function"
	if strings.Trim(qualifier, "0123456789") == "" {
		finding.Fix.Text = "Name a version that exists in the integration's URI, and deploy. These exist:"
		finding.Fix.Command = command("aws", "lambda", "list-versions-by-function", "--function-name", name, "--query", "Versions[].Version")
		return
	}
	finding.Fix.Text = "Make the alias, and let this API invoke it: an alias has a policy of its own."
	finding.Fix.Command = then(command("aws", "lambda", "create-alias", "--function-name", name, "--name", qualifier, "--function-version", "$LATEST"),
		command("aws", "lambda", "add-permission", "--function-name", name, "--qualifier", qualifier, "--statement-id", "apigateway-"+c.record.ApiId,
			"--action", "lambda:InvokeFunction", "--principal", "apigateway.amazonaws.com", "--source-arn", c.scope.ExecuteApiArn(c.record.ApiId, "*", "*", "*")))
}

// maxNames bounds how many names of what exists stand in a finding.
const maxNames = 10

// someOf lists names, those first that resemble one.
func someOf(names []string, meant string) string {
	resembles := func(name string) bool { return plan.Resembles(name, meant) }
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int {
		switch {
		case resembles(a) == resembles(b):
			return strings.Compare(a, b)
		case resembles(a):
			return -1
		}
		return 1
	})
	if len(sorted) <= maxNames {
		return joined(sorted)
	}
	return joined(sorted[:maxNames]) + " and " + itoa(len(sorted)-maxNames) + " more"
}

const arnRegion = 3 // of arn:aws:lambda:{region}:{account}:function:{name}

func regionOf(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) > arnRegion {
		return parts[arnRegion]
	}
	return ""
}

func fixFunctionThrottled(c *diagnosed, f *fault.Fault, finding *Finding) {
	if waitedInVain(f) {
		finding.Fix.Text = "Make the function faster, send fewer requests at once, or start the server with more --function-environments."
		return
	}
	name, _ := nameOfFunction(c.functionArn())
	finding.Fix.Text = "Give the function more concurrency, or send fewer requests at once."
	finding.Fix.Command = command("aws", "lambda", "delete-function-concurrency", "--function-name", name)
}

// waitedInVain says that an invocation waited for an execution environment and got none.
func waitedInVain(f *fault.Fault) bool {
	var refusal *integration.InvokeRefusal
	return errors.As(f.Cause, &refusal) && refusal.Waiting
}

func fixMalformedProxyResponse(c *diagnosed, f *fault.Fault, finding *Finding) {
	text := f.Fix
	if text == "" {
		text = `Let the function answer {"statusCode": 200, "headers": {…}, "body": "text"} and nothing else.`
	}
	if c.record.Called {
		finding.Found += "; the function itself succeeded (" + itoa(int(c.record.IntegrationLatency.Milliseconds())) + " ms)"
	}
	finding.Fix = c.fixCode(c.functionArn(), text)
}

// fixFunctionError is for functions that throw: first the log, then the new code.
func fixFunctionError(c *diagnosed, _ *fault.Fault, finding *Finding) {
	name, _ := nameOfFunction(c.functionArn())
	finding.Checked = "the function's answer"
	if limit, ok := timedOut(finding.Found); ok {
		finding.Wanted = "an answer within the function's own timeout"
		finding.Fix = Fix{
			Text:    "Give the function more time than the " + itoa(limit) + " s that it has (900 s at the most; the integration waits for its own time), or make it faster.",
			Command: command("aws", "lambda", "update-function-configuration", "--function-name", name, "--timeout", itoa(min(2*limit, longestFunction))),
		}
		return
	}
	if fixHandler(finding, name) {
		return
	}
	if strings.Contains(finding.Found, "payload size exceeded") {
		finding.Wanted = "an answer of at most 6 MB"
		finding.Fix = c.fixCode(c.functionArn(), "Let the function answer less, or a link to what is large.")
		return
	}
	fix := c.fixCode(c.functionArn(), "Mend the function: its log has the error. Then update its code.")
	fix.Command = then(command("aws", "logs", "filter-log-events", "--log-group-name", "/aws/lambda/"+name,
		"--start-time", itoa(int(c.record.Received.UnixMilli())), "--query", "events[].message", "--output", "text"), fix.Command)
	finding.Fix = fix
}

// longestFunction is Lambda's quota "Function timeout", seconds.
const longestFunction = 900

// timedOut reads Lambda's text "Task timed out after 5.00 seconds".
func timedOut(found string) (seconds int, ok bool) {
	_, rest, ok := strings.Cut(found, "Task timed out after ")
	number, _, _ := strings.Cut(rest, ".")
	seconds, err := strconv.Atoi(number)
	return seconds, ok && err == nil
}

func fixProxyMethod(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the integration of " + c.methodOfResource + " " + c.record.ResourcePath
	finding.Fix.Text = "Functions are invoked with POST, whatever the client's method: set it and deploy."
	finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/httpMethod", "POST"))), c.deploy())
}
