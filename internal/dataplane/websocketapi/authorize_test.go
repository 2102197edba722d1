package websocketapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/sigv4"
)

const authorizers = `"Authorizers": {"auth1": {"AuthorizerType": "REQUEST", "IdentitySource": ["route.request.header.Auth", "route.request.querystring.token"],
	"AuthorizerUri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:auth/invocations"}}`

// Source: guide, apigateway-websocket-api-lambda-auth.md; the texts of refusals are those of REST APIs.
func TestLambdaAuthorizer(t *testing.T) {
	w := newWorld(t, `{`+authorizers+`, "Routes": {"$connect": {"AuthorizationType": "CUSTOM", "AuthorizerId": "auth1", "Integration": {`+lambda+`}},
		"$default": {"Answers": true, "Integration": {`+lambda+`}}, "$disconnect": {"Integration": {`+lambda+`}}}}`)
	effect := "Allow"
	w.function = func(call *integration.Invocation) (*integration.InvocationResult, error) {
		if !strings.HasSuffix(call.FunctionArn, ":auth") {
			return answer(`{"statusCode": 200, "body": "in"}`), nil
		}
		if call.SourceArn != "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/authorizers/auth1" {
			t.Errorf("source %s", call.SourceArn)
		}
		return answer(`{"principalId": "me", "context": {"number": 7}, "policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "` + effect +
			`", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect"}]}}`), nil
	}
	if _, status, text := w.handshake("/?token=1"); status != http.StatusUnauthorized || !strings.Contains(text, `{"message": "Unauthorized", "connectionId":"`) {
		t.Errorf("without an identity: %d %s", status, text)
	}
	p, status, text := w.handshake("/?token=1", "Auth: secret")
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("allowed: %d %s", status, text)
	}
	asked := w.event(1)
	for path, want := range map[string]any{
		"type": "REQUEST", "methodArn": "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect", "headers.Auth": "secret",
		"headers.Upgrade": "websocket", "queryStringParameters.token": "1", "requestContext.eventType": "CONNECT",
	} {
		if at(asked, path) != want {
			t.Errorf("the authorizer was sent %s %v, want %v", path, at(asked, path), want)
		}
	}
	p.send("hello")
	p.expect("in")
	for n := 2; n <= 3; n++ { // $connect and the message
		if event := w.event(n); at(event, "requestContext.authorizer.principalId") != "me" || at(event, "requestContext.authorizer.number") != "7" {
			t.Errorf("event %d: %v", n, event)
		}
	}
	_ = p.Close()
	if event := w.event(4); at(event, "requestContext.authorizer.principalId") != "me" {
		t.Errorf("event of $disconnect: %v", event)
	}
	w.mu.Lock()
	effect = "Deny"
	w.mu.Unlock()
	if _, status, text := w.handshake("/?token=1", "Auth: other"); status != http.StatusForbidden || !strings.Contains(text, "with an explicit deny") {
		t.Errorf("denied: %d %s", status, text)
	}
}

// signer knows one key, whose policies are given.
type signer struct{ policies iam.PrincipalPolicies }

func (s signer) Authenticate(_ context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error) {
	if scope.Service != "execute-api" || scope.Region != "us-east-1" || request.Method != http.MethodGet {
		return iam.AccessKey{}, &sigv4.Error{Kind: sigv4.InvalidSignature}
	}
	if len(request.Headers) == 0 {
		return iam.AccessKey{}, &sigv4.Error{Kind: sigv4.MissingAuthenticationToken}
	}
	return iam.AccessKey{ID: "AKIAEXAMPLE", Principal: &iam.Principal{Type: iam.User, Account: "123456789012", ARN: "arn:aws:iam::123456789012:user/u", UserID: "AIDA"}, Policies: s.policies}, nil
}

// Source: guide, apigateway-websocket-control-access-iam.md.
func TestIamAuthorization(t *testing.T) {
	for resource, want := range map[string]int{
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/$connect": http.StatusSwitchingProtocols,
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod/other":    http.StatusForbidden,
	} {
		policy, err := iam.Compile([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"`+resource+`"}]}`), iam.IdentityPolicy, "test")
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, `{"Routes": {"$connect": {"AuthorizationType": "AWS_IAM", "Integration": {`+lambda+`}}}}`, func(w *world) {
			w.pipeline.Authenticator = signer{iam.PrincipalPolicies{Identity: []*iam.Policy{policy}}}
		})
		_, status, text := w.handshake("/")
		if status != want {
			t.Errorf("%s: %d %s", resource, status, text)
			continue
		}
		if status == http.StatusSwitchingProtocols {
			if event := w.event(1); at(event, "requestContext.identity.userArn") != "arn:aws:iam::123456789012:user/u" {
				t.Errorf("event %v", event)
			}
		}
	}
	w := newWorld(t, `{"Routes": {"$connect": {"AuthorizationType": "AWS_IAM"}}}`)
	if _, status, _ := w.handshake("/"); status != http.StatusForbidden {
		t.Errorf("without an authenticator: %d", status)
	}
}

// Source: ours: a client that is not of this tree, where Node has one of its own
// (version 22); older ones speak the handshake by its http module.
func TestNodeClient(t *testing.T) {
	w := newWorld(t, echo)
	const script = `const http = require("http"), crypto = require("crypto");
const request = http.request({host: "127.0.0.1", port: +process.argv[1], path: "/", headers: {Connection: "Upgrade", Upgrade: "websocket",
  "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": crypto.randomBytes(16).toString("base64")}});
request.on("upgrade", (response, socket) => {
  const mask = crypto.randomBytes(4), body = Buffer.from("{}");
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | body.length]), mask, body.map((b, i) => b ^ mask[i % 4])]));
  socket.on("data", data => { console.log(JSON.stringify({status: response.statusCode, length: data[1], text: data.subarray(2).toString()})); socket.destroy(); });
});
request.end();`
	_, port, _ := strings.Cut(w.address, ":")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, "node", "-e", script, port).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Status, Length int
		Text           string
	}
	if err := json.Unmarshal(output, &got); err != nil || got.Status != http.StatusSwitchingProtocols || got.Text != "pong" || got.Length != 4 {
		t.Errorf("node met %s: %v", output, err)
	}
}
