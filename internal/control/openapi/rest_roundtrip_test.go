package openapi

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
)

// What is written with integrations and authorizers is read as the same API, in both
// versions and both formats.
func TestRestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snapshot := anySnapshot(t)
		options := restOptions("")
		options.WithoutDocumentation = true
		document, err := WriteRest(RestExport{
			Snapshot: snapshot, ServerUrl: "https://a1b2c3.execute-api.eu-west-1.amazonaws.com", StageName: "prod", ModelUrl: options.ModelUrl,
			Swagger: rapid.Bool().Draw(t, "swagger"), Format: rapid.SampledFrom([]string{FormatJSON, FormatYAML}).Draw(t, "format"),
			Integrations: true, Authorizers: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		read, err := ReadRest(document, options)
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		byName := cmpopts.SortSlices(func(x, y apigw.Authorizer) bool { return x.Name < y.Name })
		if diff := cmp.Diff(asDefinition(snapshot), read, cmpopts.EquateEmpty(), byName); diff != "" {
			t.Fatalf("(-written +read):\n%s\n%s", diff, document)
		}
	})
}

// asDefinition is a snapshot as its definition is read: names in place of ids.
func asDefinition(s deployment.Snapshot) *RestDefinition {
	d := &RestDefinition{RestApi: s.RestApi, Models: s.Models, GatewayResponses: s.GatewayResponses}
	if d.RestApi.ApiKeySource == "HEADER" {
		d.RestApi.ApiKeySource = "" // the default is not written
	}
	validators, authorizers := map[string]string{}, map[string]string{}
	for _, validator := range s.RequestValidators {
		validators[validator.Id], validator.Id = validator.Name, ""
		d.RequestValidators = append(d.RequestValidators, validator)
	}
	for _, authorizer := range s.Authorizers {
		authorizers[authorizer.Id], authorizer.Id = authorizer.Name, ""
		d.Authorizers = append(d.Authorizers, authorizer)
	}
	for _, resource := range s.Resources {
		d.Paths = append(d.Paths, resource.Path)
		for _, name := range slices.Sorted(maps.Keys(resource.Methods)) {
			method := resource.Methods[name]
			read := RestMethod{Path: resource.Path, Authorizer: authorizers[method.AuthorizerId], RequestValidator: validators[method.RequestValidatorId]}
			method.AuthorizerId, method.RequestValidatorId = "", ""
			read.Method = method
			d.Methods = append(d.Methods, read)
		}
	}
	return d
}

var (
	anyText     = rapid.StringMatching(`[ -~é✓]{1,12}`)
	anyName     = rapid.StringMatching(`[a-z]{1,6}`)
	anyEntries  = rapid.MapOfN(rapid.StringMatching(`[a-z]{1,5}/[a-z+]{1,5}`), anyText, 0, 2)
	anyHandling = rapid.SampledFrom([]string{"", "CONVERT_TO_TEXT", "CONVERT_TO_BINARY"})
)

func anySnapshot(t *rapid.T) deployment.Snapshot {
	s := deployment.Snapshot{
		RestApi: apigw.RestApi{
			Name: anyText.Draw(t, "name"), Description: rapid.SampledFrom([]string{"", "d: e\n"}).Draw(t, "description"), Version: anyText.Draw(t, "version"),
			ApiKeySource: rapid.SampledFrom([]string{"HEADER", "AUTHORIZER"}).Draw(t, "source"), BinaryMediaTypes: rapid.SliceOfN(rapid.Just("image/png"), 0, 1).Draw(t, "binary"),
		},
		Models: []apigw.Model{
			{Name: "Empty", ContentType: contentTypeJSON, Schema: "{ }"},
			{Name: "Pet", ContentType: contentTypeJSON, Schema: "{\n  \"$ref\" : \"https://apigateway.amazonaws.com/restapis/a1b2c3/models/Empty\"\n}"},
		},
		RequestValidators: []apigw.RequestValidator{{Id: "v1", Name: "all", ValidateRequestBody: true, ValidateRequestParameters: rapid.Bool().Draw(t, "parameters")}},
		Authorizers:       anyAuthorizers(t),
		GatewayResponses: []apigw.GatewayResponse{{
			ResponseType: "DEFAULT_4XX", StatusCode: rapid.SampledFrom([]string{"", "418"}).Draw(t, "code"), ResponseTemplates: anyEntries.Draw(t, "templates"),
		}},
	}
	s.Models[0].Schema = "{}"
	for _, path := range rapid.SliceOfNDistinct(rapid.StringMatching(`/[a-z]{1,4}(/\{[a-z]{1,3}\+?\})?`), 1, 3, rapid.ID).Draw(t, "paths") {
		resource := apigw.Resource{Id: "r" + path, Path: path, Methods: map[string]apigw.Method{}}
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(apigw.HttpMethods), 1, 3, rapid.ID).Draw(t, "methods") {
			resource.Methods[name] = anyMethod(t, name, s.Authorizers)
		}
		s.Resources = append(s.Resources, resource)
	}
	return s
}

