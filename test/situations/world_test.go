package situations

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"gatehouse/internal/diagnosis"
	"gatehouse/test/server"
)

const region = "us-east-1"

// accounts numbers the worlds: each has an account of its own on the shared server.
var accounts atomic.Int64 // parallel tests draw from it

// world is an account on the server, with what a situation needs.
type world struct {
	t       *testing.T
	server  *server.Server
	account string
	dir     string // where commands run
	env     []string

	rest    *apigateway.Client
	http    *apigatewayv2.Client
	lambda  *lambda.Client
	iam     *iam.Client
	user    string // access key and secret of a user
	token   string // session token that goes with user; empty for a key of a user's own
	other   string // another account, where there is one
	address string // of a backend that starts late
	apiId   string // the API that commands and requests are about
	root    string // a REST API's root resource
}

// newWorld makes one; aws are the variables of package awscli.
func newWorld(t *testing.T, s *server.Server, aws []string) *world {
	t.Helper()
	w := &world{t: t, server: s, dir: t.TempDir(), account: fmt.Sprint(100000000000 + accounts.Add(1))}
	w.env = append(append(os.Environ(), aws...), "AWS_ENDPOINT_URL="+s.Url(), "AWS_ACCESS_KEY_ID="+w.account, "AWS_SECRET_ACCESS_KEY=test",
		"AWS_DEFAULT_REGION="+region, "AWS_PAGER=", "AWS_EC2_METADATA_DISABLED=true")
	options := w.clientsOf(w.account)
	w.rest, w.http = apigateway.NewFromConfig(options), apigatewayv2.NewFromConfig(options)
	w.lambda, w.iam = lambda.NewFromConfig(options), iam.NewFromConfig(options)
	return w
}

// clientsOf is the configuration of clients of an account.
func (w *world) clientsOf(account string) aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(w.server.Url()), Credentials: credentials.NewStaticCredentialsProvider(account, "test", ""),
		RetryMaxAttempts: 1,
	}
}

// clientsOfKey is the configuration of clients that sign with an access key.
func (w *world) clientsOfKey(id, secret string) aws.Config {
	options := w.clientsOf(w.account)
	options.Credentials = credentials.NewStaticCredentialsProvider(id, secret, "")
	return options
}

// must is a call's output when it must succeed.
func must[T any](output T, err error) func(*world) T {
	return func(w *world) T {
		w.t.Helper()
		w.check(err)
		return output
	}
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// restApi makes an empty REST API.
func (w *world) restApi() {
	w.t.Helper()
	created := must(w.rest.CreateRestApi(w.ctx(), &apigateway.CreateRestApiInput{Name: aws.String("pets")}))(w)
	w.apiId, w.root = *created.Id, *created.RootResourceId
}

// resource makes a child of a resource.
func (w *world) resource(parent, part string) string {
	w.t.Helper()
	return *must(w.rest.CreateResource(w.ctx(), &apigateway.CreateResourceInput{RestApiId: &w.apiId, ParentId: &parent, PathPart: &part}))(w).Id
}

// method puts a method with its integration; status codes are declared as method responses.
func (w *world) method(resource, httpMethod string, in apigateway.PutIntegrationInput, statusCodes ...string) {
	w.t.Helper()
	w.authorized(resource, apigateway.PutMethodInput{HttpMethod: &httpMethod, AuthorizationType: aws.String("NONE")}, in, statusCodes...)
}

func (w *world) authorized(resource string, method apigateway.PutMethodInput, in apigateway.PutIntegrationInput, statusCodes ...string) {
	w.t.Helper()
	method.RestApiId, method.ResourceId = &w.apiId, &resource
	must(w.rest.PutMethod(w.ctx(), &method))(w)
	in.RestApiId, in.ResourceId, in.HttpMethod = &w.apiId, &resource, method.HttpMethod
	must(w.rest.PutIntegration(w.ctx(), &in))(w)
	for _, statusCode := range statusCodes {
		must(w.rest.PutMethodResponse(w.ctx(), &apigateway.PutMethodResponseInput{
			RestApiId: &w.apiId, ResourceId: &resource, HttpMethod: method.HttpMethod, StatusCode: &statusCode,
		}))(w)
	}
}

// answer puts an integration response; pattern "" is the default one.
func (w *world) answer(resource, httpMethod, statusCode, pattern string) {
	w.t.Helper()
	in := &apigateway.PutIntegrationResponseInput{RestApiId: &w.apiId, ResourceId: &resource, HttpMethod: &httpMethod, StatusCode: &statusCode}
	if pattern != "" {
		in.SelectionPattern = &pattern
	}
	must(w.rest.PutIntegrationResponse(w.ctx(), in))(w)
}

// mocked makes a method that the gateway answers 200 by itself.
func (w *world) mocked(resource, httpMethod string) {
	w.t.Helper()
	w.method(resource, httpMethod, mock(), "200")
	w.answer(resource, httpMethod, "200", "")
}

func (w *world) deploy() string {
	w.t.Helper()
	return *must(w.rest.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: &w.apiId, StageName: aws.String("prod")}))(w).Id
}

func (w *world) patchStage(path, value string) {
	w.t.Helper()
	must(w.rest.UpdateStage(w.ctx(), &apigateway.UpdateStageInput{
		RestApiId: &w.apiId, StageName: aws.String("prod"), PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: &path, Value: &value}},
	}))(w)
}

