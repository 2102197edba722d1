package situations

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cause is one reason for an error that costs people time. by names what reproduces it and
// applies the printed fix: a situation, a test function of this package, or "article " and
// the id of an article whose own commands are executed (package articles does). A cause
// without any says why.
type cause struct {
	id, what string
	by       []string
	why      string
}

// causes are all that the catalogue of errors lists: E1 to E25, and the next ten under the
// id "next", and what fresh users met, under "more".
var causes = []cause{
	{"E1", "path or method is not deployed", []string{"HTTP stage without routes", "HTTP stage without a deployment", "E1 not deployed", "HTTP route not deployed"}, ""},
	{"E1", "path or method is another", []string{"E1 body with a wrong verb", "E1 wrong path", "E1 wrong verb", "HTTP wrong path", "HTTP slash at the end"}, ""},
	{"E1", "stage is missing, wrong or there twice", []string{"E1 host alone", "E1 unknown stage", "E1 misspelled stage", "E1 stage twice", "HTTP misspelled stage", "HTTP no stage $default"}, ""},
	{"E1", "root path without a method", []string{"E1 root without a method"}, ""},
	{"E1", "custom domain name with the stage in the path", []string{"TestDomains"}, ""},
	{"E1", "unsigned call to an AWS_IAM method", []string{"E15 not signed"}, ""},
	{"E1", "the backend sent the same text", nil, "nothing failed here: the explanation says that every step was completed"},
	{"E1", "a gateway response was customised so", nil, "the error id and its explanation do not depend on what the client is shown"},

	{"E2", "no statusCode", nil, "AWS takes an answer without one as 200 (observed), and so does this server"},
	{"E2", "statusCode is no integer", []string{"E2 status code is a word"}, ""},
	{"E2", "body is an object", []string{"E2 body is an object", "HTTP malformed answer of format 1.0"}, ""},
	{"E2", "header values are not strings", []string{"E2 header values are lists"}, ""},
	{"E2", "null or plain text was returned", []string{"E2 nothing", "E2 plain text"}, ""},
	{"E2", "function threw", []string{"E2 no such handler", "E2 function threw", "HTTP function threw"}, ""},
	{"E2", "answer of another format", []string{"E2 another key"}, ""},
	{"E2", "over 6 MB", []string{"E2 over 6 MB"}, ""},

	{"E3", "no resource-based permission", []string{"E3 no permission", "HTTP function permission"}, ""},
	{"E3", "SourceArn for another stage, method, path or API", []string{"E3 permission for another stage"}, ""},
	{"E3", "alias or version without its own permission", []string{"E3 alias has a policy of its own"}, ""},
	{"E3", "function named by a stage variable", []string{"E3 stage variable names no function", "E3 function named by a stage variable"}, ""},
	{"E3", "caller's credentials without lambda:InvokeFunction", []string{"E3 caller may not invoke the function"}, ""},
	{"E3", "function deleted", []string{"E3 function deleted", "E3 function does not exist", "HTTP function does not exist"}, ""},
	{"E3", "Lambda throttles", []string{"E3 concurrency used up"}, ""},
	{"E3", "integration's method is not POST", []string{"E3 integration method is not POST"}, ""},

	{"E4", "backend slower than timeoutInMillis", []string{"E4 timeout", "E4 usually slow", "HTTP integration timeout"}, ""},
	{"E4", "cold start", nil, "the request cannot tell it from slow code; the fix is that of a timeout"},
	{"E4", "function's limit is over the gateway's: it runs on, and a retry runs it twice", []string{"E4 function goes on"}, ""},
	{"E4", "no more time to be had", []string{"E4 no more time to be had"}, ""},
	{"E4", "unreachable target", []string{"E4 nothing listens", "HTTP integration unreachable"}, ""},
	{"E4", "DNS", []string{"E4 host name is unknown"}, ""},

	{"E5", "no OPTIONS", []string{"E5 preflight", "HTTP preflight without CORS"}, ""},
	{"E5", "OPTIONS not deployed", []string{"E5 OPTIONS not deployed"}, ""},
	{"E5", "integration response lacks the mapping", []string{"E5 integration without the header"}, ""},
	{"E5", "function omits the headers", []string{"E5 in the execution log", "E5 function without the header"}, ""},
	{"E5", "error made by the gateway has none", []string{"E5 gateway's own error"}, ""},
	{"E5", "* with credentials, or another origin", []string{"E5 any origin with credentials", "E5 another origin is allowed"}, ""},
	{"E5", "authorizer or API key on OPTIONS", []string{"E5 authorizer on OPTIONS", "E5 API key on OPTIONS"}, ""},
	{"E5", "CORS configuration of an HTTP API", []string{"HTTP preflight of an origin that is not allowed", "HTTP preflight of a method that is not allowed"}, ""},

	{"E6", "policy for one method is cached for others", []string{"E6 cached policy"}, ""},
	{"E6", "stale after the code was mended, explicit deny", []string{"E6 explicit deny", "E6 WebSocket explicit deny"}, ""},
	{"E6", "policy allows another method", []string{"E6 policy allows another method", "HTTP authorizer denied"}, ""},

	{"E7", "identity source absent, empty or under another name", []string{"E7 stage variable as identity source", "E7 identity source missing", "HTTP identity missing"}, ""},
	{"E7", "token fails identityValidationExpression", []string{"E7 token fails its expression"}, ""},
	{"E7", "one of several sources missing", []string{"E7 one of several sources missing"}, ""},
	{"E7", "the function threw Unauthorized", []string{"E7 function says Unauthorized"}, ""},

	{"E8", "the text thrown is not Unauthorized", []string{"E8 authorizer threw", "HTTP authorizer failed"}, ""},
	{"E8", "invalid policy", []string{"E8 answer has no policy"}, ""},
	{"E8", "context values that are no scalars", []string{"E8 context is no scalar"}, ""},
	{"E8", "no permission for the authorizer's function", []string{"E8 authorizer's function deleted", "E8 authorizer may not be invoked"}, ""},
	{"E8", "simple response where a policy is wanted, or the other way round", []string{"HTTP authorizer's answer is no answer"}, ""},

	{"E9", "access token without scopes, ID token with scopes", []string{"E9 access token without scopes", "E9 ID token with scopes"}, ""},
	{"E9", "issuer's slash at the end", []string{"E9 issuer differs by a slash"}, ""},
	{"E9", "audience or client_id", []string{"E9 another audience", "E9 client_id is not in the audience"}, ""},
	{"E9", "keys unreachable", []string{"E9 keys unreachable"}, ""},
	{"E9", "clock skew, expired", []string{"E9 clock skew", "E9 expired", "E9 user pool's token expired"}, ""},
	{"E9", "signature for AWS_IAM at a JWT method", []string{"E9 signature for AWS_IAM"}, ""},
	{"E9", "scope missing", []string{"E9 scope missing"}, ""},

	{"E10", "key in no plan", []string{"E10 key in no plan", "E10 key and stage in no plan", "E10 no key, no plan"}, ""},
	{"E10", "plan without the stage", []string{"E10 plan without the stage"}, ""},
	{"E10", "key disabled", []string{"E10 disabled"}, ""},
	{"E10", "header's name, or the id for the value", []string{"E10 wrong header", "E10 id for value", "E10 no key, a plan with a key"}, ""},
	{"E10", "apiKeySource AUTHORIZER", []string{"E10 key source without an authorizer", "E10 key source is the authorizer"}, ""},
	{"E10", "same body: wrong stage", []string{"E1 unknown stage"}, ""},
	{"E10", "same body: WAF", nil, "AWS WAF is no part of API Gateway, and none stands before this server"},

	{"E11", "level: account", nil, "the fix is to send less: nothing of the account's is to be changed"},
	{"E11", "level: stage", []string{"E11 throttled by the stage"}, ""},
	{"E11", "level: method or route; burst smaller than the spike", []string{"E11 throttled by the method", "HTTP throttled"}, ""},
	{"E11", "level: plan, plan's method", []string{"E11 plan throttle", "E11 plan throttle of a method"}, ""},
	{"E11", "quota", []string{"E11 quota"}, ""},
	{"E11", "Lambda's own throttle seen as 500", []string{"E3 concurrency used up"}, ""},

	{"E12", "status without a method response", []string{"E12 undeclared method response"}, ""},
	{"E12", "pattern does not match: a line end, a status code in place of the message", []string{"E12 message of several lines", "E12 status code in place of a message"}, ""},
	{"E12", "no default response", []string{"E12 no integration response"}, ""},
	{"E12", "statusCode in the body of a function that is no proxy", []string{
		"E12 function answers as for a proxy", "E12 function answers as for a proxy, behind a template", "E12 function answers an object as for a proxy",
	}, ""},

	{"E13", "Content-Type has no template, with NEVER or WHEN_NO_TEMPLATES", []string{"E13 unsupported media type", "E13 no template for the Content-Type, with others"}, ""},
	{"E13", "quotes or line ends without escaping", []string{"E13 quotes in a text", "E13 line end in a text", "E13 as Velocity prints it", "E13 form that no template makes JSON"}, ""},
	{"E13", "escapeJavaScript leaves a backslash", []string{"E13 escapeJavaScript leaves an apostrophe's backslash"}, ""},
	{"E13", "missing key", []string{
		"E13 missing key", "E13 missing key of a variable", "E13 missing key, in the execution log", "E13 parameter in another case", "E13 backend refuses what was rendered",
		"E13 client gets what was rendered",
	}, ""},
	{"E13", "the template's own text", []string{"E13 comma of a loop", "E13 no change is known", "E13 request template is no Velocity", "E13 response template is no Velocity"}, ""},
	{"E13", "what a template reads is not JSON", []string{"E13 client's JSON is broken", "E13 template reads broken JSON", "E13 response template reads HTML"}, ""},

	{"E14", "no template for the Content-Type", []string{"E14 mock without a status code"}, ""},
	{"E14", "status code in quotes", []string{"E14 mock's status code is a string"}, ""},
	{"E14", "no integration response for it", []string{"E12 no integration response"}, ""},

	{"E15", "another service or region", []string{"E15 another service", "E15 another region"}, ""},
	{"E15", "a proxy changed host, path, query or body", []string{"E15 a proxy sets another Host", "E15 a proxy adds the stage to the path", "E15 the query is not signed", "E15 a library adds a charset"}, ""},
	{"E15", "path encoded once more or less", []string{"E15 the path is encoded as for S3"}, ""},
	{"E15", "clock", []string{"E15 clock is behind", "E15 clock is ahead"}, ""},
	{"E15", "a bearer token", []string{"E15 not a signature", "E1 token at a wrong path"}, ""},
	{"E15", "unknown access key", []string{"E15 unknown access key"}, ""},
	{"E15", "inactive access key", []string{"E15 inactive access key"}, ""},

	{"E16", "resource policy", []string{"E16 resource policy", "E16 explicit deny of all but some addresses"}, ""},
	{"E16", "policy changed and not deployed", []string{"E16 policy changed and not deployed"}, ""},
	{"E16", "source address is a proxy's", []string{"E16 explicit deny of all but some addresses"}, ""},
	{"E16", "private API without a condition on its endpoint", []string{"TestPrivateApi_anotherEndpoint", "article private-api-from-vpc"}, ""},
	{"E16", "IAM needed too", []string{"E15 not allowed"}, ""},

	{"E17", "stage in the path, base path missing, mapping to another, no mapping", []string{"TestDomains", "TestDomains_routingRule", "TestDomains_webSocket"}, ""},
	{"E17", "certificate and SNI, mutual TLS", nil, "a handshake that fails has no request to explain"},

	{"E18", "no healthy target: health check", []string{"TestVpcLink_healthCheckNeedsALogin", "TestVpcLink_plainHealthCheckOfTls"}, ""},
	{"E18", "HTTP to a TLS listener", []string{"TestVpcLink_plainHttpToTlsListener", "TestVpcLink_plainHttpToHttpsListener"}, ""},
	{"E18", "name in the certificate", []string{"TestVpcLink_nameToVerify"}, ""},
	{"E18", "link failed or inactive", nil, "a link is AVAILABLE at once here and stays so"},
	{"E18", "firewall", nil, "it shows as a target that is not healthy; the command is another system's"},

	{"E19", "private or self-signed authority", []string{"TestBackendCertificate_unknownAuthority", "E19 untrusted certificate"}, ""},
	{"E19", "expired, missing intermediate, another name", []string{"TestBackendCertificate"}, ""},

	{"E20", "an integration or a deployed stage uses the link", []string{"TestDeleteVpcLink_stageVariable", "TestDeleteVpcLink_inUse"}, ""},
	{"E20", "order of deletion: routes before their integration", []string{"E20 integration of a route"}, ""},

	{"E21", "deployment in use: create before destroy, mapping pins the stage", []string{"E21 stage of a mapping", "E21 API of a mapping", "E21 deployment in use", "E21 deployment in use by a mapped stage", "E21 HTTP API's deployment in use"}, ""},
	{"E21", "deployed before its methods", []string{"E21 no routes", "E21 no methods", "E21 method without an integration"}, ""},
	{"E21", "stage is still on an old deployment", []string{"E21 changed and not deployed", "E21 mended and not deployed", "HTTP changed and not deployed"}, ""},
	{"E21", "imported API in the CDK", nil, "it is the cause before: what an import changes is not deployed"},

	{"E22", "post inside $connect", []string{"TestGone_connecting"}, ""},
	{"E22", "client gone, old id", []string{"TestGone_closedByClient"}, ""},
	{"E22", "URL built wrongly, another API or stage", []string{"TestGone_wrongUrl", "TestGone_stageOnCustomDomain"}, ""},

	{"E23", "idle, too old, too big", []string{"TestClosed_idle", "TestClosed_old", "TestClosed_tooBig"}, ""},
	{"E23", "no route and no $default", []string{"TestMessage_noRoute"}, ""},
	{"E22", "@connections without a good signature", []string{"TestConnections_unsigned"}, ""},
	{"E23", "integration of $connect refuses", []string{"TestConnect_refused"}, ""},
	{"E23", "integration fails", []string{"TestMessage_integrationFails"}, ""},
	{"E23", "authorizer of $connect", []string{"E7 WebSocket identity source missing", "E8 WebSocket authorizer threw"}, ""},

	{"E24", "binaryMediaTypes missing", []string{"E24 in the execution log", "E24 base64 as text"}, ""},
	{"E24", "Accept does not match, first media type alone", []string{"E24 Accept matches another type"}, ""},
	{"E24", "body sent on as text", []string{
		"E24 request damaged on its way to a function", "E24 request damaged on its way to a backend", "E24 request damaged, and said to be a form", "E24 response damaged",
	}, ""},
	{"E24", "binary answer of an HTTP backend", []string{"E24 backend's binary response as base64 text"}, ""},
	{"E24", "not deployed", []string{"E24 binary media types not deployed"}, ""},
	{"E24", "isBase64Encoded missing", nil, "base64 text is a good answer; that bytes were meant, only the function knows"},
	{"E24", "the request arrives as base64", nil, "that is what isBase64Encoded in the event says; nothing fails"},

	{"E25", "permission in the function's account", []string{"E25 function of another account", "E25 HTTP API"}, ""},
	{"E25", "authorizer's permission", []string{"E25 authorizer of another account"}, ""},
	{"E25", "role between lacks the right", []string{"E25 role does not exist", "E25 role trusts another service", "E25 role may not invoke the function"}, ""},
	{"E25", "caller's account is blocked by the resource policy", []string{"E25 caller of another account", "article access-from-another-account"}, ""},

	{"next", "Missing required request parameters", []string{"missing parameter"}, ""},
	{"next", "Invalid request body", []string{"invalid body"}, ""},
	{"next", "payload formats 1.0 and 2.0", []string{"HTTP malformed answer of format 1.0", "article payload-formats"}, ""},
	{"next", "CloudWatch Logs role ARN must be set", []string{"article logs-role-arn"}, ""},
	{"next", "Execution logs are not supported on protocolType HTTP", []string{"article logs-http-api"}, ""},
	{"next", "413", []string{"REST payload too large", "HTTP payload too large"}, ""},
	{"next", "header remapped or dropped", []string{"article headers-remapped", "article GH-M205"}, ""},
	{"next", "private DNS answers 403 from a VPC", []string{"TestPrivateApi_anotherEndpoint", "article private-api-from-vpc"}, ""},
	{"next", "The final policy size", []string{"article final-policy-size"}, ""},
	{"next", "429 of the control plane", []string{"article control-plane-throttling"}, ""},
	{"next", "works in Test, fails when deployed", []string{"E21 mended and not deployed", "article test-invoke-differs"}, ""},
	{"more", "host name of another region", []string{"E1 host of another region", "HTTP host of another region"}, ""},
	{"more", "path parameter of an integration without a value", []string{
		"path parameter is not mapped", "path parameter has another name in the URI", "path parameter without a variable in the resource",
		"path parameter is mapped from what the request has not", "HTTP path parameter has another name in the URI", "HTTP path parameter at $default",
	}, ""},
	{"more", "reference of a template misspelt", []string{
		"misspelt reference in a request template", "misspelt reference, no JSON", "misspelt reference in a response template", "article GH-M206",
	}, ""},
	{"next", "unknown host or API id", []string{"E1 unknown API", "article GH-R105"}, ""},
}