func anyAuthorizers(t *rapid.T) []apigw.Authorizer {
	ttl := rapid.Int32Range(0, 3600).Draw(t, "ttl")
	return []apigw.Authorizer{
		{Id: "a1", Name: "token", Type: authorizerToken, AuthType: "custom", AuthorizerUri: anyText.Draw(t, "uri"), IdentitySource: "method.request.header.Auth", AuthorizerResultTtlInSeconds: &ttl},
		{Id: "a2", Name: "request", Type: authorizerRequest, AuthType: "oauth2", AuthorizerUri: "arn", IdentitySource: rapid.SampledFrom([]string{
			"", "method.request.header.a", "method.request.header.a,context.b",
		}).Draw(t, "sources")},
		{Id: "a3", Name: "pool", Type: authorizationCognito, AuthType: "cognito_user_pools", ProviderARNs: []string{"arn:1", "arn:2"}, IdentitySource: "method.request.header.Authorization"},
	}
}

func anyMethod(t *rapid.T, name string, authorizers []apigw.Authorizer) apigw.Method {
	method := apigw.Method{
		HttpMethod: name, OperationName: rapid.SampledFrom([]string{"", "Op"}).Draw(t, "operation"), AuthorizationType: authorizationNone,
		ApiKeyRequired: rapid.Bool().Draw(t, "key"), RequestValidatorId: rapid.SampledFrom([]string{"", "v1"}).Draw(t, "validator"),
	}
	switch kind := rapid.IntRange(-2, len(authorizers)-1).Draw(t, "authorization"); {
	case kind == -1:
		method.AuthorizationType = authorizationIam
	case kind >= 0 && authorizers[kind].Type == authorizationCognito:
		method.AuthorizationType, method.AuthorizerId = authorizationCognito, authorizers[kind].Id
		method.AuthorizationScopes = rapid.SliceOfN(anyName, 0, 2).Draw(t, "scopes")
	case kind >= 0:
		method.AuthorizationType, method.AuthorizerId = authorizationCustom, authorizers[kind].Id
	}
	if rapid.Bool().Draw(t, "has parameters") {
		method.RequestParameters = map[string]bool{"method.request.querystring.a.b": rapid.Bool().Draw(t, "required"), "method.request.header.X": false, "method.request.path.id": true}
		method.RequestModels = map[string]string{contentTypeJSON: "Pet"}
	}
	if rapid.Bool().Draw(t, "has responses") {
		method.MethodResponses = map[string]apigw.MethodResponse{
			"200": {StatusCode: "200", ResponseParameters: map[string]bool{"method.response.header.ETag": rapid.Bool().Draw(t, "etag")}, ResponseModels: map[string]string{contentTypeJSON: "Empty"}},
			"404": {StatusCode: "404"},
		}
	}
	if rapid.Bool().Draw(t, "has integration") {
		method.MethodIntegration = anyIntegration(t)
	}
	return method
}

func anyIntegration(t *rapid.T) *apigw.Integration {
	return &apigw.Integration{
		Type: rapid.SampledFrom([]string{"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"}).Draw(t, "type"), HttpMethod: rapid.SampledFrom([]string{"", "POST", "ANY"}).Draw(t, "httpMethod"),
		Uri: rapid.SampledFrom([]string{"", "http://a/{b}?c=${stageVariables.d}"}).Draw(t, "uri"), ConnectionType: rapid.SampledFrom([]string{"", "INTERNET", "VPC_LINK"}).Draw(t, "connection"),
		Credentials: rapid.SampledFrom([]string{"", "arn:aws:iam::*:user/*"}).Draw(t, "credentials"), RequestTemplates: anyEntries.Draw(t, "templates"),
		RequestParameters:   rapid.MapOfN(rapid.Just("integration.request.header.a"), anyText, 0, 1).Draw(t, "parameters"),
		PassthroughBehavior: rapid.SampledFrom([]string{"WHEN_NO_MATCH", "NEVER"}).Draw(t, "passthrough"), ContentHandling: anyHandling.Draw(t, "handling"),
		TimeoutInMillis: rapid.Int32Range(50, 29000).Draw(t, "timeout"), CacheNamespace: rapid.SampledFrom([]string{"", "c"}).Draw(t, "namespace"),
		CacheKeyParameters: rapid.SliceOfN(anyName, 0, 1).Draw(t, "keys"),
		IntegrationResponses: map[string]apigw.IntegrationResponse{
			"200": {StatusCode: "200", ResponseTemplates: anyEntries.Draw(t, "answers"), ContentHandling: anyHandling.Draw(t, "answer handling")},
			"404": {StatusCode: "404", SelectionPattern: `4\d{2}|(\n|.)+`},
		},
	}
}

