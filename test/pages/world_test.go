package pages

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/diagnosis"
	"gatehouse/test/server"
)

const region = "us-east-1"

// world is a server with an API of each kind, and requests that failed in different ways.
type world struct {
	t      *testing.T
	server *server.Server
	config aws.Config
	// requests are request ids by what happened.
	requests map[string]string
}

// definition is the REST API: a method that works, one that is signed, one that checks
// what it gets, one whose template is broken and one whose backend is not there.
const definition = `{"openapi": "3.0.1", "info": {"title": "shop", "version": "1"}, "paths": {
  "/orders/{orderId}": {"get": {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock",
    "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "responses": {"default": {"statusCode": "200"}}}}},
  "/signed": {"get": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}, "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}}}},
  "/checked": {"get": {"parameters": [{"name": "customer", "in": "query", "required": true, "schema": {"type": "string"}}],
    "x-amazon-apigateway-request-validator": "all", "responses": {"200": {"description": "ok"}},
    "x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}}}},
  "/template": {"get": {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "mock",
    "requestTemplates": {"application/json": "{\"statusCode\": #if("}}}},
  "/backend": {"get": {"responses": {"200": {"description": "ok"}}, "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET",
    "uri": "http://127.0.0.1:9/orders"}}}},
  "x-amazon-apigateway-request-validators": {"all": {"validateRequestBody": true, "validateRequestParameters": true}}}`

func newWorld(t *testing.T, running *server.Server) *world {
	t.Helper()
	w := &world{t: t, server: running, requests: map[string]string{}, config: aws.Config{
		Region: region, BaseEndpoint: aws.String(running.Url()), Credentials: credentials.NewStaticCredentialsProvider("000000000000", "test", ""),
	}}
	w.restApi()
	w.httpApi()
	w.webSocketApi()
	w.nameRequests()
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ctx() context.Context { return w.t.Context() }

// send sends a request and remembers its id under a name.
func (w *world) send(name string, r *http.Request) {
	w.t.Helper()
	response, err := http.DefaultClient.Do(r)
	w.check(err)
	_, _ = io.Copy(io.Discard, response.Body)
	w.check(response.Body.Close())
	for _, header := range []string{"x-amzn-RequestId", "apigw-requestid"} {
		if id := response.Header.Get(header); id != "" {
			w.requests[name] = id
		}
	}
}

func (w *world) get(url string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.ctx(), http.MethodGet, url, http.NoBody)
	w.check(err)
	return r
}

func (w *world) restApi() {
	rest := apigateway.NewFromConfig(w.config)
	made, err := rest.ImportRestApi(w.ctx(), &apigateway.ImportRestApiInput{Body: []byte(definition)})
	w.check(err)
	_, err = rest.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: made.Id, StageName: aws.String("prod")})
	w.check(err)
	base := w.server.Url() + "/_aws/execute-api/" + *made.Id + "/prod"
	w.send("success", w.get(base+"/orders/17"))
	w.send("path", w.get(base+"/order/17"))
	w.send("long-path", w.get(base+"/orders/"+strings.Repeat("abcdefghij", 20)+"/arn:aws:execute-api:us-east-1:000000000000:shop/prod/GET"))
	fromBrowser := w.get(base + "/order/17")
	fromBrowser.Header.Set("Origin", "https://shop.example.com")
	w.send("origin", fromBrowser)
	w.send("unsigned", w.get(base+"/signed"))
	w.send("signature", w.signed(base+"/signed"))
	w.send("parameter", w.get(base+"/checked"))
	w.send("template", w.get(base+"/template"))
	w.send("backend", w.get(base+"/backend"))
}

// signed is a request of a user whose path was changed after it was signed.
func (w *world) signed(url string) *http.Request {
	w.t.Helper()
	users := iam.NewFromConfig(w.config)
	_, err := users.CreateUser(w.ctx(), &iam.CreateUserInput{UserName: aws.String("dana")})
	w.check(err)
	key, err := users.CreateAccessKey(w.ctx(), &iam.CreateAccessKeyInput{UserName: aws.String("dana")})
	w.check(err)
	r := w.get(strings.Replace(url, "/_aws/", "/another/", 1))
	const hashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	w.check(v4.NewSigner().SignHTTP(w.ctx(), aws.Credentials{AccessKeyID: *key.AccessKey.AccessKeyId, SecretAccessKey: *key.AccessKey.SecretAccessKey},
		r, hashOfNothing, "execute-api", region, time.Now()))
	changed := w.get(url)
	changed.Header = r.Header
	return changed
}

