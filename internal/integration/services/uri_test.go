package services

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/integration"
)

// Source: model, PutIntegration, uri; guide, integration-request-basic-setup.md,
// api-as-kinesis-proxy-export-swagger-with-extensions.md; the URL of an action from
// public execution logs.
func TestAddress(t *testing.T) {
	const base = "http://127.0.0.1:9000"
	tests := map[string]struct {
		uri, query string
		mapped     map[string]bool
		url, host  string
		header     http.Header
	}{
		"JSON protocol": {
			uri: "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem", url: base + "/?Action=PutItem",
			header: http.Header{"X-Amz-Target": {"DynamoDB_20120810.PutItem"}, "Content-Type": {"application/x-amz-json-1.0"}},
		},
		"JSON protocol, mapped headers win": {
			uri: "arn:aws:apigateway:us-east-1:events:action/PutEvents", url: base + "/?Action=PutEvents",
			mapped: map[string]bool{"X-Amz-Target": true, "Content-Type": true}, header: http.Header{},
		},
		"query protocol": {
			uri: "arn:aws:apigateway:us-east-1:sns:action/Publish", query: "TopicArn=t&Message=m", header: http.Header{},
			url: base + "/?Action=Publish&Version=2010-03-31&TopicArn=t&Message=m",
		},
		"a version of its own": {
			uri: "arn:aws:apigateway:us-east-1:sqs:action/SendMessage&Version=2011-10-01&QueueUrl=q", header: http.Header{},
			url: base + "/?Action=SendMessage&Version=2011-10-01&QueueUrl=q",
		},
		"a version that is mapped": {
			uri: "arn:aws:apigateway:us-east-1:sns:action/Publish", query: "Version=1", header: http.Header{}, url: base + "/?Action=Publish&Version=1",
		},
		"an unknown service": {
			uri: "arn:aws:apigateway:us-east-1:unheard:action/Do", header: http.Header{}, url: base + "/?Action=Do",
		},
		"path": {uri: "arn:aws:apigateway:us-east-1:s3:path/bucket/a%2Fb", header: http.Header{}, url: base + "/bucket/a%2Fb"},
		"path with two slashes and a query": {
			uri: "arn:aws:apigateway:us-east-1:lambda:path//2015-03-31/functions?MaxItems=1", query: "a=b", header: http.Header{},
			url: base + "/2015-03-31/functions?MaxItems=1&a=b",
		},
		"subdomain": {
			uri: "arn:aws:apigateway:us-east-1:bucket.s3:path/key", header: http.Header{}, url: base + "/key", host: "bucket.127.0.0.1:9000",
		},
		"a service with a dot": {
			uri: "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/e/invocations", header: http.Header{}, url: base + "/endpoints/e/invocations",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			uri, ok := ParseUri(test.uri)
			if !ok || uri.Region != "us-east-1" {
				t.Fatalf("got %+v %v", uri, ok)
			}
			request := integration.Request{Header: http.Header{}}
			uri.Address(&request, base, test.query, test.mapped)
			if request.URL != test.url || request.Host != test.host {
				t.Errorf("%s, Host %q; want %s, %q", request.URL, request.Host, test.url, test.host)
			}
			if diff := cmp.Diff(test.header, request.Header); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseUri_refuses(t *testing.T) {
	for _, text := range []string{
		"", "http://sqs", "arn:aws:apigateway:us-east-1:sqs", "arn:aws:apigateway:us-east-1:sqs:queue", "arn:aws:apigateway:us-east-1::path/q",
		"arn:aws:sqs:us-east-1:1:path/q", "arn:aws:apigateway:us-east-1:sqs:action/",
	} {
		if uri, ok := ParseUri(text); ok {
			t.Errorf("%q is read as %+v", text, uri)
		}
	}
}

func TestNeedsPath(t *testing.T) {
	for text, want := range map[string]bool{
		"arn:aws:apigateway:us-east-1:s3:action/GetObject":     true,
		"arn:aws:apigateway:us-east-1:b.s3:action/GetObject":   true,
		"arn:aws:apigateway:us-east-1:s3:path/b":               false,
		"arn:aws:apigateway:us-east-1:dynamodb:action/GetItem": false,
	} {
		if uri, _ := ParseUri(text); uri.NeedsPath() != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

func TestSigningName(t *testing.T) {
	for service, want := range map[string]string{"sqs": "sqs", "email": "ses", "runtime.sagemaker": "sagemaker", "iotdata": "iotdata", "a.b": "b"} {
		if got := signingName(service); got != want {
			t.Errorf("%s is signed for as %s, want %s", service, got, want)
		}
	}
}
