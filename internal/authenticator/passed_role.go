package authenticator

import (
	"slices"
	"strings"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
)

// actionPassRole is giving a role to a service. It keeps a user from getting, through a
// function or an integration, what only the role may do.
const actionPassRole = "iam:PassRole"

// roleMembers are the members of inputs that name a role, over all services.
var roleMembers = []string{"Credentials", "CredentialsArn", "AuthorizerCredentials", "AuthorizerCredentialsArn", "Role", "RoleARN"}

// rolePatches are the paths of patch operations that set a role.
var rolePatches = []string{"/credentials", "/authorizerCredentials", "/cloudwatchRoleArn"}

func isRoleArn(text string) bool {
	parsed, ok := records.ParseArn(text)
	return ok && parsed.Kind == "role"
}

// passedRoles are the roles that the operation gives to a service.
func (r *resourceReader) passedRoles(service string) []access {
	var arns []string
	for _, name := range roleMembers {
		arns = append(arns, r.input.text(name))
	}
	for _, patch := range r.input.items("PatchOperations") {
		if slices.ContainsFunc(rolePatches, func(path string) bool { return strings.HasSuffix(patch.text("Path"), path) }) {
			arns = append(arns, patch.text("Value"))
		}
	}
	switch r.call.Operation.Name {
	case "ImportRestApi", "PutRestApi", "ImportApi", "ReimportApi":
		arns = append(arns, definitionOf(r.input.body()).roles()...)
	}
	var needed []access
	for _, arn := range arns {
		if isRoleArn(arn) && !slices.ContainsFunc(needed, func(other access) bool { return other.resource == arn }) {
			needed = append(needed, access{action: actionPassRole, resource: arn, keys: iam.Context{{Key: "iam:PassedToService", Value: service}}})
		}
	}
	return needed
}
