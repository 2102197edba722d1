package identity

import (
	"context"
	"slices"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

func userOf(account string, user *records.User) api.User {
	return api.User{
		Path: user.Path, UserName: user.UserName, UserId: user.UserId, Arn: records.Arn(account, "user", user.Path, user.UserName),
		CreateDate: user.CreateDate, PermissionsBoundary: boundaryOf(&user.Permissions), Tags: tagsOf(user.Tags),
	}
}

// CreateUser makes a user.
func (s *Service) CreateUser(ctx context.Context, in *api.CreateUserInput) (*api.CreateUserOutput, error) {
	tags, err := tagsFrom(in.Tags)
	if err != nil {
		return nil, err
	}
	user := records.User{UserName: in.UserName, Path: pathOf(in.Path), CreateDate: s.now(), Tags: tags}
	user.Permissions.PermissionsBoundary = value(in.PermissionsBoundary)
	if user.UserId, err = s.newId(iam.UserPrefix); err != nil {
		return nil, err
	}
	scope, id := scopeOf(ctx), records.NameId(in.UserName)
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case records.Users.Has(tx, scope, id):
			return alreadyExists("User", in.UserName)
		case len(records.Users.IDs(tx, scope)) >= usersPerAccount:
			return quotaExceeded("UsersPerAccount", usersPerAccount)
		}
		if err := checkBoundary(tx, policyRef{scope.Account, user.Permissions.PermissionsBoundary}); err != nil {
			return err
		}
		return records.Users.Put(tx, user, scope, id)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateUserOutput{User: new(userOf(scope.Account, &user))}, nil
}

// GetUser returns a user: the one of a name, or who asks.
func (s *Service) GetUser(ctx context.Context, in *api.GetUserInput) (*api.GetUserOutput, error) {
	name, isRoot, err := s.userNameOrCaller(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	if isRoot {
		// The root user has no name and no path; AWS leaves both out.
		return &api.GetUserOutput{User: &api.User{UserId: account(ctx), Arn: records.RootArn(account(ctx))}}, nil
	}
	user, err := findUser(s.Store.View(), scopeOf(ctx), name)
	if err != nil {
		return nil, err
	}
	return &api.GetUserOutput{User: new(userOf(account(ctx), &user))}, nil
}

// userNameOrCaller is the name that was asked for, or the caller's own. The root user has none.
func (s *Service) userNameOrCaller(ctx context.Context, name *string) (own string, isRoot bool, err error) {
	if value(name) != "" {
		return *name, false, nil
	}
	switch principal := caller.From(ctx).Principal(); principal.Type {
	case iam.User:
		return principal.UserName, false, nil
	case iam.Root:
		return "", true, nil
	}
	return "", false, validationError("Must specify userName when calling with non-User credentials")
}

// ListUsers lists the users of the account.
func (s *Service) ListUsers(ctx context.Context, in *api.ListUsersInput) (*api.ListUsersOutput, error) {
	users, err := records.Users.List(s.Store.View(), scopeOf(ctx))
	if err != nil {
		return nil, err
	}
	users = underPath(users, func(user *records.User) string { return user.Path }, in.PathPrefix)
	found, err := paginate(users, func(user records.User) string { return user.UserName }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	listed := convert(found.items, func(user *records.User) api.User {
		one := userOf(account(ctx), user)
		one.Tags, one.PermissionsBoundary = nil, nil // ListUsers leaves them out
		return one
	})
	return &api.ListUsersOutput{Users: listed, IsTruncated: &found.truncated, Marker: found.marker}, nil
}

// UpdateUser gives a user another name or path.
func (s *Service) UpdateUser(ctx context.Context, in *api.UpdateUserInput) (*api.UpdateUserOutput, error) {
	scope := scopeOf(ctx)
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		user, err := findUser(tx, scope, in.UserName)
		if err != nil {
			return err
		}
		before := records.NameId(user.UserName)
		if in.NewPath != nil {
			user.Path = *in.NewPath
		}
		if in.NewUserName != nil {
			user.UserName = *in.NewUserName
		}
		if after := records.NameId(user.UserName); after != before {
			if records.Users.Has(tx, scope, after) {
				return alreadyExists("User", user.UserName)
			}
			records.Users.Delete(tx, scope, before)
		}
		if err := renameKeys(tx, &user); err != nil {
			return err
		}
		return records.Users.Put(tx, user, scope, records.NameId(user.UserName))
	})
	if err != nil {
		return nil, err
	}
	return &api.UpdateUserOutput{}, nil
}

