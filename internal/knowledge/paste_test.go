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
		{"GH-A111", "the token does not have a valid audience", "The audience differs"},
		{"GH-A111", "the token has expired", "Expired, or a clock that is off"},
		{"GH-A101", "absent: method.request.header.Authorization", "The header or parameter is absent or has another name"},
		{"GH-A101", "a token that does not match", "The token does not fit the validation expression"},
		{"GH-A401", "key AKIA…GJ known, signed for us-east-1/execute-api, skew 0s, wrong-secret-or-changed", "The secret is another"},
		{"GH-A401", "key AKIA…GJ unknown, signed for us-east-1/s3, skew 0s, wanted us-east-1/execute-api", "The service or region is another"},
		{"GH-I201", "target group pay has no target; targets 0/0 healthy", "The target group is empty"},
		{"GH-I201", "target group pay has no healthy target; targets 0/2 healthy", "No target is healthy"},
		{"GH-W101", "its $connect route has not answered yet (after 120ms); post once it has answered 200", "The message is sent from inside $connect"},
		{"GH-W101", "it was closed 3m0s ago by the client, code 1001", "The client has gone"},
		{"GH-W201", "closed by the gateway, code 1001: idle for 10m0s (last frame at 2026-11-23T00:00:00Z); the limit is 10m0s", "Idle"},
		{"GH-W201", "closed by the gateway, code 1009: a message of 140000 bytes; the limit is 131072", "Too large"},
		{"GH-L201", `field "body" is object, must be string`, "The body is not a string"},
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
