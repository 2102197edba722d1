package authorizer

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// fakeFunction answers with a payload and remembers what it was asked.
type fakeFunction struct {
	mu            sync.Mutex
	calls         []*integration.Invocation
	payload       string
	functionError string
	err           error
}

func (f *fakeFunction) Invoke(_ context.Context, call *integration.Invocation) (*integration.InvocationResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
	if f.err != nil {
		return nil, f.err
	}
	return &integration.InvocationResult{StatusCode: 200, Payload: []byte(f.payload), FunctionError: f.functionError, Latency: time.Millisecond}, nil
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_700_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const (
	functionArn = "arn:aws:lambda:us-east-1:123456789012:function:auth"
	allowAll    = `{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]}`
)

func policyAnswer(extra string) string {
	return `{"principalId":"user","policyDocument":` + allowAll + extra + `}`
}

func settings(form Form) *Function {
	return &Function{
		AuthorizerId: "abc123", Form: form, FunctionArn: functionArn,
		Sources: []IdentitySource{{Location: LocationHeader, Name: "Authorization", Text: "method.request.header.Authorization"}},
		Ttl:     5 * time.Minute, Timeout: time.Second, NeedsIdentity: true,
	}
}

func callWith(identity ...string) *Call {
	return &Call{Scope: "scope", AccountId: "123456789012", SourceArn: "arn:aws:execute-api:us-east-1:123456789012:api/authorizers/abc123", Identity: identity, Event: func() []byte { return []byte(`{"type":"REQUEST"}`) }}
}

// Sources: guide, api-gateway-lambda-authorizer-output.md, http-api-lambda-authorizer.md,
// apigateway-use-lambda-authorizer.md; facts observed on AWS (401 for exactly
// "Unauthorized", 500 for any other shape or error).
func TestAnswers(t *testing.T) {
	tests := []struct {
		name    string
		form    Form
		simple  bool
		answer  string
		failed  bool
		want    fault.Id
		context []integration.Field
	}{
		{name: "policy", form: FormToken, answer: policyAnswer("")},
		{name: "context of scalars", form: FormRequest, answer: policyAnswer(`,"context":{"s":"x","n":1.50,"b":true}`),
			context: []integration.Field{{Name: "s", Value: `"x"`}, {Name: "n", Value: "1.50"}, {Name: "b", Value: "true"}}},
		{name: "list in context", form: FormRequest, answer: policyAnswer(`,"context":{"roles":["a"]}`), want: fault.AuthorizerOutputInvalid},
		{name: "object in context, 1.0", form: FormRequest1, answer: policyAnswer(`,"context":{"roles":{}}`), want: fault.AuthorizerOutputInvalid},
		{name: "list in context, 2.0", form: FormRequest2, answer: policyAnswer(`,"context":{"roles":["a", 1]}`),
			context: []integration.Field{{Name: "roles", Value: `["a",1]`}}},
		{name: "context is a list", form: FormRequest2, answer: policyAnswer(`,"context":[]`), want: fault.AuthorizerOutputInvalid},
		{name: "context is null", form: FormRequest2, answer: policyAnswer(`,"context":null`)},
		{name: "no principal", form: FormRequest, answer: `{"policyDocument":` + allowAll + `}`, want: fault.AuthorizerOutputInvalid},
		{name: "no principal, 2.0", form: FormRequest2, answer: `{"policyDocument":` + allowAll + `}`},
		{name: "no policy", form: FormToken, answer: `{"principalId":"user"}`, want: fault.AuthorizerOutputInvalid},
		{name: "bad policy", form: FormToken, answer: `{"principalId":"user","policyDocument":{"Statement":[{"Effect":"Maybe"}]}}`, want: fault.AuthorizerOutputInvalid},
		{name: "null", form: FormToken, answer: `null`, want: fault.AuthorizerOutputInvalid},
		{name: "text", form: FormToken, answer: `"allow"`, want: fault.AuthorizerOutputInvalid},
		{name: "nothing", form: FormToken, answer: ``, want: fault.AuthorizerOutputInvalid},
		{name: "simple", form: FormRequest2, simple: true, answer: `{"isAuthorized":true,"context":{"a":[1]}}`, context: []integration.Field{{Name: "a", Value: "[1]"}}},
		{name: "simple denies", form: FormRequest2, simple: true, answer: `{"isAuthorized":false}`, want: fault.AuthorizerDenied},
		{name: "simple says nothing", form: FormRequest2, simple: true, answer: `{}`, want: fault.AuthorizerOutputInvalid},
		{name: "simple is a text", form: FormRequest2, simple: true, answer: `{"isAuthorized":"true"}`, want: fault.AuthorizerOutputInvalid},
		{name: "policy to simple", form: FormRequest2, simple: true, answer: policyAnswer(""), want: fault.AuthorizerOutputInvalid},
		{name: "Unauthorized", form: FormToken, failed: true, answer: `{"errorMessage":"Unauthorized"}`, want: fault.TokenRefused},
		{name: "unauthorized in lower case", form: FormToken, failed: true, answer: `{"errorMessage":"unauthorized"}`, want: fault.AuthorizerFailed},
		{name: "another error", form: FormToken, failed: true, answer: `{"errorMessage":"boom"}`, want: fault.AuthorizerFailed},
		{name: "timed out", form: FormToken, failed: true, answer: `Task timed out`, want: fault.AuthorizerFailed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			function := &fakeFunction{payload: test.answer}
			if test.failed {
				function.functionError = "Unhandled"
			}
			asked := settings(test.form)
			asked.Simple = test.simple
			functions := &Functions{Invoker: function, Cache: NewCache(newClock().Now)}
			grant, refused := functions.Authorize(t.Context(), asked, callWith("token"))
			if test.want != "" {
				if refused == nil || refused.Id() != test.want {
					t.Fatalf("got fault %v, want %s", refused, test.want)
				}
				return
			}
			if refused != nil {
				t.Fatal(refused)
			}
			if diff := cmp.Diff(test.context, grant.Context); diff != "" {
				t.Errorf("context (-want +got):\n%s", diff)
			}
			if !test.simple && grant.Policy == nil {
				t.Error("the grant has no policy")
			}
		})
	}
}