func (w *world) patchApi(path, value string) {
	w.t.Helper()
	must(w.rest.UpdateRestApi(w.ctx(), &apigateway.UpdateRestApiInput{
		RestApiId: &w.apiId, PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: &path, Value: &value}},
	}))(w)
}

func mock() apigateway.PutIntegrationInput {
	return apigateway.PutIntegrationInput{Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`}}
}

// httpProxy is an integration with a URL.
func httpProxy(url string) apigateway.PutIntegrationInput {
	return apigateway.PutIntegrationInput{Type: types.IntegrationTypeHttpProxy, IntegrationHttpMethod: aws.String("GET"), Uri: &url}
}

// proxy is an integration with a function of the account.
func (w *world) proxy(name string) apigateway.PutIntegrationInput {
	return proxyOf(w.functionArn(w.account, name))
}

func proxyOf(functionArn string) apigateway.PutIntegrationInput {
	return apigateway.PutIntegrationInput{
		Type: types.IntegrationTypeAwsProxy, IntegrationHttpMethod: aws.String("POST"),
		Uri: aws.String("arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/" + functionArn + "/invocations"),
	}
}

func (w *world) functionArn(account, name string) string {
	return "arn:aws:lambda:" + region + ":" + account + ":function:" + name
}

// function makes a function that API Gateway may invoke, unless it is forbidden. code is
// the body of its handler, in Python.
func (w *world) function(name, code string) {
	w.t.Helper()
	w.forbiddenFunction(w.lambda, name, code)
	must(w.lambda.AddPermission(w.ctx(), &lambda.AddPermissionInput{
		FunctionName: &name, StatementId: aws.String("all"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
	}))(w)
}

func (w *world) forbiddenFunction(client *lambda.Client, name, code string) {
	w.t.Helper()
	must(client.CreateFunction(w.ctx(), &lambda.CreateFunctionInput{
		FunctionName: &name, Runtime: lambdatypes.RuntimePython312, Role: aws.String("arn:aws:iam::" + w.account + ":role/any"), Handler: aws.String("index.handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: archive(w.t, code)},
	}))(w)
	const wait = 20 * time.Second
	w.check(lambda.NewFunctionActiveV2Waiter(client).Wait(w.ctx(), &lambda.GetFunctionInput{FunctionName: &name}, wait))
}

// newCode puts function.zip beside where commands run, for update-function-code.
func newCode(code string) func(*world) {
	return func(w *world) { w.file("function.zip", string(archive(w.t, code))) }
}

func archive(t *testing.T, code string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create("index.py")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(file, "def handler(event, context):\n    "+strings.ReplaceAll(code, "\n", "\n    ")+"\n")
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// request is what a client sends.
type request struct {
	method, path, body string
	header             map[string]string
	// host replaces the API's own.
	host string
}

// reply is what it gets.
type reply struct {
	statusCode int
	requestId  string
	body       string
	header     http.Header
}

func (w *world) host() string {
	_, port, _ := net.SplitHostPort(w.server.Address)
	return w.apiId + ".execute-api.localhost:" + port
}

func (w *world) send(r *request) reply {
	w.t.Helper()
	sent, err := http.NewRequestWithContext(w.ctx(), cmp.Or(r.method, http.MethodGet), w.server.Url()+r.path, strings.NewReader(r.body))
	w.check(err)
	sent.Host = cmp.Or(r.host, w.host())
	for name, value := range r.header {
		sent.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(sent)
	w.check(err)
	defer func() { _ = response.Body.Close() }()
	var body []byte
	if response.StatusCode != http.StatusSwitchingProtocols { // whose body is the connection
		body, err = io.ReadAll(response.Body)
		w.check(err)
	}
	return reply{
		statusCode: response.StatusCode, body: string(body), header: response.Header,
		requestId: cmp.Or(response.Header.Get("x-amzn-RequestId"), response.Header.Get("Apigw-Requestid")),
	}
}

// patience is how long these tests wait for what has to come, however busy the machine is.
const patience = time.Minute

// explain asks the server about a request, as gatehouse explain does. The record is
// complete a moment after the client has its answer.
func (w *world) explain(requestId string) *diagnosis.Explanation {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		explanation, err := diagnosis.Fetch(w.ctx(), http.DefaultClient, w.server.Url(), requestId)
		if err == nil {
			return explanation
		}
		if time.Now().After(deadline) {
			w.t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// run runs the command of a fix in a shell, against the server.
func (w *world) run(command string) string {
	w.t.Helper()
	shell := exec.CommandContext(w.ctx(), "bash", "-e", "-o", "pipefail", "-c", command)
	shell.Dir, shell.Env = w.dir, w.env
	output, err := shell.CombinedOutput()
	const connected = 28 // curl's, when it has waited behind a handshake
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == connected {
		err = nil
	}
	if err != nil {
		w.t.Fatalf("%v\n%s\n%s", err, command, output)
	}
	return string(output)
}

// eventually waits for what takes a few seconds.
func (w *world) eventually(happens func() bool) {
	w.t.Helper()
	const pause = 200 * time.Millisecond
	for deadline := time.Now().Add(patience); !happens(); time.Sleep(pause) {
		if time.Now().After(deadline) {
			w.t.Fatal("it does not happen")
		}
	}
}

// setenv sets a variable for the commands: what a person would have at hand.
func (w *world) setenv(name, value string) { w.env = append(w.env, name+"="+value) }

func (w *world) file(name, content string) {
	w.t.Helper()
	const private = 0o600
	w.check(os.WriteFile(filepath.Join(w.dir, name), []byte(content), private))
}
