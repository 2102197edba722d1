package authenticator

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// API Gateway's actions are HTTP methods, and its ARNs are paths without an account:
// arn:aws:apigateway:region::/restapis/… (guide: security_iam_service-with-iam.md). The
// second version's paths are without their /v2.

const (
	actionUpdateRestApiPolicy = "apigateway:UpdateRestApiPolicy"
	// policyExtension is where an imported definition has a resource policy.
	policyExtension = "x-amazon-apigateway-policy"
)

func (r *resourceReader) apiGateway() []access {
	method := r.call.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	path := strings.TrimPrefix(r.call.Path, "/v2")
	found := r.existing(path)
	keys := append(resourceTags(found.tags), r.apiGatewayKeys(found)...)
	needed := []access{{action: "apigateway:" + method, resource: r.apiGatewayArn(path), account: r.who.Account, keys: keys}}
	if r.setsPolicy() {
		needed = append(needed, access{action: actionUpdateRestApiPolicy, resource: r.apiGatewayArn(restApiPath(path)), account: r.who.Account, keys: keys})
	}
	return append(needed, r.passedRoles("apigateway.amazonaws.com")...)
}

func (r *resourceReader) apiGatewayArn(path string) string {
	return "arn:aws:apigateway:" + r.who.Region + "::" + path
}

// setsPolicy says whether the operation writes the resource policy of an API, which
// takes a permission of its own (guide: apigateway-resource-policies-create-attach.md).
func (r *resourceReader) setsPolicy() bool {
	switch r.call.Operation.Name {
	case "CreateRestApi":
		return r.input.text("Policy") != ""
	case "UpdateRestApi":
		for _, patch := range r.input.items("PatchOperations") {
			if path := patch.text("Path"); path == "/policy" || strings.HasPrefix(path, "/policy/") {
				return true
			}
		}
	case "ImportRestApi", "PutRestApi":
		return definitionOf(r.input.body()).has(policyExtension)
	}
	return false
}

// restApiPath is the path of the API that a path is beneath, or of any for a new one.
func restApiPath(path string) string {
	if id := restApiId(path); id != "" {
		return "/restapis/" + id
	}
	return "/restapis/*"
}

func restApiId(path string) string {
	rest, ok := strings.CutPrefix(path, "/restapis/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// unknownName stands in an ARN for an API or stage that a URL does not name and that no
// open connection tells.
const unknownName = "unknown"

// connections is the @connections API: arn:…:api-id/stage/METHOD/@connections/id
// (guide: apigateway-websocket-control-access-iam.md).
func (r *resourceReader) connections(ctx context.Context) ([]access, error) {
	connectionId, found := r.input.text("ConnectionId"), ConnectionsApi{}
	if r.authorizer.Connections != nil {
		found = r.authorizer.Connections(ctx, ConnectionsCall{Host: r.who.Host, BasePath: r.who.BasePath, ConnectionId: connectionId})
	}
	if want := found.Api.Region; want != "" && r.who.Region != want {
		return nil, wrongRegion(r.who.Region, want)
	}
	api := iam.ApiARN{
		Region: cmp.Or(found.Api.Region, r.who.Region), Account: cmp.Or(found.Api.Account, r.who.Account), ApiID: cmp.Or(found.Api.ApiID, unknownName),
	}
	resource := api.Method(cmp.Or(found.StageName, unknownName), r.call.Method, "@connections/"+connectionId)
	return []access{{action: iam.ActionManageConnections, resource: resource}}, nil
}

// wrongRegion refuses a signature for another region than the API's, as the data plane
// does: only the URL tells which is right.
func wrongRegion(got, want string) error {
	f := fault.New(fault.CredentialsRefused)
	f.Checked, f.Found, f.Wanted = "the region that the request was signed for", got, want
	f.Fix = "Sign for the region of the API."
	return fault.Refuse(&awsapi.Unmodelled{
		Code: "InvalidSignatureException", Message: "Credential should be scoped to a valid region.", Status: http.StatusForbidden,
	}, f)
}
