package httpapi

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"gatehouse/internal/integration"
	"gatehouse/internal/sigv4"
)

// What is signed must verify: the verifier is the one of the control plane.
func TestServiceEndpointsSign(t *testing.T) {
	now := time.Date(2025, time.January, 2, 3, 4, 5, 0, time.UTC)
	services := &ServiceEndpoints{
		Endpoints: map[string]string{"sqs": "http://sqs.test", "sqs/eu-west-1": "http://eu.test"}, Now: func() time.Time { return now },
		Credentials: func(_ context.Context, _, roleArn string) (sigv4.Credentials, error) {
			if roleArn == "" {
				return sigv4.Credentials{}, errors.New("no such role")
			}
			return sigv4.Credentials{AccessKeyID: "ASIAX", Secret: "secret", SessionToken: "token"}, nil
		},
	}
	request := sqsRequest("SendMessage", "http://sqs.test", serviceParameters{"QueueUrl": "https://sqs/1/q", "MessageBody": "a b"})
	call := &ServiceCall{Request: &request, Service: "sqs", Region: "us-east-1", AccountId: "123456789012", RoleArn: "arn:aws:iam::123456789012:role/r"}
	if err := services.Sign(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	sent, err := http.NewRequest(request.Method, request.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header = request.Header
	verifier := sigv4.NewVerifier(sigv4.Options{Now: services.Now, Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
		return sigv4.Key{Secret: "secret", SessionToken: "token"}, id == "ASIAX"
	}})
	received := sigv4.FromHTTP(sent, request.Body)
	if _, err := verifier.Verify(t.Context(), &received, sigv4.Scope{Region: "us-east-1", Service: "sqs"}); err != nil {
		t.Errorf("the signature does not verify: %v", err)
	}
	call.RoleArn = ""
	if err := services.Sign(t.Context(), call); err == nil {
		t.Error("a role that cannot be assumed signs")
	}
	if err := (&ServiceEndpoints{}).Sign(t.Context(), &ServiceCall{Request: &integration.Request{}}); err != nil {
		t.Error(err)
	}
	for region, want := range map[string]string{"us-east-1": "http://sqs.test", "eu-west-1": "http://eu.test"} {
		if got, ok := services.Endpoint("sqs", region); !ok || got != want {
			t.Errorf("%s: %q", region, got)
		}
	}
	if _, ok := services.Endpoint("kinesis", "us-east-1"); ok {
		t.Error("an endpoint that nobody configured")
	}
}
