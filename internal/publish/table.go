package publish

import (
	"maps"

	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/plan"
)

// swap makes a new table of the old one and the results, and puts it in place.
func (p *Publisher) swap(revision uint64, results []result) {
	p.table.Store(p.nextTable(revision, results))
	p.mu.Lock()
	for i := range results {
		p.keepDiagnostics(&results[i])
	}
	close(p.advanced)
	p.advanced = make(chan struct{})
	p.mu.Unlock()
	p.report(results)
}

func (p *Publisher) nextTable(revision uint64, results []result) *plan.Table {
	if len(results) == 0 {
		return p.table.Load().At(revision)
	}
	apis := p.table.Load().Apis()
	copied := map[string]bool{}
	for i := range results {
		p.keep(&results[i])
		editStage(apis, copied, &results[i])
	}
	p.forgetUnused()
	return plan.NewTable(revision, apis)
}

// keep counts which stages use which snapshots.
func (p *Publisher) keep(r *result) {
	if old := p.stages[r.id]; old != nil {
		for _, id := range old.uses {
			p.snapshots[id].users--
		}
		delete(p.stages, r.id)
	}
	if r.gone {
		return
	}
	for _, id := range r.uses {
		p.snapshots[id].users++
	}
	p.stages[r.id] = &publishedStage{plan: r.plan, uses: r.uses}
}

func (p *Publisher) forgetUnused() {
	maps.DeleteFunc(p.snapshots, func(_ snapshotId, compiled *compiledSnapshot) bool { return compiled.users == 0 })
}

// editStage puts one stage into apis. What the old table shares is copied first.
func editStage(apis map[string]*plan.Api, copied map[string]bool, r *result) {
	api := apis[r.id.apiId]
	if !copied[r.id.apiId] {
		next := &plan.Api{Id: r.id.apiId, Stages: map[string]*plan.RestStage{}}
		if api != nil {
			next.Stages = maps.Clone(api.Stages)
		}
		api = next
		apis[r.id.apiId] = api
		copied[r.id.apiId] = true
	}
	if r.gone || r.plan == nil {
		delete(api.Stages, r.id.stageName)
	} else {
		api.Stages[r.id.stageName] = r.plan
	}
	if len(api.Stages) == 0 {
		delete(apis, r.id.apiId)
		delete(copied, r.id.apiId)
	}
}

// keepDiagnostics is called with p.mu held.
func (p *Publisher) keepDiagnostics(r *result) {
	if len(r.diagnostics) == 0 {
		delete(p.diagnostics, r.id)
		return
	}
	p.diagnostics[r.id] = r.diagnostics
}

// report logs what is wrong with the stages that were compiled.
func (p *Publisher) report(results []result) {
	for i := range results {
		for _, diagnostic := range results[i].diagnostics {
			message := "a stage is not served as configured"
			if diagnostic.Severity == restapi.Warning {
				message = "a stage has a setting without effect"
			}
			p.log.Warn(message, "api", results[i].id.apiId, "stage", results[i].id.stageName, "diagnostic", diagnostic.String())
		}
	}
}
