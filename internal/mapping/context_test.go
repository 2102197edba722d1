package mapping_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gatehouse/internal/mapping"
	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// How known: the orders of a java.util.HashMap (Java 17) filled in the order given, of 32 and of 16 slots; that AWS has these orders was
// recorded (quirk context-order).
func TestHashOrder(t *testing.T) {
	for _, test := range []struct{ names, want string }{
		{
			"accountId apiId stage requestId resourceId resourcePath httpMethod path protocol requestTime requestTimeEpoch domainName " +
				"domainPrefix extendedRequestId identity authorizer deploymentId isCanaryRequest",
			"resourceId authorizer resourcePath httpMethod extendedRequestId isCanaryRequest requestTime accountId path protocol stage requestTimeEpoch domainPrefix requestId identity domainName deploymentId apiId",
		},
		{
			"cognitoIdentityPoolId accountId cognitoIdentityId caller sourceIp principalOrgId accessKey cognitoAuthenticationType " +
				"cognitoAuthenticationProvider userArn userAgent user",
			"cognitoIdentityPoolId accountId cognitoIdentityId caller sourceIp principalOrgId accessKey cognitoAuthenticationType cognitoAuthenticationProvider userArn userAgent user",
		},
	} {
		if got := strings.Join(mapping.HashOrder(strings.Fields(test.names)), " "); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

func render(t *testing.T, in *mapping.Input, text string) string {
	t.Helper()
	template, err := mapping.Compile("test", text)
	if err != nil {
		t.Fatal(err)
	}
	out, err := template.Render(in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// How known: recorded on AWS; quirks overrides, objects-print-empty.
func TestContext_overridesLiveOn(t *testing.T) {
	in := testInput(jsonBody)
	render(t, in, `#set($context.responseOverride.status = 444)#set($context.requestOverride.header.X-A = ["a", "b"])`)
	response := *in
	payload := mapping.NewPayload([]byte(`{"r": 1}`))
	response.Payload = &payload
	got := render(t, &response, `$context.responseOverride.status $context.requestOverride.header.X-A[1] $input.path('$.r') [$context]`)
	if got != "444 b 1 []" {
		t.Errorf("the response template sees %q", got)
	}
	if status := in.Context.ResponseOverride().Status(); status.Int() != 444 {
		t.Errorf("status %v", status)
	}
	headers := in.Context.RequestOverride().Parameters("header")
	if len(headers) != 1 || headers[0].Key.Str() != "X-A" || headers[0].Val.String() != "[a, b]" {
		t.Errorf("headers %v", headers)
	}
	if len(in.Context.RequestOverride().Parameters("path")) != 0 {
		t.Error("a path")
	}
}

func TestContext_iteration(t *testing.T) {
	got := render(t, testInput(""), `#foreach($k in $context.keySet())$k #end|$context.identity.keySet()|$context.size()`)
	if !strings.Contains(got, "requestOverride responseOverride |[sourceIp]|5") {
		t.Errorf("%q", got)
	}
	if got := render(t, testInput(""), `#set($context.stage = "x")$context.stage $context.requestId`); got != "x r-1" {
		t.Errorf("%q", got)
	}
}

func TestContext_release(t *testing.T) {
	names := mapping.NewContextNames([]string{"stage"})
	context := names.NewContext(fixed{"stage": value.OfString("a")})
	in := &mapping.Input{Context: context}
	render(t, in, `#set($context.responseOverride.status = 444)`)
	context.Release()
	context.Release()
	next := names.NewContext(nil)
	if next.ResponseOverride().Status(); !next.ResponseOverride().Status().IsNull() {
		t.Error("an override of the request before")
	}
}

// How known: recorded on AWS; quirk bad-payload.
func TestRender_payloadError(t *testing.T) {
	template, err := mapping.Compile("test", "$input.json('$.a')")
	if err != nil {
		t.Fatal(err)
	}
	_, err = template.Render(testInput(`{"a"`), nil)
	var payload *mapping.PayloadError
	if !errors.As(err, &payload) || errors.Is(err, mapping.ErrTemplate) {
		t.Fatalf("%v", err)
	}
	if !strings.HasPrefix(payload.Error(), "Could not process payload") {
		t.Errorf("%v", payload)
	}
	_, err = template.Render(testInput(`null`), nil)
	var e *vtl.Error
	if !errors.Is(err, mapping.ErrTemplate) || !errors.As(err, &e) || e.Line != 1 || e.Column != 8 {
		t.Errorf("%v", err)
	}
}

// The payload is parsed once, and what one template changes the next one sees (quirk mutation-visible).
func TestPayload_shared(t *testing.T) {
	in := testInput(`{"a": 1}`)
	render(t, in, `#set($p = $input.path('$'))#set($p.a = 2)`)
	p, err := mapping.CompileRequestParameter("method.request.body.a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if values, err := p.Append(nil, in); err != nil || !slices.Equal(values, []string{"2"}) {
		t.Errorf("%v %v", values, err)
	}
}

func TestNewPayload_brokenUTF8(t *testing.T) {
	p := mapping.NewPayload([]byte("a\xff\xe2\x82b"))
	if got := p.Text(); got != "a\uFFFD\uFFFDb" {
		t.Errorf("%q", got)
	}
}

// One template, many requests at once: each sees its own variables, payload and overrides.
func TestRender_concurrently(t *testing.T) {
	template, err := mapping.Compile("test", `#foreach($i in [1..20])#set($context.requestOverride.header.n = $input.path('$.n'))$i#end`+
		`$context.requestOverride.header.n $input.body.replaceAll("(?<=n)x*", "_")`)
	if err != nil {
		t.Fatal(err)
	}
	names := mapping.NewContextNames([]string{"stage"})
	done := make(chan string)
	for n := range 8 {
		go func() {
			want := fmt.Sprintf(`1234567891011121314151617181920%d {"n_": %d}`, n, n)
			for range 50 {
				payload := mapping.NewPayload(fmt.Appendf(nil, `{"n": %d}`, n))
				in := &mapping.Input{Payload: &payload, Context: names.NewContext(nil)}
				out, err := template.Render(in, nil)
				in.Context.Release()
				if err != nil || string(out) != want {
					done <- fmt.Sprintf("%s %v, want %s", out, err, want)
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		if problem := <-done; problem != "" {
			t.Error(problem)
		}
	}
}
