package identity

import (
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func tagsOf(tags []iam.Tag) []api.Tag {
	if len(tags) == 0 {
		return nil
	}
	return convert(tags, func(tag *iam.Tag) api.Tag { return api.Tag{Key: tag.Key, Value: tag.Value} })
}

// tagsFrom checks the tags of something new.
func tagsFrom(in []api.Tag) ([]iam.Tag, error) {
	seen := map[string]bool{}
	for _, tag := range in {
		key := strings.ToLower(tag.Key)
		if seen[key] {
			return nil, invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		seen[key] = true
	}
	return addTags(nil, in)
}

const reservedTagPrefix = "aws:"

// addTags sets tags, whose keys are told apart without regard to case.
func addTags(tags []iam.Tag, in []api.Tag) ([]iam.Tag, error) {
	for _, added := range in {
		if strings.HasPrefix(strings.ToLower(added.Key), reservedTagPrefix) {
			return nil, invalidInput("Tag keys that begin with aws: are reserved.")
		}
		tag := iam.Tag{Key: added.Key, Value: added.Value}
		at := slices.IndexFunc(tags, func(other iam.Tag) bool { return strings.EqualFold(other.Key, tag.Key) })
		if at < 0 {
			tags = append(tags, tag)
		} else {
			tags[at] = tag
		}
	}
	if len(tags) > tagsPerEntity {
		return nil, limitExceeded("The number of tags has reached the maximum limit.")
	}
	return tags, nil
}

func removeTags(tags []iam.Tag, keys []string) []iam.Tag {
	return slices.DeleteFunc(tags, func(tag iam.Tag) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, tag.Key) })
	})
}

func listTags(tags []iam.Tag, want pageRequest) (page[api.Tag], error) {
	listed := convert(tags, func(tag *iam.Tag) api.Tag { return api.Tag{Key: tag.Key, Value: tag.Value} })
	return paginate(listed, func(tag api.Tag) string { return tag.Key }, want)
}

// TagUser sets tags of a user.
func (s *Service) TagUser(ctx context.Context, in *api.TagUserInput) (*api.TagUserOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) (err error) {
		user.Tags, err = addTags(user.Tags, in.Tags)
		return err
	})
	return orNil(&api.TagUserOutput{}, err)
}

// TagRole sets tags of a role.
func (s *Service) TagRole(ctx context.Context, in *api.TagRoleInput) (*api.TagRoleOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) (err error) {
		role.Tags, err = addTags(role.Tags, in.Tags)
		return err
	})
	return orNil(&api.TagRoleOutput{}, err)
}

// TagPolicy sets tags of a managed policy.
func (s *Service) TagPolicy(ctx context.Context, in *api.TagPolicyInput) (*api.TagPolicyOutput, error) {
	err := s.changePolicy(ctx, in.PolicyArn, func(_ *store.Tx, policy *records.Policy) (err error) {
		policy.Tags, err = addTags(policy.Tags, in.Tags)
		return err
	})
	return orNil(&api.TagPolicyOutput{}, err)
}

// UntagUser removes tags of a user.
func (s *Service) UntagUser(ctx context.Context, in *api.UntagUserInput) (*api.UntagUserOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(_ *store.Tx, user *records.User) error {
		user.Tags = removeTags(user.Tags, in.TagKeys)
		return nil
	})
	return orNil(&api.UntagUserOutput{}, err)
}

// UntagRole removes tags of a role.
func (s *Service) UntagRole(ctx context.Context, in *api.UntagRoleInput) (*api.UntagRoleOutput, error) {
	err := s.changeRole(ctx, in.RoleName, func(_ *store.Tx, role *records.Role) error {
		role.Tags = removeTags(role.Tags, in.TagKeys)
		return nil
	})
	return orNil(&api.UntagRoleOutput{}, err)
}

// UntagPolicy removes tags of a managed policy.
func (s *Service) UntagPolicy(ctx context.Context, in *api.UntagPolicyInput) (*api.UntagPolicyOutput, error) {
	err := s.changePolicy(ctx, in.PolicyArn, func(_ *store.Tx, policy *records.Policy) error {
		policy.Tags = removeTags(policy.Tags, in.TagKeys)
		return nil
	})
	return orNil(&api.UntagPolicyOutput{}, err)
}

// ListUserTags lists the tags of a user.
func (s *Service) ListUserTags(ctx context.Context, in *api.ListUserTagsInput) (*api.ListUserTagsOutput, error) {
	user, err := findUser(s.Store.View(), scopeOf(ctx), in.UserName)
	if err != nil {
		return nil, err
	}
	found, err := listTags(user.Tags, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListUserTagsOutput{Tags: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListRoleTags lists the tags of a role.
func (s *Service) ListRoleTags(ctx context.Context, in *api.ListRoleTagsInput) (*api.ListRoleTagsOutput, error) {
	role, err := findRole(s.Store.View(), scopeOf(ctx), in.RoleName)
	if err != nil {
		return nil, err
	}
	found, err := listTags(role.Tags, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListRoleTagsOutput{Tags: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

// ListPolicyTags lists the tags of a managed policy.
func (s *Service) ListPolicyTags(ctx context.Context, in *api.ListPolicyTagsInput) (*api.ListPolicyTagsOutput, error) {
	policy, err := s.findPolicy(s.Store.View(), account(ctx), in.PolicyArn)
	if err != nil {
		return nil, err
	}
	found, err := listTags(policy.Tags, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListPolicyTagsOutput{Tags: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}
