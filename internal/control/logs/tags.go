package logs

import (
	"context"
	"fmt"
	"maps"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/logs"
)

// tagsLimit is "Tags per resource".
const tagsLimit = 50

// TagResource adds tags to a log group, named by its ARN.
func (s *Service) TagResource(ctx context.Context, in *api.TagResourceInput) (*api.TagResourceOutput, error) {
	id, err := groupOfArn(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := s.tag(ctx, id, in.Tags); err != nil {
		return nil, err
	}
	return &api.TagResourceOutput{}, nil
}

// TagLogGroup adds tags to a log group.
func (s *Service) TagLogGroup(ctx context.Context, in *api.TagLogGroupInput) (*api.TagLogGroupOutput, error) {
	if err := s.tag(ctx, groupId(ctx, in.LogGroupName), in.Tags); err != nil {
		return nil, err
	}
	return &api.TagLogGroupOutput{}, nil
}

// UntagResource removes tags from a log group, named by its ARN.
func (s *Service) UntagResource(ctx context.Context, in *api.UntagResourceInput) (*api.UntagResourceOutput, error) {
	id, err := groupOfArn(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := s.untag(ctx, id, in.TagKeys); err != nil {
		return nil, err
	}
	return &api.UntagResourceOutput{}, nil
}

// UntagLogGroup removes tags from a log group.
func (s *Service) UntagLogGroup(ctx context.Context, in *api.UntagLogGroupInput) (*api.UntagLogGroupOutput, error) {
	if err := s.untag(ctx, groupId(ctx, in.LogGroupName), in.Tags); err != nil {
		return nil, err
	}
	return &api.UntagLogGroupOutput{}, nil
}

// ListTagsForResource returns the tags of a log group, named by its ARN.
func (s *Service) ListTagsForResource(ctx context.Context, in *api.ListTagsForResourceInput) (*api.ListTagsForResourceOutput, error) {
	id, err := groupOfArn(ctx, in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags, err := s.tags(ctx, id)
	return &api.ListTagsForResourceOutput{Tags: tags}, err
}

// ListTagsLogGroup returns the tags of a log group.
func (s *Service) ListTagsLogGroup(ctx context.Context, in *api.ListTagsLogGroupInput) (*api.ListTagsLogGroupOutput, error) {
	tags, err := s.tags(ctx, groupId(ctx, in.LogGroupName))
	return &api.ListTagsLogGroupOutput{Tags: tags}, err
}

func (s *Service) tags(ctx context.Context, id logs.StreamId) (map[string]string, error) {
	group, err := s.Logs.FindGroup(ctx, id)
	if err != nil {
		return nil, failure(err)
	}
	if group.Tags == nil {
		return map[string]string{}, nil
	}
	return group.Tags, nil
}

func (s *Service) tag(ctx context.Context, id logs.StreamId, tags map[string]string) error {
	return s.changeTags(ctx, id, func(have map[string]string) { maps.Copy(have, tags) })
}

func (s *Service) untag(ctx context.Context, id logs.StreamId, keys []string) error {
	return s.changeTags(ctx, id, func(have map[string]string) {
		for _, key := range keys {
			delete(have, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, id logs.StreamId, change func(map[string]string)) error {
	return failure(s.Logs.ChangeGroup(ctx, id, func(group *logs.Group) error {
		tags := maps.Clone(group.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		change(tags)
		if len(tags) > tagsLimit {
			return &api.TooManyTagsException{Message: fmt.Sprintf(messageTooManyTags, tagsLimit)}
		}
		group.Tags = tags
		return nil
	}))
}
