package diagnosis_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	api "gatehouse/internal/awsapi/apigateway"
	iamapi "gatehouse/internal/awsapi/iam"
	lambdaapi "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/diagnosis"
)

// situation reproduces one of the errors that cost people most time, then runs the
// command that its explanation prints, as it is printed, and sees the request pass.
type situation struct {
	name    string
	arrange func(w *world) request
	status  int
	errorId string
	// says are texts of the explanation, with the request's own values; {api} stands for
	// the API's id.
	says []string
	// also is the id of a finding beside errorId.
	also string
	// before prepares what the command needs, a file say.
	before func(w *world)
	// fixed is the status afterwards; 0 for 200. succeeded replaces sending the request again.
	fixed     int
	succeeded func(w *world, output string)
}

const goodAnswer = `{"statusCode": 200, "body": "fine"}`

var situations = []situation{
	{
		name: "E1 not deployed", errorId: "GH-R101", status: 403,
		arrange: func(w *world) request {
			w.method(w.resource(w.root, "user"), "GET", mock())
			w.deploy()
			users := w.resource(w.root, "users")
			id := w.resource(users, "{id}")
			w.method(id, "GET", mock())
			w.answer(id, "GET", "200", nil)
			return request{path: "/prod/users/123"}
		},
		says: []string{"GET /users/123", "authentication was not evaluated", "exists but is not deployed: GET /users/{id}", "stage prod (deployment "},
		// The method response is missing too, which the request then meets.
		fixed: 500,
	},
	{
		name: "E1 wrong path", errorId: "GH-R101", status: 403,
		arrange: func(w *world) request {
			user := w.resource(w.root, "user")
			w.method(w.resource(user, "{id}"), "GET", mock())
			w.deploy()
			return request{path: "/prod/users/123"}
		},
		says:      []string{"closest deployed: GET /user/{id}", "aws apigateway get-resources --rest-api-id {api}"},
		succeeded: func(w *world, output string) { contains(w.t, output, "/user/{id}") },
	},
	{
		name: "E1 unknown stage", errorId: "GH-R102", status: 403,
		arrange: func(w *world) request {
			w.method(w.root, "GET", mock(), "200")
			w.answer(w.root, "GET", "200", nil)
			w.deploy()
			return request{path: "/dev/"}
		},
		says: []string{"stages that exist: prod", "--stage-name dev"},
	},
	{
		name: "E2 malformed proxy response", errorId: "GH-L201", status: 502,
		arrange: func(w *world) request {
			w.method(w.root, "GET", w.function("orders", `{"statusCode": 200, "body": {"a": 1}}`, true))
			w.deploy()
			return request{path: "/prod/"}
		},
		says:   []string{"body", "object", "returned keys: statusCode, body", "JSON.stringify(body)", "--function-name orders"},
		before: func(w *world) { w.file("function.zip", string(archive(w.t, goodAnswer))) },
	},
	{
		name: "E3 invoke denied", errorId: "GH-L101", status: 500,
		arrange: func(w *world) request {
			orders := w.resource(w.root, "orders")
			w.method(orders, "GET", w.function("orders", goodAnswer, false))
			_, err := w.lambda.AddPermission(w.ctx, &lambdaapi.AddPermissionInput{
				FunctionName: "orders", StatementId: "apigw-test", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
				SourceArn: new("arn:aws:execute-api:us-east-1:000000000000:" + w.apiId + "/test/*/*"),
			})
			w.check(err)
			w.deploy()
			return request{path: "/prod/orders"}
		},
		says: []string{"apigw-test", "stage differs", "aws lambda add-permission --function-name orders", "/prod/GET/orders"},
	},
	{
		name: "E4 timeout", errorId: "GH-I301", status: 504,
		arrange: func(w *world) request {
			in := api.PutIntegrationInput{Type: "HTTP_PROXY", IntegrationHttpMethod: new("GET"), Uri: new(slowBackend(w.t)), TimeoutInMillis: new(int32(60))}
			w.method(w.root, "GET", in)
			w.deploy()
			return request{path: "/prod/"}
		},
		says: []string{"an answer within 60ms", "timeoutInMillis", "aws apigateway create-deployment --rest-api-id {api} --stage-name prod"},
	},
	{
		name: "E5 preflight", errorId: "GH-R101", status: 403,
		arrange: func(w *world) request {
			pets := w.resource(w.root, "pets")
			w.method(pets, "PUT", mock(), "200")
			w.deploy()
			return request{method: "OPTIONS", path: "/prod/pets", header: map[string]string{
				"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type",
			}}
		},
		says: []string{"put-method", "--http-method OPTIONS", "https://app.example.com"},
	},
	{
		name: "E5 gateway's own error", errorId: "GH-R101", also: "GH-R401", status: 403,
		arrange: func(w *world) request {
			w.method(w.root, "GET", mock(), "200")
			w.deploy()
			return request{path: "/prod/nothing", header: map[string]string{"Origin": "https://app.example.com"}}
		},
		says: []string{"the response is the gateway's (403 MISSING_AUTHENTICATION_TOKEN)", "DEFAULT_4XX", "https://app.example.com"},
		succeeded: func(w *world, _ string) {
			response, _ := w.send(request{path: "/prod/nothing", header: map[string]string{"Origin": "https://app.example.com"}})
			if got := response.Header.Get("Access-Control-Allow-Origin"); got != "https://app.example.com" {
				w.t.Errorf("Access-Control-Allow-Origin %q", got)
			}
		},
	},
	{
		name: "E6 cached policy", errorId: "GH-A202", status: 403,
		arrange: func(w *world) request {
			authorizedOrders(w, true)
			w.send(request{path: "/prod/orders/1", header: token})
			return request{path: "/prod/orders/2", header: token}
		},
		says: []string{"the authorizer was not called", "authorizerResultTtlInSeconds", "update-authorizer --rest-api-id {api}"},
	},
	{
		name: "E7 identity source missing", errorId: "GH-A101", status: 401,
		arrange: func(w *world) request {
			authorizedOrders(w, true)
			return request{path: "/prod/orders/1"}
		},
		says: []string{"absent: method.request.header.Authorization", "the authorizer was not called", "get-authorizer "},
		succeeded: func(w *world, output string) {
			contains(w.t, output, "method.request.header.Authorization")
			if response, _ := w.send(request{path: "/prod/orders/1", header: token}); response.StatusCode != http.StatusOK {
				w.t.Errorf("with the header: %s", response.Status)
			}
		},
	},
	{
		name: "E8 authorizer may not be invoked", errorId: "GH-A303", status: 500,
		arrange: func(w *world) request {
			authorizedOrders(w, false)
			return request{path: "/prod/orders/1", header: token}
		},
		says: []string{"/authorizers/", "aws lambda add-permission --function-name authorize"},
	},
	{
		name: "E11 throttled by the method", errorId: "GH-T201", status: 429,
		arrange: func(w *world) request {
			orders := w.resource(w.root, "orders")
			w.method(orders, "GET", mock(), "200")
			w.answer(orders, "GET", "200", nil)
			w.deploy()
			_, err := w.rest.UpdateStage(w.ctx, &api.UpdateStageInput{RestApiId: w.apiId, StageName: "prod", PatchOperations: []api.PatchOperation{
				{Op: "replace", Path: new("/~1orders/GET/throttling/rateLimit"), Value: new("0.001")},
				{Op: "replace", Path: new("/~1orders/GET/throttling/burstLimit"), Value: new("1")},
			}})
			w.check(err)
			w.send(request{path: "/prod/orders"})
			return request{path: "/prod/orders"}
		},
		says: []string{"METHOD (GET /orders) rate 0.001/s burst 1", "tokens in the bucket", "~1orders/GET/throttling"},
	},
	{
		name: "E12 undeclared method response", errorId: "GH-M301", status: 500,
		arrange: func(w *world) request {
			w.method(w.root, "GET", mock())
			w.answer(w.root, "GET", "422", nil)
			w.deploy()
			return request{path: "/prod/"}
		},
		says:  []string{"no method response 422, selected by default", "put-method-response --rest-api-id {api}", "--status-code 422"},
		fixed: 422,
	},
	{
		name: "E12 no integration response", errorId: "GH-M302", status: 500,
		arrange: func(w *world) request {
			w.method(w.root, "GET", mock(), "200")
			w.answer(w.root, "GET", "200", new("4\\d{2}"))
			w.deploy()
			return request{path: "/prod/"}
		},
		says:  []string{`[4\d{2}]`, `the answer "200"`, "put-integration-response"},
		fixed: 500, // the default response is declared as 500 by the command
	},
	{
		name: "E13 unsupported media type", errorId: "GH-M102", status: 415,
		arrange: func(w *world) request {
			in := mock()
			in.PassthroughBehavior = new("NEVER")
			w.method(w.root, "POST", in, "200")
			w.answer(w.root, "POST", "200", nil)
			w.deploy()
			return request{method: "POST", path: "/prod/", body: `{"statusCode": 200}`, header: map[string]string{"Content-Type": "application/vnd.x+json"}}
		},
		says: []string{"Content-Type application/vnd.x+json and passthroughBehavior NEVER", "application/json", "WHEN_NO_MATCH"},
	},
	{
		name: "E14 mock without a status code", errorId: "GH-M101", status: 500,
		arrange: func(w *world) request {
			w.method(w.root, "POST", mock(), "200")
			w.answer(w.root, "POST", "200", nil)
			w.deploy()
			return request{method: "POST", path: "/prod/", body: "hello", header: map[string]string{"Content-Type": "text/plain"}}
		},
		says: []string{"text that is not a JSON object", "templates for application/json", "/requestTemplates/text~1plain"},
	},
	{
		name: "E15 not signed", errorId: "GH-A402", status: 403,
		arrange: func(w *world) request {
			allowKey(w, true)
			w.authorized(w.root, "GET", "AWS_IAM", mock(), "200")
			w.answer(w.root, "GET", "200", nil)
			w.deploy()
			return request{path: "/prod/"}
		},
		says:      []string{"service execute-api in region us-east-1", "curl --aws-sigv4 aws:amz:us-east-1:execute-api"},
		succeeded: func(w *world, output string) { contains(w.t, output, "200 OK") },
	},
	{
		name: "E15 not allowed", errorId: "GH-A406", status: 403,
		arrange: func(w *world) request {
			allowKey(w, false)
			w.authorized(w.root, "GET", "AWS_IAM", mock(), "200")
			w.answer(w.root, "GET", "200", nil)
			w.deploy()
			return request{path: "/prod/", header: map[string]string{signed: "yes"}}
		},
		says: []string{"implicit deny", "put-user-policy --user-name caller", "execute-api:Invoke"},
	},
	{
		name: "E16 resource policy", errorId: "GH-A501", status: 403,
		arrange: func(w *world) request {
			w.method(w.root, "GET", mock(), "200")
			w.answer(w.root, "GET", "200", nil)
			policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*",` +
				`"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}`
			_, err := w.rest.UpdateRestApi(w.ctx, &api.UpdateRestApiInput{RestApiId: w.apiId, PatchOperations: []api.PatchOperation{
				{Op: "replace", Path: new("/policy"), Value: &policy},
			}})
			w.check(err)
			w.deploy()
			return request{path: "/prod/"}
		},
		says: []string{"aws:SourceIp", "10.0.0.0/8", "127.0.0.1", "update-rest-api", `{\"IpAddress\":{\"aws:SourceIp\":\"127.0.0.1\"}}`},
	},
	{
		name: "E19 untrusted certificate", errorId: "GH-I211", status: 500,
		arrange: func(w *world) request {
			backend := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			w.t.Cleanup(backend.Close)
			w.method(w.root, "GET", api.PutIntegrationInput{Type: "HTTP_PROXY", IntegrationHttpMethod: new("GET"), Uri: new(backend.URL)})
			w.deploy()
			return request{path: "/prod/"}
		},
		says: []string{"certificate", "insecureSkipVerification"},
	},
	{
		name: "E24 base64 as text", errorId: "GH-B101", status: 200,
		arrange: func(w *world) request {
			w.method(w.root, "GET", w.function("image", `{"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": "aGVsbG8=", "isBase64Encoded": true}`, true))
			w.deploy()
			return request{path: "/prod/", header: map[string]string{"Accept": "image/avif,image/webp,*/*"}}
		},
		says: []string{"isBase64Encoded is true", "image/avif,image/webp,*/*", "matches none of []", "binaryMediaTypes"},
		succeeded: func(w *world, _ string) {
			if _, body := w.send(request{path: "/prod/", header: map[string]string{"Accept": "image/avif,image/webp,*/*"}}); body != "hello" {
				w.t.Errorf("body %q", body)
			}
		},
	},
	{
		name: "function's integration method", errorId: "GH-L203", status: 500,
		arrange: func(w *world) request {
			in := w.function("orders", goodAnswer, true)
			in.IntegrationHttpMethod = new("GET")
			w.method(w.root, "GET", in)
			w.deploy()
			return request{path: "/prod/"}
		},
		says: []string{"integrationHttpMethod GET", "POST"},
	},
}

