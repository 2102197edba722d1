package restapis

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/awsapi/apigateway"
)

func private(vpcEndpointIds ...string) *apigateway.EndpointConfiguration {
	return &apigateway.EndpointConfiguration{Types: []apigateway.EndpointType{"PRIVATE"}, VpcEndpointIds: vpcEndpointIds}
}

// Private APIs are dualstack, seen on AWS; that dualstack is also the default is unconfirmed.
func TestCreateRestApi_private(t *testing.T) {
	ctx, s, _ := newTestService(t)
	created, err := s.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: "p", EndpointConfiguration: private("vpce-0212a4ab")})
	if err != nil {
		t.Fatal(err)
	}
	want := private("vpce-0212a4ab")
	want.IpAddressType = "dualstack"
	if diff := cmp.Diff(want, created.EndpointConfiguration); diff != "" {
		t.Error(diff)
	}
	ipv4 := private()
	ipv4.IpAddressType = "ipv4"
	regional := private("vpce-0212a4ab")
	regional.Types = []apigateway.EndpointType{"REGIONAL"}
	for _, refused := range []struct {
		endpoint *apigateway.EndpointConfiguration
		message  string
	}{
		{ipv4, "Only dualstack ipAddressType is supported for Private APIs."},
		{regional, "VPCEndpoints can only be specified with PRIVATE apis."},
		{private("subnet-0212a4ab"), messageInvalidVpcEndpoint},
	} {
		_, err := s.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: "p", EndpointConfiguration: refused.endpoint})
		wantError(t, err, "BadRequestException", refused.message)
	}
}

// Guide, apigateway-api-migration.md: private becomes regional, and nothing else.
func TestUpdateRestApi_endpointType(t *testing.T) {
	ctx, s, a := newTestService(t)
	change := func(path, value string, op apigateway.Op) (*apigateway.RestApi, error) {
		return s.UpdateRestApi(ctx, &apigateway.UpdateRestApiInput{RestApiId: *a.Id, PatchOperations: []apigateway.PatchOperation{
			{Op: op, Path: &path, Value: &value},
		}})
	}
	const types, ids = "/endpointConfiguration/types/EDGE", "/endpointConfiguration/vpcEndpointIds"
	if _, err := change(types, "PRIVATE", "replace"); err != nil {
		t.Fatal(err)
	}
	got, err := change(ids, "vpce-0212a4ab", "add")
	if err != nil || !cmp.Equal(got.EndpointConfiguration.VpcEndpointIds, []string{"vpce-0212a4ab"}) {
		t.Fatalf("got %+v %v", got, err)
	}
	_, err = change("/endpointConfiguration/types/PRIVATE", "EDGE", "replace")
	wantError(t, err, "BadRequestException", messagePrivateToEdge)
	_, err = change("/endpointConfiguration/types/PRIVATE", "REGIONAL", "replace")
	wantError(t, err, "BadRequestException", messageVpcEndpointsOfPublic)
	if _, err := change(ids, "vpce-0212a4ab", "remove"); err != nil {
		t.Fatal(err)
	}
	if _, err = change("/endpointConfiguration/types/PRIVATE", "REGIONAL", "replace"); err != nil {
		t.Fatal(err)
	}
}

// Public reports: without a policy a private API is not deployed.
func TestCreateDeployment_privateNeedsAPolicy(t *testing.T) {
	ctx, s, _ := newTestService(t)
	a, err := s.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: "p", EndpointConfiguration: private()})
	if err != nil {
		t.Fatal(err)
	}
	putMock(ctx, t, s, a)
	deploy := func() error {
		_, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id, StageName: value("prod")})
		return err
	}
	wantError(t, deploy(), "BadRequestException", "Private REST API doesn't have a resource policy attached to it")
	path, policy := "/policy", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}`
	_, err = s.UpdateRestApi(ctx, &apigateway.UpdateRestApiInput{RestApiId: *a.Id, PatchOperations: []apigateway.PatchOperation{
		{Op: "replace", Path: &path, Value: &policy},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := deploy(); err != nil {
		t.Fatal(err)
	}
}
