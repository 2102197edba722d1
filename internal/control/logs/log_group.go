package logs

import (
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/control/unsupported"
	"gatehouse/internal/logs"
)

// CreateLogGroup makes a log group.
func (s *Service) CreateLogGroup(ctx context.Context, in *api.CreateLogGroupInput) (*api.CreateLogGroupOutput, error) {
	switch {
	case strings.HasPrefix(in.LogGroupName, "AWS/") || strings.HasPrefix(in.LogGroupName, "aws/"):
		return nil, invalidParameter(messageReservedGroupName)
	case in.KmsKeyId != nil && *in.KmsKeyId != "":
		return nil, notServed(unsupportedKms)
	case in.LogGroupClass != "" && in.LogGroupClass != api.LogGroupClassStandard:
		return nil, notServed(unsupported.Setting{Setting: "logGroupClass " + string(in.LogGroupClass), Reason: unsupportedClass.Reason})
	case in.DeletionProtectionEnabled != nil && *in.DeletionProtectionEnabled:
		return nil, notServed(unsupportedProtection)
	}
	if err := s.Logs.CreateGroup(ctx, groupId(ctx, in.LogGroupName), in.Tags); err != nil {
		return nil, failure(err)
	}
	return &api.CreateLogGroupOutput{}, nil
}

// DeleteLogGroup deletes a log group and its events.
func (s *Service) DeleteLogGroup(ctx context.Context, in *api.DeleteLogGroupInput) (*api.DeleteLogGroupOutput, error) {
	if err := s.Logs.DeleteGroup(ctx, groupId(ctx, in.LogGroupName)); err != nil {
		return nil, failure(err)
	}
	return &api.DeleteLogGroupOutput{}, nil
}

// describeLimit is the default of "limit" in Describe operations, and its maximum.
const describeLimit = 50

// DescribeLogGroups lists log groups by prefix or pattern.
func (s *Service) DescribeLogGroups(ctx context.Context, in *api.DescribeLogGroupsInput) (*api.DescribeLogGroupsOutput, error) {
	if err := refuseDescribe(ctx, in); err != nil {
		return nil, err
	}
	all, err := s.Logs.Groups(ctx, groupId(ctx, "").Account, groupId(ctx, "").Region)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(g logs.Group) bool { return !describes(ctx, in, g.Name) })
	page, err := paginate(all, func(g logs.Group) string { return g.Name }, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &api.DescribeLogGroupsOutput{LogGroups: make([]api.LogGroup, 0, len(page.Items)), NextToken: page.Next}
	for _, group := range page.Items {
		out.LogGroups = append(out.LogGroups, s.describe(groupId(ctx, group.Name), group))
	}
	return out, nil
}

func refuseDescribe(ctx context.Context, in *api.DescribeLogGroupsInput) error {
	switch {
	case in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil:
		return invalidParameter(messagePrefixAndPattern)
	case in.IncludeLinkedAccounts != nil && *in.IncludeLinkedAccounts:
		return notServed(unsupportedLinked)
	}
	for _, account := range in.AccountIdentifiers {
		if account != groupId(ctx, "").Account {
			return notServed(unsupportedAccounts)
		}
	}
	return nil
}

func describes(ctx context.Context, in *api.DescribeLogGroupsInput, name string) bool {
	switch {
	case in.LogGroupNamePrefix != nil && !strings.HasPrefix(name, *in.LogGroupNamePrefix):
		return false
	case in.LogGroupNamePattern != nil && !strings.Contains(name, *in.LogGroupNamePattern):
		return false
	case in.LogGroupClass != "" && in.LogGroupClass != api.LogGroupClassStandard:
		return false
	case len(in.LogGroupIdentifiers) == 0:
		return true
	}
	return slices.ContainsFunc(in.LogGroupIdentifiers, func(identifier string) bool {
		chosen, err := chosenGroup(ctx, nil, &identifier)
		return err == nil && chosen.Group == name
	})
}

func (s *Service) describe(id logs.StreamId, group logs.Group) api.LogGroup {
	groupArn := id.GroupArn()
	arn := groupArn + ":*"
	stored, filters := s.Logs.StoredBytes(id, group), int32(0)
	described := api.LogGroup{
		LogGroupName: &group.Name, CreationTime: &group.CreationTime, MetricFilterCount: &filters, Arn: &arn, LogGroupArn: &groupArn,
		StoredBytes: &stored, LogGroupClass: api.LogGroupClassStandard,
	}
	if group.RetentionInDays != 0 {
		described.RetentionInDays = &group.RetentionInDays
	}
	return described
}

// retentions are the values that PutRetentionPolicy allows, days.
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// PutRetentionPolicy sets how long events of a group are kept.
func (s *Service) PutRetentionPolicy(ctx context.Context, in *api.PutRetentionPolicyInput) (*api.PutRetentionPolicyOutput, error) {
	if !slices.Contains(retentions, in.RetentionInDays) {
		return nil, invalidParameter(messageInvalidRetention, in.RetentionInDays, retentions)
	}
	if err := s.setRetention(ctx, in.LogGroupName, in.RetentionInDays); err != nil {
		return nil, err
	}
	return &api.PutRetentionPolicyOutput{}, nil
}

// DeleteRetentionPolicy lets events of a group never expire.
func (s *Service) DeleteRetentionPolicy(ctx context.Context, in *api.DeleteRetentionPolicyInput) (*api.DeleteRetentionPolicyOutput, error) {
	if err := s.setRetention(ctx, in.LogGroupName, 0); err != nil {
		return nil, err
	}
	return &api.DeleteRetentionPolicyOutput{}, nil
}

func (s *Service) setRetention(ctx context.Context, name string, days int32) error {
	return failure(s.Logs.ChangeGroup(ctx, groupId(ctx, name), func(group *logs.Group) error {
		group.RetentionInDays = days
		return nil
	}))
}
