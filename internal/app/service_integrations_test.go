package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/config"
	"gatehouse/internal/sigv4"
)

// recorder stands for an AWS service: it verifies the signature of what it gets, as the
// credentials of developer mode make it, and answers what it is told.
type recorder struct {
	*httptest.Server
	answer http.HandlerFunc // nil answers {"ok":true}

	mu      sync.Mutex // guards what follows
	got     *http.Request
	body    string
	refusal error
}

// The default account, and the role that does not exist, which signs as the account.
const (
	testAccount = "000000000000"
	testRole    = "arn:aws:iam::000000000000:role/calls"
)

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	verifier := sigv4.NewVerifier(sigv4.Options{Now: time.Now, Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
		return sigv4.Key{Secret: developerSecretAccessKey}, id == testAccount
	}})
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		received := sigv4.FromHTTP(request, body)
		_, err := verifier.Verify(request.Context(), &received, sigv4.Scope{})
		r.mu.Lock()
		r.got, r.body, r.refusal = request, string(body), err
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(w, request)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(r.Close)
	return r
}

// seen is what came last, and what is wrong with its signature.
func (r *recorder) seen(t *testing.T) (request *http.Request, body string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.got == nil {
		t.Fatal("the service was not called")
	}
	if r.refusal != nil {
		t.Errorf("the signature does not verify: %v", r.refusal)
	}
	return r.got, r.body
}

// signedFor is the region and service of a request's signature.
func signedFor(request *http.Request) string {
	parts := strings.Split(request.Header.Get("Authorization"), "/")
	if len(parts) < 4 {
		return ""
	}
	return parts[2] + " " + parts[3]
}

// withServices starts a server for which one recorder stands for all services.
func withServices(t *testing.T) (*App, *recorder) {
	t.Helper()
	r := newRecorder(t)
	server := start(t, func(c *config.Config) {
		c.ServiceEndpoints = map[string]string{}
		for _, name := range []string{"sqs", "dynamodb", "sns", "states", "s3", "kinesis", "events", "appconfig"} {
			c.ServiceEndpoints[name] = r.URL
		}
	})
	return server, r
}

// serviceMethod makes a REST API with one method at its root, or at /{proxy+}, that
// calls a service, and returns where it answers.
func serviceMethod(t *testing.T, server *App, httpMethod string, integration map[string]any) string {
	t.Helper()
	api := call(t, server, "POST", "/restapis", map[string]any{"name": "services", "binaryMediaTypes": []string{"image/*"}})
	base := "/restapis/" + api["id"].(string)
	resource := call(t, server, "POST", base+"/resources/"+api["rootResourceId"].(string), map[string]any{"pathPart": "{proxy+}"})["id"].(string)
	path := base + "/resources/" + resource + "/methods/" + httpMethod
	call(t, server, "PUT", path, map[string]any{
		"authorizationType": "NONE", "requestParameters": map[string]bool{"method.request.path.proxy": true, "method.request.querystring.topic": false},
	})
	given := map[string]any{"type": "AWS", "httpMethod": httpMethod, "credentials": testRole}
	for name, value := range integration {
		given[name] = value
	}
	call(t, server, "PUT", path+"/integration", given)
	for status, pattern := range map[string]string{"200": "", "400": `4\d{2}`} {
		call(t, server, "PUT", path+"/responses/"+status, map[string]any{"responseParameters": map[string]bool{"method.response.header.X-Id": false}})
		call(t, server, "PUT", path+"/integration/responses/"+status, map[string]any{
			"selectionPattern": pattern, "responseParameters": map[string]string{"method.response.header.X-Id": "integration.response.header.x-amzn-RequestId"},
		})
	}
	call(t, server, "POST", base+"/deployments", map[string]any{"stageName": "prod"})
	return server.URL() + base + "/prod/_user_request_/"
}

func send(t *testing.T, httpMethod, url, contentType, body string) (status int, answer string, header http.Header) {
	t.Helper()
	request, err := http.NewRequest(httpMethod, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text), response.Header
}