var token = map[string]string{"Authorization": "a-token"}

// authorizedOrders makes GET /orders/{id} behind a function that allows the method it is
// asked about.
func authorizedOrders(w *world, allowed bool) {
	orders := w.resource(w.root, "orders")
	id := w.resource(orders, "{id}")
	w.method(id, "GET", mock(), "200")
	w.answer(id, "GET", "200", nil)
	w.authorizer(id, "GET", w.function("authorize", `{"principalId": "p", "policyDocument": {"Version": "2012-10-17", `+
		`"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "METHOD_ARN"}]}}`, allowed))
	w.deploy()
}

// signed marks a request that is sent with curl and the key of allowKey.
const signed = "x-signed"

// allowKey makes a user with an access key, which commands then sign with.
func allowKey(w *world, allowed bool) {
	_, err := w.iam.CreateUser(w.ctx, &iamapi.CreateUserInput{UserName: "caller"})
	w.check(err)
	if allowed {
		_, err = w.iam.PutUserPolicy(w.ctx, &iamapi.PutUserPolicyInput{
			UserName: "caller", PolicyName: "all", PolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		})
		w.check(err)
	}
	made, err := w.iam.CreateAccessKey(w.ctx, &iamapi.CreateAccessKeyInput{UserName: new("caller")})
	w.check(err)
	w.file("AWS_ACCESS_KEY_ID", made.AccessKey.AccessKeyId)
	w.file("AWS_SECRET_ACCESS_KEY", made.AccessKey.SecretAccessKey)
}

