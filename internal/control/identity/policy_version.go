package identity

import (
	"context"
	"slices"
	"strconv"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func versionOf(policy *records.Policy, version *records.PolicyVersion) api.PolicyVersion {
	return api.PolicyVersion{
		VersionId: &version.VersionId, IsDefaultVersion: new(version.VersionId == policy.DefaultVersionId), CreateDate: &version.CreateDate,
	}
}

// CreatePolicyVersion adds a version to a managed policy.
func (s *Service) CreatePolicyVersion(ctx context.Context, in *api.CreatePolicyVersionInput) (*api.CreatePolicyVersionOutput, error) {
	if err := compileManaged(in.PolicyDocument, in.PolicyArn); err != nil {
		return nil, err
	}
	var shown api.PolicyVersion
	err := s.changePolicy(ctx, in.PolicyArn, func(_ *store.Tx, policy *records.Policy) error {
		if len(policy.Versions) >= versionsPerPolicy {
			return limitExceeded(messageTooManyVersions)
		}
		version := records.PolicyVersion{VersionId: "v" + strconv.Itoa(policy.NextVersion), Document: in.PolicyDocument, CreateDate: s.now()}
		policy.NextVersion++
		policy.Versions = append(policy.Versions, version)
		policy.UpdateDate = version.CreateDate
		if value(in.SetAsDefault) {
			policy.DefaultVersionId = version.VersionId
		}
		shown = versionOf(policy, &version)
		return nil
	})
	return orNil(&api.CreatePolicyVersionOutput{PolicyVersion: &shown}, err)
}

// GetPolicyVersion returns a version with its document.
func (s *Service) GetPolicyVersion(ctx context.Context, in *api.GetPolicyVersionInput) (*api.GetPolicyVersionOutput, error) {
	policy, err := s.findPolicy(s.Store.View(), account(ctx), in.PolicyArn)
	if err != nil {
		return nil, err
	}
	version, ok := policy.Version(in.VersionId)
	if !ok {
		return nil, noSuchVersion(in.PolicyArn, in.VersionId)
	}
	shown := versionOf(&policy, &version)
	shown.Document = new(escaped(version.Document))
	return &api.GetPolicyVersionOutput{PolicyVersion: &shown}, nil
}

// ListPolicyVersions lists the versions of a managed policy, newest first.
func (s *Service) ListPolicyVersions(ctx context.Context, in *api.ListPolicyVersionsInput) (*api.ListPolicyVersionsOutput, error) {
	policy, err := s.findPolicy(s.Store.View(), account(ctx), in.PolicyArn)
	if err != nil {
		return nil, err
	}
	versions := convert(policy.Versions, func(version *records.PolicyVersion) api.PolicyVersion { return versionOf(&policy, version) })
	order := map[string]string{}
	for i := range versions { // there are five at most, so one digit sorts them
		order[*versions[i].VersionId] = strconv.Itoa(len(versions) - i)
	}
	found, err := paginate(versions, func(version api.PolicyVersion) string { return order[*version.VersionId] }, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListPolicyVersionsOutput{Versions: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// SetDefaultPolicyVersion chooses the version that counts.
func (s *Service) SetDefaultPolicyVersion(ctx context.Context, in *api.SetDefaultPolicyVersionInput) (*api.SetDefaultPolicyVersionOutput, error) {
	err := s.changePolicy(ctx, in.PolicyArn, func(_ *store.Tx, policy *records.Policy) error {
		if _, ok := policy.Version(in.VersionId); !ok {
			return noSuchVersion(in.PolicyArn, in.VersionId)
		}
		policy.DefaultVersionId, policy.UpdateDate = in.VersionId, s.now()
		return nil
	})
	return orNil(&api.SetDefaultPolicyVersionOutput{}, err)
}

// DeletePolicyVersion deletes a version that is not the default.
func (s *Service) DeletePolicyVersion(ctx context.Context, in *api.DeletePolicyVersionInput) (*api.DeletePolicyVersionOutput, error) {
	err := s.changePolicy(ctx, in.PolicyArn, func(_ *store.Tx, policy *records.Policy) error {
		if _, ok := policy.Version(in.VersionId); !ok {
			return noSuchVersion(in.PolicyArn, in.VersionId)
		}
		if policy.DefaultVersionId == in.VersionId {
			return deleteConflict(messageDefaultVersion)
		}
		policy.Versions = slices.DeleteFunc(policy.Versions, func(version records.PolicyVersion) bool { return version.VersionId == in.VersionId })
		policy.UpdateDate = s.now()
		return nil
	})
	return orNil(&api.DeletePolicyVersionOutput{}, err)
}