// The documentation of a stage comes back from the extension, and OpenAPI's own members
// show it (guide: api-gateway-documenting-api-quick-start-publishing.md).
func TestWriteRest_documentation(t *testing.T) {
	part := func(location apigw.DocumentationPartLocation, properties string) apigw.DocumentationPart {
		full, _, _, _ := location.Complete()
		return apigw.DocumentationPart{Location: full, Properties: properties}
	}
	parts := []apigw.DocumentationPart{
		part(apigw.DocumentationPartLocation{Type: "API"}, `{"info":{"description":"API info","foo":"not written","x-bar":"b"},"x-bar":"API x-bar"}`),
		part(apigw.DocumentationPartLocation{Type: "METHOD"}, `{"description":"any method","foo":"not written"}`),
		part(apigw.DocumentationPartLocation{Type: "METHOD", Path: "/pets", Method: "GET"}, `{"summary":"Lists pets"}`),
		part(apigw.DocumentationPartLocation{Type: "RESPONSE", StatusCode: "404"}, `{"description":"no such pet"}`),
		part(apigw.DocumentationPartLocation{Type: "RESPONSE", Path: "/pets", StatusCode: "404"}, `{"description":"no pets"}`),
	}
	method := func(httpMethod string) apigw.Method {
		return apigw.Method{HttpMethod: httpMethod, MethodResponses: map[string]apigw.MethodResponse{"200": {}, "404": {}}}
	}
	snapshot := deployment.Snapshot{RestApi: apigw.RestApi{Name: "doc", Version: "1"}, Resources: []apigw.Resource{
		{Id: "r1", Path: "/", Methods: map[string]apigw.Method{"GET": method("GET")}},
		{Id: "r2", Path: "/pets", Methods: map[string]apigw.Method{"GET": method("GET"), "POST": method("POST")}},
	}}
	document, err := WriteRest(RestExport{
		Snapshot: snapshot, Documentation: apigw.DocumentationVersion{Version: "1.0.0", Parts: parts}, Swagger: true, DocumentationParts: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	root, err := parse(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		path []string
		want string
	}{
		{[]string{"info", "description"}, "API info"},
		{[]string{"info", "x-bar"}, "b"},
		{[]string{"info", "foo"}, ""},
		{[]string{"x-bar"}, "API x-bar"},
		{[]string{"paths", "/", "get", "description"}, "any method"},
		{[]string{"paths", "/", "get", "foo"}, ""},
		{[]string{"paths", "/pets", "get", "summary"}, "Lists pets"},
		{[]string{"paths", "/pets", "get", "description"}, ""},
		{[]string{"paths", "/pets", "post", "description"}, "any method"},
		{[]string{"paths", "/", "get", "responses", "200", "description"}, "200 response"},
		{[]string{"paths", "/", "get", "responses", "404", "description"}, "no such pet"},
		{[]string{"paths", "/pets", "get", "responses", "404", "description"}, "no pets"},
		{[]string{extensionDocument, "version"}, "1.0.0"},
	} {
		if got := root.get(row.path...).text(); got != row.want {
			t.Errorf("%v is %q, want %q", row.path, got, row.want)
		}
	}
	read, err := ReadDocumentation(document)
	if err != nil {
		t.Fatal(err)
	}
	if len(read) != len(parts) {
		t.Fatalf("%d parts are read of %d", len(read), len(parts))
	}
	for i := range read {
		if merged := MergeDocumentation(parts, read); merged[i] != parts[i] {
			t.Errorf("%v became %v", parts[i], merged[i])
		}
	}
}

// The message is the guide's (api-gateway-export-api.md), its end ours.
func TestWriteRest_onlyJSONModels(t *testing.T) {
	post := apigw.Method{HttpMethod: "POST", RequestModels: map[string]string{"application/xml": "Empty"}}
	snapshot := deployment.Snapshot{Resources: []apigw.Resource{{Path: "/", Methods: map[string]apigw.Method{"POST": post}}}}
	_, err := WriteRest(RestExport{Snapshot: snapshot, Swagger: true})
	if want := "Only found non-JSON body models for POST /"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
