package services

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/sigv4"
)

const accountId = "123456789012"

func endpoints() *Endpoints {
	now := time.Date(2025, time.January, 2, 3, 4, 5, 0, time.UTC)
	return &Endpoints{
		Configured: map[string]string{"sqs": "http://sqs.test/", "sqs/eu-west-1": "http://eu.test", "monitoring": "http://metrics.test", "ses": "http://mail.test"},
		Own:        map[string]string{"sts": "http://own.test", "sqs": "http://own.test"},
		Credentials: func(_ context.Context, caller *Caller) (sigv4.Credentials, error) {
			if caller.RoleArn == "" {
				return sigv4.Credentials{}, errors.New("no such role")
			}
			return sigv4.Credentials{AccessKeyID: "ASIAX", Secret: "secret", SessionToken: "token"}, nil
		},
		Now: func() time.Time { return now },
	}
}

func TestEndpoint(t *testing.T) {
	for _, test := range []struct{ service, region, want string }{
		{"sqs", "us-east-1", "http://sqs.test"},
		{"sqs", "eu-west-1", "http://eu.test"},
		{"sts", "us-east-1", "http://own.test"},
		{"email", "us-east-1", "http://mail.test"}, // by the name of signatures
		{"kinesis", "us-east-1", ""},
	} {
		if got, ok := endpoints().Endpoint(test.service, test.region); got != test.want || ok != (test.want != "") {
			t.Errorf("%s in %s: %q %v, want %q", test.service, test.region, got, ok, test.want)
		}
	}
}

// What is signed must verify: the verifier is the one of the control plane. Nothing that
// begins with X-Amz- may be left out, which S3 refuses.
func TestSign(t *testing.T) {
	e := endpoints()
	for name, request := range map[string]*integration.Request{
		"sqs": {Method: "POST", URL: "http://sqs.test/1/q", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("Action=SendMessage")},
		"s3":  {Method: "PUT", URL: "http://s3.test/b/a%20b%2Bc", Host: "b.s3.test", Header: http.Header{"X-Amz-Acl": {"private"}, "X-Amz-Meta-A": {"1", "2"}}, Body: []byte{0, 255}},
		"dynamodb": {Method: "POST", URL: "http://db.test/?Action=PutItem&b=%20&a=1", Header: http.Header{
			"X-Amz-Target": {"DynamoDB_20120810.PutItem"}, "Authorization": {"of the client"}, "X-Amzn-Trace-Id": {"t"}}},
	} {
		call := &Call{Request: request, Service: name, Region: "us-east-1", Caller: Caller{AccountId: accountId, RoleArn: "arn:aws:iam::123456789012:role/r"}}
		if err := e.Sign(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		verify(t, e, name, request)
	}
	failed := &Call{Request: &integration.Request{URL: "http://sqs.test/"}, Service: "sqs", Caller: Caller{AccountId: accountId}}
	err := e.Sign(t.Context(), failed)
	if err == nil {
		t.Fatal("a role that cannot be assumed signs")
	}
	if f := NotSigned(failed, err); f.Entry.Id != fault.IntegrationRole || f.Found != "no such role" {
		t.Errorf("got %+v", f)
	}
	if err := (&Endpoints{}).Sign(t.Context(), &Call{Request: &integration.Request{}}); err != nil {
		t.Error(err)
	}
}

func verify(t *testing.T, e *Endpoints, service string, request *integration.Request) {
	t.Helper()
	sent, err := http.NewRequest(request.Method, request.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header, sent.Host = request.Header, request.Host
	if sent.Host == "" {
		sent.Host = sent.URL.Host
	}
	verifier := sigv4.NewVerifier(sigv4.Options{Now: e.Now, Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
		return sigv4.Key{Secret: "secret", SessionToken: "token"}, id == "ASIAX"
	}})
	received := sigv4.FromHTTP(sent, request.Body)
	if _, err := verifier.Verify(t.Context(), &received, sigv4.Scope{Region: "us-east-1", Service: service}); err != nil {
		t.Errorf("%s: the signature does not verify: %v", service, err)
	}
}
