package restapi

import (
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// Options is what a plan needs beyond the records.
type Options struct {
	// Scope is the account and region that the API belongs to.
	Scope apigw.Scope
	// ClientCertificate is the stage's, opened; nil without one.
	ClientCertificate *integration.ClientCertificate
	// TracesRequests says that the server has a collector for traces.
	TracesRequests bool
}

// Severity says what a Diagnostic means for requests.
type Severity string

// The severities.
const (
	// Refused says that a method is not served because it needs what is not built.
	Refused Severity = "refused"
	// Broken says that a method, or a part of it, cannot work and answers 500.
	Broken Severity = "broken"
	// Warning says that everything is served, but not as the setting promises.
	Warning Severity = "warning"
)

// Diagnostic is something wrong with an API, found while compiling.
type Diagnostic struct {
	Severity Severity
	Id       fault.Id // what requests will meet; empty for a Warning
	// ResourcePath and HttpMethod name the method; both are empty for the API or stage.
	ResourcePath, HttpMethod string
	// Where is the member of the record: "methodIntegration.requestTemplates[application/json]".
	Where   string
	Message string
}

// String is the diagnostic in one line.
func (d Diagnostic) String() string {
	subject := "api"
	if d.HttpMethod != "" {
		subject = d.HttpMethod + " " + d.ResourcePath
	}
	parts := []string{string(d.Severity), string(d.Id), subject, d.Where}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" })
	return strings.Join(parts, " ") + ": " + strings.ReplaceAll(d.Message, "\n", " ")
}

// Compile makes the plan of a stage.
func Compile(snapshot *deployment.Snapshot, stage *apigw.Stage, options Options) (*plan.RestStage, []Diagnostic) {
	return CompileApi(snapshot).CompileStage(stage, options)
}

// Api is a compiled Snapshot. Stages of one deployment share it.
type Api struct {
	plan        *plan.RestApi
	apiId       string
	diagnostics []Diagnostic
}

// CompileApi does the part of Compile that no stage can change.
func CompileApi(snapshot *deployment.Snapshot) *Api {
	c := &compiler{snapshot: snapshot}
	api := &plan.RestApi{
		SnapshotHash: snapshot.Hash, ApiKeySource: snapshot.RestApi.ApiKeySource,
		BinaryMediaTypes:          integration.NewBinaryMediaTypes(snapshot.RestApi.BinaryMediaTypes),
		BinaryMediaTypeList:       snapshot.RestApi.BinaryMediaTypes,
		MinimumCompressionSize:    minimumCompressionSize(snapshot.RestApi.MinimumCompressionSize),
		DisableExecuteApiEndpoint: snapshot.RestApi.DisableExecuteApiEndpoint,
		Private:                   slices.Contains(snapshot.RestApi.EndpointConfiguration.Types, endpointPrivate),
		VpcEndpointIds:            snapshot.RestApi.EndpointConfiguration.VpcEndpointIds,
	}
	api.Policy = c.compilePolicy()
	api.Routes, api.Methods = c.compileRoutes()
	api.GatewayResponses = c.compileGatewayResponses()
	if c.policyBroken {
		refuseAll(api.Methods, &plan.Refusal{
			Id: fault.MethodMisconfigured, Feature: "a resource policy that cannot be read",
			Reason: "without it nobody can be let through", Fix: "set the API's policy again and deploy",
		})
	}
	return &Api{plan: api, apiId: snapshot.RestApi.Id, diagnostics: c.diagnostics}
}

const endpointPrivate = "PRIVATE"

func minimumCompressionSize(size *int32) int {
	if size == nil {
		return -1
	}
	return int(*size)
}

// compiler compiles one snapshot.
type compiler struct {
	snapshot     *deployment.Snapshot
	policyBroken bool
	diagnostics  []Diagnostic
}

func (c *compiler) report(d Diagnostic) { c.diagnostics = append(c.diagnostics, d) }

// compilePolicy compiles the resource policy. One that cannot be read must not let
// requests through, so it refuses every method.
func (c *compiler) compilePolicy() *iam.Policy {
	text := c.snapshot.RestApi.Policy
	if strings.TrimSpace(text) == "" {
		return nil
	}
	api := iam.ApiARN{Region: "*", Account: "*", ApiID: c.snapshot.RestApi.Id}
	document, err := iam.ExpandApiPolicy([]byte(text), api)
	if err == nil {
		var policy *iam.Policy
		if policy, err = iam.Compile(document, iam.ApiPolicy, "resource policy of API "+c.snapshot.RestApi.Id); err == nil {
			return policy
		}
	}
	c.policyBroken = true
	c.report(Diagnostic{Severity: Broken, Id: fault.MethodMisconfigured, Where: "policy", Message: err.Error()})
	return nil
}

func refuseAll(methods []*plan.Method, refusal *plan.Refusal) {
	for _, method := range methods {
		method.Refusal = refusal
	}
}