func TestContextStrings(t *testing.T) {
	grant := &Grant{Context: []integration.Field{{Name: "s", Value: `"a\"b"`}, {Name: "n", Value: "1.50"}, {Name: "b", Value: "true"}}}
	want := []integration.Field{{Name: "s", Value: `a"b`}, {Name: "n", Value: "1.50"}, {Name: "b", Value: "true"}}
	if diff := cmp.Diff(want, grant.ContextStrings()); diff != "" {
		t.Error(diff)
	}
}

func TestFunctionCannotBeInvoked(t *testing.T) {
	for err, want := range map[error]fault.Id{
		&integration.InvokeDenied{FunctionArn: functionArn}: fault.AuthorizerUnreachable,
		integration.ErrFunctionNotFound:                     fault.AuthorizerUnreachable,
		integration.ErrInvokeTimeout:                        fault.AuthorizerFailed,
		context.DeadlineExceeded:                            fault.AuthorizerFailed,
		errors.New("broken"):                                fault.AuthorizerUnreachable,
	} {
		functions := &Functions{Invoker: &fakeFunction{err: err}, Cache: NewCache(newClock().Now)}
		_, refused := functions.Authorize(t.Context(), settings(FormToken), callWith("token"))
		if refused == nil || refused.Id() != want {
			t.Errorf("%v: got %v, want %s", err, refused, want)
		}
		if errors.Is(err, integration.ErrInvokeDenied) && !strings.Contains(refused.Fix, "add-permission") {
			t.Errorf("the fix is %q", refused.Fix)
		}
	}
	_, refused := (&Functions{Cache: NewCache(newClock().Now)}).Authorize(t.Context(), settings(FormToken), callWith("token"))
	if refused == nil || refused.Id() != fault.AuthorizerUnreachable {
		t.Errorf("without an invoker: %v", refused)
	}
}

type prefix string

func (p prefix) Match(text string) (bool, error) { return strings.HasPrefix(text, string(p)), nil }
func (p prefix) Text() string                    { return string(p) + ".*" }

