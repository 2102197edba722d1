package testinvoke

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// What a test shows of its client (seen in events of AWS's tests).
const (
	stageName    = "test-invoke-stage"
	sourceIp     = "test-invoke-source-ip"
	domainName   = "testPrefix.testDomainName"
	domainPrefix = "testPrefix"
)

// Tester runs tests. All fields must be set.
type Tester struct {
	// Pipeline makes a pipeline without throttles, whose records go to recorder and whose
	// functions are called by invoker.
	Pipeline func(recorder record.Recorder, invoker integration.Invoker) *restapi.Pipeline
	Invoker  integration.Invoker
	Now      func() time.Time
	// NewId makes a UUID.
	NewId func() string
}

var _ restapis.Tester = (*Tester)(nil)

// one is one test on its way.
type one struct {
	*Tester
	watched

	id       string
	started  time.Time
	recorded *record.Record
}

func (t *Tester) begin() *one {
	return &one{Tester: t, watched: watched{invoker: t.Invoker}, id: t.NewId(), started: t.Now()}
}

// Begin implements record.Recorder.
func (o *one) Begin(*record.Notes) {}

// End implements record.Recorder.
func (o *one) End(done *record.Notes) { o.recorded = done.Record() }

// compile makes the plan of a stage that has one resource with one method.
func compile(request *restapis.TestRequest, resource apigw.Resource, method apigw.Method) *plan.RestStage {
	content := request.Api
	content.RestApi.Policy, content.RestApi.DisableExecuteApiEndpoint = "", false
	resource.Methods = map[string]apigw.Method{method.HttpMethod: method}
	content.Resources = []apigw.Resource{resource}
	everything := apigw.MethodSetting{LoggingLevel: record.LevelInfo, DataTraceEnabled: true, ThrottlingBurstLimit: -1, ThrottlingRateLimit: -1}
	stage := apigw.Stage{StageName: stageName, Variables: request.StageVariables, MethodSettings: map[string]apigw.MethodSetting{"*/*": everything}}
	compiled, _ := compiler.Compile(&content, &stage, compiler.Options{Scope: request.Scope})
	return compiled
}

// inbound makes the client's request. The path is the resource's where none is given.
func (o *one) inbound(ctx context.Context, request *restapis.TestRequest, resourcePath, httpMethod string) (*inbound.Request, error) {
	given := request.PathWithQueryString
	if given == "" {
		given = resourcePath
	}
	target, err := url.Parse("http://" + domainName + "/" + strings.TrimPrefix(given, "/"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", restapis.ErrTestPath, err)
	}
	body := []byte(request.Body)
	sent, err := http.NewRequestWithContext(ctx, httpMethod, target.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("making the request of a test: %w", err)
	}
	for _, header := range request.Headers {
		sent.Header.Add(header.Name, header.Value)
	}
	path := sent.URL.EscapedPath()
	trace := strings.ReplaceAll(o.id, "-", "")
	const traceDigits = 24
	return &inbound.Request{
		HTTP: sent, Received: o.started, RequestId: o.id, ExtendedRequestId: o.id, TraceId: fmt.Sprintf("Root=1-%08x-%s", o.started.Unix(), trace[:min(len(trace), traceDigits)]),
		Path: path, EventPath: path, ContextPath: path, SourceIp: sourceIp, Host: domainName, DomainPrefix: domainPrefix,
		Headers: request.Headers, Query: inbound.ParseQuery(sent.URL.RawQuery), Body: body, SentBody: body,
	}, nil
}

// logged are the lines of a log as AWS's tests show them.
func (o *one) logged(lines []string) string {
	var b strings.Builder
	b.WriteString("Execution log for request " + o.id + "\n")
	at := o.Now().UTC().Format("Mon Jan 02 15:04:05 UTC 2006")
	for _, line := range lines {
		b.WriteString(at + " : " + line + "\n")
	}
	return b.String()
}
