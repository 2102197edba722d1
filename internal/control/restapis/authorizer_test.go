package restapis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// An authorizer can be read, used by a method and deleted once it is there; what makes
// one is refused (unsupported.go), so the test puts the record itself. Texts unconfirmed.
func TestAuthorizer_thatIsThere(t *testing.T) {
	ctx, s, a := newTestService(t)
	at := records.Scope(scopeOf(ctx))
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		record := apigw.Authorizer{Id: "auth01", Name: "n", Type: "TOKEN", AuthorizerUri: "arn"}
		return records.Authorizers.Put(tx, record, at, *a.Id, record.Id)
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.GetAuthorizer(ctx, &apigateway.GetAuthorizerInput{RestApiId: *a.Id, AuthorizerId: "auth01"})
	if err != nil || *got.Name != "n" {
		t.Fatalf("%v %v", got, err)
	}
	in := &apigateway.PutMethodInput{RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET", AuthorizationType: "COGNITO_USER_POOLS", AuthorizerId: value("auth01")}
	_, err = s.PutMethod(ctx, in)
	wantError(t, err, "BadRequestException", messageAuthorizerNeeded)
	in.AuthorizationType = "CUSTOM"
	if _, err := s.PutMethod(ctx, in); err != nil {
		t.Fatal(err)
	}
	_, err = s.DeleteAuthorizer(ctx, &apigateway.DeleteAuthorizerInput{RestApiId: *a.Id, AuthorizerId: "auth01"})
	wantError(t, err, "ConflictException", "Cannot delete authorizer 'auth01', is referenced in method: /GET")
	patch := func(path, to string) error {
		_, err := s.UpdateMethod(ctx, &apigateway.UpdateMethodInput{
			RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET",
			PatchOperations: []apigateway.PatchOperation{{Op: "replace", Path: &path, Value: &to}},
		})
		return err
	}
	if err := patch("/authorizationType", "NONE"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteAuthorizer(ctx, &apigateway.DeleteAuthorizerInput{RestApiId: *a.Id, AuthorizerId: "auth01"}); err != nil {
		t.Fatal(err)
	}
}

// Source: API reference, "Patch operations", UpdateAuthorizer.
func TestAuthorizerPatches(t *testing.T) {
	authorizer := apigw.Authorizer{Type: "TOKEN", ProviderARNs: []string{"a"}}
	var operations []apigateway.PatchOperation
	for _, row := range [][3]string{
		{"replace", "/name", "n"}, {"replace", "/type", "REQUEST"}, {"replace", "/authorizerUri", "u"}, {"replace", "/authorizerCredentials", "c"},
		{"replace", "/authorizerResultTtlInSeconds", "0"}, {"replace", "/identitySource", "method.request.header.A"},
		{"replace", "/identityValidationExpression", ".*"}, {"replace", "/authType", "t"}, {"add", "/providerARNs", "b"}, {"remove", "/providerARNs", "a"},
	} {
		operations = append(operations, apigateway.PatchOperation{Op: apigateway.Op(row[0]), Path: &row[1], Value: &row[2]})
	}
	if err := applyPatch(authorizerPatches, &authorizer, operations); err != nil {
		t.Fatal(err)
	}
	want := apigw.Authorizer{
		Name: "n", Type: "REQUEST", AuthorizerUri: "u", AuthorizerCredentials: "c", AuthorizerResultTtlInSeconds: value(int32(0)),
		IdentitySource: "method.request.header.A", IdentityValidationExpression: ".*", AuthType: "t", ProviderARNs: []string{"b"},
	}
	if diff := cmp.Diff(want, authorizer); diff != "" {
		t.Error(diff)
	}
}

// Texts unconfirmed.
func TestCreateAuthorizer_checksFirst(t *testing.T) {
	ctx, s, a := newTestService(t)
	for _, row := range []struct {
		in      apigateway.CreateAuthorizerInput
		message string
	}{
		{apigateway.CreateAuthorizerInput{Type: "TOKEN"}, messageInvalidName},
		{apigateway.CreateAuthorizerInput{Name: "n", Type: "TOKEN"}, messageAuthorizerUriNeeded},
		{apigateway.CreateAuthorizerInput{Name: "n", Type: "COGNITO_USER_POOLS"}, messageAuthorizerProviderNeeded},
		{apigateway.CreateAuthorizerInput{Name: "n", Type: "REQUEST", AuthorizerUri: value("u"), AuthorizerResultTtlInSeconds: value(int32(3601))}, messageInvalidAuthorizerTtl},
	} {
		in := row.in
		in.RestApiId = *a.Id
		_, err := s.CreateAuthorizer(ctx, &in)
		wantError(t, err, "BadRequestException", row.message)
	}
}
