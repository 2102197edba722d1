package app

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/plan"
)

const testQueueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/orders"

// subtypeCase is one first-class integration: what the service must see.
type subtypeCase struct {
	parameters  map[string]string
	method, url string // POST /?…; the method is POST unless it says otherwise
	scope       string
	target      string
	contentType string
	// form or members is what the body holds, in the protocol of the service.
	form    map[string]string
	members string
}

const (
	formType = "application/x-www-form-urlencoded; charset=utf-8"
	json10   = "application/x-amz-json-1.0"
	json11   = "application/x-amz-json-1.1"
)

// Source: guide, http-api-develop-integrations-aws-services-reference.md; the services'
// own protocols from botocore's models.
var subtypeCases = map[string]subtypeCase{
	"EventBridge-PutEvents": {
		parameters: map[string]string{
			"Detail": "$request.body", "DetailType": "order", "Source": "$request.querystring.source", "Time": "2025-01-02T03:04:05Z",
			"EventBusName": "bus", "Resources": "arn:a,arn:b", "TraceHeader": "Root=1", "Region": "eu-west-1",
		},
		url: "/", scope: "eu-west-1 events", target: "AWSEvents.PutEvents", contentType: json11,
		members: `{"Entries":[{"Detail":"{\"id\":\"7\"}","DetailType":"order","Source":"shop","Time":1735787045,"EventBusName":"bus","Resources":["arn:a","arn:b"],"TraceHeader":"Root=1"}]}`,
	},
	"SQS-SendMessage": {
		parameters: map[string]string{
			"QueueUrl": testQueueUrl, "MessageBody": "$request.body.id", "DelaySeconds": "5", "MessageGroupId": "$context.apiId", "MessageDeduplicationId": "$request.header.x-id",
			"MessageAttributes":       `{"kind":{"DataType":"String","StringValue":"${request.querystring.source}"}}`,
			"MessageSystemAttributes": `{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1"}}`,
		},
		url: "/000000000000/orders", scope: "us-east-1 sqs", contentType: formType,
		form: map[string]string{
			"Action": "SendMessage", "Version": "2012-11-05", "QueueUrl": testQueueUrl, "MessageBody": "7", "DelaySeconds": "5", "MessageGroupId": "API", "MessageDeduplicationId": "x 1",
			"MessageAttribute.1.Name": "kind", "MessageAttribute.1.Value.DataType": "String", "MessageAttribute.1.Value.StringValue": "shop",
			"MessageSystemAttribute.1.Name": "AWSTraceHeader", "MessageSystemAttribute.1.Value.DataType": "String", "MessageSystemAttribute.1.Value.StringValue": "Root=1",
		},
	},
	"SQS-ReceiveMessage": {
		parameters: map[string]string{
			"QueueUrl": testQueueUrl, "AttributeNames": `["SentTimestamp","All"]`, "MessageAttributeNames": "kind,color", "MaxNumberOfMessages": "3",
			"ReceiveRequestAttemptId": "r", "VisibilityTimeout": "1", "WaitTimeSeconds": "2",
		},
		url: "/000000000000/orders", scope: "us-east-1 sqs", contentType: formType,
		form: map[string]string{
			"Action": "ReceiveMessage", "Version": "2012-11-05", "QueueUrl": testQueueUrl, "AttributeName.1": "SentTimestamp", "AttributeName.2": "All",
			"MessageAttributeName.1": "kind", "MessageAttributeName.2": "color", "MaxNumberOfMessages": "3", "ReceiveRequestAttemptId": "r", "VisibilityTimeout": "1", "WaitTimeSeconds": "2",
		},
	},
	"SQS-DeleteMessage": {
		parameters: map[string]string{"QueueUrl": testQueueUrl, "ReceiptHandle": "$request.querystring.source"},
		url:        "/000000000000/orders", scope: "us-east-1 sqs", contentType: formType,
		form: map[string]string{"Action": "DeleteMessage", "Version": "2012-11-05", "QueueUrl": testQueueUrl, "ReceiptHandle": "shop"},
	},
	"SQS-PurgeQueue": {
		parameters: map[string]string{"QueueUrl": testQueueUrl},
		url:        "/000000000000/orders", scope: "us-east-1 sqs", contentType: formType,
		form: map[string]string{"Action": "PurgeQueue", "Version": "2012-11-05", "QueueUrl": testQueueUrl},
	},
	"AppConfig-GetConfiguration": {
		parameters: map[string]string{"Application": "my app", "Environment": "e", "Configuration": "c/d", "ClientId": "$request.header.x-id", "ClientConfigurationVersion": "4"},
		method:     "GET", url: "/applications/my%20app/environments/e/configurations/c%2Fd?client_configuration_version=4&client_id=x+1", scope: "us-east-1 appconfig",
	},
	"Kinesis-PutRecord": {
		parameters: map[string]string{"StreamName": "s", "Data": "eA==", "PartitionKey": "$request.body.id", "SequenceNumberForOrdering": "1", "ExplicitHashKey": "2"},
		url:        "/", scope: "us-east-1 kinesis", target: "Kinesis_20131202.PutRecord", contentType: json11,
		members: `{"StreamName":"s","Data":"eA==","PartitionKey":"7","SequenceNumberForOrdering":"1","ExplicitHashKey":"2"}`,
	},
	"StepFunctions-StartExecution": {
		parameters: map[string]string{"StateMachineArn": "arn:m", "Name": "$request.body.id", "Input": "$request.body"},
		url:        "/", scope: "us-east-1 states", target: "AWSStepFunctions.StartExecution", contentType: json10,
		members: `{"stateMachineArn":"arn:m","name":"7","input":"{\"id\":\"7\"}"}`,
	},
	"StepFunctions-StartSyncExecution": {
		parameters: map[string]string{"StateMachineArn": "arn:m", "Name": "n", "Input": "$request.body", "TraceHeader": "Root=1"},
		url:        "/", scope: "us-east-1 states", target: "AWSStepFunctions.StartSyncExecution", contentType: json10,
		members: `{"stateMachineArn":"arn:m","name":"n","input":"{\"id\":\"7\"}","traceHeader":"Root=1"}`,
	},
	"StepFunctions-StopExecution": {
		parameters: map[string]string{"ExecutionArn": "arn:e", "Cause": "$request.querystring.source", "Error": "E"},
		url:        "/", scope: "us-east-1 states", target: "AWSStepFunctions.StopExecution", contentType: json10,
		members: `{"executionArn":"arn:e","cause":"shop","error":"E"}`,
	},
}