// slowBackend answers after 300 ms.
func slowBackend(t *testing.T) string {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(300 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusOK)
	}))
	t.Cleanup(backend.Close)
	return backend.URL
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q is not in:\n%s", part, text)
	}
}

func TestSituations(t *testing.T) {
	for i := range situations {
		s := &situations[i]
		t.Run(s.name, func(t *testing.T) { s.test(newWorld(t)) })
	}
}

func (s *situation) test(w *world) {
	sent := s.arrange(w)
	statusCode, requestId := s.send(w, sent)
	if statusCode != s.status {
		w.t.Errorf("answered %d, want %d", statusCode, s.status)
	}
	explanation := w.explain(requestId)
	if explanation.ErrorId != s.errorId || explanation.Status != s.status || explanation.Article == "" || explanation.RequestId != requestId {
		w.t.Errorf("explained as %s (%d), article %q", explanation.ErrorId, explanation.Status, explanation.Article)
	}
	found := explanation.Finding
	text := textOf(&found)
	if s.also != "" {
		if len(explanation.Also) != 1 || explanation.Also[0].ErrorId != s.also {
			w.t.Fatalf("also %+v", explanation.Also)
		}
		found = explanation.Also[0]
		text += textOf(&found)
	}
	for _, part := range s.says {
		contains(w.t, text, strings.ReplaceAll(part, "{api}", w.apiId))
	}
	if found.Fix.Text == "" || found.Fix.Command == "" || w.t.Failed() {
		w.t.Fatalf("%s", text)
	}
	if s.before != nil {
		s.before(w)
	}
	command := found.Fix.Command
	if strings.HasPrefix(command, "curl ") {
		command += " -s -i"
	}
	output := w.run(command)
	if s.succeeded != nil {
		s.succeeded(w, output)
		return
	}
	s.passes(w, sent)
}