// serviceCase is one AWS integration of a REST API: what the service must see.
type serviceCase struct {
	httpMethod  string // POST unless it says otherwise
	integration map[string]any
	path        string // of the request, "go" unless it says otherwise
	contentType string
	body        string

	url, scope, target, sentType, sentBody string
}

// Source: guide, integration-request-basic-setup.md, integrating-api-with-aws-services-s3.md
// and -kinesis.md; AWS's articles on SQS, SNS, EventBridge and Step Functions behind API Gateway.
var serviceCases = map[string]serviceCase{
	"SQS SendMessage, query protocol by path": {
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:sqs:path/000000000000/q", "passthroughBehavior": "NEVER",
			"requestParameters": map[string]string{"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
			"requestTemplates":  map[string]string{"application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"},
		},
		body: `{"a":"b c"}`, url: "/000000000000/q", scope: "us-east-1 sqs", sentType: "application/x-www-form-urlencoded",
		sentBody: "Action=SendMessage&MessageBody=%7B%22a%22%3A%22b+c%22%7D",
	},
	"SQS SendMessage, JSON protocol by path": {
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:sqs:path/000000000000/q",
			"requestParameters": map[string]string{
				"integration.request.header.Content-Type": "'application/x-amz-json-1.0'", "integration.request.header.X-Amz-Target": "'AmazonSQS.SendMessage'",
			},
			"requestTemplates": map[string]string{"application/json": `{"QueueUrl":"http://q","MessageBody":"$util.escapeJavaScript($input.body)"}`},
		},
		body: `hi`, url: "/000000000000/q", scope: "us-east-1 sqs", target: "AmazonSQS.SendMessage", sentType: "application/x-amz-json-1.0",
		sentBody: `{"QueueUrl":"http://q","MessageBody":"hi"}`,
	},
	"DynamoDB PutItem": {
		integration: map[string]any{
			"uri":              "arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem",
			"requestTemplates": map[string]string{"application/json": `{"TableName":"pets","Item":{"name":{"S":"$input.path('$.name')"}}}`},
		},
		body: `{"name":"Tom"}`, url: "/?Action=PutItem", scope: "eu-west-1 dynamodb", target: "DynamoDB_20120810.PutItem",
		sentType: "application/x-amz-json-1.0", sentBody: `{"TableName":"pets","Item":{"name":{"S":"Tom"}}}`,
	},
	"DynamoDB GetItem for a client's GET": {
		httpMethod: "GET", path: "Tom",
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem", "httpMethod": "POST",
			"requestTemplates": map[string]string{"application/json": `{"TableName":"pets","Key":{"name":{"S":"$input.params('proxy')"}}}`},
		},
		url: "/?Action=GetItem", scope: "us-east-1 dynamodb", target: "DynamoDB_20120810.GetItem", sentType: "application/x-amz-json-1.0",
		sentBody: `{"TableName":"pets","Key":{"name":{"S":"Tom"}}}`,
	},
	"SNS Publish with mapped parameters": {
		path: "go?topic=arn:aws:sns:us-east-1:0:t",
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:sns:action/Publish",
			"requestParameters": map[string]string{
				"integration.request.querystring.TopicArn": "method.request.querystring.topic", "integration.request.querystring.Message": "method.request.body.text",
			},
		},
		body: `{"text":"a & b"}`, url: "/?Action=Publish&Version=2010-03-31&Message=a%20%26%20b&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A0%3At",
		scope: "us-east-1 sns", sentType: "application/json", sentBody: `{"text":"a & b"}`,
	},
	"Step Functions StartExecution": {
		integration: map[string]any{
			"uri":              "arn:aws:apigateway:us-east-1:states:action/StartExecution",
			"requestTemplates": map[string]string{"application/json": `{"stateMachineArn":"arn","input":"$util.escapeJavaScript($input.json('$'))"}`},
		},
		body: `{"a":1}`, url: "/?Action=StartExecution", scope: "us-east-1 states", target: "AWSStepFunctions.StartExecution",
		sentType: "application/x-amz-json-1.0", sentBody: `{"stateMachineArn":"arn","input":"{\"a\":1}"}`,
	},
	"Kinesis PutRecord": {
		httpMethod: "PUT", path: "stream",
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:kinesis:action/PutRecord", "httpMethod": "POST",
			"requestParameters": map[string]string{"integration.request.header.Content-Type": "'application/x-amz-json-1.1'"},
			"requestTemplates":  map[string]string{"application/json": `{"StreamName":"$input.params('proxy')","Data":"$util.base64Encode($input.json('$.Data'))","PartitionKey":"k"}`},
		},
		body: `{"Data":"x"}`, url: "/?Action=PutRecord", scope: "us-east-1 kinesis", target: "Kinesis_20131202.PutRecord",
		sentType: "application/x-amz-json-1.1", sentBody: `{"StreamName":"stream","Data":"Ingi","PartitionKey":"k"}`,
	},
	"EventBridge PutEvents": {
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:events:action/PutEvents",
			"requestParameters": map[string]string{
				"integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'", "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
			},
			"requestTemplates": map[string]string{"application/json": `{"Entries":[{"Source":"a"}]}`},
		},
		body: `{}`, url: "/?Action=PutEvents", scope: "us-east-1 events", target: "AWSEvents.PutEvents", sentType: "application/x-amz-json-1.1",
		sentBody: `{"Entries":[{"Source":"a"}]}`,
	},
	"S3 PutObject, binary": {
		httpMethod: "PUT", path: "folder/my%20cat.png", contentType: "image/png",
		integration: map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:s3:path/pictures/{key}", "requestParameters": map[string]string{"integration.request.path.key": "method.request.path.proxy"},
		},
		body: "\x89PNG\x00\xff", url: "/pictures/folder/my%20cat.png", scope: "us-east-1 s3", sentType: "image/png", sentBody: "\x89PNG\x00\xff",
	},
	"S3 at a subdomain": {
		httpMethod: "DELETE", path: "a",
		integration: map[string]any{"uri": "arn:aws:apigateway:us-east-1:pictures.s3:path/a"},
		url:         "/a", scope: "us-east-1 s3",
	},
}

