package publish

import (
	"fmt"
	"maps"
	"runtime/debug"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/compile/restapi"
	"gatehouse/internal/deployment"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
)

// job is a stage to be compiled. It is made by Run and may then run anywhere. A stage
// that is gone is neither.
type job struct {
	id      stageId
	stage   *apigw.Stage   // of a REST API
	v2      *apigwv2.Stage // of an HTTP API or WebSocket API
	err     error
	main    source
	canary  source
	options restapi.Options
}

// source is a snapshot that a job compiles, or finds compiled.
type source struct {
	id       snapshotId
	compiled *compiledSnapshot
	record   store.Record
}

// result is a job, done.
type result struct {
	id          stageId
	gone        bool
	rest        *plan.RestStage // nil for what is not served
	http        *plan.HttpStage
	webSocket   *plan.WebSocketStage
	uses        []snapshotId
	diagnostics []restapi.Diagnostic
}

// prepare reads the records that a stage is compiled from.
func (p *Publisher) prepare(snapshot store.Snapshot, id stageId) job {
	j := job{id: id, options: restapi.Options{Scope: apigw.Scope{Account: id.scope.Account, Region: id.scope.Region}, TracesRequests: p.TracesRequests}}
	if id.kind == records.ApiStages.Kind() {
		p.prepareV2(snapshot, &j)
		return j
	}
	record, ok := snapshot.Get(records.Stages.Key(id.scope, id.apiId, id.stageName))
	if !ok {
		return j
	}
	stage, err := records.Stages.Decode(record)
	j.stage, j.err = &stage, err
	if err != nil {
		return j
	}
	j.options.ClientCertificate = p.clientCertificate(snapshot, id.scope, stage.ClientCertificateId)
	j.main, j.err = p.source(snapshot, id, stage.DeploymentId)
	if canary := stage.CanarySettings; j.err == nil && canary != nil && canary.DeploymentId != "" && canary.PercentTraffic > 0 {
		j.canary, j.err = p.source(snapshot, id, canary.DeploymentId)
	}
	return j
}

// clientCertificate opens a stage's certificate. nil, for one that cannot be opened too:
// the compiler refuses what needs it.
func (p *Publisher) clientCertificate(snapshot store.Snapshot, scope store.Scope, id string) *integration.ClientCertificate {
	if id == "" || p.OpenClientCertificate == nil {
		return nil
	}
	record, err := records.ClientCertificates.Get(snapshot, scope, id)
	if err != nil {
		p.log.Warn("reading a client certificate", "clientCertificateId", id, "error", err)
		return nil
	}
	opened, err := p.OpenClientCertificate(&record)
	if err != nil {
		p.log.Warn("opening a client certificate", "clientCertificateId", id, "error", err)
		return nil
	}
	return opened
}

// source finds the compiled snapshot of a deployment, or makes room for it.
func (p *Publisher) source(snapshot store.Snapshot, id stageId, deploymentId string) (source, error) {
	key := records.Snapshots.Key(id.scope, id.apiId, deploymentId)
	if id.kind == records.ApiStages.Kind() {
		key = records.ApiSnapshots.Key(id.scope, id.apiId, deploymentId)
	}
	record, ok := snapshot.Get(key)
	if !ok {
		return source{}, fmt.Errorf("deployment %s has no snapshot: %w", deploymentId, store.ErrNotFound)
	}
	s := source{id: snapshotId{key, record.Revision}, record: record}
	s.compiled = p.snapshots[s.id]
	if s.compiled == nil {
		s.compiled = &compiledSnapshot{}
		p.snapshots[s.id] = s.compiled
	}
	return s, nil
}

// api compiles the snapshot, once for all jobs that use it.
func (s *source) api() (*restapi.Api, error) {
	s.compiled.once.Do(func() {
		var snapshot deployment.Snapshot
		if snapshot, s.compiled.err = records.Snapshots.Decode(s.record); s.compiled.err != nil {
			return
		}
		s.compiled.rest, s.compiled.err = guarded(func() *restapi.Api { return restapi.CompileApi(&snapshot) })
	})
	return s.compiled.rest, s.compiled.err
}

// guarded keeps a panic of a compiler, a bug of ours, to the API that met it.
func guarded[T any](compile func() T) (compiled T, err error) {
	defer func() {
		if recovered := recover(); recovered != nil {
			err = fmt.Errorf("compiling panicked: %v\n%s", recovered, debug.Stack())
		}
	}()
	return compile(), nil
}

// compile does the job. A stage that cannot be compiled at all is not served; its
// diagnostic says why.
func (j *job) compile() result {
	r := result{id: j.id, gone: j.stage == nil && j.v2 == nil}
	if r.gone {
		return r
	}
	err := j.err
	switch {
	case err != nil:
	case j.v2 != nil:
		err = j.compileV2(&r)
	default:
		err = j.compileInto(&r)
	}
	if err != nil {
		r.rest, r.http, r.webSocket = nil, nil, nil
		r.diagnostics = append(r.diagnostics, restapi.Diagnostic{
			Severity: restapi.Broken, Id: fault.UnknownStage, Where: "stage", Message: "is not served: " + err.Error(),
		})
	}
	return r
}

func (j *job) compileInto(r *result) error {
	r.uses = append(r.uses, j.main.id)
	api, err := j.main.api()
	if err != nil {
		return err
	}
	r.rest, r.diagnostics = api.CompileStage(j.stage, j.options)
	if j.canary.compiled == nil {
		return nil
	}
	r.uses = append(r.uses, j.canary.id)
	canary, err := j.canary.api()
	if err != nil {
		return err
	}
	stage := canaryStage(j.stage)
	compiled, diagnostics := canary.CompileStage(&stage, j.options)
	compiled.IsCanary = true
	r.rest.Canary, r.rest.PercentTraffic = compiled, j.stage.CanarySettings.PercentTraffic
	r.diagnostics = append(r.diagnostics, diagnostics...)
	return nil
}

// canaryStage is the stage as its canary serves it: another deployment, and stage
// variables that the canary overrides.
func canaryStage(stage *apigw.Stage) apigw.Stage {
	canary := *stage
	canary.DeploymentId = stage.CanarySettings.DeploymentId
	canary.Variables = maps.Clone(stage.Variables)
	if canary.Variables == nil {
		canary.Variables = map[string]string{}
	}
	maps.Copy(canary.Variables, stage.CanarySettings.StageVariableOverrides)
	canary.CacheClusterEnabled = stage.CacheClusterEnabled && stage.CanarySettings.UseStageCache
	return canary
}
