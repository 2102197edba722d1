package diagnosis_test

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apikey"
	"gatehouse/internal/authenticator"
	api "gatehouse/internal/awsapi/apigateway"
	iamapi "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/caller"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/diagnosis/definitions"
	iamrecords "gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/integration"
	"gatehouse/internal/logs"
	"gatehouse/internal/plan"
	"gatehouse/internal/publish"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/secret"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/telemetry"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
	usagerecords "gatehouse/internal/usage/records"
	"gatehouse/internal/wire"
)

const (
	account = "000000000000"
	region  = "us-east-1"
)

// world is a server with everything that a REST API needs, on one port, but for
// functions.
type world struct {
	t       *testing.T
	ctx     context.Context //nolint:containedctx // the caller of the operations
	store   *memory.Store
	rest    *restapis.Service
	iam     *identity.Service
	handler *diagnosis.Handler
	logs    *logs.Logs
	metrics *telemetry.Metrics
	address string
	dir     string // where commands run
	keys    *usageplan.Checker
	apiId   string
	root    string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, store: memory.New(), dir: t.TempDir()}
	w.ctx = caller.WithCaller(t.Context(), caller.Caller{Account: account, Region: region})
	t.Cleanup(func() { _ = w.store.Close() })
	publisher := publish.New(w.store, slog.New(slog.DiscardHandler))
	running, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); publisher.Run(running) }()
	t.Cleanup(func() { stop(); <-ended })
	w.rest = &restapis.Service{Store: w.store, Publisher: publisher, Ids: apigw.Ids{Random: rand.Reader}, Now: time.Now}
	w.serve(publisher)
	created, err := w.rest.CreateRestApi(w.ctx, &api.CreateRestApiInput{Name: "pets"})
	if err != nil {
		t.Fatal(err)
	}
	w.apiId, w.root = *created.Id, *created.RootResourceId
	return w
}

func (w *world) serve(publisher *publish.Publisher) {
	t := w.t
	quiet := slog.New(slog.DiscardHandler)
	keeper, err := secret.Open(secret.PathOf(t.TempDir()), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secrets, limiter := iamrecords.NewSecrets(keeper), throttle.New(time.Now)
	w.keys = &usageplan.Checker{
		Values: apikey.New(keeper), Throttles: limiter, Counters: usage.New(usagerecords.Keeper{Store: w.store}, time.Now, quiet),
		Plans: func(scope plan.Scope) *plan.UsagePlans { return publisher.Table().UsagePlans(scope) },
	}
	w.rest.ApiKeyValues = w.keys.Values
	keyring := &authenticator.Keyring{Store: w.store, Secrets: secrets, Sessions: sessions.NewSealer(keeper, rand.Reader), Log: quiet}
	w.iam = &identity.Service{Store: w.store, Secrets: secrets, Now: time.Now, Random: rand.Reader}
	w.logs, err = logs.Open(t.Context(), logs.Options{Store: w.store, Journal: logs.NewMemoryJournal(logs.DefaultMaxBytes), Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.logs.Close(context.Background()) })
	explainer := &diagnosis.Explainer{Definitions: definitions.Store{Store: w.store}, HelpBase: "http://localhost:4566/_gatehouse/kb/"}
	w.metrics = telemetry.NewMetrics(telemetry.LostLogLines(w.logs.Dropped))
	recorder := &telemetry.Recorder{
		Recent: telemetry.NewRecent(telemetry.MaxRecentRequests, telemetry.MaxRecentBytes), Metrics: w.metrics,
		ExecutionLogs: telemetry.NewExecutionLogs(w.logs, "test", explainer.Lines),
	}
	t.Cleanup(recorder.ExecutionLogs.Close)
	w.handler = diagnosis.NewHandler(recorder.Recent, explainer)
	aws, err := wire.New(wire.Options{
		Services: []wire.Service{
			{Schema: api.Schema(), Implementation: w.rest}, {Schema: iamapi.Schema(), Implementation: w.iam},
		},
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: account, DefaultRegion: region}, NewRequestID: newUUID, Logger: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	backends := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	t.Cleanup(backends.CloseIdleConnections)
	w.listen(aws, &dataplane.Handler{
		Published: publisher.Table, Now: time.Now, Random: mathrand.Uint64, Recorder: recorder, HelpBase: explainer.HelpBase,
		Rest: &restapi.Pipeline{
			Backends: backends, Authenticator: authenticator.NewSignatures(keyring, time.Now), Throttles: limiter, UsagePlans: w.keys,
			AccessLogger: telemetry.AccessLogs{Writer: w.logs, Process: "test"},
			Now:          time.Now, Random: mathrand.Uint64, Recorder: recorder,
		},
	})
}

func (w *world) listen(aws *wire.Server, gateway http.Handler) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	server := &http.Server{ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, isApi := dataplane.Match(r)
		_, isAws := aws.Match(r)
		switch {
		case strings.HasPrefix(r.URL.Path, "/_gatehouse/") && !isApi:
			w.handler.ServeHTTP(rw, r)
		case isAws && !isApi:
			aws.ServeHTTP(rw, r)
		default:
			gateway.ServeHTTP(rw, r)
		}
	})}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(rawheader.Listener(listener)) }()
	w.t.Cleanup(func() { _ = server.Close(); <-ended })
	w.address = listener.Addr().String()
}

