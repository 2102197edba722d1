// Known from: the model; guide, apigateway-how-to-call-websocket-api-connections.md.

package apigatewaymanagementapi

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"

	"gatehouse/internal/apigw/apigwv2"
)

// Every shape of the URL reaches the client.
func TestPostToConnection_shapes(t *testing.T) {
	f := newFixture(t)
	for _, shape := range [][2]string{
		{apiId + ".execute-api.localhost", "/" + stageName}, {apiId + ".execute-api.us-east-1.amazonaws.com", "/" + stageName},
		{"localhost", "/_aws/execute-api/" + apiId + "/" + stageName}, {domain, ""}, {"localhost", ""},
	} {
		if _, err := f.client(shape[0], shape[1]).PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: f.id, Data: []byte("to " + shape[0])}); err != nil {
			t.Errorf("%s%s: %v", shape[0], shape[1], err)
			continue
		}
		if got := f.receive(); got != "to "+shape[0] {
			t.Errorf("%s%s: received %q", shape[0], shape[1], got)
		}
	}
}

func TestPostToConnection_large(t *testing.T) {
	f := newFixture(t)
	data := bytes.Repeat([]byte("x"), apigwv2.MessagePayloadLimit)
	if _, err := f.own().PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: f.id, Data: data}); err != nil {
		t.Fatal(err)
	}
	if got := f.receive(); len(got) != len(data) {
		t.Errorf("received %d bytes", len(got))
	}
	_, err := f.own().PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: f.id, Data: append(data, 'x')})
	refused(t, err, "PayloadTooLargeException", "413")
}

func TestPostToConnection_gone(t *testing.T) {
	f := newFixture(t)
	input := &sdk.PostToConnectionInput{ConnectionId: f.id, Data: []byte("x")}
	_, err := f.client("zzzzzzzzzz.execute-api.localhost", "/"+stageName).PostToConnection(f.ctx, input)
	refused(t, err, "GoneException", "410")
	_, err = f.client(apiId+".execute-api.localhost", "/dev").PostToConnection(f.ctx, input)
	refused(t, err, "GoneException", "410")
	foreign := strings.Repeat("A", len(*f.id)-1) + "="
	_, err = f.own().PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: &foreign, Data: []byte("x")})
	refused(t, err, "GoneException", "410")
}

func TestPostToConnection_wrongUrl(t *testing.T) {
	f := newFixture(t)
	_, err := f.client(apiId+".execute-api.localhost", "/prod/prod").PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: f.id, Data: []byte("x")})
	refused(t, err, "ForbiddenException", "403")
	_, err = f.own().PostToConnection(f.ctx, &sdk.PostToConnectionInput{ConnectionId: aws.String("malformed"), Data: []byte("x")})
	refused(t, err, "BadRequestException", "400")
}
