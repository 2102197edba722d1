package identity

import (
	"context"
	"errors"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// GetAccountSummary counts what the account has, beside its quotas.
func (s *Service) GetAccountSummary(ctx context.Context, _ *api.GetAccountSummaryInput) (*api.GetAccountSummaryOutput, error) {
	view, scope := s.Store.View(), scopeOf(ctx)
	policies, err := records.Policies.List(view, scope)
	if err != nil {
		return nil, err
	}
	own, err := records.Accounts.Get(view, scope, records.AccountId)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	versions := 0
	for _, policy := range policies {
		versions += len(policy.Versions)
	}
	summary := map[string]int32{}
	for key, count := range map[api.SummaryKeyType]int{
		api.SummaryKeyTypeUsers:                         len(records.Users.IDs(view, scope)),
		api.SummaryKeyTypeUsersQuota:                    usersPerAccount,
		api.SummaryKeyTypeGroups:                        len(records.Groups.IDs(view, scope)),
		api.SummaryKeyTypeGroupsQuota:                   groupsPerAccount,
		api.SummaryKeyTypeRoles:                         len(records.Roles.IDs(view, scope)),
		api.SummaryKeyTypeRolesQuota:                    rolesPerAccount,
		api.SummaryKeyTypePolicies:                      len(policies),
		api.SummaryKeyTypePoliciesQuota:                 policiesPerAccount,
		api.SummaryKeyTypePolicyVersionsInUse:           versions,
		api.SummaryKeyTypePolicyVersionsInUseQuota:      policiesPerAccount * versionsPerPolicy,
		api.SummaryKeyTypeVersionsPerPolicyQuota:        versionsPerPolicy,
		api.SummaryKeyTypeProviders:                     len(records.OpenIDConnectProviders.IDs(view, scope)),
		api.SummaryKeyTypeUserPolicySizeQuota:           iam.MaxUserInlinePolicySize,
		api.SummaryKeyTypeGroupPolicySizeQuota:          iam.MaxGroupInlinePolicySize,
		api.SummaryKeyTypeRolePolicySizeQuota:           iam.MaxRoleInlinePolicySize,
		api.SummaryKeyTypePolicySizeQuota:               iam.MaxManagedPolicySize,
		api.SummaryKeyTypeAssumeRolePolicySizeQuota:     iam.MaxTrustPolicySize,
		api.SummaryKeyTypeGroupsPerUserQuota:            groupsPerUser,
		api.SummaryKeyTypeAccessKeysPerUserQuota:        accessKeysPerUser,
		api.SummaryKeyTypeAttachedPoliciesPerUserQuota:  attachedPoliciesPerUser,
		api.SummaryKeyTypeAttachedPoliciesPerGroupQuota: attachedPoliciesPerGroup,
		api.SummaryKeyTypeAttachedPoliciesPerRoleQuota:  attachedPoliciesPerRole,
		api.SummaryKeyTypeAccountAccessKeysPresent:      min(len(own.RootAccessKeyIds), 1),
		api.SummaryKeyTypeMFADevices:                    0,
		api.SummaryKeyTypeMFADevicesInUse:               0,
		api.SummaryKeyTypeAccountMFAEnabled:             0,
		api.SummaryKeyTypeServerCertificates:            0,
		api.SummaryKeyTypeInstanceProfiles:              0,
	} {
		summary[string(key)] = int32(count) // counts are bounded by quotas
	}
	return &api.GetAccountSummaryOutput{SummaryMap: summary}, nil
}

// ListAccountAliases lists none: an alias is for signing in to the console of AWS.
func (s *Service) ListAccountAliases(context.Context, *api.ListAccountAliasesInput) (*api.ListAccountAliasesOutput, error) {
	return &api.ListAccountAliasesOutput{AccountAliases: []string{}, IsTruncated: new(false)}, nil
}
