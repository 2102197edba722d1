package publish

import (
	"errors"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/compile/httpapi"
	"gatehouse/internal/compile/websocketapi"
	"gatehouse/internal/store"
)

// errNotDeployed is a stage that was made before its API's first deployment.
var errNotDeployed = errors.New("the stage has no deployment")

// prepareV2 reads the records that a stage of an HTTP API or WebSocket API is compiled
// from.
func (p *Publisher) prepareV2(snapshot store.Snapshot, j *job) {
	record, ok := snapshot.Get(records.ApiStages.Key(j.id.scope, j.id.apiId, j.id.stageName))
	if !ok {
		return
	}
	stage, err := records.ApiStages.Decode(record)
	j.v2, j.err = &stage, err
	switch {
	case err != nil:
	case stage.DeploymentId == "":
		j.err = errNotDeployed
	default:
		j.main, j.err = p.source(snapshot, j.id, stage.DeploymentId)
	}
}

// compileApi compiles the snapshot, once for all jobs that use it, by its protocol.
func (s *source) compileApi() error {
	s.compiled.once.Do(func() {
		var snapshot apigwv2.Snapshot
		if snapshot, s.compiled.err = records.ApiSnapshots.Decode(s.record); s.compiled.err != nil {
			return
		}
		if snapshot.Api.ProtocolType == apigwv2.ProtocolTypeWebSocket {
			s.compiled.webSocket, s.compiled.err = guarded(func() *websocketapi.Api { return websocketapi.CompileApi(&snapshot) })
			return
		}
		s.compiled.http, s.compiled.err = guarded(func() *httpapi.Api { return httpapi.CompileApi(&snapshot) })
	})
	return s.compiled.err
}

func (j *job) compileV2(r *result) error {
	r.uses = append(r.uses, j.main.id)
	if err := j.main.compileApi(); err != nil {
		return err
	}
	if api := j.main.compiled.webSocket; api != nil {
		r.webSocket, r.diagnostics = api.CompileStage(j.v2, j.options)
		return nil
	}
	r.http, r.diagnostics = j.main.compiled.http.CompileStage(j.v2, j.options)
	return nil
}
