package wire_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/fault"
	"gatehouse/internal/wire"
)

// repeating refuses what it is given, with a message that repeats all of it, as AWS's do.
type repeating struct{ apigateway.Unimplemented }

func repeat(input any) error {
	text, err := json.Marshal(input)
	if err != nil {
		return err
	}
	f := fault.New(fault.InputInvalid)
	f.Checked = "the input " + string(text)
	return fault.Refuse(&apigateway.BadRequestException{Message: "Invalid: " + string(text)}, f)
}

func (repeating) PutIntegration(_ context.Context, input *apigateway.PutIntegrationInput) (*apigateway.Integration, error) {
	return nil, repeat(input)
}

func (repeating) UpdateStage(_ context.Context, input *apigateway.UpdateStageInput) (*apigateway.Stage, error) {
	return nil, repeat(input)
}

func (repeating) CreateApiKey(_ context.Context, input *apigateway.CreateApiKeyInput) (*apigateway.ApiKey, error) {
	return nil, repeat(input)
}

func (repeating) GetApiKey(_ context.Context, input *apigateway.GetApiKeyInput) (*apigateway.ApiKey, error) {
	return nil, repeat(input)
}

func (repeating) ImportRestApi(context.Context, *apigateway.ImportRestApiInput) (*apigateway.RestApi, error) {
	return nil, &apigateway.BadRequestException{Message: "Errors found during import:\n\tUnable to put integration on 'GET': Invalid mapping expression specified: Validation Result: " +
		"warnings : [], errors : [Invalid mapping expression specified: Bearer S3CRET]"}
}

// The answer repeats a refused value as AWS's does; what is kept of the refusal does not,
// where the value may be secret.
func TestRefused_concealsSecrets(t *testing.T) {
	var told []wire.Refused
	server := newServer(t, func(o *wire.Options) {
		o.Services[0].Implementation = repeating{}
		o.Refused = func(r wire.Refused) { told = append(told, r) }
		o.Now = func() time.Time { return time.Unix(100, 0) }
	})
	for _, c := range []struct {
		name, method, path, body string
		shown                    string // what the record keeps: it is no secret
		isHidden                 bool   // the answer does not repeat it either
	}{
		{
			name: "header of an integration", method: "PUT", path: "/restapis/a/resources/r/methods/GET/integration",
			body:  `{"type":"HTTP","requestParameters":{"integration.request.header.Authorization":"'Bearer S3CRET'","integration.request.header.X":"method.request.header.X"}}`,
			shown: "method.request.header.X",
		},
		{
			name: "fixed value of any header", method: "PUT", path: "/restapis/a/resources/r/methods/GET/integration",
			body:  `{"type":"HTTP","requestParameters":{"integration.request.header.X-Internal":"'S3CRET'"}}`,
			shown: "integration.request.header.X-Internal",
		},
		{
			name: "stage variable", method: "PATCH", path: "/restapis/a/stages/prod",
			body:  `{"patchOperations":[{"op":"replace","path":"/variables/database","value":"S3CRET"},{"op":"replace","path":"/description","value":"my stage"}]}`,
			shown: "my stage",
		},
		{name: "API key", method: "POST", path: "/apikeys", body: `{"name":"mobile","value":"S3CRET"}`, shown: "mobile"},
		{name: "API key in place of its id", method: "GET", path: "/apikeys/S3CRET-longer-than-an-id", shown: "/apikeys/(24 characters)"},
		{name: "imported header", method: "POST", path: "/restapis?mode=import", body: `{}`, shown: "Unable to put integration on 'GET'"},
		{
			name: "value that the model refuses", method: "PATCH", path: "/restapis/a/stages/prod",
			body: `{"patchOperations":[{"op":"nothing","path":"/variables/a","value":"S3CRET"}]}`, shown: "'nothing'", isHidden: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/apigateway/aws4_request, SignedHeaders=host, Signature=0")
			response := httptest.NewRecorder()
			server.ServeHTTP(response, request)
			if body := response.Body.String(); response.Code != http.StatusBadRequest || !c.isHidden && !strings.Contains(body, "S3CRET") {
				t.Errorf("answered %d %s", response.Code, body)
			}
			kept := told[len(told)-1]
			f := kept.Fault
			text := strings.Join([]string{kept.Path, f.Message, f.Checked, f.Found, f.Wanted, f.Nearest, f.Fix, f.Command}, "\n")
			if strings.Contains(text, "S3CRET") || !strings.Contains(text, c.shown) {
				t.Errorf("kept %s", text)
			}
		})
	}
}
