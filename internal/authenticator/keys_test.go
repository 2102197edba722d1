package authenticator

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/caller"
	"gatehouse/internal/wire"
)

const importedRest = `{"openapi":"3.0.1","info":{"title":"t"},"paths":{"/":{
	"get":{"x-amazon-apigateway-auth":{"type":"AWS_IAM"},"x-amazon-apigateway-integration":{"type":"mock"}},
	"post":{"security":[{"asked":[]}],"x-amazon-apigateway-integration":{"type":"mock"}}}},
	"components":{"securitySchemes":{"asked":{"type":"apiKey","name":"Authorization","in":"header","x-amazon-apigateway-authtype":"custom",
		"x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:auth/invocations"}}}}}`

// Source: Service Authorization Reference, Amazon API Gateway Management, Management V2, and AWS Lambda: the tables of
// condition keys say for which operations each is there. Unconfirmed: that a default counts as a value.
func TestConditionKeys(t *testing.T) {
	v1 := func(operation, path string, input any) wire.Call {
		return withPath(callOf(apigateway.Schema(), operation, input), path)
	}
	v2 := func(operation, path string, input any) wire.Call {
		return withPath(callOf(apigatewayv2.Schema(), operation, input), path)
	}
	patch := func(path, value string) []apigateway.PatchOperation {
		return []apigateway.PatchOperation{{Op: "replace", Path: &path, Value: &value}}
	}
	cases := []struct {
		name string
		call wire.Call
		want string
	}{
		{"CreateRestApi", v1("CreateRestApi", "/restapis", &apigateway.CreateRestApiInput{
			Name: "n", EndpointConfiguration: &apigateway.EndpointConfiguration{Types: []apigateway.EndpointType{"PRIVATE"}}, DisableExecuteApiEndpoint: new(true),
		}), "Request/ApiName=n Request/EndpointType=PRIVATE Request/DisableExecuteApiEndpoint=true"},
		{"CreateRestApi that says little", v1("CreateRestApi", "/restapis", &apigateway.CreateRestApiInput{Name: "n"}), "Request/ApiName=n"},
		{"UpdateRestApi", v1("UpdateRestApi", "/restapis/abc", &apigateway.UpdateRestApiInput{RestApiId: "abc", PatchOperations: patch("/endpointConfiguration/types/EDGE", "REGIONAL")}),
			"aws:ResourceTag/owner=x Request/EndpointType=REGIONAL Resource/ApiName=pets Resource/EndpointType=EDGE Resource/DisableExecuteApiEndpoint=true"},
		{"PutMethod", v1("PutMethod", "/restapis/abc/resources/r/methods/GET", &apigateway.PutMethodInput{AuthorizationType: "NONE"}),
			"aws:ResourceTag/owner=x Request/ApiKeyRequired=false Request/RouteAuthorizationType=NONE Resource/ApiKeyRequired=true Resource/RouteAuthorizationType=AWS_IAM"},
		{"DeleteMethod", v1("DeleteMethod", "/restapis/abc/resources/r/methods/GET", &apigateway.DeleteMethodInput{}),
			"aws:ResourceTag/owner=x Resource/ApiKeyRequired=true Resource/RouteAuthorizationType=AWS_IAM"},
		{"UpdateMethod has none", v1("UpdateMethod", "/restapis/abc/resources/r/methods/GET", &apigateway.UpdateMethodInput{PatchOperations: patch("/authorizationType", "NONE")}), "aws:ResourceTag/owner=x"},
		{"UpdateAuthorizer", v1("UpdateAuthorizer", "/restapis/abc/authorizers/a", &apigateway.UpdateAuthorizerInput{PatchOperations: patch("/authorizerUri", "arn:new")}),
			"aws:ResourceTag/owner=x Request/AuthorizerUri=arn:new Resource/AuthorizerType=TOKEN Resource/AuthorizerUri=arn:old"},
		{"UpdateStage", v1("UpdateStage", "/restapis/abc/stages/prod", &apigateway.UpdateStageInput{PatchOperations: patch("/accessLogSettings/destinationArn", "arn:e")}),
			"aws:ResourceTag/tier=1 Request/AccessLoggingDestination=arn:e Resource/AccessLoggingDestination=arn:d Resource/AccessLoggingFormat=f"},
		{"CreateDeployment", v1("CreateDeployment", "/restapis/abc/deployments", &apigateway.CreateDeploymentInput{StageName: new("prod")}), "aws:ResourceTag/owner=x Request/StageName=prod"},
		{"ImportRestApi", v1("ImportRestApi", "/restapis", &apigateway.ImportRestApiInput{Body: []byte(importedRest), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}}),
			"Request/EndpointType=REGIONAL Request/ApiKeyRequired=false,false Request/RouteAuthorizationType=AWS_IAM,CUSTOM Request/AuthorizerType=TOKEN " +
				"Request/AuthorizerUri=arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:auth/invocations"},
		{"PutRestApi", v1("PutRestApi", "/restapis/abc", &apigateway.PutRestApiInput{RestApiId: "abc", Body: []byte(`{"openapi":"3.0.1","info":{"title":"t"},"paths":{}}`)}),
			"aws:ResourceTag/owner=x Resource/ApiKeyRequired=true Resource/RouteAuthorizationType=AWS_IAM Resource/AuthorizerType=TOKEN Resource/AuthorizerUri=arn:old"},
		{"ImportRestApi of what cannot be read", v1("ImportRestApi", "/restapis", &apigateway.ImportRestApiInput{Body: []byte("{")}), ""},
		{"GetRestApi has none", v1("GetRestApi", "/restapis/abc", &apigateway.GetRestApiInput{RestApiId: "abc"}), "aws:ResourceTag/owner=x"},
		{"CreateRoute", v2("CreateRoute", "/v2/apis/def/routes", &apigatewayv2.CreateRouteInput{ApiId: "def"}), "aws:ResourceTag/owner=y Request/ApiKeyRequired=false Request/RouteAuthorizationType=NONE"},
		{"UpdateRoute", v2("UpdateRoute", "/v2/apis/def/routes/r", &apigatewayv2.UpdateRouteInput{AuthorizationType: "NONE"}),
			"aws:ResourceTag/owner=y Request/RouteAuthorizationType=NONE Resource/ApiKeyRequired=false Resource/RouteAuthorizationType=JWT"},
		{"UpdateStage of the second version", v2("UpdateStage", "/v2/apis/def/stages/dev", &apigatewayv2.UpdateStageInput{AccessLogSettings: &apigatewayv2.AccessLogSettings{Format: new("g")}}), "Request/AccessLoggingFormat=g"},
		{"CreateDomainName", v2("CreateDomainName", "/v2/domainnames", &apigatewayv2.CreateDomainNameInput{
			DomainNameConfigurations: []apigatewayv2.DomainNameConfiguration{{EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2"}},
			MutualTlsAuthentication:  &apigatewayv2.MutualTlsAuthenticationInput{TruststoreUri: new("s3://b/k"), TruststoreVersion: new("1")}, RoutingMode: "ROUTING_RULE_ONLY",
		}), "Request/EndpointType=REGIONAL Request/MtlsTrustStoreUri=s3://b/k Request/MtlsTrustStoreVersion=1 Request/SecurityPolicy=TLS_1_2 Request/RoutingMode=ROUTING_RULE_ONLY"},
		{"DeleteDomainName", v2("DeleteDomainName", "/v2/domainnames/A.example.com", &apigatewayv2.DeleteDomainNameInput{}),
			"Resource/EndpointType=REGIONAL Resource/SecurityPolicy=TLS_1_2 Resource/RoutingMode=API_MAPPING_ONLY"},
		{"PutRoutingRule", v2("PutRoutingRule", "/v2/domainnames/a.example.com/routingrules/r", &apigatewayv2.PutRoutingRuleInput{
			Priority: 3, Conditions: []apigatewayv2.RoutingRuleCondition{{MatchBasePaths: &apigatewayv2.RoutingRuleMatchBasePaths{AnyOf: []string{"a", "b"}}}},
		}), "Request/Priority=3 Request/ConditionBasePaths=a,b Resource/Priority=7 Resource/ConditionBasePaths=old"},
		{"AddPermission", callOf(lambda.Schema(), "AddPermission", &lambda.AddPermissionInput{FunctionName: "f", Principal: "*", FunctionUrlAuthType: "NONE"}), "lambda:Principal=* lambda:FunctionUrlAuthType=NONE"},
		{"RemovePermission", callOf(lambda.Schema(), "RemovePermission", &lambda.RemovePermissionInput{FunctionName: "permitted", StatementId: "gone"}), "lambda:Principal=s3.amazonaws.com"},
		{"RemovePermission of a function URL", callOf(lambda.Schema(), "RemovePermission", &lambda.RemovePermissionInput{FunctionName: "permitted", StatementId: "url"}), "lambda:Principal=* lambda:FunctionUrlAuthType=NONE"},
		{"RemovePermission of nothing", callOf(lambda.Schema(), "RemovePermission", &lambda.RemovePermissionInput{FunctionName: "f", StatementId: "url"}), ""},
		{"CreateFunctionUrlConfig", callOf(lambda.Schema(), "CreateFunctionUrlConfig", &lambda.CreateFunctionUrlConfigInput{FunctionName: "f", AuthType: "NONE"}),
			"lambda:FunctionUrlAuthType=NONE lambda:FunctionArn=arn:aws:lambda:us-east-1:111122223333:function:f"},
	}
	authorizer, who := newAuthorizer(t), caller.Caller{Account: testAccount, Region: "us-east-1"}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			needed, err := authorizer.needs(t.Context(), &c.call, who)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, key := range needed[0].keys {
				got = append(got, strings.TrimPrefix(key.Key, "apigateway:")+"="+key.Value+strings.Join(key.Values, ","))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Source: guide, security_iam_id-based-policy-examples.md: private APIs alone, and no route without authorization.
func TestExamplesOfConditionKeys(t *testing.T) {
	const privateOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apigateway:*","Resource":"*"},{"Effect":"Deny","Action":["apigateway:PATCH","apigateway:POST","apigateway:PUT"],
		"Resource":["arn:aws:apigateway:us-east-1::/restapis","arn:aws:apigateway:us-east-1::/restapis/*"],"Condition":{"ForAnyValue:StringNotEqualsIgnoreCase":{"apigateway:Request/EndpointType":"PRIVATE"}}}]}`
	const noOpenRoutes = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"apigateway:*","Resource":"*"},{"Effect":"Deny","Action":["apigateway:POST","apigateway:PATCH","apigateway:PUT"],
		"Resource":["arn:aws:apigateway:us-east-1::/apis","arn:aws:apigateway:us-east-1::/apis/*"],"Condition":{"ForAnyValue:StringEqualsIgnoreCase":{"apigateway:Request/RouteAuthorizationType":"NONE"}}}]}`
	create := func(endpointType apigateway.EndpointType) wire.Call {
		return withPath(callOf(apigateway.Schema(), "CreateRestApi", &apigateway.CreateRestApiInput{Name: "n", EndpointConfiguration: &apigateway.EndpointConfiguration{Types: []apigateway.EndpointType{endpointType}}}), "/restapis")
	}
	route := func(authorizationType apigatewayv2.AuthorizationType) wire.Call {
		return withPath(callOf(apigatewayv2.Schema(), "CreateRoute", &apigatewayv2.CreateRouteInput{AuthorizationType: authorizationType}), "/v2/apis/def/routes")
	}
	authorizer := newAuthorizer(t)
	for name, test := range map[string]struct {
		policy string
		call   wire.Call
		passes bool
	}{
		"a private API": {privateOnly, create("PRIVATE"), true}, "a regional API": {privateOnly, create("REGIONAL"), false},
		"a route with IAM": {noOpenRoutes, route("AWS_IAM"), true}, "an open route": {noOpenRoutes, route("NONE"), false}, "a route that does not say": {noOpenRoutes, route(""), false},
	} {
		if err := authorizer.Authorize(userWith(t, test.policy), test.call); (err == nil) != test.passes {
			t.Errorf("%s: %v", name, err)
		}
	}
}
