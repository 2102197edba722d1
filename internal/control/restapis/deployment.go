package restapis

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/mappings"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/deployment"
	"gatehouse/internal/fault"
)

// embedApiSummary asks Get operations of deployments for what each method is.
const embedApiSummary = "apisummary"

// CreateDeployment freezes an API, and points a stage to it when one is named. It
// returns when the stage serves it.
func (s *Service) CreateDeployment(ctx context.Context, in *apigateway.CreateDeploymentInput) (*apigateway.Deployment, error) {
	created := apigw.Deployment{Description: text(in.Description), CreatedDate: s.Now().UTC()}
	err := s.updateServed(ctx, in.RestApiId, func(a api) error {
		frozen, err := a.freeze()
		if err != nil {
			return err
		}
		if created.Id, err = newId(a, records.Deployments); err != nil {
			return err
		}
		err = errors.Join(
			records.Deployments.Put(a.tx, created, a.at, a.id, created.Id),
			records.Snapshots.Put(a.tx, frozen, a.at, a.id, created.Id),
		)
		if err != nil {
			return err
		}
		return a.deployTo(created.Id, in)
	})
	if err != nil {
		return nil, err
	}
	return deploymentOutput(created), nil
}

// freeze checks that an API can be deployed, and freezes it.
func (a api) freeze() (deployment.Snapshot, error) {
	content, err := records.Content(a.r, a.scope, a.id)
	if err != nil {
		return deployment.Snapshot{}, err
	}
	if err := a.checkMethods(content.Resources); err != nil {
		return deployment.Snapshot{}, err
	}
	if isPrivate(&content.RestApi.EndpointConfiguration) && content.RestApi.Policy == "" {
		return deployment.Snapshot{}, badRequest(messagePrivateWithoutPolicy)
	}
	return deployment.Freeze(content)
}

// checkMethods refuses an API without methods, and a method without an integration.
func (a api) checkMethods(resources []apigw.Resource) error {
	methods, bare, commands := 0, []string{}, []string{}
	mock := func(resourceId, httpMethod string) {
		commands = append(commands, fault.Command("aws", "apigateway", "put-integration", "--rest-api-id", a.id, "--resource-id", resourceId,
			"--http-method", httpMethod, "--type", "MOCK", "--request-templates", `{"application/json":"{\"statusCode\": 200}"}`))
	}
	root := ""
	for i := range resources {
		if resources[i].ParentId == "" {
			root = resources[i].Id
		}
		for httpMethod, method := range resources[i].Methods {
			methods++
			if method.MethodIntegration == nil {
				bare = append(bare, httpMethod+" "+resources[i].Path)
				mock(resources[i].Id, httpMethod)
			}
		}
	}
	if len(bare) > 0 {
		return a.nothingToDeploy(messageNoIntegration, "no integration of "+strings.Join(bare, ", "), commands)
	}
	if methods > 0 {
		return nil
	}
	commands = append(commands, fault.Command("aws", "apigateway", "put-method", "--rest-api-id", a.id, "--resource-id", root,
		"--http-method", "GET", "--authorization-type", "NONE"))
	mock(root, "GET")
	return a.nothingToDeploy(messageNoMethods, "no resource of the API has a method", commands)
}

// nothingToDeploy is the refusal of an API that is not ready for a deployment.
func (a api) nothingToDeploy(message, found string, commands []string) error {
	f := fault.New(fault.NoMethods)
	f.Checked, f.Found, f.Wanted = "the methods of API "+a.id, found, "a method, and an integration of each"
	f.Fix = "Make methods with their integrations first, a MOCK for example, then deploy (CloudFormation: the Deployment needs DependsOn each Method; " +
		"Terraform: depends_on the integrations)."
	f.Command = strings.Join(commands, " &&\n")
	return fault.Refuse(badRequest(message), f)
}

// deployTo points the stage that the input names, a new one if need be, to a deployment.
func (a api) deployTo(deploymentId string, in *apigateway.CreateDeploymentInput) error {
	name := text(in.StageName)
	if name == "" {
		if hasStageSettings(in) {
			return badRequest(messageStageNameMissing)
		}
		return nil
	}
	stage, err := a.stageToDeploy(name)
	if err != nil {
		return err
	}
	before := stage
	if in.CanarySettings == nil {
		stage.DeploymentId = deploymentId
	}
	stage.Description = given(in.StageDescription, stage.Description)
	stage.CacheClusterEnabled = given(in.CacheClusterEnabled, stage.CacheClusterEnabled)
	stage.TracingEnabled = given(in.TracingEnabled, stage.TracingEnabled)
	if in.CacheClusterSize != "" {
		stage.CacheClusterSize = string(in.CacheClusterSize)
	}
	if in.Variables != nil {
		stage.Variables = in.Variables
	}
	if canary := in.CanarySettings; canary != nil {
		// The stage keeps its deployment: the canary alone gets the new one, and needs a
		// stage to be a canary of (guide: create-canary-deployment.md; the text is unconfirmed).
		if stage.DeploymentId == "" {
			return badRequest(messageInvalidStage)
		}
		stage.CanarySettings = &apigw.CanarySettings{
			PercentTraffic: given(canary.PercentTraffic, 0), DeploymentId: deploymentId,
			StageVariableOverrides: canary.StageVariableOverrides, UseStageCache: given(canary.UseStageCache, false),
		}
	}
	if err := a.setCacheCluster(&before, &stage); err != nil {
		return err
	}
	return a.putStage(&stage)
}

