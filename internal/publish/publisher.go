package publish

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
)

// Publisher keeps the table of plans. The zero value is not usable: see New.
type Publisher struct {
	store store.Store
	log   *slog.Logger

	table atomic.Pointer[plan.Table]

	mu          sync.Mutex    // guards advanced and diagnostics
	advanced    chan struct{} // closed when the table is swapped, and replaced
	diagnostics map[stageId][]restapi.Diagnostic

	// Only Run touches what follows.
	stages    map[stageId]*publishedStage
	snapshots map[snapshotId]*compiledSnapshot
}

// stageId names a stage of a REST API.
type stageId struct {
	scope     store.Scope
	apiId     string
	stageName string
}

// snapshotId names a snapshot by its record, and the record's revision.
type snapshotId struct {
	key      store.Key
	revision uint64
}

// publishedStage is a stage as it is in the table; plan is nil for one that cannot be
// served at all.
type publishedStage struct {
	plan *plan.RestStage
	uses []snapshotId
}

// compiledSnapshot is kept while stages use it.
type compiledSnapshot struct {
	once  sync.Once
	api   *restapi.Api
	err   error
	users int
}

// New makes a Publisher of a store. log may be nil. The table is empty until Run has
// seen the store.
func New(s store.Store, log *slog.Logger) *Publisher {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	p := &Publisher{
		store: s, log: log, advanced: make(chan struct{}), diagnostics: map[stageId][]restapi.Diagnostic{},
		stages: map[stageId]*publishedStage{}, snapshots: map[snapshotId]*compiledSnapshot{},
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
	return append([]restapi.Diagnostic(nil), p.diagnostics[stageId{scope, apiId, stageName}]...)
}