// Every subtype there is works end to end: what the service sees is what the parameters
// say, signed for the service, and the caller gets the service's own answer.
func TestServiceIntegrations_subtypes(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(maps.Keys(plan.HttpServices)), slices.Sorted(maps.Keys(subtypeCases))); diff != "" {
		t.Fatalf("cases for all subtypes: %s", diff)
	}
	server, service := withServices(t)
	service.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		w.Header().Set("X-Amzn-Requestid", "r-1")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "<done/>")
	}
	for subtype, c := range subtypeCases {
		t.Run(subtype, func(t *testing.T) {
			known := plan.HttpServices[subtype]
			if len(c.parameters) < len(known.Required)+len(known.Optional) {
				t.Errorf("the case does not map all of %v %v", known.Required, known.Optional)
			}
			url, apiId := serviceRoute(t, server, subtype, c.parameters)
			response := post(t, url+"?source=shop")
			if response.StatusCode != http.StatusAccepted || response.Header.Get("Content-Type") != "text/xml" || response.Header.Get("X-Amzn-Requestid") != "r-1" || readAll(t, response) != "<done/>" {
				t.Errorf("the caller got %s %v", response.Status, response.Header)
			}
			c.check(t, service, apiId)
		})
	}
}

func (c subtypeCase) check(t *testing.T, service *recorder, apiId string) {
	t.Helper()
	request, body := service.seen(t)
	method := c.method
	if method == "" {
		method = "POST"
	}
	want := []string{method + " " + c.url, c.scope, c.target, c.contentType}
	got := []string{request.Method + " " + request.RequestURI, signedFor(request), request.Header.Get("X-Amz-Target"), request.Header.Get("Content-Type")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	switch {
	case c.form != nil:
		sent, err := url.ParseQuery(body)
		if err != nil {
			t.Fatal(err)
		}
		flat := map[string]string{}
		for name, values := range sent {
			flat[name] = strings.ReplaceAll(values[0], apiId, "API")
		}
		if diff := cmp.Diff(c.form, flat); diff != "" {
			t.Error(diff)
		}
	case c.members != "":
		var sent, wanted any
		if err := json.Unmarshal([]byte(body), &sent); err != nil {
			t.Fatal(err)
		}
		_ = json.Unmarshal([]byte(c.members), &wanted) // the case's own
		if diff := cmp.Diff(wanted, sent); diff != "" {
			t.Error(diff)
		}
	case body != "":
		t.Errorf("a body: %s", body)
	}
}

// serviceRoute makes an HTTP API whose POST /go calls a service, and returns where it answers.
func serviceRoute(t *testing.T, server *App, subtype string, parameters map[string]string) (address, apiId string) {
	t.Helper()
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "h", "protocolType": "HTTP"})["apiId"].(string)
	integration := call(t, server, "POST", "/v2/apis/"+api+"/integrations", map[string]any{
		"integrationType": "AWS_PROXY", "integrationSubtype": subtype, "payloadFormatVersion": "1.0", "credentialsArn": testRole, "requestParameters": parameters,
	})["integrationId"].(string)
	call(t, server, "POST", "/v2/apis/"+api+"/routes", map[string]any{"routeKey": "POST /go", "target": "integrations/" + integration})
	call(t, server, "POST", "/v2/apis/"+api+"/stages", map[string]any{"stageName": "$default", "autoDeploy": true})
	return server.URL() + "/_aws/execute-api/" + api + "/$default/go", api
}

