package wire_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/fault"
	"gatehouse/internal/wire"
)

// keepingDeployments refuses to delete deployments, with an explanation.
type keepingDeployments struct{ apigateway.Unimplemented }

func (keepingDeployments) DeleteDeployment(context.Context, *apigateway.DeleteDeploymentInput) (*apigateway.DeleteDeploymentOutput, error) {
	f := fault.New(fault.DeploymentInUse)
	f.Found = "stage prod points to it"
	return nil, fault.Refuse(&apigateway.BadRequestException{Message: "Active stages"}, f)
}

// Every error names its id in a header, where that is wanted, and is told to Refused; the
// body is AWS's alone.
func TestRefused(t *testing.T) {
	var told []wire.Refused
	server := newServer(t, func(o *wire.Options) {
		o.Services[0].Implementation = keepingDeployments{}
		o.Refused = func(r wire.Refused) { told = append(told, r) }
		o.Now = func() time.Time { return time.Unix(100, 0) }
		o.HelpBase = "http://help/"
	})
	for _, c := range []struct {
		method, path string
		id           fault.Id
		operation    string
		status       int
		found        string
	}{
		{"DELETE", "/restapis/a/deployments/b", fault.DeploymentInUse, "DeleteDeployment", 400, "stage prod points to it"},
		{"GET", "/sdktypes", fault.NotBuilt, "GetSdkTypes", 501, "NotImplementedException: apigateway GetSdkTypes is not implemented by Gatehouse."},
		{"GET", "/no/such/path", fault.OperationUnknown, "", 403, "MissingAuthenticationTokenException: Missing Authentication Token"},
	} {
		request := httptest.NewRequest(c.method, c.path, http.NoBody)
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0")
		response := httptest.NewRecorder()
		server.ServeHTTP(response, request)
		if got := response.Header()["x-gatehouse-error"]; len(got) != 1 || got[0] != string(c.id) {
			t.Errorf("%s: header %v, want %s", c.path, got, c.id)
		}
		got := told[len(told)-1]
		if got.Fault.Id() != c.id || got.Operation != c.operation || got.Error.HTTPStatus() != c.status || got.Fault.Found != c.found || got.RequestID != "id" {
			t.Errorf("%s: told %+v: %v", c.path, got, got.Fault)
		}
	}
	if told[0].Caller.Account != "111122223333" || told[0].Caller.Region != "eu-west-1" {
		t.Errorf("caller %+v", told[0].Caller)
	}
}

// Nobody is told and no header is added unless it is asked for.
func TestRefusedInSilence(t *testing.T) {
	response := httptest.NewRecorder()
	newServer(t, nil).ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/restapis/a", http.NoBody))
	if got := response.Header()["x-gatehouse-error"]; got != nil || response.Header()["Link"] != nil {
		t.Errorf("headers %v", response.Header())
	}
}
