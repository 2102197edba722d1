// Known from: the model; guide, apigateway-how-to-call-websocket-api-connections.md.

package apigatewaymanagementapi

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
)

func TestGetConnection(t *testing.T) {
	f := newFixture(t)
	got, err := f.own().GetConnection(f.ctx, &sdk.GetConnectionInput{ConnectionId: f.id})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Identity.SourceIp != "127.0.0.1" || *got.Identity.UserAgent != "conformance/1" {
		t.Errorf("identity %s %s", *got.Identity.SourceIp, *got.Identity.UserAgent)
	}
	if age := time.Since(*got.ConnectedAt); age < 0 || age > time.Minute || got.LastActiveAt.Before(*got.ConnectedAt) {
		t.Errorf("connected %s, active %s", got.ConnectedAt, got.LastActiveAt)
	}
}

// The at sign and the equals sign may be percent-encoded; times are ISO 8601.
func TestGetConnection_encoded(t *testing.T) {
	f := newFixture(t)
	request, err := http.NewRequest(http.MethodGet, "http://"+f.address+"/prod/%40connections/"+strings.ReplaceAll(*f.id, "=", "%3D"), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = apiId + ".execute-api.localhost"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"connectedAt":"20`) || !strings.Contains(string(body), `Z"`) {
		t.Errorf("%s: %s", response.Status, body)
	}
}

func TestGetConnection_gone(t *testing.T) {
	f := newFixture(t)
	_ = f.socket.Close()
	var err error
	for deadline := time.Now().Add(time.Minute); err == nil && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		_, err = f.own().GetConnection(f.ctx, &sdk.GetConnectionInput{ConnectionId: f.id})
	}
	refused(t, err, "GoneException", "410")
}