// passes sends the request again.
func (s *situation) passes(w *world, sent request) {
	want := s.fixed
	if want == 0 {
		want = http.StatusOK
	}
	statusCode, requestId := s.send(w, sent)
	if statusCode != want {
		w.t.Fatalf("after the fix: %d\n%+v", statusCode, w.explain(requestId).Finding)
	}
	if again := w.explain(requestId); again.ErrorId == s.errorId {
		w.t.Errorf("after the fix the same error: %+v", again.Finding)
	}
}

func (s *situation) send(w *world, r request) (statusCode int, requestId string) {
	if r.header[signed] == "" {
		response, _ := w.send(r)
		return response.StatusCode, response.Header.Get("x-amzn-RequestId")
	}
	output := w.run(`curl -s -o /dev/null --aws-sigv4 aws:amz:us-east-1:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" ` +
		`-w '%{http_code} %header{x-amzn-requestid}' -H 'Host: ` + w.apiId + `.execute-api.localhost' http://` + w.address + r.path)
	code, id, _ := strings.Cut(output, " ")
	for statusCode = range 600 {
		if http.StatusText(statusCode) != "" && code == itoa(statusCode) {
			return statusCode, id
		}
	}
	w.t.Fatalf("curl: %s", output)
	return 0, ""
}

func textOf(f *diagnosis.Finding) string {
	return strings.Join(append([]string{f.Checked, f.Found, f.Wanted, f.Fix.Text, f.Fix.Command}, f.Nearest...), "\n")
}

func itoa(n int) string { return strconv.Itoa(n) }
