package websocketapi_test

import (
	"strings"
	"testing"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	"gatehouse/internal/integration"
)

// Source: guide, websocket-api-logging.md (integration.error is the integration's message);
// that it is escaped is known of REST APIs.
func TestAccessLog_functionFails(t *testing.T) {
	snapshot, err := snapshottest.Parse([]byte(`{"Routes": {"$connect": {"Integration": {` + lambda + `}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, &snapshot, apigwv2.Stage{StageName: "prod", DeploymentId: "d1", AccessLogSettings: &apigwv2.AccessLogSettings{
		DestinationArn: "arn:aws:logs:us-east-1:123456789012:log-group:ws", Format: `"$context.integration.error" "$context.error.message" $context.integration.integrationStatus $context.requestId`,
	}})
	w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
		failed := answer(`{"errorMessage":"no \"x\""}`)
		failed.FunctionError = "Unhandled"
		return failed, nil
	}
	if _, status, text := w.handshake("/"); status < 500 {
		t.Fatalf("%d %s", status, text)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if line := strings.Join(w.lines, "\n"); !strings.HasPrefix(line, `"no \"x\"" "Internal server error" 200 `) {
		t.Errorf("logged %s", line)
	}
}