func TestServiceIntegrations_rest(t *testing.T) {
	server, service := withServices(t)
	for name, c := range serviceCases {
		t.Run(name, func(t *testing.T) {
			if c.httpMethod == "" {
				c.httpMethod = "POST"
			}
			if c.path == "" {
				c.path = "go"
			}
			base := serviceMethod(t, server, c.httpMethod, c.integration)
			status, answer, _ := send(t, c.httpMethod, base+c.path, c.contentType, c.body)
			if status != http.StatusOK || answer != `{"ok":true}` {
				t.Errorf("the client got %d %s", status, answer)
			}
			request, body := service.seen(t)
			got := []string{request.RequestURI, signedFor(request), request.Header.Get("X-Amz-Target"), request.Header.Get("Content-Type"), body}
			if diff := cmp.Diff([]string{c.url, c.scope, c.target, c.sentType, c.sentBody}, got); diff != "" {
				t.Error(diff)
			}
			if request.Header.Get("X-Amzn-Apigateway-Api-Id") != "" {
				t.Error("AWS integrations do not send the API's id")
			}
			if strings.HasPrefix(name, "S3 at") && !strings.HasPrefix(request.Host, "pictures.127.0.0.1:") {
				t.Errorf("Host %s", request.Host)
			}
		})
	}
}

