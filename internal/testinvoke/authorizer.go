package testinvoke

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/authorizer"
	"gatehouse/internal/control/restapis"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// watched calls functions and keeps the last call: an authorizer's.
type watched struct {
	invoker    integration.Invoker
	invocation *integration.Invocation
	result     *integration.InvocationResult
}

// Invoke implements integration.Invoker.
func (w *watched) Invoke(ctx context.Context, invocation *integration.Invocation) (*integration.InvocationResult, error) {
	var err error
	w.invocation = invocation
	w.result, err = w.invoker.Invoke(ctx, invocation)
	return w.result, err
}

// TestAuthorizer implements restapis.Tester.
func (t *Tester) TestAuthorizer(ctx context.Context, test *restapis.AuthorizerTest) (*restapis.AuthorizerTestResult, error) {
	o := t.begin()
	method := apigw.Method{
		HttpMethod: http.MethodGet, AuthorizationType: plan.AuthorizationCustom, AuthorizerId: test.Authorizer.Id,
		MethodIntegration: &apigw.Integration{Type: "MOCK"},
	}
	if test.Authorizer.Type == plan.AuthorizationCognito {
		method.AuthorizationType = plan.AuthorizationCognito
	}
	in, err := o.inbound(ctx, &test.TestRequest, "/", http.MethodGet)
	if err != nil {
		return nil, err
	}
	pathOfTest := in.Path
	in.Path = "/"
	pipeline := o.Pipeline(o, o)
	in.EventPath = pathOfTest
	grant, f := pipeline.AskAuthorizer(compile(&test.TestRequest, apigw.Resource{Id: "test", Path: "/"}, method), in)
	result := &restapis.AuthorizerTestResult{StatusCode: http.StatusOK, Latency: o.Now().Sub(o.started)}
	if f != nil {
		result.StatusCode = statusOf(f)
	} else {
		result.PrincipalId, result.Policy, result.Claims = grant.PrincipalId, o.policy(), claimsOf(grant)
	}
	result.Log = o.logged(o.authorizerLines(test.Authorizer.Id, grant, f))
	return result, nil
}

// statusOf is what a client that met the fault would get.
func statusOf(f *fault.Fault) int {
	if f.Entry.StatusCode != 0 {
		return f.Entry.StatusCode
	}
	row, _ := apigw.FindGatewayResponseType(f.Entry.ResponseType)
	code, err := strconv.Atoi(row.StatusCode)
	if err != nil {
		return http.StatusInternalServerError
	}
	return code
}

func claimsOf(grant *authorizer.Grant) map[string]string {
	var claims map[string]string
	for _, claim := range grant.Claims {
		if claims == nil {
			claims = map[string]string{}
		}
		claims[claim.Name] = claim.Value
	}
	return claims
}

// policy is the policy that the function returned, as it wrote it; empty without one.
func (o *one) policy() string {
	if o.result == nil {
		return ""
	}
	var answered struct {
		PolicyDocument json.RawMessage `json:"policyDocument"`
	}
	if err := json.Unmarshal(o.result.Payload, &answered); err != nil {
		return ""
	}
	return string(answered.PolicyDocument)
}

// authorizerLines are AWS's lines about an authorizer (public reports; the one about the
// result and those of failures are unconfirmed).
func (o *one) authorizerLines(id string, grant *authorizer.Grant, f *fault.Fault) []string {
	lines := []string{"Starting authorizer: " + id + " for request: " + o.id}
	if call := o.invocation; call != nil {
		lines = append(lines, "Endpoint request URI: "+functionUrl(call.FunctionArn), "Endpoint request body after transformations: "+string(call.Payload))
	}
	if o.result != nil {
		lines = append(lines, "Authorizer result body before parsing: "+string(o.result.Payload))
	}
	switch {
	case f != nil && statusOf(f) == http.StatusUnauthorized:
		return append(lines, "Unauthorized request: "+o.id)
	case f != nil:
		return append(lines, "Execution failed due to configuration error: "+f.Found)
	case grant.Policy != nil:
		lines = append(lines, "Using valid authorizer policy for principal: "+masked(grant.PrincipalId))
	}
	return append(lines, "Successfully completed authorizer execution")
}

// functionUrl is Lambda's Invoke of a function, as AWS logs it.
func functionUrl(functionArn string) string {
	const region, parts = 3, 5
	split := strings.SplitN(functionArn, ":", parts)
	if len(split) < parts {
		return functionArn
	}
	return "https://lambda." + split[region] + ".amazonaws.com/2015-03-31/functions/" + functionArn + "/invocations"
}

// masked shows the last letters of a text, as AWS does: two of six.
func masked(text string) string {
	const shown = 2
	if len(text) <= shown {
		return text
	}
	return strings.Repeat("*", len(text)-shown) + text[len(text)-shown:]
}
