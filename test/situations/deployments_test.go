package situations

import (
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	typesv2 "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// deploymentSituations are changes that do not show, and operations that are refused
// because of deployments.
func deploymentSituations() []situation {
	return []situation{
		{
			name: "E21 changed and not deployed", errorId: "GH-C103", status: http.StatusTeapot,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", mock(), "418", "200")
				w.answer(w.root, "GET", "418", "")
				w.deploy()
				must(w.rest.DeleteIntegrationResponse(w.ctx(), &apigateway.DeleteIntegrationResponseInput{
					RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("GET"), StatusCode: aws.String("418"),
				}))(w)
				w.answer(w.root, "GET", "200", "")
				return &request{path: "/prod/"}
			},
			says: []string{"changed since then: GET /", "stage prod serves (deployment ", "aws apigateway create-deployment --rest-api-id {api} --stage-name prod"},
		},
		{
			name: "E21 mended and not deployed", errorId: "GH-M301", also: "GH-C103", status: http.StatusInternalServerError,
			arrange: func(w *world) *request {
				w.restApi()
				w.method(w.root, "GET", mock())
				w.answer(w.root, "GET", "200", "")
				w.deploy()
				must(w.rest.PutMethodResponse(w.ctx(), &apigateway.PutMethodResponseInput{
					RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("GET"), StatusCode: aws.String("200"),
				}))(w)
				return &request{path: "/prod/"}
			},
			says: []string{"changed since then: GET /"},
		},
		{
			name: "E16 policy changed and not deployed", errorId: "GH-A501", also: "GH-C103", status: http.StatusForbidden,
			arrange: func(w *world) *request {
				w.restApi()
				w.mocked(w.root, "GET")
				w.patchApi("/policy", resourcePolicy("Allow", `{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`))
				w.deploy()
				w.patchApi("/policy", resourcePolicy("Allow", `{"IpAddress":{"aws:SourceIp":"127.0.0.1/32"}}`))
				return &request{path: "/prod/"}
			},
			says: []string{"changed since then: the resource policy"},
		},
		refusal("E21 deployment in use", "GH-C101", func(w *world) func() error {
			w.restApi()
			w.mocked(w.root, "GET")
			id := w.deploy()
			return func() error {
				_, err := w.rest.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: &w.apiId, DeploymentId: &id})
				return err
			}
		}, "is used by stage prod", "create-deployment --rest-api-id {api} --stage-name prod", "create_before_destroy"),
		refusal("E21 deployment in use by a mapped stage", "GH-C101", func(w *world) func() error {
			w.restApi()
			w.mocked(w.root, "GET")
			id := w.deploy()
			w.mapDomain("in-use.example.com", "prod")
			return func() error {
				_, err := w.rest.DeleteDeployment(w.ctx(), &apigateway.DeleteDeploymentInput{RestApiId: &w.apiId, DeploymentId: &id})
				return err
			}
		}, "stage prod is used by the mappings in-use.example.com"),
		refusal("E21 HTTP API's deployment in use", "GH-C101", func(w *world) func() error {
			w.stagedApi("prod")
			id := w.deployHttp("prod")
			return func() error {
				_, err := w.http.DeleteDeployment(w.ctx(), &apigatewayv2.DeleteDeploymentInput{ApiId: &w.apiId, DeploymentId: &id})
				return err
			}
		}, "is used by stage prod", "aws apigatewayv2 create-deployment --api-id {api} --stage-name prod"),
		{
			name: "E20 integration of a route", errorId: "GH-C201", status: http.StatusConflict,
			says: []string{"routes that lead to the integration", "aws apigatewayv2 delete-route --api-id {api}"},
			refused: func(w *world) func() error {
				w.httpApi()
				id := w.backend()
				w.route(apigatewayv2.CreateRouteInput{RouteKey: aws.String("GET /pets"), Target: w.target(id)})
				return func() error {
					_, err := w.http.DeleteIntegration(w.ctx(), &apigatewayv2.DeleteIntegrationInput{ApiId: &w.apiId, IntegrationId: &id})
					return err
				}
			},
		},
		refusal("E21 stage of a mapping", "GH-C201", func(w *world) func() error {
			w.restApi()
			w.mocked(w.root, "GET")
			w.deploy()
			w.mapDomain("pins-stage.example.com", "prod")
			return func() error {
				_, err := w.rest.DeleteStage(w.ctx(), &apigateway.DeleteStageInput{RestApiId: &w.apiId, StageName: new("prod")})
				return err
			}
		}, "stage prod is used by the mappings pins-stage.example.com", "aws apigatewayv2 delete-api-mapping --domain-name pins-stage.example.com"),
		refusal("E21 API of a mapping", "GH-C201", func(w *world) func() error {
			w.restApi()
			w.mocked(w.root, "GET")
			w.deploy()
			w.mapDomain("pins-api.example.com", "prod")
			return func() error {
				_, err := w.rest.DeleteRestApi(w.ctx(), &apigateway.DeleteRestApiInput{RestApiId: &w.apiId})
				return err
			}
		}, "API {api} is used by the mappings pins-api.example.com", "delete-api-mapping"),
		refusal("E21 no routes", "GH-C102", func(w *world) func() error {
			w.emptyHttpApi(nil)
			w.setenv("INTEGRATION", w.backend())
			return func() error {
				_, err := w.http.CreateDeployment(w.ctx(), &apigatewayv2.CreateDeploymentInput{ApiId: &w.apiId})
				return err
			}
		}, "the API has no route", "create-route --api-id {api}"),
		refusal("E21 no methods", "GH-C102", func(w *world) func() error {
			w.restApi()
			return w.deploying()
		}, "no resource of the API has a method", "DependsOn", "put-method", "put-integration"),
		refusal("E21 method without an integration", "GH-C102", func(w *world) func() error {
			w.restApi()
			must(w.rest.PutMethod(w.ctx(), &apigateway.PutMethodInput{
				RestApiId: &w.apiId, ResourceId: &w.root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"),
			}))(w)
			return w.deploying()
		}, "no integration of GET /", "put-integration"),
	}
}

func (w *world) deploying() func() error {
	return func() error {
		_, err := w.rest.CreateDeployment(w.ctx(), &apigateway.CreateDeploymentInput{RestApiId: &w.apiId, StageName: aws.String("prod")})
		return err
	}
}

// mapDomain maps a custom domain name to a stage.
func (w *world) mapDomain(name, stage string) {
	w.t.Helper()
	must(w.http.CreateDomainName(w.ctx(), &apigatewayv2.CreateDomainNameInput{
		DomainName: &name, DomainNameConfigurations: []typesv2.DomainNameConfiguration{{
			CertificateArn: aws.String("arn:aws:acm:" + region + ":" + w.account + ":certificate/00000000-0000-0000-0000-000000000000"), EndpointType: typesv2.EndpointTypeRegional,
		}},
	}))(w)
	must(w.http.CreateApiMapping(w.ctx(), &apigatewayv2.CreateApiMappingInput{ApiId: &w.apiId, DomainName: &name, Stage: &stage}))(w)
}

// refusal is an operation of AWS's API that is refused, explained by its own request id,
// and passes after the fix.
func refusal(name, errorId string, arrange func(*world) func() error, says ...string) situation {
	return situation{name: name, errorId: errorId, says: says, refused: arrange}
}

// refusalOf is the request id of an answer that the SDK made an error of.
func refusalOf(err error) (requestId, errorId string) {
	var answered *awshttp.ResponseError
	if !errors.As(err, &answered) {
		return "", ""
	}
	return answered.ServiceRequestID(), answered.Response.Header.Get("x-gatehouse-error")
}
