package wire_test

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire"
)

// python is boto3 in a process of its own.
type python struct {
	calls   io.Writer
	answers *bufio.Reader
}

type pythonAnswer struct {
	Output map[string]any
	Error  *struct {
		Code, Message string
		Status        int
	}
}

func startPython(t *testing.T, endpoint string) *python {
	t.Helper()
	command := exec.Command("python3", "testdata/boto3_calls.py", endpoint)
	calls, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	answers, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = calls.Close()
		if err := command.Wait(); err != nil {
			t.Errorf("boto3: %v\n%s", err, stderr.String())
		}
	})
	return &python{calls, bufio.NewReader(answers)}
}

func (p *python) call(t *testing.T, service, operation string, input any) pythonAnswer {
	t.Helper()
	text, err := json.Marshal(map[string]any{"service": service, "operation": operation, "input": marked(input)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.calls.Write(append(text, '\n')); err != nil {
		t.Fatal(err)
	}
	line, err := p.answers.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var answer pythonAnswer
	if err := json.Unmarshal([]byte(line), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// marked turns a tree into what JSON can say.
func marked(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		marks := map[string]any{}
		for name := range v {
			marks[name] = marked(v[name])
		}
		return marks
	case []any:
		marks := make([]any, len(v))
		for i := range v {
			marks[i] = marked(v[i])
		}
		return marks
	case []byte:
		return map[string]any{"$bytes": base64.StdEncoding.EncodeToString(v)}
	case time.Time:
		return map[string]any{"$time": float64(v.Unix())}
	case int64:
		return float64(v)
	}
	return tree
}

// Every typed operation, called by boto3, whose members have the names of the model.
func TestBoto3RoundTrip(t *testing.T) {
	var s stub
	var services []wire.Service
	for _, c := range clients() {
		services = append(services, wire.Service{Schema: s.replace(c.schema), Implementation: c.implementation})
	}
	server, err := wire.New(wire.Options{
		Services:      services,
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return "11111111-2222-3333-4444-555555555555" },
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	endpoint := httptest.NewServer(server)
	t.Cleanup(endpoint.Close)
	boto3 := startPython(t, endpoint.URL)
	for _, service := range services {
		for i := range service.Schema.Operations {
			if operation := &service.Schema.Operations[i]; operation.Typed() {
				t.Run(service.Schema.Name+"/"+operation.Name, func(t *testing.T) {
					boto3RoundTrip(t, &s, boto3, operationOf{service.Schema, operation})
				})
			}
		}
	}
}

type operationOf struct {
	service   *schema.Service
	operation *schema.Operation
}

func boto3RoundTrip(t *testing.T, s *stub, boto3 *python, of operationOf) {
	input, output := generate(t, of.operation.Input, schema.Body), generate(t, of.operation.Output, schema.Body)
	answer := reflect.New(of.operation.Handler.OutputType)
	fill(t, answer.Elem(), of.operation.Output, output)
	*s = stub{output: answer.Interface()}
	got := boto3.call(t, of.service.Name, of.operation.Name, input)
	if got.Error != nil {
		t.Fatalf("boto3: %+v", *got.Error)
	}
	if diff := cmp.Diff(input, extract(reflect.ValueOf(s.input).Elem(), of.operation.Input)); diff != "" {
		t.Errorf("input (-sent +received):\n%s", diff)
	}
	if diff := cmp.Diff(marked(output), any(got.Output)); diff != "" {
		t.Errorf("output (-sent +received):\n%s", diff)
	}
}

// The official AWS CLI and boto3 share their parsers, so errors are looked at once.
func TestBoto3Error(t *testing.T) {
	e := everything{failure: "NotFoundException Invalid Resource identifier specified"}
	endpoint := httptest.NewServer(e.server(t))
	t.Cleanup(endpoint.Close)
	boto3 := startPython(t, endpoint.URL)
	got := boto3.call(t, "apigateway", "GetResource", map[string]any{"restApiId": "a", "resourceId": "b"})
	if got.Error == nil || got.Error.Code != "NotFoundException" || got.Error.Status != 404 || got.Error.Message != "Invalid Resource identifier specified" {
		t.Errorf("boto3 saw %+v", got.Error)
	}
	got = boto3.call(t, "iam", "CreateSAMLProvider", map[string]any{"Name": "n", "SAMLMetadataDocument": strings.Repeat("x", 1000)})
	if got.Error == nil || got.Error.Code != "NotImplementedException" || got.Error.Status != 501 {
		t.Errorf("boto3 saw %+v", got.Error)
	}
}