func newUUID() string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:], mathrand.Uint64())
	binary.BigEndian.PutUint64(raw[8:], mathrand.Uint64())
	text := hex.EncodeToString(raw[:])
	return text[:8] + "-" + text[8:12] + "-4" + text[13:16] + "-8" + text[17:20] + "-" + text[20:]
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// resource makes a child of the root, or of another resource.
func (w *world) resource(parent, part string) string {
	w.t.Helper()
	created, err := w.rest.CreateResource(w.ctx, &api.CreateResourceInput{RestApiId: w.apiId, ParentId: parent, PathPart: part})
	w.check(err)
	return *created.Id
}

// method puts a method with its integration; status codes are declared as method responses.
func (w *world) method(resource, httpMethod string, in api.PutIntegrationInput, statusCodes ...string) {
	w.t.Helper()
	w.authorized(resource, httpMethod, "NONE", in, statusCodes...)
}

func (w *world) authorized(resource, httpMethod, authorization string, in api.PutIntegrationInput, statusCodes ...string) { //nolint:revive // a test's builder
	w.t.Helper()
	if _, err := w.rest.PutMethod(w.ctx, &api.PutMethodInput{RestApiId: w.apiId, ResourceId: resource, HttpMethod: httpMethod, AuthorizationType: authorization}); err != nil {
		w.t.Fatal(err)
	}
	in.RestApiId, in.ResourceId, in.HttpMethod = w.apiId, resource, httpMethod
	if _, err := w.rest.PutIntegration(w.ctx, &in); err != nil {
		w.t.Fatal(err)
	}
	for _, statusCode := range statusCodes {
		if _, err := w.rest.PutMethodResponse(w.ctx, &api.PutMethodResponseInput{
			RestApiId: w.apiId, ResourceId: resource, HttpMethod: httpMethod, StatusCode: statusCode,
		}); err != nil {
			w.t.Fatal(err)
		}
	}
}

// answer puts an integration response.
func (w *world) answer(resource, httpMethod, statusCode string, pattern *string) {
	w.t.Helper()
	if _, err := w.rest.PutIntegrationResponse(w.ctx, &api.PutIntegrationResponseInput{
		RestApiId: w.apiId, ResourceId: resource, HttpMethod: httpMethod, StatusCode: statusCode, SelectionPattern: pattern,
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) deploy() {
	w.t.Helper()
	if _, err := w.rest.CreateDeployment(w.ctx, &api.CreateDeploymentInput{RestApiId: w.apiId, StageName: new("prod")}); err != nil {
		w.t.Fatal(err)
	}
}

func mock() api.PutIntegrationInput {
	return api.PutIntegrationInput{Type: "MOCK", RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`}}
}

// request is what a client sends.
type request struct {
	method, path, body string
	header             map[string]string
}

func (w *world) send(r request) (*http.Response, string) {
	w.t.Helper()
	if r.method == "" {
		r.method = http.MethodGet
	}
	sent, err := http.NewRequest(r.method, "http://"+w.address+r.path, strings.NewReader(r.body))
	if err != nil {
		w.t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(w.address)
	sent.Host = w.apiId + ".execute-api.localhost:" + port
	for name, value := range r.header {
		sent.Header.Set(name, value)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(sent)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return response, string(body)
}

// explain asks the server about a request, as gatehouse explain does. The record is
// complete a moment after the client has its answer.
func (w *world) explain(requestId string) *diagnosis.Explanation {
	w.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		explanation, err := diagnosis.Fetch(w.t.Context(), http.DefaultClient, "http://"+w.address, requestId)
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
	shell := exec.CommandContext(w.t.Context(), "bash", "-e", "-o", "pipefail", "-c", command)
	shell.Dir = w.dir
	shell.Env = append(os.Environ(), "AWS_ENDPOINT_URL=http://"+w.address, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test",
		"AWS_DEFAULT_REGION="+region, "AWS_PAGER=")
	output, err := shell.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%v\n%s\n%s", err, command, output)
	}
	return string(output)
}
