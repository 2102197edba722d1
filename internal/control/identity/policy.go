package identity

import (
	"context"
	"errors"
	"slices"
	"time"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/managed"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// managedSince is when AWS's own policies were made, as they are shown; AWS has a date for each.
var managedSince = time.Date(2015, 2, 6, 18, 40, 0, 0, time.UTC)

// findPolicy finds a managed policy that an account can see: its own, or AWS's.
func (s *Service) findPolicy(r store.Reader, account, arn string) (records.Policy, error) {
	if policy, ok := managed.Find(arn); ok {
		return records.Policy{
			PolicyName: policy.Name, Path: policy.Path, PolicyId: policy.Id(), Description: policy.Description, CreateDate: managedSince, UpdateDate: managedSince,
			Versions: []records.PolicyVersion{{VersionId: "v1", Document: policy.Document, CreateDate: managedSince}}, DefaultVersionId: "v1", NextVersion: 2,
		}, nil
	}
	parsed, ok := records.ParseArn(arn)
	switch {
	case !ok || parsed.Kind != "policy":
		return records.Policy{}, invalidInput("ARN %s is not valid.", arn)
	case parsed.Account != account:
		return records.Policy{}, noSuchPolicy(arn)
	}
	policy, err := records.FindPolicy(r, arn)
	if errors.Is(err, store.ErrNotFound) {
		return policy, noSuchPolicy(arn)
	}
	return policy, err
}

// changePolicy reads a customer managed policy, changes it and writes it back.
func (s *Service) changePolicy(ctx context.Context, arn string, change func(tx *store.Tx, policy *records.Policy) error) error {
	if _, ok := managed.Find(arn); ok {
		return accessDenied("Cannot modify the AWS managed policy " + arn + ".")
	}
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		policy, err := s.findPolicy(tx, account(ctx), arn)
		if err != nil {
			return err
		}
		if err := change(tx, &policy); err != nil {
			return err
		}
		return records.Policies.Put(tx, policy, scopeOf(ctx), records.NameId(policy.PolicyName))
	})
}

// CreatePolicy makes a managed policy with its version v1.
func (s *Service) CreatePolicy(ctx context.Context, in *api.CreatePolicyInput) (*api.CreatePolicyOutput, error) {
	tags, err := tagsFrom(in.Tags)
	if err != nil {
		return nil, err
	}
	if err := compileManaged(in.PolicyDocument, in.PolicyName); err != nil {
		return nil, err
	}
	now := s.now()
	policy := records.Policy{
		PolicyName: in.PolicyName, Path: pathOf(in.Path), Description: value(in.Description), CreateDate: now, UpdateDate: now,
		Versions: []records.PolicyVersion{{VersionId: "v1", Document: in.PolicyDocument, CreateDate: now}}, DefaultVersionId: "v1", NextVersion: 2, Tags: tags,
	}
	if policy.PolicyId, err = s.newId(iam.ManagedPolicyPrefix); err != nil {
		return nil, err
	}
	scope, id := scopeOf(ctx), records.NameId(in.PolicyName)
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case records.Policies.Has(tx, scope, id):
			return &api.EntityAlreadyExistsException{Message: "A policy called " + in.PolicyName + " already exists. Duplicate names are not allowed."}
		case len(records.Policies.IDs(tx, scope)) >= policiesPerAccount:
			return quotaExceeded("PoliciesPerAccount", policiesPerAccount)
		}
		return records.Policies.Put(tx, policy, scope, id)
	})
	if err != nil {
		return nil, err
	}
	shown := policyOf(records.Arn(scope.Account, "policy", policy.Path, policy.PolicyName), &policy, usage{})
	shown.Description = nil // CreatePolicy does not return it
	return &api.CreatePolicyOutput{Policy: &shown}, nil
}

func compileManaged(document, name string) error {
	if _, err := iam.Compile([]byte(document), iam.IdentityPolicy, name); err != nil {
		return malformedPolicy(err)
	}
	if iam.PolicySize([]byte(document)) > iam.MaxManagedPolicySize {
		return quotaExceeded("PolicySize", iam.MaxManagedPolicySize)
	}
	return nil
}

// usage is how often a policy is attached, and is a boundary.
type usage struct{ attached, boundaries int32 }

