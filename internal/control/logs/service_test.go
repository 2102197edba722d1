package logs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	api "gatehouse/internal/awsapi/logs"
	control "gatehouse/internal/control/logs"
	engine "gatehouse/internal/logs"
	"gatehouse/internal/store/jetstream"
	"gatehouse/internal/wire"
)

// serve starts a server with CloudWatch Logs alone, on files.
func serve(t *testing.T) (url string, logs *engine.Logs) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	s, err := jetstream.Open(t.Context(), jetstream.Config{Dir: t.TempDir(), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	journal, err := engine.OpenJetStream(t.Context(), engine.JetStreamConfig{Conn: s.Conn()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(journal.Close)
	logs, err = engine.Open(t.Context(), engine.Options{Store: s, Journal: journal, Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = logs.Close(context.Background()) })
	var requests atomic.Int64
	server, err := wire.New(wire.Options{
		Services:      []wire.Service{{Schema: api.Schema(), Implementation: &control.Service{Logs: logs, Now: time.Now}}},
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return fmt.Sprintf("request-%d", requests.Add(1)) }, Logger: quiet,
	})
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	return listening.URL, logs
}

func TestBoto3(t *testing.T) {
	url, _ := serve(t)
	output, err := exec.CommandContext(t.Context(), "python3", "testdata/drive.py", url).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// TestCommandLine reads what a function wrote with the aws command line.
func TestCommandLine(t *testing.T) {
	url, logs := serve(t)
	id := engine.StreamId{Account: "000000000000", Region: "us-east-1", Group: "/aws/lambda/f", Stream: "2026/01/01/[$LATEST]0123"}
	logs.Write(id, time.Now(), "START RequestId: 1")
	logs.Write(id, time.Now(), "it went wrong")
	command := exec.CommandContext(t.Context(), "aws", "logs", "filter-log-events", "--log-group-name", "/aws/lambda/f", "--filter-pattern", "wrong", "--output", "json")
	command.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+url, "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_DEFAULT_REGION=us-east-1")
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	var found struct {
		Events []struct{ Message, LogStreamName string }
	}
	if err := json.Unmarshal(output, &found); err != nil {
		t.Fatal(err)
	}
	if len(found.Events) != 1 || found.Events[0].Message != "it went wrong" || found.Events[0].LogStreamName != id.Stream {
		t.Errorf("%s", output)
	}
}
