package knowledge

import (
	"strings"
	"testing"
)

// Lines and bodies of AWS that cost people most, in the forms that public threads and
// AWS's help pages show them; ids and values are made up. Each finds its article first,
// alone and with what usually stands around it.
var pastedSituations = []struct{ pasted, want string }{
	{`x-amzn-errortype: MissingAuthenticationTokenException`, "GH-R101"},
	{`{"message":"Not Found"}`, "GH-R101"},
	{`{"message": "Internal server error"}`, "500-errors-lambda"},
	{"Method completed with status: 502", "GH-L201"},
	{`{"Message":"User is not authorized to access this resource"}`, "GH-A201"},
	{`{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`, "GH-A201"},
	{`{"message":"Unauthorized"}`, "GH-A101"},
	{"Starting authorizer: 62mgrc for request: c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "GH-A101"},
	{"AUTHORIZER_FAILURE", "GH-A302"},
	{"AUTHORIZER_CONFIGURATION_ERROR", "GH-A301"},
	{`www-authenticate: Bearer error="invalid_token", error_description="the token does not have a valid audience"`, "GH-A111"},
	{"HTTP/1.1 403 Forbidden\nx-amzn-errortype: ForbiddenException\n\n{\"message\":\"Forbidden\"}", "GH-T101"},
	{"API Key ****gE96dR exceeded throttle limit for API Stage a1b2c3/prod: Key throttle limit exceeded for Usage Plan ID nnpegc, Limit: 5.00 Burst: 10", "GH-T201"},
	{"API Key ****gE96dR exceeded throttle limit for API Stage a1b2c3/prod: Key quota exhausted for Usage Plan ID nnpegc. Limit: 500 Period: DAY", "GH-T301"},
	{`{"Type":"User","message":"Could not parse request body into json."}`, "GH-M201"},
	{`{"message":"The security token included in the request is invalid."}`, "GH-A403"},
	{`{"message":"'eyJhbGciOi' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer eyJhbGciOi'."}`, "GH-A405"},
	{`{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********0000:a1b2c3/prod/GET/ with an explicit deny"}`, "GH-A501"},
	{`{"message":"Service Unavailable"}`, "GH-I201"},
	{"400 The plain HTTP request was sent to HTTPS port", "GH-I201"},
	{"Execution failed due to configuration error: There was an internal error while executing your request", "GH-I201"},
	{"Execution failed due to configuration error: Host name 'domain.com' does not match the certificate subject provided by the peer (CN=*.example.com)", "GH-I211"},
	{"Vpc link 'l4er5c', is referenced in [d3dx85qvqh:POST:1knc2d:stage] in format of [RESTApiId:Method:Resource:Stage]", "GH-C201"},
	{"ConflictException: Cannot delete Integration because it is referenced by the following Routes with Ids: [a1b2c3]", "GH-C201"},
	{"BadRequestException: The REST API doesn't contain any methods", "GH-C101"},
	{"No method found matching route test0/@connections/PxWP8abcIAMCJrw%3D for http method POST", "GH-W101"},
	{`{"message": "Forbidden", "connectionId":"PxWP8abcIAMCJrw=", "requestId":"PxWQ8HX7oAMFxyz="}`, "GH-W201"},
	{"is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:us-east-1:999988887777:function:f because no resource-based policy allows the lambda:InvokeFunction action", "GH-L111"},
	{"An error occurred (TooManyRequestsException) when calling the CreateResource operation (reached max retries: 4): Too Many Requests", "control-plane-throttling"},
	{`{"message":"Request Too Long"}`, "GH-V301"},
	{"x-amzn-Remapped-Authorization: Basic abc", "headers-remapped"},
	{"PolicyLengthExceededException", "final-policy-size"},
	{"BadRequestException: Gatehouse does not support responseTransferMode STREAM of Integration yet: response streaming is not built", "GH-C406"},
}

func TestPastedSituationsFindTheirArticle(t *testing.T) {
	library := load(t)
	for _, c := range pastedSituations {
		surrounded := "2026-09-01T10:02:11.123Z (c6af9ac6-7b61-11e6-9a41-93e8deadbeef) " + c.pasted + "\n"
		for _, pasted := range []string{c.pasted, surrounded, strings.ToUpper(c.pasted)} {
			if ids := found(library, Query{Text: pasted}); len(ids) == 0 || ids[0] != c.want {
				t.Errorf("%s\n  got %v, want %s first", pasted, ids[:min(4, len(ids))], c.want)
			}
		}
	}
}

// Whatever text an article says it is known by finds it, first unless other articles are
// known by the same.
func TestSymptomsFindTheirArticle(t *testing.T) {
	library := load(t)
	for _, article := range library.Articles() {
		for _, text := range article.Symptoms {
			pasted := strings.ReplaceAll(text, "…", "x1")
			const most = 5
			ids := found(library, Query{Text: pasted})
			place := -1
			for i, id := range ids {
				if id == article.ID {
					place = i
				}
			}
			if place < 0 || place >= most {
				t.Errorf("%s: %q finds %v", article.ID, text, ids[:min(most, len(ids))])
			}
		}
	}
}

// What the explanation of a request found points at the cause that applies. The texts are
// those that the gateway's own code writes.
func TestFindingsPointAtTheirCause(t *testing.T) {
	library := load(t)
	for _, c := range []struct{ article, found, heading string }{
		{"GH-A111", `signature OK; iss OK; aud ["billing"] is none of ["orders"]; exp OK; iat OK`, "The audience differs"},
		{"GH-A111", `signature OK; iss "https://a.example.com/" ≠ configured "https://a.example.com" (a slash at the end); aud OK; exp OK`, "The issuer differs by a slash"},
		{"GH-A111", "signature OK; iss OK; aud OK; exp 2026-11-23 10:00:00 UTC, 1h0m0s ago; iat OK", "Expired, or a clock that is off"},
		{"GH-A111", "a signature of AWS (AWS4-HMAC-SHA256), which is for AWS_IAM, and no token", "It is not a token for this authorizer at all"},
		{"GH-A101", "absent: method.request.header.Authorization", "The header or parameter is absent or has another name"},
		{"GH-A101", "a token that does not match", "The token does not fit the validation expression"},
		{"GH-A201", "implicit deny: no identity-based policy allows; nearest is statement 1: resource […/prod/GET/users], and the request has …/prod/GET/orders: path differs", "The resource is too narrow or misspelt"},
		{"GH-A201", "implicit deny: no identity-based policy allows; nearest is statement 1: resource […/test/GET/users], and the request has …/prod/GET/orders: stage differs", "The stage, API or region in it is fixed"},
		{"GH-A201", `explicit deny by identity-based policy, statement 1 ""`, "An explicit deny"},
		{"GH-A202", "implicit deny: no identity-based policy allows; nearest is statement 1: resource […/GET/orders/1], and the request has …/GET/orders/2: path differs", "The function returns the request's own methodArn"},
		{"GH-A202", `explicit deny by identity-based policy, statement 1 ""`, "The decision depends on more than the token"},
		{"GH-A301", "principalId is missing", "A member is missing"},
		{"GH-A301", "context.roles is neither a string, a number nor a boolean", "The context has a list or an object"},
		{"GH-A301", "policyDocument: statement 1 has no Effect", "The policy is not a policy"},
		{"GH-A301", "not a JSON object with an authorizer's members", "Nothing, or no object, was returned"},
		{"GH-A401", "key AKIA…GJ known, signed for us-east-1/execute-api, skew 0s, wrong-secret-or-changed", "The secret is another"},
		{"GH-A401", "key AKIA…GJ unknown, signed for us-east-1/s3, skew 0s, wanted us-east-1/execute-api", "The service or region is another"},
		{"GH-A406", "implicit deny: no identity-based policy has an Allow statement (of 0)", "Nothing allows it"},
		{"GH-A406", "explicit deny by identity-based policy role orders-caller inline policy stop, statement 1", "It is an explicit deny"},
		{"GH-A406", "implicit deny: no identity-based policy allows; nearest is statement 1: resource […], and the request has …: api differs", "The ARN is nearly right"},
		{"GH-B101", `isBase64Encoded is true, and Accept "image/png" matches none of []`, "binaryMediaTypes is empty or too narrow"},
		{"GH-B101", `isBase64Encoded is true, and Accept "image/avif,image/webp" matches none of [image/png]`, "The Accept header begins with something else"},
		{"GH-A101", "absent: method.request.header.Authorization; a browser asks without credentials, whatever its page sends afterwards", "A browser sends a preflight"},
		{"GH-A101", "absent: stageVariables.tenant; An identity source of the authorizer is a stage variable, which no client can send.", "A stage variable is an identity source"},
		{"GH-A101", "absent: method.request.querystring.tenant; present: method.request.header.Authorization", "One of several sources is missing"},
		{"GH-A111", `signature OK; iss "https://login.example.com" ≠ configured "https://tenant.example.com"; aud OK`, "Another key or issuer signed it"},
		{"GH-A111", `signature OK; iss "https://tenant.example.com/" ≠ configured "https://tenant.example.com" (a slash at the end); aud OK`, "The issuer differs by a slash"},
		{"GH-A111", "the signature is invalid; not verified: alg RS256, kid k1", "Another key or issuer signed it"},
		{"GH-A501", "implicit deny: no resource-based policy has an Allow statement (of 0)", "The caller is in another account"},
		{"GH-A501", "implicit deny: no resource-based policy allows; nearest is statement 1: resource [arn:aws:execute-api:…/test/*], and the request has …/prod/GET/: stage differs", "The resource does not fit"},
		{"GH-C201", "API a1 is used by the mappings api.example.com/v1", "A custom domain leads to it"},
		{"GH-C201", "routes that lead to the integration: 2n088lr", "The route of an HTTP API uses the integration"},
		{"GH-I106", `the backend said it, not this gateway: 403, as long as {"message":"Missing Authentication Token"} from function arn:aws:lambda:us-east-1:000000000000:function:f`, "A function or a service was written like that"},
		{"GH-L101", "the integration invokes as the role invoker, which does not exist", "The integration invokes as a role or as its caller"},
		{"GH-R401", "the answer to a browser that asks, for a page of https://app.example.com; the answer has no Access-Control-Allow-Origin", "The OPTIONS method answers without the headers"},
		{"GH-T101", "the API key in the authorizer's usageIdentifierKey; no API key", "The authorizer has to return the key"},
		{"GH-W201", `the route key "nope"`, "No route"},
		{"GH-W101", `"/prod/prod" in front of /@connections is not one stage of an API`, "The endpoint is built wrongly"},
		{"GH-C101", "deployment fori1m is used by stage prod", "The deployment is in use"},
		{"GH-C101", "deployment fori1m is used by stage prod; stage prod is used by the mappings api.example.com/v1", "A custom domain uses the stage"},
		{"GH-C101", "no resource of the API has a method", "No methods yet"},
		{"GH-C101", "changed since then: GET /orders, the models", "The change was not deployed"},
		{"GH-C201", "ANY:ujaj61 (Method:Resource)", "An integration uses it"},
		{"GH-C201", "ANY:kdpck4:prod (Method:Resource:Stage); no integration uses it any more, and these stages still serve what was deployed before", "Only a deployed stage uses it"},
		{"GH-I201", "target group pay has no target; targets 0/0 healthy", "The target group is empty"},
		{"GH-I201", "target group pay has no healthy target; targets 0/2 healthy", "No target is healthy"},
		{"GH-I201", "no target of group pay accepts a connection", "No target is healthy"},
		{"GH-I201", "no listener on port 8080 of the load balancers of VPC link l4er5c", "There is no listener on that port"},
		{"GH-I201", "Cloud Map service arn:… has no instance with stage=prod", "A Cloud Map service without an instance that fits"},
		{"GH-I211", `certificate "CN=localhost" issued by "CN=localhost", sent alone; "CN=localhost" signed itself and is not trusted here`, "A private or self-signed authority"},
		{"GH-I211", `certificate "CN=api.int" issued by "CN=Corp CA 2", sent alone; the chain is incomplete: "CN=Corp CA 2" was not sent and is not trusted here`, "The chain is incomplete"},
		{"GH-I211", `certificate "CN=lb" issued by "CN=R3", sent with 1 more; it is for lb.example.com, not for pay.internal`, "Another name"},
		{"GH-I211", `certificate "CN=lb" issued by "CN=R3", sent with 1 more; it is good from 2024-01-01 until 2025-01-01`, "Expired"},
		{"GH-T101", "no API key", "The header is missing or misspelt"},
		{"GH-T101", "a value of 20 characters that no API key has", "No key has this value"},
		{"GH-T101", `a value of 10 characters that no API key has; it is the id of key "mobile", which is not its value`, "The id was sent instead of the value"},
		{"GH-T101", `key "mobile" (id 2v4ohvhag8), enabled, in plan "gold", without stage a1/prod`, "The plan does not have this stage"},
		{"GH-I301", "no answer after 200ms; Give the integration more time, and deploy; or make the backend faster.", "The timeout can be longer"},
		{"GH-I301", "no answer after 29s; Make the backend faster, or answer 202 and let the client ask again later.", "The work takes longer"},
		{"GH-I301", "no answer after 29s; function f was left STILL RUNNING (limit 900 s); Invoke the function asynchronously and answer 202: it runs on", "The work takes longer"},
		{"GH-M201", "line 1 column 10, at `{\"name\": }` from $input.path('$.nme'): it gives nothing: the payload has no key \"nme\"", "A key does not exist"},
		{"GH-M201", "from $input.body: it puts text between quotes as it is, and in the text there is a line end", "Text is put in without escaping"},
		{"GH-M201", "a body of Content-Type text/plain that is not JSON from line 1 column 2 on", "No template takes the body"},
		{"GH-L111", "invoking arn:aws:lambda:us-east-1:999988887777:function:f; API in account 000000000000, function in 999988887777, whose policy has no such statement", "A method invokes the function"},
		{"GH-L111", "invoking arn:aws:lambda:us-east-1:999988887777:function:f for authorizer ej4hve", "An authorizer invokes the function"},
		{"GH-L201", `field "body" is object, must be string`, "The body is not a string"},
		{"GH-L201", `field "version" is present, must be absent: only isBase64Encoded, statusCode, headers, multiValueHeaders and body are allowed`, "There is another key"},
		{"GH-L201", `the answer is string, must be a JSON object; Let the function answer {"statusCode": 200, "headers": {…}, "body": "text"} and nothing else.`, "Nothing, or a bare text, was returned"},
		{"GH-L201", `field "statusCode" is string "OK", must be an integer from 200 to 599`, "The status is not an integer"},
		{"GH-R101", "GET /prod/users; the stage prod stands in the path twice; closest deployed: GET /users", "The stage is missing or is there twice"},
		{"GH-R101", "OPTIONS /items; Make an OPTIONS method that answers the browser, and deploy.", "A browser asks first"},
		{"GH-R101", "GET /orders; exists but is not deployed: GET /orders", "The method was changed and not deployed"},
		{"GH-R201", "api.example.com/v1/prod/users → mapping v1 → API a1b2c3 stage prod, path /prod/users; Remove /prod from the path: the mapping selects the stage already.", "The stage is in the path"},
		{"GH-R201", "api.example.com/users → no mapping; Put the base path /v1 in front of the path.", "The base path is not in the path"},
		{"GH-R201", "api.example.com/users → a routing rule → API dk2t2vri8s stage prod, path /users", "A routing rule takes the request"},
		{"GH-R201", "api.example.com/users → mapping (none) → API a1 stage test, path /users; Let the mapping (none) lead to stage prod of API a1, or deploy to the stage that it leads to", "The mapping leads to another stage or an old API"},
		{"GH-R201", "api.example.com/users → no mapping; Map the path to an API and a stage.", "No mapping fits"},
		{"GH-R401", "no such header: the response is the gateway's (403 ACCESS_DENIED), so that the backend's CORS headers were never used", "The gateway made the answer"},
		{"GH-R401", "no such header in the backend's answer", "The method's own answer has no header"},
		{"GH-R401", "corsConfiguration allows the origins [https://a.example.com], the methods [GET], the headers []", "HTTP APIs"},
		{"GH-T201", "METHOD (GET /orders) rate 0/s burst 0; 0.00 tokens in the bucket; one token; with this limit there is never one", "A rate or burst of 0"},
		{"GH-T201", `USAGE PLAN (plan "gold", key "mobile", GET /account): rate 5/s burst 10; 0.00 tokens in the bucket`, "The key's usage plan"},
		{"GH-T201", "ACCOUNT rate 10000/s burst 5000; 0.31 tokens in the bucket", "The account's limit"},
		{"GH-T201", "METHOD (GET /account) rate 5/s burst 10; 0.31 tokens in the bucket", "The burst is smaller than the spike"},
		{"GH-W101", "its $connect route has not answered yet (after 120ms); post once it has answered 200", "The message is sent from inside $connect"},
		{"GH-W101", "it was closed 3m0s ago by the client, code 1001", "The client has gone"},
		{"GH-W101", `it was closed 1s ago by the network, code 1006 "Connection closed abnormally"`, "The client has gone"},
		{"GH-W201", "closed by the gateway, code 1001: idle for 10m0s (last frame at 2026-11-23T00:00:00Z); the limit is 10m0s", "Idle"},
		{"GH-W201", "closed by the gateway, code 1009: a message of 140000 bytes; the limit is 131072", "Too large"},
	} {
		article, ok := library.Find(c.article)
		if !ok {
			t.Fatalf("no article %s", c.article)
		}
		if heading, _ := article.applies(c.found); heading != c.heading {
			t.Errorf("%s: %q points at %q, want %q", c.article, c.found, heading, c.heading)
		}
	}
}
