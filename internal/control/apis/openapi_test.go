package apis

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
)

const definition = `{
  "openapi": "3.0.1",
  "info": {"title": "Shelter", "version": "1"},
  "paths": {
    "/animals": {
      "get": {
        "security": [{"token": ["read"]}],
        "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "https://a.example", "payloadFormatVersion": "1.0"}
      },
      "put": {"x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "nowhere", "payloadFormatVersion": "1.0"}}
    }
  },
  "components": {"securitySchemes": {"token": {"type": "oauth2", "x-amazon-apigateway-authorizer": {
    "type": "jwt", "identitySource": "$request.header.Authorization", "jwtConfiguration": {"issuer": "https://issuer.example", "audience": ["a"]}}}}}
}`

// Source: http-api-open-api.md; the texts of warnings are unconfirmed.
func TestImportApi(t *testing.T) {
	f := newFixture(t)
	imported := must(f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: definition}))(t)
	want := []string{"Unable to create an integration of 'PUT /animals': Invalid HTTP endpoint specified for URI"}
	if diff := cmp.Diff(want, imported.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	content := f.content(*imported.ApiId)
	if len(content.Routes) != 2 || len(content.Integrations) != 1 || len(content.Authorizers) != 1 {
		t.Errorf("%+v", content)
	}
	for _, route := range content.Routes {
		authorized := route.AuthorizationType == authorizationJwt && route.AuthorizerId == content.Authorizers[0].AuthorizerId
		if (route.RouteKey == "GET /animals") != authorized || authorized == (route.Target == "") {
			t.Errorf("%+v", route)
		}
	}
	before := f.Store.View().Len()
	_, err := f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: definition, FailOnWarnings: value(true)})
	wantError(t, err, badRequestCode, "Warnings found during import:\n\t"+want[0])
	if after := f.Store.View().Len(); after != before {
		t.Errorf("a failed import left %d records", after-before)
	}
	_, err = f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: definition, Basepath: value("keep")})
	wantError(t, err, badRequestCode, messageBasepath)
}

func (f *fixture) content(apiId string) apigwv2.Snapshot {
	f.t.Helper()
	return must(records.ApiContent(f.Store.View(), scopeOf(f.ctx), apiId))(f.t)
}

// A route whose authorizer is refused is not created: it would stand open.
func TestImportApi_refusedAuthorizer(t *testing.T) {
	f := newFixture(t)
	imported := must(f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: strings.Replace(definition, `"https://issuer.example"`, `"no issuer"`, 1)}))(t)
	if content := f.content(*imported.ApiId); len(content.Routes) != 1 || content.Routes[0].RouteKey != "PUT /animals" || len(imported.Warnings) != 3 {
		t.Errorf("%v %+v", imported.Warnings, content.Routes)
	}
}

// What is exported of a stage is what it serves, and imports as the same.
func TestExportApi(t *testing.T) {
	f := newFixture(t)
	apiId := *must(f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: definition}))(t).ApiId
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: apiId, StageName: "s"}))(t)
	export := func(in apigatewayv2.ExportApiInput) (*apigatewayv2.ExportApiOutput, error) {
		in.ApiId, in.Specification = apiId, "OAS30"
		return f.ExportApi(f.ctx, &in)
	}
	_, err := export(apigatewayv2.ExportApiInput{OutputType: "JSON", StageName: value("s")})
	wantError(t, err, badRequestCode, messageNoDeployment)
	must(f.CreateDeployment(f.ctx, &apigatewayv2.CreateDeploymentInput{ApiId: apiId, StageName: value("s")}))(t)
	f.route(apiId, "GET /later", "")
	latest := string(must(export(apigatewayv2.ExportApiInput{OutputType: "YAML"}))(t).Body)
	served := string(must(export(apigatewayv2.ExportApiInput{OutputType: "JSON", StageName: value("s")}))(t).Body)
	if !strings.Contains(latest, "/later:") || strings.Contains(served, "/later") {
		t.Errorf("latest:\n%s\nserved:\n%s", latest, served)
	}
	if !strings.Contains(served, `"default" : "s"`) || !strings.Contains(served, `"url" : "HTTP://`+apiId+`.execute-api.us-east-1/{basePath}"`) {
		t.Errorf("the server is not the stage:\n%s", served)
	}
	again := must(f.ImportApi(f.ctx, &apigatewayv2.ImportApiInput{Body: latest, FailOnWarnings: value(true)}))(t)
	if first, second := f.content(apiId), f.content(*again.ApiId); len(first.Routes) != len(second.Routes) || len(second.Authorizers) != 1 {
		t.Errorf("%+v\n%+v", first, second)
	}
	_, err = f.ExportApi(f.ctx, &apigatewayv2.ExportApiInput{ApiId: f.ws, Specification: "OAS30", OutputType: "JSON"})
	wantError(t, err, badRequestCode, messageImportProtocol)
	_, err = export(apigatewayv2.ExportApiInput{OutputType: "JSON", ExportVersion: value("2.0")})
	wantError(t, err, badRequestCode, messageExportVersion)
}

// An API that is imported anew keeps its id and stages, and deploys by itself where it is to.
func TestReimportApi(t *testing.T) {
	f := newFixture(t)
	f.route(f.http, "GET /old", f.integrate(f.http))
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "$default", AutoDeploy: value(true)}))(t)
	before := f.served("$default")
	got := must(f.ReimportApi(f.ctx, &apigatewayv2.ReimportApiInput{ApiId: f.http, Body: definition}))(t)
	if *got.ApiId != f.http || *got.Name != "Shelter" || f.served("$default") == before {
		t.Errorf("%+v", got)
	}
	if content := f.content(f.http); len(content.Routes) != 2 || len(content.Integrations) != 1 {
		t.Errorf("%+v", content)
	}
	_, err := f.ReimportApi(f.ctx, &apigatewayv2.ReimportApiInput{ApiId: f.ws, Body: definition})
	wantError(t, err, badRequestCode, messageImportProtocol)
}