// A binary object reaches the client as it is, a refusal of the service is selected by
// its status, and its request id can be mapped.
func TestServiceIntegrations_restAnswers(t *testing.T) {
	server, service := withServices(t)
	picture := []byte("\x89PNG\x00\xff\xfe")
	service.answer = func(w http.ResponseWriter, request *http.Request) {
		w.Header().Set("X-Amzn-Requestid", "r-1")
		if strings.HasSuffix(request.URL.Path, "missing") {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code></Error>`)
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(picture)
	}
	base := serviceMethod(t, server, "GET", map[string]any{
		"uri": "arn:aws:apigateway:us-east-1:s3:path/pictures/{key}", "requestParameters": map[string]string{"integration.request.path.key": "method.request.path.proxy"},
	})
	request, err := http.NewRequest("GET", base+"cat.png", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "image/png")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got, _ := io.ReadAll(response.Body); !bytes.Equal(got, picture) || response.Header.Get("X-Id") != "r-1" {
		t.Errorf("got %q %v", got, response.Header)
	}
	status, answer, _ := send(t, "GET", base+"missing", "", "")
	if status != http.StatusBadRequest || !strings.Contains(answer, "NoSuchKey") {
		t.Errorf("got %d %s", status, answer)
	}
	if got, _ := service.seen(t); got.URL.Path != "/pictures/missing" {
		t.Errorf("got %s", got.URL)
	}
}

// Without an endpoint the integration is taken, and the call answers 500 with GH-I401.
func TestServiceIntegrations_notConfigured(t *testing.T) {
	server := start(t)
	base := serviceMethod(t, server, "POST", map[string]any{"uri": "arn:aws:apigateway:us-east-1:sqs:path/0/q"})
	status, answer, header := send(t, "POST", base+"go", "", "{}")
	if status != http.StatusInternalServerError || answer != `{"message": "Internal server error"}` || !strings.HasPrefix(header.Get("x-gatehouse-error"), "GH-I401") {
		t.Errorf("got %d %s %v", status, answer, header)
	}
}

// The services of this server need no endpoint.
func TestServiceIntegrations_own(t *testing.T) {
	server := start(t)
	base := serviceMethod(t, server, "POST", map[string]any{
		"uri": "arn:aws:apigateway:us-east-1:sts:action/GetCallerIdentity", "passthroughBehavior": "WHEN_NO_MATCH",
		"requestParameters": map[string]string{"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
		"requestTemplates":  map[string]string{"application/json": "Action=GetCallerIdentity&Version=2011-06-15"},
	})
	if status, answer, _ := send(t, "POST", base+"go", "", "{}"); status != http.StatusOK || !strings.Contains(answer, ":root</Arn>") {
		t.Errorf("got %d %s", status, answer)
	}
}

// A role that is there must trust API Gateway; its session signs.
func TestServiceIntegrations_role(t *testing.T) {
	server := start(t)
	for _, c := range []struct {
		service string
		status  int
		answer  string
	}{
		{"apigateway.amazonaws.com", http.StatusOK, ":assumed-role/trusting-apigateway/BackplaneAssumeRoleSession</Arn>"},
		{"lambda.amazonaws.com", http.StatusInternalServerError, "Internal server error"},
	} {
		name := "trusting-" + strings.TrimSuffix(c.service, ".amazonaws.com")
		trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + c.service + `"},"Action":"sts:AssumeRole"}]}`
		form := "Action=CreateRole&Version=2010-05-08&RoleName=" + name + "&AssumeRolePolicyDocument=" + url.QueryEscape(trust)
		if status, answer, _ := send(t, "POST", server.URL()+"/", "application/x-www-form-urlencoded", form); status != http.StatusOK {
			t.Fatalf("%d %s", status, answer)
		}
		base := serviceMethod(t, server, "POST", map[string]any{
			"uri": "arn:aws:apigateway:us-east-1:sts:action/GetCallerIdentity", "credentials": "arn:aws:iam::000000000000:role/" + name,
			"requestParameters": map[string]string{"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
			"requestTemplates":  map[string]string{"application/json": "Action=GetCallerIdentity&Version=2011-06-15"},
		})
		status, answer, header := send(t, "POST", base+"go", "", "{}")
		if status != c.status || !strings.Contains(answer, c.answer) {
			t.Errorf("%s: %d %s", c.service, status, answer)
		}
		if status != http.StatusOK && !strings.HasPrefix(header.Get("x-gatehouse-error"), "GH-I402") {
			t.Errorf("%s: %v", c.service, header)
		}
	}
}

// The caller's own credentials are passed on, a session's token with them; a method that
// nobody signs for has none to pass.
func TestServiceIntegrations_caller(t *testing.T) {
	server := start(t)
	form := func(action string, fields url.Values) string {
		fields.Set("Action", action)
		status, answer, _ := send(t, "POST", server.URL()+"/", "application/x-www-form-urlencoded", fields.Encode())
		if status != http.StatusOK {
			t.Fatalf("%s: %d %s", action, status, answer)
		}
		return answer
	}
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`
	const allow = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	iam := url.Values{"Version": {"2010-05-08"}, "UserName": {"alice"}, "RoleName": {"visitor"}, "AssumeRolePolicyDocument": {trust}, "PolicyName": {"p"}, "PolicyDocument": {allow}}
	form("CreateUser", iam)
	form("PutUserPolicy", iam)
	form("CreateRole", iam)
	form("PutRolePolicy", iam)
	ofUser := keyIn(form("CreateAccessKey", url.Values{"Version": {"2010-05-08"}, "UserName": {"alice"}}))
	ofSession := keyIn(form("AssumeRole", url.Values{"Version": {"2011-06-15"}, "RoleArn": {"arn:aws:iam::000000000000:role/visitor"}, "RoleSessionName": {"visit"}}))

	integration := map[string]any{
		"uri": "arn:aws:apigateway:us-east-1:sts:action/GetCallerIdentity", "credentials": "arn:aws:iam::*:user/*",
		"requestParameters": map[string]string{"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
		"requestTemplates":  map[string]string{"application/json": "Action=GetCallerIdentity&Version=2011-06-15"},
	}
	base := serviceMethod(t, server, "POST", integration)
	status, _, header := send(t, "POST", base+"go", "", "{}")
	if status != http.StatusInternalServerError || !strings.HasPrefix(header.Get("x-gatehouse-error"), "GH-I402") {
		t.Errorf("nobody signed: %d %v", status, header)
	}
	requireIam(t, server, base)
	for who, credentials := range map[string]sigv4.Credentials{":user/alice</Arn>": ofUser, ":assumed-role/visitor/visit</Arn>": ofSession} {
		if status, answer := sendSigned(t, base+"go", credentials); status != http.StatusOK || !strings.Contains(answer, who) {
			t.Errorf("%s: %d %s", who, status, answer)
		}
	}
}

// keyIn reads the access key of an answer in XML.
func keyIn(answer string) sigv4.Credentials {
	member := func(name string) string {
		_, rest, _ := strings.Cut(answer, "<"+name+">")
		text, _, _ := strings.Cut(rest, "<")
		return text
	}
	return sigv4.Credentials{AccessKeyID: member("AccessKeyId"), Secret: member("SecretAccessKey"), SessionToken: member("SessionToken")}
}

// requireIam has a method of serviceMethod ask for signatures.
func requireIam(t *testing.T, server *App, base string) {
	t.Helper()
	api := "/restapis/" + strings.Split(base, "/")[4]
	for _, item := range call(t, server, "GET", api+"/resources", nil)["item"].([]any) {
		resource := item.(map[string]any)
		if resource["path"] == "/{proxy+}" {
			call(t, server, "PATCH", api+"/resources/"+resource["id"].(string)+"/methods/POST", map[string]any{
				"patchOperations": []map[string]string{{"op": "replace", "path": "/authorizationType", "value": "AWS_IAM"}},
			})
		}
	}
	call(t, server, "POST", api+"/deployments", map[string]any{"stageName": "prod"})
}

func sendSigned(t *testing.T, address string, credentials sigv4.Credentials) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequest("POST", address, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	signed := &sigv4.Request{Method: "POST", Path: request.URL.EscapedPath(), Host: request.Host, Body: []byte("{}")}
	signer := sigv4.Signer{Credentials: credentials, Scope: sigv4.Scope{Region: "us-east-1", Service: "execute-api"}}
	signer.Sign(signed, time.Now())
	for _, header := range signed.Headers {
		request.Header.Set(header.Name, header.Value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
