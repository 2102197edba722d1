package apis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/apigatewayv2"
)

const listenerArn = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/a/b/c"

// Source: http-api-develop-integrations*.md and the API reference; of the messages those
// that messages.go calls observed are AWS's.
func TestCreateIntegration_http(t *testing.T) {
	f := newFixture(t)
	link := must(f.CreateVpcLink(f.ctx, &apigatewayv2.CreateVpcLinkInput{Name: "l", SubnetIds: []string{"s"}}))(t).VpcLinkId
	type in = apigatewayv2.CreateIntegrationInput
	v1, v2, get, url, function := value("1.0"), value("2.0"), value("GET"), value("https://a.example/{x}"), value(functionArn)
	sqs := map[string]string{"QueueUrl": "q", "MessageBody": "$request.body"}
	for name, row := range map[string]struct {
		in            in
		code, message string
	}{
		"proxy":                    {in: in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url}},
		"function":                 {in: in{IntegrationType: "AWS_PROXY", IntegrationUri: function, PayloadFormatVersion: v2}},
		"function by stage":        {in: in{IntegrationType: "AWS_PROXY", IntegrationUri: value("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${stageVariables.f}/invocations"), PayloadFormatVersion: v1}},
		"private":                  {in: in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: value(listenerArn), ConnectionType: "VPC_LINK", ConnectionId: link, TlsConfig: &apigatewayv2.TlsConfigInput{ServerNameToVerify: value("a")}}},
		"service":                  {in: in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-SendMessage"), PayloadFormatVersion: v1, CredentialsArn: value(roleArn), RequestParameters: sqs}},
		"parameters":               {in: in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, RequestParameters: map[string]string{"overwrite:path": "/x/${request.path.x}", "remove:header.y": ""}, ResponseParameters: map[string]map[string]string{"404": {"overwrite:statuscode": "410"}}}},
		"type":                     {in{IntegrationType: "AWS", IntegrationUri: function}, badRequestCode, messageHttpIntegrationType},
		"no payload format":        {in{IntegrationType: "AWS_PROXY", IntegrationUri: function}, badRequestCode, "PayloadFormatVersion is a required parameter for integration type AWS_PROXY"},
		"payload format of proxy":  {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, PayloadFormatVersion: v2}, badRequestCode, "Invalid PayloadFormatVersion specified. Supported versions for this integration are 1.0"},
		"no uri":                   {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get}, badRequestCode, messageIntegrationUriNeeded + "HTTP_PROXY"},
		"no method":                {in{IntegrationType: "HTTP_PROXY", IntegrationUri: url}, badRequestCode, messageIntegrationMethodNeeded + "HTTP_PROXY"},
		"no url":                   {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: value("ftp://a")}, badRequestCode, messageInvalidHttpUri},
		"no function":              {in{IntegrationType: "AWS_PROXY", IntegrationUri: value("arn:aws:sqs:us-east-1:0:q"), PayloadFormatVersion: v1}, badRequestCode, messageInvalidFunctionUri},
		"timeout":                  {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, TimeoutInMillis: value(int32(30001))}, badRequestCode, messageHttpTimeout},
		"private without id":       {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: value(listenerArn), ConnectionType: "VPC_LINK"}, badRequestCode, messageConnectionIdNeeded},
		"private to a url":         {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, ConnectionType: "VPC_LINK", ConnectionId: link}, badRequestCode, messageVpcLinkUri},
		"private by an unknown":    {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: value(listenerArn), ConnectionType: "VPC_LINK", ConnectionId: value("x")}, badRequestCode, messageInvalidVpcLink + ": x"},
		"public with tls":          {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, TlsConfig: &apigatewayv2.TlsConfigInput{ServerNameToVerify: value("a")}}, badRequestCode, messageTlsConfig},
		"passthrough of Terraform": {in: in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, PassthroughBehavior: "WHEN_NO_MATCH"}},
		"passthrough":              {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, PassthroughBehavior: "NEVER"}, badRequestCode, "PassthroughBehavior is only supported for protocol type WEBSOCKET"},
		"templates":                {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, RequestTemplates: map[string]string{"a": "b"}}, badRequestCode, "RequestTemplates is only supported for protocol type WEBSOCKET"},
		"service without role":     {in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-SendMessage"), PayloadFormatVersion: v1, RequestParameters: sqs}, badRequestCode, messageSubtypeCredentials + "SQS-SendMessage"},
		"service unknown":          {in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-Send"), PayloadFormatVersion: v1}, badRequestCode, "Invalid integration subtype specified: SQS-Send"},
		"service without message":  {in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-SendMessage"), PayloadFormatVersion: v1, CredentialsArn: value(roleArn)}, badRequestCode, "Missing required request parameters for integration subtype SQS-SendMessage: [QueueUrl, MessageBody]"},
		"service with another":     {in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-PurgeQueue"), PayloadFormatVersion: v1, CredentialsArn: value(roleArn), RequestParameters: sqs}, badRequestCode, "Invalid request parameter specified for integration subtype SQS-PurgeQueue: MessageBody"},
		"reserved header":          {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, RequestParameters: map[string]string{"append:header.via": "x"}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Operations on header via are restricted]"},
		"unknown mapping":          {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, RequestParameters: map[string]string{"set:header.x": "x"}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: set:header.x]"},
		"status of a mapping":      {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, ResponseParameters: map[string]map[string]string{"99": {}}}, badRequestCode, messageStatusCode + "99"},
		"cloud map":                {in: in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: value("arn:aws:servicediscovery:us-east-1:0:service/srv-1?stage=prod"), ConnectionType: "VPC_LINK", ConnectionId: link}},
		"credentials are no arn":   {in{IntegrationType: "AWS_PROXY", IntegrationUri: function, PayloadFormatVersion: v2, CredentialsArn: value("me")}, badRequestCode, messageInvalidRoleArn},
		"response of a bad source": {in{IntegrationType: "HTTP_PROXY", IntegrationMethod: get, IntegrationUri: url, ResponseParameters: map[string]map[string]string{"200": {"append:header.x": "$request.header.y"}}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: $request.header.y]"},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.ApiId = f.http
			_, err := f.CreateIntegration(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
}

// Source: apigateway-websocket-api-integration-requests.md, websocket-api-data-mapping.md.
func TestCreateIntegration_webSocket(t *testing.T) {
	f := newFixture(t)
	type in = apigatewayv2.CreateIntegrationInput
	uri := value("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + functionArn + "/invocations")
	mock := in{ApiId: f.ws, IntegrationType: "MOCK", RequestTemplates: map[string]string{"200": `{"statusCode":200}`}, TemplateSelectionExpression: value("200")}
	got := must(f.CreateIntegration(f.ctx, &mock))(t)
	if *got.TimeoutInMillis != 29000 || got.PassthroughBehavior != "WHEN_NO_MATCH" || *got.PayloadFormatVersion != "1.0" || got.ConnectionType != "INTERNET" {
		t.Errorf("%+v", got)
	}
	for name, row := range map[string]struct {
		in            in
		code, message string
	}{
		"function": {in: in{IntegrationType: "AWS_PROXY", IntegrationUri: uri}},
		"mapping":  {in: in{IntegrationType: "AWS", IntegrationUri: uri, RequestParameters: map[string]string{"integration.request.header.connectionId": "context.connectionId", "integration.request.querystring.a": "'b'", "integration.request.header.c": "route.request.body.d"}}},
		"link":     {in: in{IntegrationType: "HTTP_PROXY", IntegrationUri: value("http://nlb.example/x"), IntegrationMethod: value("POST"), ConnectionType: "VPC_LINK", ConnectionId: value("${stageVariables.link}")}},
		"no link":  {in{IntegrationType: "HTTP", IntegrationUri: value("http://nlb.example/x"), IntegrationMethod: value("POST"), ConnectionType: "VPC_LINK", ConnectionId: value("abc123")}, badRequestCode, messageInvalidVpcLink + ": abc123"},
		"timeout":  {in{IntegrationType: "MOCK", TimeoutInMillis: value(int32(30000))}, badRequestCode, messageWebSocketTimeout},
		"subtype":  {in{IntegrationType: "AWS_PROXY", IntegrationSubtype: value("SQS-SendMessage")}, badRequestCode, "IntegrationSubtype is only supported for protocol type HTTP"},
		"arn":      {in{IntegrationType: "AWS", IntegrationUri: value(functionArn)}, badRequestCode, messageInvalidArn},
		"service":  {in: in{IntegrationType: "AWS", IntegrationUri: value("arn:aws:apigateway:us-east-1:dynamodb:action/PutItem"), CredentialsArn: value("arn:aws:iam::000000000000:role/r")}},
		"no role":  {in{IntegrationType: "AWS", IntegrationUri: value("arn:aws:apigateway:us-east-1:dynamodb:action/PutItem")}, badRequestCode, "Role ARN must be specified for AWS integrations"},
		"proxy":    {in{IntegrationType: "AWS_PROXY", IntegrationUri: value("arn:aws:apigateway:us-east-1:dynamodb:action/PutItem")}, badRequestCode, "Gatehouse does not support integrationUri of AWS_PROXY that names an AWS service other than a Lambda function of Integration yet: proxies call Lambda functions alone"},
		"payload":  {in{IntegrationType: "AWS_PROXY", IntegrationUri: uri, PayloadFormatVersion: value("2.0")}, badRequestCode, "Invalid PayloadFormatVersion specified. Supported versions for this integration are 1.0"},
		"source":   {in{IntegrationType: "MOCK", RequestParameters: map[string]string{"integration.request.header.a": "method.request.header.b"}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.header.b]"},
		"target":   {in{IntegrationType: "MOCK", RequestParameters: map[string]string{"append:header.a": "'b'"}}, badRequestCode, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: append:header.a]"},
		"no url":   {in{IntegrationType: "HTTP", IntegrationMethod: value("GET")}, badRequestCode, messageIntegrationUriNeeded + "HTTP"},
	} {
		t.Run(name, func(t *testing.T) {
			row.in.ApiId = f.ws
			_, err := f.CreateIntegration(f.ctx, &row.in)
			wantError(t, err, row.code, row.message)
		})
	}
}

// Source: Terraform's provider, which removes entries with empty values.
func TestUpdateIntegration_merges(t *testing.T) {
	f := newFixture(t)
	id := f.integrate(f.http)
	update := func(request map[string]string, response map[string]map[string]string) *apigatewayv2.UpdateIntegrationOutput {
		t.Helper()
		return must(f.UpdateIntegration(f.ctx, &apigatewayv2.UpdateIntegrationInput{
			ApiId: f.http, IntegrationId: id, RequestParameters: request, ResponseParameters: response,
		}))(t)
	}
	update(map[string]string{"append:header.a": "1", "remove:header.b": ""}, map[string]map[string]string{"200": {"append:header.a": "1"}})
	got := update(map[string]string{"append:header.c": "3", "append:header.a": "", "remove:header.b": ""}, map[string]map[string]string{"200": {}, "404": {"overwrite:statuscode": "410"}})
	if diff := cmp.Diff(map[string]string{"append:header.c": "3", "remove:header.b": ""}, got.RequestParameters); diff != "" {
		t.Errorf("requestParameters (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]map[string]string{"404": {"overwrite:statuscode": "410"}}, got.ResponseParameters); diff != "" {
		t.Errorf("responseParameters (-want +got):\n%s", diff)
	}
	if *got.IntegrationUri != "https://example.com" {
		t.Errorf("uri %s", *got.IntegrationUri)
	}
}

// Source: observed (Terraform's users).
func TestDeleteIntegration_inUse(t *testing.T) {
	f := newFixture(t)
	integrationId := f.integrate(f.http)
	routeId := f.route(f.http, "GET /x", integrationId)
	in := &apigatewayv2.DeleteIntegrationInput{ApiId: f.http, IntegrationId: integrationId}
	_, err := f.DeleteIntegration(f.ctx, in)
	wantError(t, err, conflictCode, "Cannot delete Integration because it is referenced by the following Routes with Ids: ["+routeId+"]")
	must(f.DeleteRoute(f.ctx, &apigatewayv2.DeleteRouteInput{ApiId: f.http, RouteId: routeId}))(t)
	must(f.DeleteIntegration(f.ctx, in))(t)
}
