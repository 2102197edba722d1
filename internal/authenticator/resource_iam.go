package authenticator

import (
	"strings"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
)

// iam finds what an operation of IAM is about. An operation that names a user and a
// group, or a user and a policy, is about the group, and about the user.
func (r *resourceReader) iam() []access {
	one := r.any("*")
	name := r.call.Operation.Name
	switch {
	case r.input.text("GroupName") != "":
		one.resource, one.keys = r.group(r.input.text("GroupName"))
	case r.input.text("UserName") != "":
		one.resource, one.keys = r.user(r.input.text("UserName"))
	case r.input.text("RoleName") != "":
		one.resource, one.keys = r.role(r.input.text("RoleName"))
	case r.input.text("PolicyArn") != "":
		one.resource = r.input.text("PolicyArn")
	case r.input.text("PolicyName") != "":
		one.resource = r.newArn("policy", r.input.text("PolicyName"))
	case r.input.text("OpenIDConnectProviderArn") != "":
		one.resource = r.input.text("OpenIDConnectProviderArn")
	case r.input.text("Url") != "":
		_, rest, _ := strings.Cut(r.input.text("Url"), "://")
		one.resource = records.ProviderArn(r.who.Account, rest)
	case name == "GetUser" || strings.HasSuffix(name, "AccessKey") || name == "ListAccessKeys":
		one.resource = r.who.Principal().ARN
	}
	if strings.HasPrefix(name, "Attach") || strings.HasPrefix(name, "Detach") {
		one.keys = append(one.keys, iam.ContextKey{Key: "iam:PolicyARN", Value: r.input.text("PolicyArn")})
	}
	if boundary := r.input.text("PermissionsBoundary"); boundary != "" {
		// The boundary that is asked for comes before the one that is there.
		one.keys = append(iam.Context{{Key: "iam:PermissionsBoundary", Value: boundary}}, one.keys...)
	}
	needed := []access{one}
	if noun, ok := strings.CutPrefix(name, "Create"); ok && len(r.input.tags()) > 0 {
		tagging := one
		tagging.action = "iam:Tag" + noun
		needed = append(needed, tagging)
	}
	return needed
}

// newArn is the ARN of what is about to be made, or is not there.
func (r *resourceReader) newArn(kind, name string) string {
	path := r.input.text("Path")
	if path == "" {
		path = "/"
	}
	return records.Arn(r.who.Account, kind, path, name)
}

func (r *resourceReader) user(name string) (string, iam.Context) {
	user, err := records.Users.Get(r.authorizer.Store.View(), records.Scope(r.who.Account), records.NameId(name))
	if err != nil {
		return r.newArn("user", name), nil
	}
	return records.Arn(r.who.Account, "user", user.Path, user.UserName), permissionKeys(user.Tags, &user.Permissions)
}

func (r *resourceReader) role(name string) (string, iam.Context) {
	role, err := records.Roles.Get(r.authorizer.Store.View(), records.Scope(r.who.Account), records.NameId(name))
	if err != nil {
		return r.newArn("role", name), nil
	}
	return records.Arn(r.who.Account, "role", role.Path, role.RoleName), permissionKeys(role.Tags, &role.Permissions)
}

func (r *resourceReader) group(name string) (string, iam.Context) { //nolint:unparam // the readers of all nouns have one shape; groups have no tags
	group, err := records.Groups.Get(r.authorizer.Store.View(), records.Scope(r.who.Account), records.NameId(name))
	if err != nil {
		return r.newArn("group", name), nil
	}
	return records.Arn(r.who.Account, "group", group.Path, group.GroupName), nil
}

// permissionKeys are the condition keys that a user or role has: its tags and its boundary.
func permissionKeys(tags []iam.Tag, permissions *records.Permissions) iam.Context {
	var keys iam.Context
	for _, tag := range tags {
		keys = append(keys, iam.ContextKey{Key: "aws:ResourceTag/" + tag.Key, Value: tag.Value},
			iam.ContextKey{Key: "iam:ResourceTag/" + tag.Key, Value: tag.Value})
	}
	if permissions.PermissionsBoundary != "" {
		keys = append(keys, iam.ContextKey{Key: "iam:PermissionsBoundary", Value: permissions.PermissionsBoundary})
	}
	return keys
}

// sts: who may assume a role is decided by the operation itself, which has the trust
// policy; the others need no permission. Anything else would.
func (r *resourceReader) sts() []access {
	switch r.call.Operation.Name {
	case "AssumeRole", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken":
		return nil
	}
	return []access{r.any("*")}
}
