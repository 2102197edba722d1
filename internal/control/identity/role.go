package identity

import (
	"context"
	"net/url"
	"strings"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func roleOf(account string, role *records.Role) api.Role {
	shown := api.Role{
		Path: role.Path, RoleName: role.RoleName, RoleId: role.RoleId, Arn: records.Arn(account, "role", role.Path, role.RoleName),
		CreateDate: role.CreateDate, AssumeRolePolicyDocument: new(escaped(role.AssumeRolePolicyDocument)),
		MaxSessionDuration: &role.MaxSessionDuration, PermissionsBoundary: boundaryOf(&role.Permissions), Tags: tagsOf(role.Tags),
	}
	if role.Description != "" {
		shown.Description = &role.Description
	}
	return shown
}

// escaped is a policy document as IAM returns it: percent-encoded (RFC 3986).
func escaped(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

// compileTrustPolicy checks the trust policy of a role.
func compileTrustPolicy(document string) error {
	if _, err := iam.Compile([]byte(document), iam.TrustPolicy, "trust policy"); err != nil {
		return malformedPolicy(err)
	}
	if iam.PolicySize([]byte(document)) > iam.MaxTrustPolicySize {
		return quotaExceeded("ACLSizePerRole", iam.MaxTrustPolicySize)
	}
	return nil
}

// CreateRole makes a role.
func (s *Service) CreateRole(ctx context.Context, in *api.CreateRoleInput) (*api.CreateRoleOutput, error) {
	tags, err := tagsFrom(in.Tags)
	if err != nil {
		return nil, err
	}
	if err := compileTrustPolicy(in.AssumeRolePolicyDocument); err != nil {
		return nil, err
	}
	role := records.Role{
		RoleName: in.RoleName, Path: pathOf(in.Path), CreateDate: s.now(), Description: value(in.Description),
		MaxSessionDuration: defaultMaxSessionDuration, AssumeRolePolicyDocument: in.AssumeRolePolicyDocument, Tags: tags,
	}
	role.Permissions.PermissionsBoundary = value(in.PermissionsBoundary)
	if in.MaxSessionDuration != nil {
		role.MaxSessionDuration = *in.MaxSessionDuration
	}
	if role.RoleId, err = s.newId(iam.RolePrefix); err != nil {
		return nil, err
	}
	scope, id := scopeOf(ctx), records.NameId(in.RoleName)
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case records.Roles.Has(tx, scope, id):
			return alreadyExists("Role", in.RoleName)
		case len(records.Roles.IDs(tx, scope)) >= rolesPerAccount:
			return quotaExceeded("RolesPerAccount", rolesPerAccount)
		}
		if err := checkBoundary(tx, policyRef{scope.Account, role.Permissions.PermissionsBoundary}); err != nil {
			return err
		}
		return records.Roles.Put(tx, role, scope, id)
	})
	if err != nil {
		return nil, err
	}
	shown := roleOf(scope.Account, &role)
	shown.MaxSessionDuration = in.MaxSessionDuration // the default shows when the role is read (the aws CLI's examples)
	return &api.CreateRoleOutput{Role: &shown}, nil
}

// GetRole returns a role.
func (s *Service) GetRole(ctx context.Context, in *api.GetRoleInput) (*api.GetRoleOutput, error) {
	role, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName)
	if err != nil {
		return nil, err
	}
	shown := roleOf(account(ctx), &role)
	shown.RoleLastUsed = &api.RoleLastUsed{} // that a role was used is not recorded; AWS shows the empty element then
	return &api.GetRoleOutput{Role: &shown}, nil
}

// ListRoles lists the roles of the account.
func (s *Service) ListRoles(ctx context.Context, in *api.ListRolesInput) (*api.ListRolesOutput, error) {
	roles, err := records.Roles.List(s.Store.View(), scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	roles = underPath(roles, func(role *records.Role) string { return role.Path }, in.PathPrefix)
	found, err := paginate(roles, func(role records.Role) string { return role.RoleName }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	listed := convert(found.items, func(role *records.Role) api.Role {
		one := roleOf(account(ctx), role)
		one.Tags, one.PermissionsBoundary = nil, nil // ListRoles leaves them out
		return one
	})
	return &api.ListRolesOutput{Roles: listed, IsTruncated: &found.truncated, Marker: found.marker}, nil
}

// UpdateRole changes the description and the longest session of a role.
func (s *Service) UpdateRole(ctx context.Context, in *api.UpdateRoleInput) (*api.UpdateRoleOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		if in.Description != nil {
			role.Description = *in.Description
		}
		if in.MaxSessionDuration != nil {
			role.MaxSessionDuration = *in.MaxSessionDuration
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateRoleOutput{}, nil
}

// UpdateRoleDescription changes the description of a role.
func (s *Service) UpdateRoleDescription(ctx context.Context, in *api.UpdateRoleDescriptionInput) (*api.UpdateRoleDescriptionOutput, error) {
	var changed records.Role
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		role.Description = in.Description
		changed = *role
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateRoleDescriptionOutput{Role: new(roleOf(account(ctx), &changed))}, nil
}

// UpdateAssumeRolePolicy replaces the trust policy of a role.
func (s *Service) UpdateAssumeRolePolicy(ctx context.Context, in *api.UpdateAssumeRolePolicyInput) (*api.UpdateAssumeRolePolicyOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		role.AssumeRolePolicyDocument = in.PolicyDocument
		return compileTrustPolicy(in.PolicyDocument)
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateAssumeRolePolicyOutput{}, nil
}

// DeleteRole deletes a role that has nothing left. Its sessions end with it.
func (s *Service) DeleteRole(ctx context.Context, in *api.DeleteRoleInput) (*api.DeleteRoleOutput, error) {
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		role, err := findRole(tx, scopeOf(ctx), in.RoleName)
		if err != nil {
			return err
		}
		if err := nothingAttached(&role.Permissions); err != nil {
			return err
		}
		records.Roles.Delete(tx, scopeOf(ctx), records.NameId(in.RoleName))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteRoleOutput{}, nil
}

// ListInstanceProfilesForRole lists none: there are no instances here.
func (s *Service) ListInstanceProfilesForRole(ctx context.Context, in *api.ListInstanceProfilesForRoleInput) (*api.ListInstanceProfilesForRoleOutput, error) {
	if _, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName); err != nil {
		return nil, err
	}
	return &api.ListInstanceProfilesForRoleOutput{InstanceProfiles: []api.InstanceProfile{}, IsTruncated: new(false)}, nil
}