func (w *world) httpApi() {
	v2 := apigatewayv2.NewFromConfig(w.config)
	made, err := v2.CreateApi(w.ctx(), &apigatewayv2.CreateApiInput{Name: aws.String("shop"), ProtocolType: types.ProtocolTypeHttp, RouteKey: aws.String("GET /pets"), Target: aws.String("http://127.0.0.1:9/")})
	w.check(err)
	base := w.server.Url() + "/_aws/execute-api/" + *made.ApiId + "/$default"
	w.send("http-path", w.get(base+"/pets/"))
	w.send("http-backend", w.get(base+"/pets"))
}

func (w *world) webSocketApi() {
	v2 := apigatewayv2.NewFromConfig(w.config)
	made, err := v2.CreateApi(w.ctx(), &apigatewayv2.CreateApiInput{Name: aws.String("chat"), ProtocolType: types.ProtocolTypeWebsocket, RouteSelectionExpression: aws.String("$request.body.action")})
	w.check(err)
	integration, err := v2.CreateIntegration(w.ctx(), &apigatewayv2.CreateIntegrationInput{ApiId: made.ApiId, IntegrationType: types.IntegrationTypeMock,
		TemplateSelectionExpression: aws.String("200"), RequestTemplates: map[string]string{"200": `{"statusCode": 200}`}})
	w.check(err)
	for _, key := range []string{"$connect", "sendMessage"} {
		_, err = v2.CreateRoute(w.ctx(), &apigatewayv2.CreateRouteInput{ApiId: made.ApiId, RouteKey: &key, Target: aws.String("integrations/" + *integration.IntegrationId)})
		w.check(err)
	}
	deployment, err := v2.CreateDeployment(w.ctx(), &apigatewayv2.CreateDeploymentInput{ApiId: made.ApiId})
	w.check(err)
	_, err = v2.CreateStage(w.ctx(), &apigatewayv2.CreateStageInput{ApiId: made.ApiId, StageName: aws.String("prod"), DeploymentId: deployment.DeploymentId})
	w.check(err)
	dialer := ws.Dialer{Timeout: 10 * time.Second, NetDial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, w.server.Address)
	}}
	client, _, _, err := dialer.Dial(w.ctx(), "ws://"+*made.ApiId+".execute-api.localhost/prod")
	w.check(err)
	defer func() { _ = client.Close() }()
	w.check(wsutil.WriteClientText(client, []byte(`{"action": "sendmessage"}`)))
	_, err = wsutil.ReadServerText(client) // says that there is no such route
	w.check(err)
	_, err = v2.DeleteApi(w.ctx(), &apigatewayv2.DeleteApiInput{ApiId: aws.String("nothing")})
	if err == nil {
		w.t.Error("an API that does not exist was deleted")
	}
}

// nameRequests names those whose clients did not learn their ids.
func (w *world) nameRequests() {
	response, err := http.Get(w.server.Url() + "/_gatehouse/api/requests?status=4xx&limit=1000")
	w.check(err)
	defer func() { _ = response.Body.Close() }()
	var list struct{ Requests []diagnosis.Summary }
	w.check(json.NewDecoder(response.Body).Decode(&list))
	for i := range list.Requests {
		switch one := &list.Requests[i]; {
		case one.Operation != "":
			w.requests["operation"] = one.RequestId
		case one.HttpMethod == "MESSAGE":
			w.requests["message"] = one.RequestId
		}
	}
	for _, name := range []string{"operation", "message", "http-path", "signature"} {
		if w.requests[name] == "" {
			w.t.Fatal(fmt.Sprint("no request is known as ", name, ": ", w.requests))
		}
	}
}
