package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"time"

	"gatehouse/internal/connections"
	controlconnections "gatehouse/internal/control/connections"
	"gatehouse/internal/dataplane/websocketapi"
	"gatehouse/internal/publish"
)

// connectionIdKeyBytes is the size of the key that connection ids are sealed with. It
// lives as long as the connections do: those of this process.
const connectionIdKeyBytes = 32

// webSockets are the connections of this node and who may reach them.
type webSockets struct {
	registry  *connections.Registry
	directory *connections.Directory
}

func (a *App) openWebSockets() (*webSockets, error) {
	key := make([]byte, connectionIdKeyBytes)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making the key of connection ids: %w", err)
	}
	ids, node := &connections.Ids{Key: key, Random: mathrand.Uint64}, connections.NodeOf(newUUID())
	registry := connections.NewRegistry(ids, node, a.now)
	return &webSockets{registry: registry, directory: &connections.Directory{Ids: ids, Node: node, Registry: registry}}, nil
}

// connections is the @connections API.
func (a *App) connections(p *parts) *controlconnections.Service {
	return &controlconnections.Service{
		Directory: p.sockets.directory, Domain: stageOfDomain(p.publisher), Throttles: p.throttles, AccountThrottle: accountThrottle(a.options.Config.AccountThrottleRate), Log: a.log,
	}
}

// stageOfDomain finds the stage that a custom domain name and base path lead to.
func stageOfDomain(publisher *publish.Publisher) func(host, basePath string) (apiId, stageName string, ok bool) {
	none := func(string) []string { return nil } // routing rules by header need a request
	return func(host, basePath string) (apiId, stageName string, ok bool) {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		domain := publisher.Table().Domain(host)
		if domain == nil {
			return "", "", false
		}
		match, ok := domain.Find(basePath+"/", none)
		return match.ApiId, match.StageName, ok && match.BasePath == basePath
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
