package identity

import (
	"context"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func boundaryOf(permissions *records.Permissions) *api.AttachedPermissionsBoundary {
	if permissions.PermissionsBoundary == "" {
		return nil
	}
	// "Policy" is what AWS returns, though its model says PermissionsBoundaryPolicy.
	return &api.AttachedPermissionsBoundary{PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: new(permissions.PermissionsBoundary)}
}

// checkBoundary refuses a boundary that is no managed policy; "" is none.
func checkBoundary(r store.Reader, policy policyRef) error {
	if policy.arn != "" && !policy.visible(r) {
		return noSuchEntity("Scope ARN: %s does not exist or is not attachable.", policy.arn)
	}
	return nil
}

// PutUserPermissionsBoundary sets the boundary of a user.
func (s *Service) PutUserPermissionsBoundary(ctx context.Context, in *api.PutUserPermissionsBoundaryInput) (*api.PutUserPermissionsBoundaryOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(tx *store.Tx, user *records.User) error {
		user.Permissions.PermissionsBoundary = in.PermissionsBoundary
		return checkBoundary(tx, policyRef{account(ctx), in.PermissionsBoundary})
	})
	return orNil(&api.PutUserPermissionsBoundaryOutput{}, err)
}

// PutRolePermissionsBoundary sets the boundary of a role.
func (s *Service) PutRolePermissionsBoundary(ctx context.Context, in *api.PutRolePermissionsBoundaryInput) (*api.PutRolePermissionsBoundaryOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(tx *store.Tx, role *records.Role) error {
		role.Permissions.PermissionsBoundary = in.PermissionsBoundary
		return checkBoundary(tx, policyRef{account(ctx), in.PermissionsBoundary})
	})
	return orNil(&api.PutRolePermissionsBoundaryOutput{}, err)
}

// DeleteUserPermissionsBoundary takes the boundary of a user away.
func (s *Service) DeleteUserPermissionsBoundary(ctx context.Context, in *api.DeleteUserPermissionsBoundaryInput) (*api.DeleteUserPermissionsBoundaryOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) error {
		return removeBoundary(&user.Permissions, "user", in.UserName)
	})
	return orNil(&api.DeleteUserPermissionsBoundaryOutput{}, err)
}

// DeleteRolePermissionsBoundary takes the boundary of a role away.
func (s *Service) DeleteRolePermissionsBoundary(ctx context.Context, in *api.DeleteRolePermissionsBoundaryInput) (*api.DeleteRolePermissionsBoundaryOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		return removeBoundary(&role.Permissions, "role", in.RoleName)
	})
	return orNil(&api.DeleteRolePermissionsBoundaryOutput{}, err)
}

func removeBoundary(permissions *records.Permissions, noun, name string) error {
	if permissions.PermissionsBoundary == "" {
		return noSuchEntity("The %s with name %s does not have a permissions boundary.", noun, name)
	}
	permissions.PermissionsBoundary = ""
	return nil
}
