package testinvoke

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/control/restapis"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/telemetry"
)

// TestMethod implements restapis.Tester.
func (t *Tester) TestMethod(ctx context.Context, test *restapis.MethodTest) (*restapis.MethodTestResult, error) {
	o, method := t.begin(), test.Method
	method.AuthorizationType, method.AuthorizerId, method.AuthorizationScopes, method.ApiKeyRequired = plan.AuthorizationNone, "", nil, false
	httpMethod := test.HttpMethod
	if httpMethod == plan.AnyMethod {
		httpMethod = http.MethodGet // a client has no such method
	}
	in, err := o.inbound(ctx, &test.TestRequest, test.Resource.Path, httpMethod)
	if err != nil {
		return nil, err
	}
	var w answer
	stage := compile(&test.TestRequest, test.Resource, method)
	stage.ClientCertificate = test.ClientCertificate
	o.Pipeline(o, o.Invoker).Serve(&w, stage, in)
	if f := o.recorded.Fault; f != nil && (f.Id() == fault.NoRoute || f.Id() == fault.NoRouteForToken) {
		return nil, restapis.ErrTestPath
	}
	return &restapis.MethodTestResult{
		StatusCode: w.statusCode, Headers: w.headers(), Body: string(w.body), Latency: o.Now().Sub(o.started),
		Log: o.logged(executionLines(telemetry.ExecutionLines(o.recorded))),
	}, nil
}

// executionLines leaves out the lines before the method's execution: no test has a usage plan.
func executionLines(lines []string) []string {
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Starting execution for request: ") })
	return lines[max(i, 0):]
}

// answer is an http.ResponseWriter that keeps what is written.
type answer struct {
	header     http.Header
	statusCode int
	body       []byte
}

// Header implements http.ResponseWriter.
func (w *answer) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

// WriteHeader implements http.ResponseWriter.
func (w *answer) WriteHeader(statusCode int) { w.statusCode = statusCode }

// Write implements http.ResponseWriter.
func (w *answer) Write(body []byte) (int, error) {
	w.body = append(w.body, body...)
	return len(body), nil
}

// ownedHeaders are of the connection and of the request's ids, which tests do not show.
var ownedHeaders = []string{"content-length", "x-amzn-requestid", "x-amz-apigw-id"}

func (w *answer) headers() []integration.Field {
	var fields []integration.Field
	for _, name := range slices.Sorted(maps.Keys(w.header)) {
		if slices.Contains(ownedHeaders, strings.ToLower(name)) {
			continue
		}
		for _, value := range w.header[name] {
			fields = append(fields, integration.Field{Name: name, Value: value})
		}
	}
	return fields
}