// hasStageSettings says whether the input would set something of a stage; Terraform's
// provider sends empty texts that set nothing.
func hasStageSettings(in *apigateway.CreateDeploymentInput) bool {
	return text(in.StageDescription) != "" || len(in.Variables) > 0 || in.CanarySettings != nil || in.CacheClusterSize != "" ||
		given(in.CacheClusterEnabled, false) || given(in.TracingEnabled, false)
}

func (a api) stageToDeploy(name string) (apigw.Stage, error) {
	now := a.service.Now().UTC()
	if records.Stages.Has(a.r, a.at, a.id, name) {
		stage, err := a.stage(name)
		stage.LastUpdatedDate = now
		return stage, err
	}
	return apigw.Stage{StageName: name, CreatedDate: now, LastUpdatedDate: now}, a.roomForStage()
}

// GetDeployment returns a deployment; embedded, with what each of its methods is.
func (s *Service) GetDeployment(ctx context.Context, in *apigateway.GetDeploymentInput) (*apigateway.Deployment, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	embed, err := embeds(in.Embed, embedApiSummary)
	if err != nil {
		return nil, err
	}
	found, err := a.deployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	out := deploymentOutput(found)
	if embed {
		out.ApiSummary, err = a.apiSummary(found.Id)
	}
	return out, err
}

func (a api) apiSummary(deploymentId string) (map[string]map[string]apigateway.MethodSnapshot, error) {
	frozen, err := records.Snapshots.Get(a.r, a.at, a.id, deploymentId)
	if err != nil {
		return nil, err
	}
	summary := map[string]map[string]apigateway.MethodSnapshot{}
	for _, resource := range frozen.Resources {
		for httpMethod, method := range resource.Methods {
			one := apigateway.MethodSnapshot{AuthorizationType: &method.AuthorizationType, ApiKeyRequired: &method.ApiKeyRequired}
			summary[resource.Path] = withEntry(summary[resource.Path], httpMethod, one)
		}
	}
	return summary, nil
}

// GetDeployments lists the deployments of an API, the newest first (unconfirmed).
func (s *Service) GetDeployments(ctx context.Context, in *apigateway.GetDeploymentsInput) (*apigateway.Deployments, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.Deployments.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y apigw.Deployment) int {
		if order := y.CreatedDate.Compare(x.CreatedDate); order != 0 {
			return order
		}
		return strings.Compare(x.Id, y.Id)
	})
	found, err := paginate(all, func(d apigw.Deployment) string { return d.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.Deployments{Items: convert(found.Items, deploymentOutput), Position: found.Next}, nil
}

// UpdateDeployment patches a deployment's description.
func (s *Service) UpdateDeployment(ctx context.Context, in *apigateway.UpdateDeploymentInput) (*apigateway.Deployment, error) {
	var updated apigw.Deployment
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.deployment(in.DeploymentId); err != nil {
			return err
		}
		if err := applyPatch(deploymentPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		return records.Deployments.Put(a.tx, updated, a.at, a.id, updated.Id)
	})
	if err != nil {
		return nil, err
	}
	return deploymentOutput(updated), nil
}

// deploymentPatches: API reference, "Patch operations", UpdateDeployment.
var deploymentPatches = patch.Table[apigw.Deployment]{
	{Path: "/description", Replace: patch.String(func(d *apigw.Deployment) *string { return &d.Description })},
}

// DeleteDeployment deletes a deployment that no stage points to.
func (s *Service) DeleteDeployment(ctx context.Context, in *apigateway.DeleteDeploymentInput) (*apigateway.DeleteDeploymentOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if _, err := a.deployment(in.DeploymentId); err != nil {
			return err
		}
		stages, err := a.stages()
		if err != nil {
			return err
		}
		var inUse []string
		for _, stage := range stages {
			if pointsTo(stage, in.DeploymentId) {
				inUse = append(inUse, stage.StageName)
			}
		}
		if len(inUse) > 0 {
			return a.deploymentInUse(in.DeploymentId, inUse)
		}
		records.Deployments.Delete(a.tx, a.at, a.id, in.DeploymentId)
		records.Snapshots.Delete(a.tx, a.at, a.id, in.DeploymentId)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteDeploymentOutput{}, nil
}

// deploymentInUse says which stages are in the way, what holds those, and how they get
// out of it.
func (a api) deploymentInUse(deploymentId string, stageNames []string) error {
	f := fault.New(fault.DeploymentInUse)
	f.Checked, f.Wanted = "the stages of API "+a.id, "no stage that points to it"
	f.Found = "deployment " + deploymentId + " is used by stage " + strings.Join(stageNames, ", ")
	f.Fix = "Create the new deployment first, so that no stage points to this one (Terraform: lifecycle.create_before_destroy), then delete it."
	var commands []string
	for _, name := range stageNames {
		if mapped, err := records.MappingsTo(a.r, a.scope, a.id, name); err == nil && len(mapped) > 0 {
			f.Found += "; stage " + name + " is used by the mappings " + mappings.Paths(mapped)
		}
		commands = append(commands, fault.Command("aws", "apigateway", "create-deployment", "--rest-api-id", a.id, "--stage-name", name))
	}
	f.Command = strings.Join(commands, " &&\n")
	return fault.Refuse(badRequest(messageDeploymentInUse), f)
}

func pointsTo(stage apigw.Stage, deploymentId string) bool {
	return stage.DeploymentId == deploymentId || stage.CanarySettings != nil && stage.CanarySettings.DeploymentId == deploymentId
}

func (a api) deployment(id string) (apigw.Deployment, error) {
	return find(a, records.Deployments, id, notFound(messageInvalidDeployment))
}

func deploymentOutput(d apigw.Deployment) *apigateway.Deployment {
	return &apigateway.Deployment{Id: &d.Id, Description: optional(d.Description), CreatedDate: seconds(d.CreatedDate)}
}