func policyOf(arn string, policy *records.Policy, used usage) api.Policy {
	shown := api.Policy{
		PolicyName: &policy.PolicyName, PolicyId: &policy.PolicyId, Arn: &arn, Path: &policy.Path, DefaultVersionId: &policy.DefaultVersionId,
		AttachmentCount: &used.attached, PermissionsBoundaryUsageCount: &used.boundaries, IsAttachable: new(true),
		CreateDate: &policy.CreateDate, UpdateDate: &policy.UpdateDate, Tags: tagsOf(policy.Tags),
	}
	if policy.Description != "" {
		shown.Description = &policy.Description
	}
	return shown
}

// GetPolicy returns a managed policy, without its document.
func (s *Service) GetPolicy(ctx context.Context, in *api.GetPolicyInput) (*api.GetPolicyOutput, error) {
	view := s.Store.View()
	policy, err := s.findPolicy(view, account(ctx), in.PolicyArn)
	if err != nil {
		return nil, err
	}
	attached, err := attachments(view, scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	return &api.GetPolicyOutput{Policy: new(policyOf(in.PolicyArn, &policy, attached.usage(in.PolicyArn)))}, nil
}

// ListPolicies lists managed policies: the account's, AWS's, or both.
func (s *Service) ListPolicies(ctx context.Context, in *api.ListPoliciesInput) (*api.ListPoliciesOutput, error) {
	view := s.Store.View()
	attached, err := attachments(view, scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	var policies []api.Policy
	if in.Scope != api.PolicyScopeTypeLocal {
		for _, own := range managed.All() {
			policy, _ := s.findPolicy(view, account(ctx), own.Arn())
			policies = append(policies, policyOf(own.Arn(), &policy, attached.usage(own.Arn())))
		}
	}
	if in.Scope != api.PolicyScopeTypeAws {
		local, err := records.Policies.List(view, scopeOf(ctx))
		if err != nil {
			return nil, err
		}
		for _, policy := range local {
			arn := records.Arn(account(ctx), "policy", policy.Path, policy.PolicyName)
			policies = append(policies, policyOf(arn, &policy, attached.usage(arn)))
		}
	}
	policies = underPath(policies, func(policy *api.Policy) string { return *policy.Path }, in.PathPrefix)
	policies = slices.DeleteFunc(policies, func(policy api.Policy) bool { return !wantsPolicy(in, &policy) })
	found, err := paginate(policies, func(policy api.Policy) string { return *policy.Arn }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	for i := range found.items {
		found.items[i].Tags, found.items[i].Description = nil, nil // ListPolicies leaves them out
	}
	return &api.ListPoliciesOutput{Policies: found.items, IsTruncated: &found.truncated, Marker: found.marker}, nil
}

func wantsPolicy(in *api.ListPoliciesInput, policy *api.Policy) bool {
	switch {
	case in.PolicyUsageFilter == api.PolicyUsageTypePermissionsPolicy && *policy.AttachmentCount == 0,
		in.PolicyUsageFilter == api.PolicyUsageTypePermissionsBoundary && *policy.PermissionsBoundaryUsageCount == 0:
		return false
	case value(in.OnlyAttached):
		return *policy.AttachmentCount > 0
	}
	return true
}

// DeletePolicy deletes a managed policy that is not attached and has one version.
func (s *Service) DeletePolicy(ctx context.Context, in *api.DeletePolicyInput) (*api.DeletePolicyOutput, error) {
	if _, ok := managed.Find(in.PolicyArn); ok {
		return nil, accessDenied("Cannot delete the AWS managed policy " + in.PolicyArn + ".")
	}
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		policy, err := s.findPolicy(tx, account(ctx), in.PolicyArn)
		if err != nil {
			return err
		}
		attached, err := attachments(tx, scopeOf(ctx))
		if err != nil {
			return err
		}
		switch used := attached.usage(in.PolicyArn); {
		case used.attached > 0 || used.boundaries > 0:
			return deleteConflict(messagePolicyAttached)
		case len(policy.Versions) > 1:
			return deleteConflict(messagePolicyHasVersions)
		}
		records.Policies.Delete(tx, scopeOf(ctx), records.NameId(policy.PolicyName))
		return nil
	})
	return orNil(&api.DeletePolicyOutput{}, err)
}
