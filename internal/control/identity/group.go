package identity

import (
	"context"
	"slices"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func groupIn(account string) func(*records.Group) api.Group {
	return func(group *records.Group) api.Group {
		return api.Group{
			Path: group.Path, GroupName: group.GroupName, GroupId: group.GroupId,
			Arn: records.Arn(account, "group", group.Path, group.GroupName), CreateDate: group.CreateDate,
		}
	}
}

// CreateGroup makes a group.
func (s *Service) CreateGroup(ctx context.Context, in *api.CreateGroupInput) (*api.CreateGroupOutput, error) {
	group := records.Group{GroupName: in.GroupName, Path: pathOf(in.Path), CreateDate: s.now()}
	var err error
	if group.GroupId, err = s.newId(iam.GroupPrefix); err != nil {
		return nil, err
	}
	scope, id := scopeOf(ctx), records.NameId(in.GroupName)
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case records.Groups.Has(tx, scope, id):
			return alreadyExists("Group", in.GroupName)
		case len(records.Groups.IDs(tx, scope)) >= groupsPerAccount:
			return quotaExceeded("GroupsPerAccount", groupsPerAccount)
		}
		return records.Groups.Put(tx, group, scope, id)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateGroupOutput{Group: new(groupIn(scope.Account)(&group))}, nil
}

// GetGroup returns a group and its members.
func (s *Service) GetGroup(ctx context.Context, in *api.GetGroupInput) (*api.GetGroupOutput, error) {
	view := s.Store.View()
	group, err := findGroup(view, scopeOf(ctx), in.GroupName)
	if err != nil {
		return nil, err
	}
	members, err := membersOf(view, scopeOf(ctx), group.GroupName)
	if err != nil {
		return nil, err
	}
	found, err := paginate(members, func(user records.User) string { return user.UserName }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	users := convert(found.items, func(user *records.User) api.User {
		one := userOf(account(ctx), user)
		one.Tags, one.PermissionsBoundary = nil, nil
		return one
	})
	return &api.GetGroupOutput{Group: new(groupIn(account(ctx))(&group)), Users: users, IsTruncated: &found.truncated, Marker: found.marker}, nil
}

func membersOf(r store.Reader, scope store.Scope, groupName string) ([]records.User, error) {
	users, err := records.Users.List(r, scope)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(users, func(user records.User) bool { return !slices.Contains(user.Groups, groupName) }), nil
}

// ListGroups lists the groups of the account.
func (s *Service) ListGroups(ctx context.Context, in *api.ListGroupsInput) (*api.ListGroupsOutput, error) {
	groups, err := records.Groups.List(s.Store.View(), scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	groups = underPath(groups, func(group *records.Group) string { return group.Path }, in.PathPrefix)
	found, err := paginate(groups, func(group records.Group) string { return group.GroupName }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &api.ListGroupsOutput{Groups: convert(found.items, groupIn(account(ctx))), IsTruncated: &found.truncated, Marker: found.marker}, nil
}

// UpdateGroup gives a group another name or path.
func (s *Service) UpdateGroup(ctx context.Context, in *api.UpdateGroupInput) (*api.UpdateGroupOutput, error) {
	scope := scopeOf(ctx)
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		group, err := findGroup(tx, scope, in.GroupName)
		if err != nil {
			return err
		}
		before := group.GroupName
		if in.NewPath != nil {
			group.Path = *in.NewPath
		}
		if in.NewGroupName != nil {
			group.GroupName = *in.NewGroupName
		}
		if err := renameGroup(tx, scope, before, group.GroupName); err != nil {
			return err
		}
		return records.Groups.Put(tx, group, scope, records.NameId(group.GroupName))
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateGroupOutput{}, nil
}

// renameGroup frees a group's old name and writes the new one into its members.
func renameGroup(tx *store.Tx, scope store.Scope, before, after string) error {
	if before == after {
		return nil
	}
	if records.NameId(before) != records.NameId(after) {
		if records.Groups.Has(tx, scope, records.NameId(after)) {
			return alreadyExists("Group", after)
		}
		records.Groups.Delete(tx, scope, records.NameId(before))
	}
	members, err := membersOf(tx, scope, before)
	if err != nil {
		return err
	}
	for _, user := range members {
		user.Groups[slices.Index(user.Groups, before)] = after
		if err := records.Users.Put(tx, user, scope, records.NameId(user.UserName)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup deletes a group that has nothing left.
func (s *Service) DeleteGroup(ctx context.Context, in *api.DeleteGroupInput) (*api.DeleteGroupOutput, error) {
	scope := scopeOf(ctx)
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		group, err := findGroup(tx, scope, in.GroupName)
		if err != nil {
			return err
		}
		members, err := membersOf(tx, scope, group.GroupName)
		if err != nil {
			return err
		}
		if len(members) > 0 {
			return deleteConflict(messageRemoveFromGroups)
		}
		if err := nothingAttached(&group.Permissions); err != nil {
			return err
		}
		records.Groups.Delete(tx, scope, records.NameId(in.GroupName))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteGroupOutput{}, nil
}
