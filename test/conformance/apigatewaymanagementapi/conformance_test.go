// Package apigatewaymanagementapi holds one file for each operation of @connections
// (2018-11-29), in the official SDK's own calls, with a WebSocket client at the other
// end. The tests start a server of their own: the wire in front of the operations, the
// data plane with one WebSocket API beside it, on one port as in the product.
//
// A file's first line says how we know what it expects. Begin at newFixture.
package apigatewaymanagementapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewaymanagementapi"
	"github.com/aws/smithy-go"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	model "gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/compile/websocketapi"
	"gatehouse/internal/compile/websocketapi/snapshottest"
	live "gatehouse/internal/connections"
	"gatehouse/internal/control/connections"
	"gatehouse/internal/dataplane"
	pipeline "gatehouse/internal/dataplane/websocketapi"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/throttle"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

const (
	apiId     = snapshottest.ApiId
	stageName = "prod"
	domain    = "ws.example.com"
	whoami    = `{"Routes": {"$default": {"Answers": true, "Integration": {"IntegrationType": "MOCK", "RequestTemplates": {"$default": "{\"statusCode\":200}"}},
		"IntegrationResponses": {"$default": {"ResponseTemplates": {"$default": "$context.connectionId"}}}}}}`
)

// fixture is a server, a client that is connected to it, and its connection id.
type fixture struct {
	*testing.T
	ctx     context.Context
	address string
	socket  net.Conn
	id      *string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, ctx: context.Background()}
	f.serve()
	socket, _, _, err := ws.Dialer{NetDial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, f.address)
	}, Header: ws.HandshakeHeaderHTTP{"User-Agent": {"conformance/1"}}}.Dial(f.ctx, "ws://"+apiId+".execute-api.localhost/"+stageName)
	if err != nil {
		t.Fatal(err)
	}
	f.socket = socket
	t.Cleanup(func() { _ = socket.Close() })
	_ = socket.SetDeadline(time.Now().Add(time.Minute))
	if err := wsutil.WriteClientText(socket, []byte("who am I?")); err != nil {
		t.Fatal(err)
	}
	f.id = aws.String(f.receive())
	return f
}

func (f *fixture) receive() string {
	f.Helper()
	message, _, err := wsutil.ReadServerData(f.socket)
	if err != nil {
		f.Fatal(err)
	}
	return string(message)
}

// client is an SDK client whose endpoint is a host and what stands in front of /@connections.
func (f *fixture) client(host, basePath string) *sdk.Client {
	to := conformance.ConfigOf("http://" + host + basePath)
	to.HTTPClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, f.address)
	}}}
	return sdk.NewFromConfig(to)
}

// own is a client of the API's own host name.
func (f *fixture) own() *sdk.Client { return f.client(apiId+".execute-api.localhost", "/"+stageName) }

func (f *fixture) serve() {
	f.Helper()
	snapshot, err := snapshottest.Parse([]byte(whoami))
	if err != nil {
		f.Fatal(err)
	}
	stage, _ := websocketapi.Compile(&snapshot, &apigwv2.Stage{StageName: stageName, DeploymentId: "d1"},
		websocketapi.Options{Scope: apigw.Scope{Account: "000000000000", Region: "us-east-1"}})
	table := plan.NewTable(1, map[string]*plan.Api{apiId: {Id: apiId, WebSocketStages: map[string]*plan.WebSocketStage{stageName: stage}}})
	ids := &live.Ids{Key: make([]byte, 32), Random: rand.Uint64}
	node := live.NodeOf("here")
	registry := live.NewRegistry(ids, node, time.Now)
	sockets := &pipeline.Pipeline{Registry: registry, Limits: pipeline.DefaultLimits(), Throttles: throttle.New(time.Now), Now: time.Now, Random: rand.Uint64}
	data := &dataplane.Handler{Published: func() *plan.Table { return table }, WebSocket: sockets, Now: time.Now, Random: rand.Uint64}
	operations := conformance.Handler(f.T, wire.Service{Schema: model.Schema(), Implementation: &connections.Service{
		Directory: &live.Directory{Ids: ids, Node: node, Registry: registry},
		Locator: connections.Locator{Domain: func(host, basePath string) (connections.DomainStage, bool) {
			if basePath != "" {
				return connections.DomainStage{}, host == domain
			}
			return connections.DomainStage{ApiId: apiId, StageName: stageName}, host == domain
		}},
	}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	f.address = listener.Addr().String()
	server := &http.Server{ReadHeaderTimeout: time.Minute, ConnContext: rawheader.ConnContext, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := operations.Match(r); ok {
			operations.ServeHTTP(w, r)
			return
		}
		data.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(rawheader.Listener(listener)) }()
	f.Cleanup(func() {
		_ = server.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := sockets.Close(ctx); err != nil {
			f.Error(err)
		}
	})
}

// refused checks an error's code, its status and a part of its message.
func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	var answered smithy.APIError
	if !errors.As(err, &answered) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if answered.ErrorCode() != code || !strings.Contains(err.Error(), message) {
		t.Errorf("got  %s: %v\nwant %s: %s", answered.ErrorCode(), err, code, message)
	}
}
