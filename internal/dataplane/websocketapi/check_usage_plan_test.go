package websocketapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apikey"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/secret"
	"gatehouse/internal/throttle"
	"gatehouse/internal/usage"
)

type nothingKept struct{}

func (nothingKept) Counted(usage.Id, usage.Day, usage.Day) int64 { return 0 }
func (nothingKept) Add(context.Context, []usage.Count) error     { return nil }

const keyValue = "websocket-key-0123456789"

// keysOf lets one key into a plan of stage prod that has room for so many connections.
func keysOf(t *testing.T, connections int64) *usageplan.Checker {
	t.Helper()
	keeper, err := secret.New(bytes.Repeat([]byte{1}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	values := apikey.New(keeper)
	var none *plan.UsagePlans
	plans := none.With(
		map[string]*plan.ApiKey{"k1": {Id: "k1", Digest: values.Digest(keyValue), Enabled: true, Subscriptions: []*plan.Subscription{{Usage: usage.Id{UsagePlanId: "p1", KeyId: "k1"}}}}},
		map[string]*plan.UsagePlan{"p1": {
			Id: "p1", Quota: &usage.Quota{Limit: connections, Period: usage.PeriodDay}, Stages: []plan.UsagePlanStage{{ApiId: "a1b2c3d4e5", StageName: "prod"}},
		}})
	return &usageplan.Checker{
		Values: values, Throttles: throttle.New(time.Now), Counters: usage.New(nothingKept{}, time.Now, nil),
		Plans: func(plan.Scope) *plan.UsagePlans { return plans },
	}
}

// Source: guide, websocket-api-develop-routes.md; the answers are those of REST APIs. That
// messages are told of the key is unconfirmed.
func TestApiKeyOfConnect(t *testing.T) {
	w := newWorld(t, `{"Routes": {"$connect": {"ApiKeyRequired": true, "Integration": {`+lambda+`}}, "$default": {"Answers": true, "Integration": {`+lambda+`}}}}`)
	w.pipeline.UsagePlans = keysOf(t, 1)
	w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
		return answer(`{"statusCode": 200, "body": "in"}`), nil
	}
	for name, header := range map[string]string{"no key": "Accept: */*", "another key": "x-api-key: other-0123456789abcdef"} {
		if _, status, text := w.handshake("/", header); status != http.StatusForbidden || !strings.Contains(text, `{"message": "Forbidden", "connectionId":"`) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	p, status, text := w.handshake("/", "X-Api-Key: "+keyValue)
	if status != http.StatusSwitchingProtocols {
		t.Fatalf("with the key: %d %s", status, text)
	}
	p.send("hello")
	p.expect("in")
	for n := 1; n <= 2; n++ { // $connect and the message
		if event := w.event(n); at(event, "requestContext.identity.apiKeyId") != "k1" || at(event, "requestContext.identity.apiKey") != keyValue {
			t.Errorf("event %d: %v", n, event)
		}
	}
	if _, status, text := w.handshake("/", "x-api-key: "+keyValue); status != http.StatusTooManyRequests || !strings.Contains(text, "Limit Exceeded") {
		t.Errorf("without room in the quota: %d %s", status, text)
	}
}

// Source: guide, apigateway-websocket-api-selection-expressions.md.
func TestApiKeyOfAuthorizer(t *testing.T) {
	w := newWorld(t, `{`+authorizers+`, "Api": {"ApiKeySelectionExpression": "$context.authorizer.usageIdentifierKey", "RouteSelectionExpression": "$request.body.action"},
		"Routes": {"$connect": {"ApiKeyRequired": true, "AuthorizationType": "CUSTOM", "AuthorizerId": "auth1"}}}`)
	w.pipeline.UsagePlans = keysOf(t, 5)
	named := ""
	w.function = func(*integration.Invocation) (*integration.InvocationResult, error) {
		return answer(`{"principalId": "me", ` + named + `"policyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]}}`), nil
	}
	if _, status, _ := w.handshake("/?token=1", "Auth: a", "x-api-key: "+keyValue); status != http.StatusForbidden {
		t.Errorf("the header counts: %d", status)
	}
	w.mu.Lock()
	named = `"usageIdentifierKey": "` + keyValue + `", `
	w.mu.Unlock()
	if _, status, text := w.handshake("/?token=1", "Auth: b"); status != http.StatusSwitchingProtocols {
		t.Errorf("with the authorizer's key: %d %s", status, text)
	}
}
