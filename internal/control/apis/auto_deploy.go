package apis

import (
	"errors"
	"fmt"
	"reflect"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
)

const (
	// automaticDescription is what AWS writes into the deployments it makes (observed).
	automaticDescription = "Automatic deployment triggered by changes to the Api configuration"
	// automaticDeploymentsKept bounds the automatic deployments that no stage serves any
	// more; AWS's own bound is not known.
	automaticDeploymentsKept = 5
)

// deployAutomatically deploys an API as it stands in the transaction to its stages
// with AutoDeploy, unless they serve just that. An API that cannot be deployed leaves
// what is served, and the stage says why.
func (a api) deployAutomatically() error {
	stages, err := records.ApiStages.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	var automatic []apigwv2.Stage
	for _, stage := range stages {
		if stage.AutoDeploy {
			automatic = append(automatic, stage)
		}
	}
	if len(automatic) == 0 {
		return nil
	}
	content, err := a.freeze()
	var refused *apigatewayv2.BadRequestException
	if errors.As(err, &refused) {
		return a.noteDeployment(automatic, "Deployment attempt failed: "+refused.Message)
	}
	if err != nil || a.serve(automatic, content) {
		return err
	}
	created, err := a.putDeployment(apigwv2.Deployment{Description: automaticDescription, AutoDeployed: true}, content)
	if err != nil {
		return err
	}
	for i := range automatic {
		automatic[i].DeploymentId = created.DeploymentId
	}
	message := fmt.Sprintf("Successfully deployed stage with deployment ID '%s'", created.DeploymentId)
	if err := a.noteDeployment(automatic, message); err != nil {
		return err
	}
	return a.forgetDeployments()
}

// serve says whether all stages serve just that content already.
func (a api) serve(stages []apigwv2.Stage, content apigwv2.Snapshot) bool {
	for _, stage := range stages {
		served, err := records.ApiSnapshots.Get(a.r, a.at, a.id, stage.DeploymentId)
		if stage.DeploymentId == "" || err != nil || !reflect.DeepEqual(visible(served), visible(content)) {
			return false
		}
	}
	return true
}

// noteDeployment puts stages with what came of their deployment.
func (a api) noteDeployment(stages []apigwv2.Stage, message string) error {
	var err error
	for _, stage := range stages {
		stage.LastDeploymentStatusMessage = message
		stage.LastUpdatedDate = a.service.Now().UTC()
		err = errors.Join(err, records.ApiStages.Put(a.tx, stage, a.at, a.id, stage.StageName))
	}
	return err
}

// forgetDeployments deletes the oldest automatic deployments that no stage serves.
func (a api) forgetDeployments() error {
	stages, err := records.ApiStages.List(a.r, a.at, a.id)
	if err != nil {
		return err
	}
	all, err := a.deployments()
	if err != nil {
		return err
	}
	kept := 0
	for _, d := range all {
		if !d.AutoDeployed || pointedTo(stages, d.DeploymentId) {
			continue
		}
		if kept++; kept > automaticDeploymentsKept {
			a.deleteDeployment(d.DeploymentId)
		}
	}
	return nil
}

// visible is a snapshot without what a client of the API cannot see.
func visible(s apigwv2.Snapshot) apigwv2.Snapshot {
	s.Api.Tags, s.Api.Description, s.Api.Name, s.Api.ImportInfo, s.Api.Warnings = nil, "", "", nil, nil
	return s
}