// TestCauses sees that each error of the catalogue has a situation, and that what the
// table names is there.
func TestCauses(t *testing.T) {
	there := reproducing(t)
	ids := map[string]bool{}
	for _, one := range causes {
		if (len(one.by) == 0) == (one.why == "") {
			t.Errorf("%s, %s: needs what reproduces it, or the reason why nothing can", one.id, one.what)
		}
		for _, name := range one.by {
			if !there[name] && !executes(name) {
				t.Errorf("%s, %s: there is no %q", one.id, one.what, name)
			}
			ids[one.id] = true
		}
	}
	const last = 25
	for number := range last {
		if id := "E" + strconv.Itoa(number+1); !ids[id] {
			t.Errorf("%s: no situation applies its fix", id)
		}
	}
	if !ids["next"] {
		t.Error("the next ten: no situation applies a fix")
	}
}

// reproducing are the names of situations and of test functions.
func reproducing(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, s := range allSituations(&issuer{}) {
		names[s.name] = true
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && strings.HasPrefix(function.Name.Name, "Test") {
				names[function.Name.Name] = true
			}
		}
	}
	return names
}

// executes says whether a name is that of an article whose commands are executed.
func executes(name string) bool {
	id, isArticle := strings.CutPrefix(name, "article ")
	text, err := os.ReadFile(filepath.Join("..", "..", "internal", "knowledge", "articles", id+".md"))
	return isArticle && err == nil && slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool { return strings.HasPrefix(line, "test: ") })
}
