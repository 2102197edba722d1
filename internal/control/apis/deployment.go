package apis

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/fault"
)

// statusDeployed is the only status a deployment has here: it is done when it answers.
const statusDeployed = "DEPLOYED"

// CreateDeployment freezes an API, and points a stage to it when one is named. It
// returns when the stage serves it.
func (s *Service) CreateDeployment(ctx context.Context, in *apigatewayv2.CreateDeploymentInput) (*apigatewayv2.CreateDeploymentOutput, error) {
	var created apigwv2.Deployment
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		content, err := a.freeze()
		if err != nil {
			return err
		}
		created, err = a.putDeployment(apigwv2.Deployment{Description: text(in.Description)}, content)
		if err != nil || text(in.StageName) == "" {
			return err
		}
		stage, err := a.stage(*in.StageName)
		if err != nil {
			return err
		}
		if stage.AutoDeploy {
			return badRequest(messageAutoDeployStage)
		}
		return a.pointTo(stage, created.DeploymentId)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateDeploymentOutput)(deploymentOutput(created)), nil
}

// freeze checks that an API can be deployed, and gathers what is frozen.
func (a api) freeze() (apigwv2.Snapshot, error) {
	content, err := records.ApiContent(a.r, a.scope, a.id)
	if err != nil {
		return content, err
	}
	if len(content.Routes) > 0 {
		return content, nil
	}
	message := messageNoRoutesWebSocket
	if a.isHttp() {
		message = messageNoRoutesHttp
	}
	f := fault.New(fault.NoMethods)
	f.Checked, f.Found, f.Wanted = "the routes of API "+a.id, "the API has no route", "a route with an integration"
	f.Fix = "Make a route first, the id of its integration in place of $INTEGRATION (aws apigatewayv2 get-integrations lists them), then deploy. " +
		"CloudFormation: the Deployment needs DependsOn a Route; Terraform: depends_on the routes."
	f.Command = fault.Command("aws", "apigatewayv2", "create-route", "--api-id", a.id, "--route-key", "$default") + ` --target "integrations/$INTEGRATION"`
	return content, fault.Refuse(badRequest(message), f)
}

// putDeployment gives a deployment its id, and puts it with its snapshot.
func (a api) putDeployment(d apigwv2.Deployment, content apigwv2.Snapshot) (apigwv2.Deployment, error) {
	var err error
	if d.DeploymentId, err = newId(a.place, records.ApiDeployments, a.service.Ids.Resource, a.id); err != nil {
		return d, err
	}
	d.CreatedDate, d.DeploymentStatus = a.service.Now().UTC(), statusDeployed
	return d, errors.Join(
		records.ApiDeployments.Put(a.tx, d, a.at, a.id, d.DeploymentId),
		records.ApiSnapshots.Put(a.tx, content, a.at, a.id, d.DeploymentId),
	)
}

// pointTo makes a stage serve a deployment.
func (a api) pointTo(stage apigwv2.Stage, deploymentId string) error {
	stage.DeploymentId, stage.LastUpdatedDate = deploymentId, a.service.Now().UTC()
	return records.ApiStages.Put(a.tx, stage, a.at, a.id, stage.StageName)
}

// GetDeployment returns a deployment.
func (s *Service) GetDeployment(ctx context.Context, in *apigatewayv2.GetDeploymentInput) (*apigatewayv2.GetDeploymentOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.deployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	return deploymentOutput(found), nil
}

// GetDeployments lists the deployments of an API, the newest first (unconfirmed).
func (s *Service) GetDeployments(ctx context.Context, in *apigatewayv2.GetDeploymentsInput) (*apigatewayv2.GetDeploymentsOutput, error) {
	a, err := s.viewApi(ctx, in.ApiId)
	if err != nil {
		return nil, err
	}
	all, err := a.deployments()
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(d apigwv2.Deployment) string { return d.DeploymentId }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetDeploymentsOutput{Items: list.Convert(found.Items, deploymentItem), NextToken: found.Next}, nil
}