// Source: guide, configure-api-gateway-lambda-authorization-with-console.md.
func TestIdentity(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(*Function)
		call    *Call
		want    fault.Id
		invoked bool
	}{
		{"missing", func(*Function) {}, &Call{Missing: []string{"method.request.header.Authorization"}}, fault.IdentityMissing, false},
		{"missing but not needed", func(f *Function) { f.NeedsIdentity = false }, &Call{Missing: []string{"x"}}, "", true},
		{"does not match", func(f *Function) { f.Validation = prefix("Bearer ") }, &Call{Identity: []string{"Basic x"}}, fault.IdentityMissing, false},
		{"matches", func(f *Function) { f.Validation = prefix("Bearer ") }, &Call{Identity: []string{"Bearer x"}}, "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			function := &fakeFunction{payload: policyAnswer("")}
			asked := settings(FormRequest)
			test.change(asked)
			test.call.Event = func() []byte { return nil }
			_, refused := (&Functions{Invoker: function, Cache: NewCache(newClock().Now)}).Authorize(t.Context(), asked, test.call)
			if (refused == nil) != (test.want == "") || refused != nil && refused.Id() != test.want {
				t.Errorf("got %v, want %q", refused, test.want)
			}
			if invoked := len(function.calls) > 0; invoked != test.invoked {
				t.Errorf("invoked is %v", invoked)
			}
		})
	}
}

func TestCache(t *testing.T) {
	now := newClock()
	function := &fakeFunction{payload: policyAnswer("")}
	functions := &Functions{Invoker: function, Cache: NewCache(now.Now)}
	ask := func(scope string, asked *Function, identity ...string) *Grant {
		t.Helper()
		call := callWith(identity...)
		call.Scope = scope
		grant, refused := functions.Authorize(t.Context(), asked, call)
		if refused != nil {
			t.Fatal(refused)
		}
		return grant
	}
	asked := settings(FormRequest)
	steps := []struct {
		name  string
		do    func() *Grant
		calls int
	}{
		{"first", func() *Grant { return ask("s1", asked, "a", "b") }, 1},
		{"same identity", func() *Grant { return ask("s1", asked, "a", "b") }, 1},
		{"other cut", func() *Grant { return ask("s1", asked, "ab", "") }, 2},
		{"other stage", func() *Grant { return ask("s2", asked, "a", "b") }, 3},
		{"expired", func() *Grant { now.pass(5 * time.Minute); return ask("s1", asked, "a", "b") }, 4},
		{"flushed", func() *Grant { functions.Cache.Flush("s1"); return ask("s1", asked, "a", "b") }, 5},
		{"another stage is not flushed", func() *Grant {
			ask("s2", asked, "a", "b")
			functions.Cache.Flush("s1")
			return ask("s2", asked, "a", "b")
		}, 6},
		{"no ttl", func() *Grant {
			once := *asked
			once.Ttl = 0
			ask("s1", &once, "a", "b")
			return ask("s1", &once, "a", "b")
		}, 8},
	}
	for _, step := range steps {
		step.do()
		if len(function.calls) != step.calls {
			t.Errorf("%s: %d calls, want %d", step.name, len(function.calls), step.calls)
		}
	}
	now.pass(time.Minute)
	ask("s3", asked, "a")
	now.pass(41 * time.Second)
	if grant := ask("s3", asked, "a"); !grant.Cached || grant.Age != 41*time.Second {
		t.Errorf("cached %v, age %s", grant.Cached, grant.Age)
	}
}

func TestSimpleDenialIsCached(t *testing.T) {
	function := &fakeFunction{payload: `{"isAuthorized":false}`}
	functions := &Functions{Invoker: function, Cache: NewCache(newClock().Now)}
	asked := settings(FormRequest2)
	asked.Simple = true
	for range 3 {
		if _, refused := functions.Authorize(t.Context(), asked, callWith("a")); refused == nil || refused.Id() != fault.AuthorizerDenied {
			t.Errorf("got %v", refused)
		}
	}
	if len(function.calls) != 1 {
		t.Errorf("%d calls", len(function.calls))
	}
}

func TestCacheIsBounded(t *testing.T) {
	cache := NewCache(newClock().Now)
	grant := &Grant{}
	for i := range maxCachedGrants + 10 {
		cache.put(cache.key("s", string(rune(i)), time.Duration(i).String()), grant, time.Hour)
	}
	if n := len(cache.entries); n > maxCachedGrants {
		t.Errorf("%d entries", n)
	}
}

func TestIdentitySources(t *testing.T) {
	sources, err := ParseIdentitySources("method.request.header.Auth, context.identity.sourceIp,stageVariables.v, method.request.querystring.q")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, source := range sources {
		names = append(names, source.Name)
	}
	if diff := cmp.Diff([]string{"Auth", "identity.sourceIp", "v", "q"}, names); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"header.Auth", "$request.body", "method.request.header."} {
		if _, err := ParseIdentitySource(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
