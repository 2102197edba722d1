// Known from: the model; guide, apigateway-how-to-call-websocket-api-connections.md. The close code is unconfirmed.

package apigatewaymanagementapi

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

func TestDeleteConnection(t *testing.T) {
	f := newFixture(t)
	if _, err := f.own().DeleteConnection(f.ctx, &sdk.DeleteConnectionInput{ConnectionId: f.id}); err != nil {
		t.Fatal(err)
	}
	_, _, err := wsutil.ReadServerData(f.socket)
	if closed, ok := err.(wsutil.ClosedError); !ok || closed.Code != ws.StatusNormalClosure { //nolint:errorlint // wsutil returns it as it is
		t.Errorf("the client met %v", err)
	}
	_, err = f.own().PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: f.id, Data: []byte("x")})
	refused(t, err, "GoneException", "410")
}

func TestDeleteConnection_gone(t *testing.T) {
	f := newFixture(t)
	other := "AAAA" + (*f.id)[4:]
	_, err := f.own().DeleteConnection(f.ctx, &sdk.DeleteConnectionInput{ConnectionId: &other})
	refused(t, err, "GoneException", "410")
}
