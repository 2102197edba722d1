package functionurl

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// keeper keeps the records that it is told of.
type keeper struct{ kept []*record.Record }

// Begin implements record.Recorder.
func (k *keeper) Begin(*record.Notes) {}

// End implements record.Recorder.
func (k *keeper) End(n *record.Notes) { k.kept = append(k.kept, n.Record()) }

// Every answer that no function gave has an error id, which developers see in the response
// too; its other bytes are as without it.
func TestRefuse(t *testing.T) {
	for name, test := range map[string]struct {
		functions *fakeFunctions
		host      string
		want      fault.Id
	}{
		"unknown":   {&fakeFunctions{}, "nobody.lambda-url.us-east-1.localhost", fault.UnknownHost},
		"denied":    {&fakeFunctions{err: integration.ErrInvokeDenied}, host, fault.InvokeDenied},
		"missing":   {&fakeFunctions{err: integration.ErrFunctionNotFound}, host, fault.FunctionNotFound},
		"throttled": {&fakeFunctions{err: integration.ErrInvokeThrottled}, host, fault.FunctionThrottled},
		"broken":    {&fakeFunctions{err: errors.New("broken")}, host, fault.InvokeFailed},
		"failed":    {&fakeFunctions{result: integration.InvocationResult{FunctionError: "Unhandled", Payload: []byte(`{"errorMessage":"no","token":"SECRET"}`)}}, host, fault.FunctionError},
		"malformed": {&fakeFunctions{result: integration.InvocationResult{Payload: []byte(`{"statusCode":"x"}`)}}, host, fault.MalformedProxyResponse},
		"no base64": {&fakeFunctions{result: integration.InvocationResult{Payload: []byte(`{"statusCode":200,"body":"?","isBase64Encoded":true}`)}}, host, fault.MalformedProxyResponse},
	} {
		t.Run(name, func(t *testing.T) {
			plain := serve(t, test.functions, request("GET", test.host, "/a?token=SECRET", ""))
			told := &keeper{}
			handler := &Handler{
				Functions: test.functions, Now: time.Now, NewRequestId: func() string { return "id" }, Random: func() uint64 { return 1 }, Log: slog.New(slog.DiscardHandler),
				Recorder: told, HelpBase: "http://x/kb/",
			}
			answered := httptest.NewRecorder()
			handler.ServeHTTP(answered, request("GET", test.host, "/a?token=SECRET", ""))
			got := answered.Result()
			if got.Header["x-gatehouse-error"][0] != string(test.want) || !strings.Contains(got.Header.Get("Link"), `rel="help"`) {
				t.Errorf("%v", got.Header)
			}
			delete(got.Header, "x-gatehouse-error")
			got.Header.Del("Link")
			if body(t, got) != body(t, plain) || len(got.Header) != len(plain.Header) || got.StatusCode != plain.StatusCode {
				t.Errorf("for developers %v, for others %v", got, plain)
			}
			if len(told.kept) != 1 || told.kept[0].Fault.Id() != test.want || told.kept[0].StatusCode != got.StatusCode || told.kept[0].RequestId != "id" {
				t.Fatalf("%v", told.kept)
			}
			if f := told.kept[0].Fault; f.Checked == "" || f.Found == "" || f.Fix == "" || strings.Contains(f.Error()+told.kept[0].Path, "SECRET") {
				t.Errorf("%v", f)
			}
		})
	}
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