// renameKeys writes a user's name into the records of its keys.
func renameKeys(tx *store.Tx, user *records.User) error {
	for _, id := range user.AccessKeyIds {
		key, err := records.AccessKeys.Get(tx, records.Nobody, id)
		if err != nil {
			return err
		}
		key.UserName = user.UserName
		if err := records.AccessKeys.Put(tx, key, records.Nobody, id); err != nil {
			return err
		}
	}
	return nil
}

// DeleteUser deletes a user that has nothing left.
func (s *Service) DeleteUser(ctx context.Context, in *api.DeleteUserInput) (*api.DeleteUserOutput, error) {
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		user, err := findUser(tx, scopeOf(ctx), in.UserName)
		if err != nil {
			return err
		}
		switch {
		case len(user.Groups) > 0:
			return deleteConflict(messageRemoveFromGroups)
		case len(user.AccessKeyIds) > 0:
			return deleteConflict(messageDeleteAccessKeys)
		}
		if err := nothingAttached(&user.Permissions); err != nil {
			return err
		}
		records.Users.Delete(tx, scopeOf(ctx), records.NameId(in.UserName))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteUserOutput{}, nil
}

func nothingAttached(permissions *records.Permissions) error {
	switch {
	case len(permissions.InlinePolicies) > 0:
		return deleteConflict(messageDeletePolicies)
	case len(permissions.AttachedPolicies) > 0:
		return deleteConflict(messageDetachPolicies)
	}
	return nil
}

// ListGroupsForUser lists the groups that a user belongs to.
func (s *Service) ListGroupsForUser(ctx context.Context, in *api.ListGroupsForUserInput) (*api.ListGroupsForUserOutput, error) {
	view := s.Store.View()
	user, err := findUser(view, scopeOf(ctx), in.UserName)
	if err != nil {
		return nil, err
	}
	groups := make([]records.Group, 0, len(user.Groups))
	for _, name := range user.Groups {
		group, err := findGroup(view, scopeOf(ctx), name)
		if err != nil {
			return nil, err
		}
		groups = append(groups, group)
	}
	found, err := paginate(groups, func(group records.Group) string { return group.GroupName }, pageRequest{in.Marker, in.MaxItems})
	if err != nil {
		return nil, err
	}
	return &api.ListGroupsForUserOutput{
		Groups: convert(found.items, groupIn(account(ctx))), IsTruncated: &found.truncated, Marker: found.marker,
	}, nil
}

// AddUserToGroup makes a user a member of a group.
func (s *Service) AddUserToGroup(ctx context.Context, in *api.AddUserToGroupInput) (*api.AddUserToGroupOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(tx *store.Tx, user *records.User) error {
		group, err := findGroup(tx, scopeOf(ctx), in.GroupName)
		switch {
		case err != nil:
			return err
		case slices.Contains(user.Groups, group.GroupName):
			return nil
		case len(user.Groups) >= groupsPerUser:
			return quotaExceeded("GroupsPerUser", groupsPerUser)
		}
		user.Groups = append(user.Groups, group.GroupName)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.AddUserToGroupOutput{}, nil
}

// RemoveUserFromGroup ends a membership.
func (s *Service) RemoveUserFromGroup(ctx context.Context, in *api.RemoveUserFromGroupInput) (*api.RemoveUserFromGroupOutput, error) {
	err := s.changeUser(ctx, in.UserName, func(tx *store.Tx, user *records.User) error {
		group, err := findGroup(tx, scopeOf(ctx), in.GroupName)
		if err != nil {
			return err
		}
		user.Groups = slices.DeleteFunc(user.Groups, func(name string) bool { return name == group.GroupName })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.RemoveUserFromGroupOutput{}, nil
}
