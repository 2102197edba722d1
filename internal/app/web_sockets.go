package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"gatehouse/internal/authenticator"
	"gatehouse/internal/cluster"
	"gatehouse/internal/connections"
	controlconnections "gatehouse/internal/control/connections"
	"gatehouse/internal/dataplane/websocketapi"
	"gatehouse/internal/iam"
	"gatehouse/internal/publish"
)

const (
	// connectionIdKeyBytes is the size of the key that connection ids are sealed with. All
	// nodes share it, and it outlives them: an id of an earlier process is known for one.
	connectionIdKeyBytes  = 32
	connectionIdKeySecret = "connection-ids"
)

// webSockets are the connections of this node and who may reach them.
type webSockets struct {
	registry  *connections.Registry
	directory *connections.Directory
}

func (a *App) openWebSockets(ctx context.Context, nodes *nodes) (*webSockets, error) {
	made := make([]byte, connectionIdKeyBytes)
	if _, err := rand.Read(made); err != nil {
		return nil, fmt.Errorf("making the key of connection ids: %w", err)
	}
	key, err := nodes.cluster.SharedSecret(ctx, connectionIdKeySecret, made)
	if err != nil {
		return nil, err
	}
	ids, node := &connections.Ids{Key: key, Random: mathrand.Uint64}, connections.Node(nodes.number)
	registry := connections.NewRegistry(ids, node, a.now)
	directory := &connections.Directory{Ids: ids, Node: node, Registry: registry, Peers: peers{nodes.cluster}}
	return &webSockets{registry: registry, directory: directory}, nil
}

// peers are the other nodes, for connections.Directory.
type peers struct{ nodes *cluster.Cluster }

// Ask implements connections.Peers.
func (p peers) Ask(ctx context.Context, node connections.Node, request []byte) ([]byte, error) {
	answer, err := p.nodes.Ask(ctx, uint32(node), request)
	switch {
	case errors.Is(err, cluster.ErrNodeGone):
		return nil, connections.ErrNodeGone
	case errors.Is(err, cluster.ErrTooLarge):
		return nil, connections.ErrTooLarge
	}
	return answer, err
}

// connections is the @connections API.
func (a *App) connections(p *parts) *controlconnections.Service {
	return &controlconnections.Service{
		Directory: p.sockets.directory, Locator: locator(p), Throttles: p.throttles, AccountThrottle: accountThrottle(a.options.Config.AccountThrottleRate), Log: a.log,
	}
}

func locator(p *parts) controlconnections.Locator {
	return controlconnections.Locator{Domain: stageOfDomain(p.publisher)}
}

// connectionsApi finds the API and stage that @connections was called on, whose ARN
// policies are asked about: those that the URL names, or else the connection's own.
func connectionsApi(p *parts) func(context.Context, authenticator.ConnectionsCall) authenticator.ConnectionsApi {
	return func(ctx context.Context, call authenticator.ConnectionsCall) authenticator.ConnectionsApi {
		apiId, stageName, err := locator(p).Locate(call.Host, call.BasePath)
		if err != nil {
			return authenticator.ConnectionsApi{} // the operation says what is wrong with the URL
		}
		found := authenticator.ConnectionsApi{Api: iam.ApiARN{ApiID: apiId}, StageName: stageName}
		if apiId == "" {
			if info, err := p.sockets.directory.Get(ctx, connections.Target{ConnectionId: call.ConnectionId}); err == nil {
				at := info.Stage
				found = authenticator.ConnectionsApi{Api: iam.ApiARN{Region: at.Region, Account: at.AccountId, ApiID: at.ApiId}, StageName: at.StageName}
			}
			return found
		}
		if api, ok := p.publisher.Table().Api(apiId); ok {
			for _, stage := range api.WebSocketStages { // all are of one account and region
				found.Api.Account, found.Api.Region = stage.AccountId, stage.Region
			}
		}
		return found
	}
}

// stageOfDomain finds the stage that a custom domain name and base path lead to.
// WebSocket APIs have mappings alone, so no routing rule is asked.
func stageOfDomain(publisher *publish.Publisher) func(host, basePath string) (controlconnections.DomainStage, bool) {
	return func(host, basePath string) (controlconnections.DomainStage, bool) {
		domain := publisher.Table().Domain(host)
		if domain == nil {
			return controlconnections.DomainStage{}, false
		}
		for _, mapping := range domain.Mappings {
			if mapping.Key == strings.Trim(basePath, "/") {
				return controlconnections.DomainStage{ApiId: mapping.ApiId, StageName: mapping.StageName}, true
			}
		}
		return controlconnections.DomainStage{}, true
	}
}

// webSocketLimits are AWS's, but where the configuration sets others.
func (a *App) webSocketLimits() websocketapi.Limits {
	settings, limits := a.options.Config, websocketapi.DefaultLimits()
	return websocketapi.Limits{
		MessagePayload: cmp.Or(settings.WebSocketMessagePayload, limits.MessagePayload),
		FramePayload:   cmp.Or(settings.WebSocketFramePayload, limits.FramePayload),
		Idle:           cmp.Or(settings.WebSocketIdleTimeout, limits.Idle),
		Duration:       cmp.Or(settings.WebSocketDuration, limits.Duration),
	}
}

const closeConnectionsTimeout = 3 * time.Second

// webSocketPipeline completes a pipeline with this node's connections, which Stop closes.
func (a *App) webSocketPipeline(p *parts, pipeline *websocketapi.Pipeline) *websocketapi.Pipeline {
	pipeline.Registry, pipeline.Limits = p.sockets.registry, a.webSocketLimits()
	a.cleanups = append(a.cleanups, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, closeConnectionsTimeout)
		defer cancel()
		return pipeline.Close(ctx)
	})
	return pipeline
}
