package identity

import (
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// attach adds a managed policy, which must exist. Attaching twice is no error.
func attach(tx *store.Tx, permissions *records.Permissions, policy policyRef, most quota) error {
	policyArn := policy.arn
	if err := checkAttachable(tx, policy); err != nil {
		return err
	}
	switch {
	case slices.Contains(permissions.AttachedPolicies, policyArn):
		return nil
	case len(permissions.AttachedPolicies) >= most.limit:
		return quotaExceeded(most.name, most.limit)
	}
	permissions.AttachedPolicies = append(permissions.AttachedPolicies, policyArn)
	return nil
}

// policyRef is a managed policy as somebody of an account names it.
type policyRef struct{ account, arn string }

// visible says whether the account may use the policy: its own, or AWS's.
func (p policyRef) visible(r store.Reader) bool {
	if parsed, ok := records.ParseArn(p.arn); !ok || parsed.Account != p.account && parsed.Account != "aws" {
		return false
	}
	_, ok := records.ManagedDocument(r, p.arn)
	return ok
}

type quota struct {
	name  string
	limit int
}

// checkAttachable refuses what is no managed policy of the account or of AWS.
func checkAttachable(r store.Reader, policy policyRef) error {
	if !strings.HasPrefix(policy.arn, "arn:") {
		return invalidInput("ARN %s is not valid.", policy.arn)
	}
	if !policy.visible(r) {
		return notAttachable(policy.arn)
	}
	return nil
}

func detach(permissions *records.Permissions, policyArn string) error {
	at := slices.Index(permissions.AttachedPolicies, policyArn)
	if at < 0 {
		return noSuchPolicy(policyArn)
	}
	permissions.AttachedPolicies = slices.Delete(permissions.AttachedPolicies, at, at+1)
	return nil
}

// AttachUserPolicy attaches a managed policy to a user.
func (s *Service) AttachUserPolicy(ctx context.Context, in *api.AttachUserPolicyInput) (*api.AttachUserPolicyOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(tx *store.Tx, user *records.User) error {
		return attach(tx, &user.Permissions, policyRef{account(ctx), in.PolicyArn}, quota{"PoliciesPerUser", attachedPoliciesPerUser})
	})
	return orNil(&api.AttachUserPolicyOutput{}, err)
}

// AttachGroupPolicy attaches a managed policy to a group.
func (s *Service) AttachGroupPolicy(ctx context.Context, in *api.AttachGroupPolicyInput) (*api.AttachGroupPolicyOutput, error) {
	err := s.changeGroup(ctx, in.GroupName, func(tx *store.Tx, group *records.Group) error {
		return attach(tx, &group.Permissions, policyRef{account(ctx), in.PolicyArn}, quota{"PoliciesPerGroup", attachedPoliciesPerGroup})
	})
	return orNil(&api.AttachGroupPolicyOutput{}, err)
}

// AttachRolePolicy attaches a managed policy to a role.
func (s *Service) AttachRolePolicy(ctx context.Context, in *api.AttachRolePolicyInput) (*api.AttachRolePolicyOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(tx *store.Tx, role *records.Role) error {
		return attach(tx, &role.Permissions, policyRef{account(ctx), in.PolicyArn}, quota{"PoliciesPerRole", attachedPoliciesPerRole})
	})
	return orNil(&api.AttachRolePolicyOutput{}, err)
}

// DetachUserPolicy detaches a managed policy from a user.
func (s *Service) DetachUserPolicy(ctx context.Context, in *api.DetachUserPolicyInput) (*api.DetachUserPolicyOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) error { return detach(&user.Permissions, in.PolicyArn) })
	return orNil(&api.DetachUserPolicyOutput{}, err)
}

// DetachGroupPolicy detaches a managed policy from a group.
func (s *Service) DetachGroupPolicy(ctx context.Context, in *api.DetachGroupPolicyInput) (*api.DetachGroupPolicyOutput, error) {
	err := s.changeGroup(ctx, in.GroupName, func(_ *store.Tx, group *records.Group) error { return detach(&group.Permissions, in.PolicyArn) })
	return orNil(&api.DetachGroupPolicyOutput{}, err)
}

// DetachRolePolicy detaches a managed policy from a role.
func (s *Service) DetachRolePolicy(ctx context.Context, in *api.DetachRolePolicyInput) (*api.DetachRolePolicyOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error { return detach(&role.Permissions, in.PolicyArn) })
	return orNil(&api.DetachRolePolicyOutput{}, err)
}

// attachedWant is which attached policies a List operation asks for.
type attachedWant struct {
	pathPrefix *string
	page       pageRequest
}

func attachedPolicies(permissions *records.Permissions, want attachedWant) (page[api.AttachedPolicy], error) {
	listed := make([]api.AttachedPolicy, 0, len(permissions.AttachedPolicies))
	for _, arn := range permissions.AttachedPolicies {
		parsed, ok := records.ParseArn(arn)
		if ok && strings.HasPrefix(parsed.Path, value(want.pathPrefix)) {
			listed = append(listed, api.AttachedPolicy{PolicyName: &parsed.Name, PolicyArn: new(arn)})
		}
	}
	return paginate(listed, func(policy api.AttachedPolicy) string { return *policy.PolicyArn }, want.page)
}

// ListAttachedUserPolicies lists the managed policies of a user.
func (s *Service) ListAttachedUserPolicies(ctx context.Context, in *api.ListAttachedUserPoliciesInput) (*api.ListAttachedUserPoliciesOutput, error) {
	user, err := findUser(s.Store.View(), scopeOf(ctx), in.UserName)
	if err != nil {
		return nil, err
	}
	found, err := attachedPolicies(&user.Permissions, attachedWant{in.PathPrefix, pageRequest{in.Marker, in.MaxItems}})
	return orNil(&api.ListAttachedUserPoliciesOutput{AttachedPolicies: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListAttachedGroupPolicies lists the managed policies of a group.
func (s *Service) ListAttachedGroupPolicies(ctx context.Context, in *api.ListAttachedGroupPoliciesInput) (*api.ListAttachedGroupPoliciesOutput, error) {
	group, err := findGroup(s.Store.View(), scopeOf(ctx), in.GroupName)
	if err != nil {
		return nil, err
	}
	found, err := attachedPolicies(&group.Permissions, attachedWant{in.PathPrefix, pageRequest{in.Marker, in.MaxItems}})
	return orNil(&api.ListAttachedGroupPoliciesOutput{AttachedPolicies: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListAttachedRolePolicies lists the managed policies of a role.
func (s *Service) ListAttachedRolePolicies(ctx context.Context, in *api.ListAttachedRolePoliciesInput) (*api.ListAttachedRolePoliciesOutput, error) {
	role, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName)
	if err != nil {
		return nil, err
	}
	found, err := attachedPolicies(&role.Permissions, attachedWant{in.PathPrefix, pageRequest{in.Marker, in.MaxItems}})
	return orNil(&api.ListAttachedRolePoliciesOutput{AttachedPolicies: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}
