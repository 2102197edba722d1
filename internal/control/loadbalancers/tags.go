package loadbalancers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/loadbalancer/records"
)

// tagMap is tags with more of them; the map that came in is not changed.
func tagMap(tags map[string]string, more []api.Tag) (map[string]string, error) {
	seen := map[string]bool{}
	all := maps.Clone(tags)
	for _, tag := range more {
		if seen[tag.Key] {
			return nil, &api.DuplicateTagKeysException{Message: "Duplicate tag keys found in request: [" + tag.Key + "]"}
		}
		seen[tag.Key] = true
		if all == nil {
			all = map[string]string{}
		}
		all[tag.Key] = given(tag.Value, "")
	}
	if len(all) > tagsLimit {
		return nil, &api.TooManyTagsException{Message: fmt.Sprintf("The maximum number of tags has been reached: %d", tagsLimit)}
	}
	return all, nil
}

func tagList(tags map[string]string) []api.Tag {
	list := make([]api.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		list = append(list, api.Tag{Key: key, Value: &value})
	}
	return list
}

// tagged finds what carries tags by its ARN, and how to put others.
func (p place) tagged(arn string) (tags map[string]string, put func(map[string]string) error, err error) {
	switch {
	case isArn(arn, kindLoadBalancer):
		found, err := p.loadBalancer(arn)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.LoadBalancers.Put(p.tx, found, p.at, arn)
		}, err
	case isArn(arn, kindTargetGroup):
		found, err := p.targetGroup(arn)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.TargetGroups.Put(p.tx, found, p.at, arn)
		}, err
	case isArn(arn, kindListener):
		found, err := p.listener(arn)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.Listeners.Put(p.tx, found, p.at, arn)
		}, err
	case isArn(arn, kindRule):
		found, err := p.rule(arn)
		return found.Tags, func(tags map[string]string) error {
			found.Tags = tags
			return records.Rules.Put(p.tx, found, p.at, found.ListenerArn, arn)
		}, err
	default:
		return nil, nil, invalidArn(arn, "resource")
	}
}

// changeTags changes the tags of several resources at once.
func (s *Service) changeTags(ctx context.Context, arns []string, change func(map[string]string) (map[string]string, error)) error {
	return s.update(ctx, func(p place) error {
		for _, arn := range arns {
			tags, put, err := p.tagged(arn)
			if err != nil {
				return err
			}
			if tags, err = change(tags); err != nil {
				return err
			}
			if err := put(tags); err != nil {
				return err
			}
		}
		return nil
	})
}

// AddTags sets tags.
func (s *Service) AddTags(ctx context.Context, in *api.AddTagsInput) (*api.AddTagsOutput, error) {
	err := s.changeTags(ctx, in.ResourceArns, func(tags map[string]string) (map[string]string, error) { return tagMap(tags, in.Tags) })
	if err != nil {
		return nil, err
	}
	return &api.AddTagsOutput{}, nil
}

// RemoveTags removes tags; those that are not there are no error.
func (s *Service) RemoveTags(ctx context.Context, in *api.RemoveTagsInput) (*api.RemoveTagsOutput, error) {
	err := s.changeTags(ctx, in.ResourceArns, func(tags map[string]string) (map[string]string, error) {
		left := maps.Clone(tags)
		for _, key := range in.TagKeys {
			delete(left, key)
		}
		return left, nil
	})
	if err != nil {
		return nil, err
	}
	return &api.RemoveTagsOutput{}, nil
}

// DescribeTags lists the tags of resources.
func (s *Service) DescribeTags(ctx context.Context, in *api.DescribeTagsInput) (*api.DescribeTagsOutput, error) {
	p := s.view(ctx)
	out := &api.DescribeTagsOutput{TagDescriptions: []api.TagDescription{}}
	for _, arn := range in.ResourceArns {
		tags, _, err := p.tagged(arn)
		if err != nil {
			return nil, err
		}
		out.TagDescriptions = append(out.TagDescriptions, api.TagDescription{ResourceArn: &arn, Tags: tagList(tags)})
	}
	return out, nil
}
