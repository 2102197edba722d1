package apis

import (
	"context"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/store"
)

func (f *fixture) domain(name string) {
	f.t.Helper()
	must(f.CreateDomainName(f.ctx, &apigatewayv2.CreateDomainNameInput{DomainName: name, DomainNameConfigurations: []apigatewayv2.DomainNameConfiguration{
		{CertificateArn: value("arn:aws:acm:us-east-1:000000000000:certificate/c")},
	}}))(f.t)
}

// staged gives the HTTP and the WebSocket API a stage s, and makes a REST API with one.
func (f *fixture) staged() (restApiId string) {
	f.t.Helper()
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.http, StageName: "s"}))(f.t)
	must(f.CreateStage(f.ctx, &apigatewayv2.CreateStageInput{ApiId: f.ws, StageName: "s"}))(f.t)
	at := records.Scope(scopeOf(f.ctx))
	err := f.Store.Update(context.Background(), func(tx *store.Tx) error {
		if err := records.RestApis.Put(tx, apigw.RestApi{Id: "rest"}, at, "rest"); err != nil {
			return err
		}
		return records.Stages.Put(tx, apigw.Stage{StageName: "s"}, at, "rest", "s")
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return "rest"
}

// Source: the API reference, http-api-custom-domain-names.md.
func TestCreateDomainName(t *testing.T) {
	f := newFixture(t)
	f.domain("Taken.example")
	good := apigatewayv2.DomainNameConfiguration{CertificateArn: value("arn:aws:acm:us-east-1:000000000000:certificate/c")}
	tls10, edge := good, good
	tls10.SecurityPolicy, edge.EndpointType = "TLS_1_0", "EDGE"
	type in = apigatewayv2.CreateDomainNameInput
	one := func(c apigatewayv2.DomainNameConfiguration) []apigatewayv2.DomainNameConfiguration {
		return []apigatewayv2.DomainNameConfiguration{c}
	}
	for name, row := range map[string]struct {
		in            in
		code, message string
	}{
		"wildcard":       {in: in{DomainName: "*.example.com", DomainNameConfigurations: one(good), RoutingMode: "ROUTING_RULE_ONLY"}},
		"taken":          {in{DomainName: "taken.example", DomainNameConfigurations: one(good)}, badRequestCode, messageDomainExists},
		"name":           {in{DomainName: "not a name", DomainNameConfigurations: one(good)}, badRequestCode, messageInvalidDomain},
		"configuration":  {in{DomainName: "a.example"}, badRequestCode, messageDomainConfiguration},
		"certificate":    {in{DomainName: "a.example", DomainNameConfigurations: one(apigatewayv2.DomainNameConfiguration{})}, badRequestCode, messageCertificateNeeded},
		"old protocol":   {in{DomainName: "a.example", DomainNameConfigurations: one(tls10)}, badRequestCode, "Gatehouse does not support securityPolicy TLS_1_0 of DomainName yet: TLS 1.0 is not offered"},
		"edge":           {in{DomainName: "a.example", DomainNameConfigurations: one(edge)}, badRequestCode, "Gatehouse does not support endpointType EDGE of DomainName yet: edge-optimized domains belong to REST APIs"},
		"mutual tls":     {in{DomainName: "a.example", DomainNameConfigurations: one(good), MutualTlsAuthentication: &apigatewayv2.MutualTlsAuthenticationInput{TruststoreUri: value("s3://b/k")}}, badRequestCode, "Gatehouse does not support mutualTlsAuthentication of DomainName yet: mutual TLS is not built"},
		"two of the one": {in{DomainName: "a.example", DomainNameConfigurations: append(one(good), good)}, badRequestCode, messageDomainConfiguration},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := f.CreateDomainName(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
}

// Source: rest-api-mappings.md, http-api-mappings.md; the messages of an existing key, of
// its letters and of a stage are observed.
func TestCreateApiMapping(t *testing.T) {
	f := newFixture(t)
	rest := f.staged()
	f.domain("api.example")
	f.domain("ws.example")
	create := func(domainName, apiId, stage, key string) error {
		_, err := f.CreateApiMapping(f.ctx, &apigatewayv2.CreateApiMappingInput{DomainName: domainName, ApiId: apiId, Stage: stage, ApiMappingKey: &key})
		return err
	}
	for _, row := range []struct{ domainName, apiId, stage, key, code, message string }{
		{"api.example", f.http, "s", "", "", ""},
		{"api.example", rest, "s", "v1/rest", "", ""},
		{"ws.example", f.ws, "s", "", "", ""},
		{"api.example", f.http, "s", "", conflictCode, messageMappingExists},
		{"api.example", f.http, "s", "a b", badRequestCode, messageMappingKey},
		{"api.example", f.http, "s", "/", badRequestCode, messageMappingSlashes},
		{"api.example", f.http, "t", "x", badRequestCode, messageInvalidStage},
		{"api.example", missingId, "s", "x", notFoundCode, "Invalid API identifier specified 000000000000:" + missingId},
		{"api.example", f.ws, "s", "x", badRequestCode, messageMappingWebSocket},
		{"ws.example", f.http, "s", "x", badRequestCode, messageMappingWebSocket},
		{"none.example", f.http, "s", "x", notFoundCode, "Invalid domain name identifier specified"},
	} {
		wantError(t, create(row.domainName, row.apiId, row.stage, row.key), row.code, row.message)
	}
	_, err := f.DeleteStage(f.ctx, &apigatewayv2.DeleteStageInput{ApiId: f.http, StageName: "s"})
	wantError(t, err, badRequestCode, "Deleting stage s failed. Please remove all base path mappings related to the stage in your domains: api.example.")
	_, err = f.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: f.http})
	wantError(t, err, badRequestCode, "Deleting API "+f.http+" failed. Please remove all API mappings for the API from your custom domain names.")
	must(f.DeleteDomainName(f.ctx, &apigatewayv2.DeleteDomainNameInput{DomainName: "API.example"}))(t)
	must(f.DeleteApi(f.ctx, &apigatewayv2.DeleteApiInput{ApiId: f.http}))(t)
}

// Source: rest-api-routing-rules of the guide, as of today; the messages are unconfirmed.
func TestRoutingRules(t *testing.T) {
	f := newFixture(t)
	f.staged()
	f.domain("api.example")
	invoke := func(apiId string) []apigatewayv2.RoutingRuleAction {
		return []apigatewayv2.RoutingRuleAction{{InvokeApi: &apigatewayv2.RoutingRuleActionInvokeApi{ApiId: apiId, Stage: "s"}}}
	}
	header := apigatewayv2.RoutingRuleCondition{MatchHeaders: &apigatewayv2.RoutingRuleMatchHeaders{AnyOf: []apigatewayv2.RoutingRuleMatchHeaderValue{{Header: "X-A", ValueGlob: "b*"}}}}
	path := apigatewayv2.RoutingRuleCondition{MatchBasePaths: &apigatewayv2.RoutingRuleMatchBasePaths{AnyOf: []string{"v1"}}}
	create := func(priority int32, actions []apigatewayv2.RoutingRuleAction, conditions ...apigatewayv2.RoutingRuleCondition) (string, error) {
		out, err := f.CreateRoutingRule(f.ctx, &apigatewayv2.CreateRoutingRuleInput{DomainName: "api.example", Priority: priority, Actions: actions, Conditions: conditions})
		if err != nil {
			return "", err
		}
		return *out.RoutingRuleId, nil
	}
	second := must(create(20, invoke(f.http), header, path, header))(t)
	first := must(create(10, invoke(f.http)))(t)
	for name, row := range map[string]struct {
		priority   int32
		actions    []apigatewayv2.RoutingRuleAction
		conditions []apigatewayv2.RoutingRuleCondition
		code       string
		message    string
	}{
		"priority taken":    {10, invoke(f.http), nil, conflictCode, messagePriorityTaken},
		"priority":          {0, invoke(f.http), nil, badRequestCode, messageRulePriority},
		"three headers":     {30, invoke(f.http), []apigatewayv2.RoutingRuleCondition{header, header, header}, badRequestCode, messageRuleConditions},
		"two paths":         {30, invoke(f.http), []apigatewayv2.RoutingRuleCondition{path, path}, badRequestCode, messageRuleConditions},
		"both in one":       {30, invoke(f.http), []apigatewayv2.RoutingRuleCondition{{MatchHeaders: header.MatchHeaders, MatchBasePaths: path.MatchBasePaths}}, badRequestCode, messageRuleConditions},
		"no action":         {30, nil, nil, badRequestCode, messageRuleAction},
		"websocket":         {30, invoke(f.ws), nil, badRequestCode, messageRuleWebSocket},
		"nothing to invoke": {30, invoke(missingId), nil, notFoundCode, "Invalid API identifier specified 000000000000:" + missingId},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := create(row.priority, row.actions, row.conditions...)
			wantError(t, err, row.code, row.message)
		})
	}
	listed := must(f.ListRoutingRules(f.ctx, &apigatewayv2.ListRoutingRulesInput{DomainName: "api.example"}))(t).RoutingRules
	if len(listed) != 2 || *listed[0].RoutingRuleId != first || len(listed[1].Conditions) != 3 {
		t.Errorf("%+v", listed)
	}
	must(f.PutRoutingRule(f.ctx, &apigatewayv2.PutRoutingRuleInput{DomainName: "api.example", RoutingRuleId: second, Priority: 5, Actions: invoke(f.http)}))(t)
	page := must(f.ListRoutingRules(f.ctx, &apigatewayv2.ListRoutingRulesInput{DomainName: "api.example", MaxResults: value(int32(1))}))(t)
	if len(page.RoutingRules) != 1 || *page.RoutingRules[0].RoutingRuleId != second || page.NextToken == nil {
		t.Errorf("%+v", page)
	}
}
