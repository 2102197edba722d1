package identity

import (
	"context"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// owner is who has inline policies: how it is named in messages, and how much it may have.
type owner struct {
	noun string
	size int
}

var (
	userOwner  = owner{"user", iam.MaxUserInlinePolicySize}
	groupOwner = owner{"group", iam.MaxGroupInlinePolicySize}
	roleOwner  = owner{"role", iam.MaxRoleInlinePolicySize}
)

// put checks a document and puts it among the owner's inline policies. The quota is for all of them together.
func (o owner) put(permissions *records.Permissions, ownerName, policyName, document string) error {
	if _, err := iam.Compile([]byte(document), iam.IdentityPolicy, policyName); err != nil {
		return malformedPolicy(err)
	}
	size := iam.PolicySize([]byte(document))
	for name, other := range permissions.InlinePolicies {
		if name != policyName {
			size += iam.PolicySize([]byte(other))
		}
	}
	if size > o.size {
		return limitExceeded("Maximum policy size of %d bytes exceeded for %s %s", o.size, o.noun, ownerName)
	}
	if permissions.InlinePolicies == nil {
		permissions.InlinePolicies = map[string]string{}
	}
	permissions.InlinePolicies[policyName] = document
	return nil
}

func (o owner) delete(permissions *records.Permissions, policyName string) error {
	if _, ok := permissions.InlinePolicies[policyName]; !ok {
		return noSuchInlinePolicy(o.noun, policyName)
	}
	delete(permissions.InlinePolicies, policyName)
	return nil
}

func (o owner) get(permissions *records.Permissions, policyName string) (string, error) {
	document, ok := permissions.InlinePolicies[policyName]
	if !ok {
		return "", noSuchInlinePolicy(o.noun, policyName)
	}
	return escaped(document), nil
}

func inlineNames(permissions *records.Permissions, want pageRequest) (page[string], error) {
	names := make([]string, 0, len(permissions.InlinePolicies))
	for name := range permissions.InlinePolicies {
		names = append(names, name)
	}
	return paginate(names, func(name string) string { return name }, want)
}

// PutUserPolicy puts an inline policy into a user.
func (s *Service) PutUserPolicy(ctx context.Context, in *api.PutUserPolicyInput) (*api.PutUserPolicyOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) error {
		return userOwner.put(&user.Permissions, in.UserName, in.PolicyName, in.PolicyDocument)
	})
	return orNil(&api.PutUserPolicyOutput{}, err)
}

// PutGroupPolicy puts an inline policy into a group.
func (s *Service) PutGroupPolicy(ctx context.Context, in *api.PutGroupPolicyInput) (*api.PutGroupPolicyOutput, error) {
	err := s.changeGroup(ctx, in.GroupName, func(_ *store.Tx, group *records.Group) error {
		return groupOwner.put(&group.Permissions, in.GroupName, in.PolicyName, in.PolicyDocument)
	})
	return orNil(&api.PutGroupPolicyOutput{}, err)
}

// PutRolePolicy puts an inline policy into a role.
func (s *Service) PutRolePolicy(ctx context.Context, in *api.PutRolePolicyInput) (*api.PutRolePolicyOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		return roleOwner.put(&role.Permissions, in.RoleName, in.PolicyName, in.PolicyDocument)
	})
	return orNil(&api.PutRolePolicyOutput{}, err)
}

// DeleteUserPolicy deletes an inline policy of a user.
func (s *Service) DeleteUserPolicy(ctx context.Context, in *api.DeleteUserPolicyInput) (*api.DeleteUserPolicyOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) error {
		return userOwner.delete(&user.Permissions, in.PolicyName)
	})
	return orNil(&api.DeleteUserPolicyOutput{}, err)
}

// DeleteGroupPolicy deletes an inline policy of a group.
func (s *Service) DeleteGroupPolicy(ctx context.Context, in *api.DeleteGroupPolicyInput) (*api.DeleteGroupPolicyOutput, error) {
	err := s.changeGroup(ctx, in.GroupName, func(_ *store.Tx, group *records.Group) error {
		return groupOwner.delete(&group.Permissions, in.PolicyName)
	})
	return orNil(&api.DeleteGroupPolicyOutput{}, err)
}

// DeleteRolePolicy deletes an inline policy of a role.
func (s *Service) DeleteRolePolicy(ctx context.Context, in *api.DeleteRolePolicyInput) (*api.DeleteRolePolicyOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		return roleOwner.delete(&role.Permissions, in.PolicyName)
	})
	return orNil(&api.DeleteRolePolicyOutput{}, err)
}

// GetUserPolicy returns an inline policy of a user.
func (s *Service) GetUserPolicy(ctx context.Context, in *api.GetUserPolicyInput) (*api.GetUserPolicyOutput, error) {
	user, err := findUser(s.Store.View(), scopeOf(ctx), in.UserName)
	if err != nil {
		return nil, err
	}
	document, err := userOwner.get(&user.Permissions, in.PolicyName)
	return orNil(&api.GetUserPolicyOutput{UserName: user.UserName, PolicyName: in.PolicyName, PolicyDocument: document}, err)
}

// GetGroupPolicy returns an inline policy of a group.
func (s *Service) GetGroupPolicy(ctx context.Context, in *api.GetGroupPolicyInput) (*api.GetGroupPolicyOutput, error) {
	group, err := findGroup(s.Store.View(), scopeOf(ctx), in.GroupName)
	if err != nil {
		return nil, err
	}
	document, err := groupOwner.get(&group.Permissions, in.PolicyName)
	return orNil(&api.GetGroupPolicyOutput{GroupName: group.GroupName, PolicyName: in.PolicyName, PolicyDocument: document}, err)
}

// GetRolePolicy returns an inline policy of a role.
func (s *Service) GetRolePolicy(ctx context.Context, in *api.GetRolePolicyInput) (*api.GetRolePolicyOutput, error) {
	role, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName)
	if err != nil {
		return nil, err
	}
	document, err := roleOwner.get(&role.Permissions, in.PolicyName)
	return orNil(&api.GetRolePolicyOutput{RoleName: role.RoleName, PolicyName: in.PolicyName, PolicyDocument: document}, err)
}

// ListUserPolicies lists the inline policies of a user.
func (s *Service) ListUserPolicies(ctx context.Context, in *api.ListUserPoliciesInput) (*api.ListUserPoliciesOutput, error) {
	user, err := findUser(s.Store.View(), scopeOf(ctx), in.UserName)
	if err != nil {
		return nil, err
	}
	found, err := inlineNames(&user.Permissions, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListUserPoliciesOutput{PolicyNames: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListGroupPolicies lists the inline policies of a group.
func (s *Service) ListGroupPolicies(ctx context.Context, in *api.ListGroupPoliciesInput) (*api.ListGroupPoliciesOutput, error) {
	group, err := findGroup(s.Store.View(), scopeOf(ctx), in.GroupName)
	if err != nil {
		return nil, err
	}
	found, err := inlineNames(&group.Permissions, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListGroupPoliciesOutput{PolicyNames: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListRolePolicies lists the inline policies of a role.
func (s *Service) ListRolePolicies(ctx context.Context, in *api.ListRolePoliciesInput) (*api.ListRolePoliciesOutput, error) {
	role, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName)
	if err != nil {
		return nil, err
	}
	found, err := inlineNames(&role.Permissions, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListRolePoliciesOutput{PolicyNames: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// orNil is an output, or nothing when there is an error.
func orNil[T any](output *T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return output, nil
}