func post(t *testing.T, url string) *http.Response {
	t.Helper()
	request, err := http.NewRequest("POST", url, strings.NewReader(`{"id":"7"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Id", "x 1")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func readAll(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A WebSocket API calls services too, and sends back what they answer.
func TestServiceIntegrations_webSocket(t *testing.T) {
	server, service := withServices(t)
	api := call(t, server, "POST", "/v2/apis", map[string]any{"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"})
	path := "/v2/apis/" + api["apiId"].(string)
	made := call(t, server, "POST", path+"/integrations", map[string]any{
		"integrationType": "AWS", "integrationUri": "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem", "integrationMethod": "POST", "credentialsArn": testRole,
		"requestTemplates": map[string]string{"$default": `{"TableName":"t","Item":{"id":{"S":"$input.path('$.text')"}}}`},
	})
	integration := made["integrationId"].(string)
	if made["integrationResponseSelectionExpression"] != "${integration.response.statuscode}" {
		t.Errorf("got %v", made)
	}
	for key, template := range map[string]string{"/2../": `stored`, "$default": `refused`} {
		call(t, server, "POST", path+"/integrations/"+integration+"/integrationresponses", map[string]any{
			"integrationResponseKey": key, "responseTemplates": map[string]string{"$default": template},
		})
	}
	route := call(t, server, "POST", path+"/routes", map[string]any{"routeKey": "put", "target": "integrations/" + integration, "routeResponseSelectionExpression": "$default"})["routeId"].(string)
	call(t, server, "POST", path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	deployment := call(t, server, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	call(t, server, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})

	client := dialSocket(t, server, api["apiId"].(string))
	if got := client.ask(t, `{"action":"put","text":"seven"}`); got != "stored" {
		t.Errorf("got %q", got)
	}
	request, body := service.seen(t)
	if got := []string{request.RequestURI, signedFor(request), request.Header.Get("X-Amz-Target"), body}; !slices.Equal(got, []string{
		"/?Action=PutItem", "eu-west-1 dynamodb", "DynamoDB_20120810.PutItem", `{"TableName":"t","Item":{"id":{"S":"seven"}}}`,
	}) {
		t.Errorf("got %q", got)
	}
	service.answer = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }
	if got := client.ask(t, `{"action":"put","text":"seven"}`); got != "refused" {
		t.Errorf("got %q", got)
	}
}

// socket is a client of a WebSocket API.
type socket struct{ net.Conn }

func dialSocket(t *testing.T, server *App, apiId string) socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	connection, _, _, err := ws.Dial(ctx, "ws://"+server.Addr()+"/_aws/execute-api/"+apiId+"/prod")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	return socket{connection}
}

// ask sends a message and returns the next that comes.
func (s socket) ask(t *testing.T, message string) string {
	t.Helper()
	if err := wsutil.WriteClientText(s, []byte(message)); err != nil {
		t.Fatal(err)
	}
	answer, err := wsutil.ReadServerText(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}
