package identity

import (
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// entity is somebody whom a policy is attached to.
type entity struct {
	kind           api.EntityType
	name, id, path string
	permissions    *records.Permissions
}

// entities are all users, groups and roles of an account.
type entities []entity

func attachments(r store.Reader, scope store.Scope) (entities, error) {
	users, err := records.Users.List(r, scope)
	if err != nil {
		return nil, err
	}
	groups, err := records.Groups.List(r, scope)
	if err != nil {
		return nil, err
	}
	roles, err := records.Roles.List(r, scope)
	if err != nil {
		return nil, err
	}
	all := make(entities, 0, len(users)+len(groups)+len(roles))
	for i := range groups {
		all = append(all, entity{api.EntityTypeGroup, groups[i].GroupName, groups[i].GroupId, groups[i].Path, &groups[i].Permissions})
	}
	for i := range users {
		all = append(all, entity{api.EntityTypeUser, users[i].UserName, users[i].UserId, users[i].Path, &users[i].Permissions})
	}
	for i := range roles {
		all = append(all, entity{api.EntityTypeRole, roles[i].RoleName, roles[i].RoleId, roles[i].Path, &roles[i].Permissions})
	}
	return all, nil
}

// usage counts how often a policy is attached.
func (e entities) usage(policyArn string) usage {
	var used usage
	for _, one := range e {
		if slices.Contains(one.permissions.AttachedPolicies, policyArn) {
			used.attached++
		}
		if one.permissions.PermissionsBoundary == policyArn {
			used.boundaries++
		}
	}
	return used
}

// ListEntitiesForPolicy lists whom a managed policy is attached to.
func (s *Service) ListEntitiesForPolicy(ctx context.Context, in *api.ListEntitiesForPolicyInput) (*api.ListEntitiesForPolicyOutput, error) {
	view := s.Store.View()
	if _, err := s.findPolicy(view, account(ctx), in.PolicyArn); err != nil {
		return nil, err
	}
	all, err := attachments(view, scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(one entity) bool { return !wantsEntity(in, one) })
	found, err := paginate(all, func(one entity) string { return string(one.kind) + "/" + one.name }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	out := &api.ListEntitiesForPolicyOutput{
		PolicyGroups: []api.PolicyGroup{}, PolicyUsers: []api.PolicyUser{}, PolicyRoles: []api.PolicyRole{},
		IsTruncated: &found.truncated, Marker: found.marker,
	}
	for _, one := range found.items {
		switch one.kind {
		case api.EntityTypeGroup:
			out.PolicyGroups = append(out.PolicyGroups, api.PolicyGroup{GroupName: new(one.name), GroupId: new(one.id)})
		case api.EntityTypeUser:
			out.PolicyUsers = append(out.PolicyUsers, api.PolicyUser{UserName: new(one.name), UserId: new(one.id)})
		default:
			out.PolicyRoles = append(out.PolicyRoles, api.PolicyRole{RoleName: new(one.name), RoleId: new(one.id)})
		}
	}
	return out, nil
}

func wantsEntity(in *api.ListEntitiesForPolicyInput, one entity) bool {
	attached := slices.Contains(one.permissions.AttachedPolicies, in.PolicyArn)
	boundary := one.permissions.PermissionsBoundary == in.PolicyArn
	switch in.PolicyUsageFilter {
	case api.PolicyUsageTypePermissionsPolicy:
		boundary = false
	case api.PolicyUsageTypePermissionsBoundary:
		attached = false
	}
	return (attached || boundary) && (in.EntityFilter == "" || in.EntityFilter == one.kind) && strings.HasPrefix(one.path, value(in.PathPrefix))
}
