package functions

import (
	"context"
	"maps"

	api "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/store"
)

// tagsLimit is "Tags per resource".
const tagsLimit = 50

// TagResource adds tags to a function.
func (s *Service) TagResource(ctx context.Context, in *api.TagResourceInput) (*api.TagResourceOutput, error) {
	err := s.changeTags(ctx, in.Resource, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &api.TagResourceOutput{}, nil
}

// UntagResource removes tags from a function.
func (s *Service) UntagResource(ctx context.Context, in *api.UntagResourceInput) (*api.UntagResourceOutput, error) {
	err := s.changeTags(ctx, in.Resource, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
	if err != nil {
		return nil, err
	}
	return &api.UntagResourceOutput{}, nil
}

func (s *Service) changeTags(ctx context.Context, arn string, change func(map[string]string)) error {
	name, err := parseFunctionName(scopeOf(ctx), arn, nil)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		function, err := find(tx, name)
		if err != nil {
			return err
		}
		tags := maps.Clone(function.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		change(tags)
		if len(tags) > tagsLimit {
			return invalidParameter("Too many tags: a resource can have at most %d", tagsLimit)
		}
		function.Tags = tags
		return functions.Put(tx, function, name.scope, name.name)
	})
}

// ListTags returns a function's tags.
func (s *Service) ListTags(ctx context.Context, in *api.ListTagsInput) (*api.ListTagsOutput, error) {
	name, err := parseFunctionName(scopeOf(ctx), in.Resource, nil)
	if err != nil {
		return nil, err
	}
	function, err := find(s.Store.View(), name)
	if err != nil {
		return nil, err
	}
	tags := function.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return &api.ListTagsOutput{Tags: tags}, nil
}