// deployments lists the deployments of an API, the newest first.
func (a api) deployments() ([]apigwv2.Deployment, error) {
	all, err := records.ApiDeployments.List(a.r, a.at, a.id)
	slices.SortStableFunc(all, func(x, y apigwv2.Deployment) int {
		if order := y.CreatedDate.Compare(x.CreatedDate); order != 0 {
			return order
		}
		return strings.Compare(x.DeploymentId, y.DeploymentId)
	})
	return all, err
}

// UpdateDeployment changes a deployment's description.
func (s *Service) UpdateDeployment(ctx context.Context, in *apigatewayv2.UpdateDeploymentInput) (*apigatewayv2.UpdateDeploymentOutput, error) {
	var updated apigwv2.Deployment
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		var err error
		if updated, err = a.deployment(in.DeploymentId); err != nil {
			return err
		}
		set(&updated.Description, in.Description)
		return records.ApiDeployments.Put(a.tx, updated, a.at, a.id, updated.DeploymentId)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateDeploymentOutput)(deploymentOutput(updated)), nil
}

// DeleteDeployment deletes a deployment that no stage points to.
func (s *Service) DeleteDeployment(ctx context.Context, in *apigatewayv2.DeleteDeploymentInput) (*apigatewayv2.DeleteDeploymentOutput, error) {
	err := s.updateApi(ctx, in.ApiId, func(a api) error {
		if _, err := a.deployment(in.DeploymentId); err != nil {
			return err
		}
		stages, err := records.ApiStages.List(a.r, a.at, a.id)
		if err != nil {
			return err
		}
		if pointedTo(stages, in.DeploymentId) {
			return a.deploymentInUse(in.DeploymentId, stages)
		}
		a.deleteDeployment(in.DeploymentId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteDeploymentOutput{}, nil
}

func (a api) deleteDeployment(id string) {
	records.ApiDeployments.Delete(a.tx, a.at, a.id, id)
	records.ApiSnapshots.Delete(a.tx, a.at, a.id, id)
}

func pointedTo(stages []apigwv2.Stage, deploymentId string) bool {
	return slices.ContainsFunc(stages, func(stage apigwv2.Stage) bool { return stage.DeploymentId == deploymentId })
}

// deploymentInUse says which stages are in the way, and how they get out of it.
func (a api) deploymentInUse(deploymentId string, stages []apigwv2.Stage) error {
	var names, commands []string
	for i := range stages {
		if stages[i].DeploymentId == deploymentId {
			names = append(names, stages[i].StageName)
			commands = append(commands, fault.Command("aws", "apigatewayv2", "create-deployment", "--api-id", a.id, "--stage-name", stages[i].StageName))
		}
	}
	f := fault.New(fault.DeploymentInUse)
	f.Checked, f.Wanted = "the stages of API "+a.id, "no stage that points to it"
	f.Found = "deployment " + deploymentId + " is used by stage " + strings.Join(names, ", ")
	f.Fix = "Create the new deployment first, so that no stage points to this one (Terraform: lifecycle.create_before_destroy), then delete it."
	f.Command = strings.Join(commands, " &&\n")
	return fault.Refuse(badRequest(messageDeploymentInUse), f)
}

func (a api) deployment(id string) (apigwv2.Deployment, error) {
	return find(a.place, records.ApiDeployments, invalidIdentifier("Deployment"), a.id, id)
}

func deploymentOutput(d apigwv2.Deployment) *apigatewayv2.GetDeploymentOutput {
	return &apigatewayv2.GetDeploymentOutput{
		AutoDeployed: &d.AutoDeployed, CreatedDate: seconds(d.CreatedDate), DeploymentId: &d.DeploymentId,
		DeploymentStatus: apigatewayv2.DeploymentStatus(d.DeploymentStatus), Description: optional(d.Description),
	}
}

func deploymentItem(d apigwv2.Deployment) apigatewayv2.Deployment {
	return apigatewayv2.Deployment(*deploymentOutput(d))
}
