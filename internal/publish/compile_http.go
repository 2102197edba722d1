package publish

import (
	"errors"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/compile/httpapi"
	"gatehouse/internal/store"
)

// errNotDeployed is a stage of an HTTP API that was made before its first deployment.
var errNotDeployed = errors.New("the stage has no deployment")

// prepareHttp reads the records that a stage of an HTTP API is compiled from.
func (p *Publisher) prepareHttp(snapshot store.Snapshot, j *job) {
	record, ok := snapshot.Get(records.ApiStages.Key(j.id.scope, j.id.apiId, j.id.stageName))
	if !ok {
		return
	}
	stage, err := records.ApiStages.Decode(record)
	j.http, j.err = &stage, err
	switch {
	case err != nil:
	case stage.DeploymentId == "":
		j.err = errNotDeployed
	default:
		j.main, j.err = p.source(snapshot, j.id, stage.DeploymentId)
	}
}

// httpApi compiles the snapshot, once for all jobs that use it. It is nil for an API of
// another protocol.
func (s *source) httpApi() (*httpapi.Api, error) {
	s.compiled.once.Do(func() {
		var snapshot apigwv2.Snapshot
		if snapshot, s.compiled.err = records.ApiSnapshots.Decode(s.record); s.compiled.err != nil {
			return
		}
		if snapshot.Api.ProtocolType == apigwv2.ProtocolTypeHttp {
			s.compiled.http, s.compiled.err = guarded(func() *httpapi.Api { return httpapi.CompileApi(&snapshot) })
		}
	})
	return s.compiled.http, s.compiled.err
}

func (j *job) compileHttp(r *result) error {
	r.uses = append(r.uses, j.main.id)
	api, err := j.main.httpApi()
	if err != nil || api == nil {
		return err
	}
	r.http, r.diagnostics = api.CompileStage(j.http, j.options)
	return nil
}
