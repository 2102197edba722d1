package publish

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"gatehouse/internal/apigw"
	"gatehouse/internal/compile/httpapi"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/compile/websocketapi"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
)

// Publisher keeps the table of plans. The zero value is not usable: see New.
type Publisher struct {
	// TracesRequests says that the server has a collector for traces; set before Run.
	TracesRequests bool
	// OpenClientCertificate opens the client certificate of a stage; nil opens none. Set
	// before Run.
	OpenClientCertificate func(*apigw.ClientCertificate) (*integration.ClientCertificate, error)
	// Swapped is told of each table when it is served; nil tells nobody. Set before Run.
	Swapped func(*plan.Table)

	store store.Store
	log   *slog.Logger

	table atomic.Pointer[plan.Table]

	mu          sync.Mutex    // guards advanced and diagnostics
	advanced    chan struct{} // closed when the table is swapped, and replaced
	diagnostics map[stageId][]restapi.Diagnostic

	// Only Run touches what follows.
	stages    map[stageId]*publishedStage
	snapshots map[snapshotId]*compiledSnapshot
	domains   map[domainId]*plan.Domain
	apis      map[apiId]*plan.Api             // the APIs there are, each as it is served without a stage
	hosts     map[string]*plan.Domain         // the domains by name, as the table has them; replaced, never changed
	plans     map[plan.Scope]*plan.UsagePlans // as the table has them; replaced, never changed
}

// stageId names a stage. kind is that of its record: a REST API's stage, or one of an
// HTTP API or WebSocket API.
type stageId struct {
	scope     store.Scope
	kind      string
	apiId     string
	stageName string
}

// snapshotId names a snapshot by its record, and the record's revision.
type snapshotId struct {
	key      store.Key
	revision uint64
}

// publishedStage is a stage as it is in the table, or one that cannot be served at all.
type publishedStage struct{ uses []snapshotId }

// compiledSnapshot is kept while stages use it. One of rest, http and webSocket is set.
type compiledSnapshot struct {
	once      sync.Once
	rest      *restapi.Api
	http      *httpapi.Api
	webSocket *websocketapi.Api
	err       error
	users     int
}

// New makes a Publisher of a store. log may be nil. The table is empty until Run has
// seen the store.
func New(s store.Store, log *slog.Logger) *Publisher {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p := &Publisher{
		store: s, log: log, advanced: make(chan struct{}), diagnostics: map[stageId][]restapi.Diagnostic{},
		stages: map[stageId]*publishedStage{}, snapshots: map[snapshotId]*compiledSnapshot{}, domains: map[domainId]*plan.Domain{},
		apis: map[apiId]*plan.Api{},
	}
	p.table.Store(plan.NewTable(0, nil))
	return p
}

// Table returns what is served now. It never changes; ask again for the next one.
func (p *Publisher) Table() *plan.Table { return p.table.Load() }

// Run publishes every batch of the store until ctx is done or the store is closed.
func (p *Publisher) Run(ctx context.Context) {
	for change := range p.store.Watch(ctx) {
		p.apply(change)
	}
}

// WaitFor returns when what was stored at revision is served. The error is that of ctx.
func (p *Publisher) WaitFor(ctx context.Context, revision uint64) error {
	for {
		p.mu.Lock()
		advanced := p.advanced
		p.mu.Unlock()
		if p.table.Load().Revision() >= revision {
			return nil
		}
		select {
		case <-advanced:
		case <-ctx.Done():
			return fmt.Errorf("waiting until revision %d is served: %w", revision, context.Cause(ctx))
		}
	}
}

// Diagnostics returns what is wrong with a stage as it is served; nil when nothing is.
func (p *Publisher) Diagnostics(scope store.Scope, apiId, stageName string) []restapi.Diagnostic {
	p.mu.Lock()
	defer p.mu.Unlock()
	for kind := range stageKinds {
		if found := p.diagnostics[stageId{scope, kind, apiId, stageName}]; len(found) > 0 {
			return append([]restapi.Diagnostic(nil), found...)
		}
	}
	return nil
}
