// Package identity is the control plane of IAM and STS: what each operation does to the
// records of users, groups, roles, policies, access keys and identity providers, and
// who gets temporary credentials.
//
// It verifies no signature and decides nothing but who may assume a role: package
// authenticator does the one, package iam the other. It refuses by name what would have
// no effect here, such as MFA devices.
//
// Begin at Service (IAM) and TokenService (STS); one file holds the operations of one
// noun. What users, groups and roles have in common is in inline_policy.go,
// attached_policy.go and tags.go.
package identity

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// Service implements the IAM API over the store.
type Service struct {
	api.Unimplemented

	Store   store.Store
	Secrets records.Secrets
	// Now is the clock; Random gives ids and secrets.
	Now    func() time.Time
	Random io.Reader
	// LastUsed says when a key last signed; nil says never.
	LastUsed func(accessKeyId string) (records.LastUse, bool)
}

var _ api.Service = (*Service)(nil)

// account is whose identities an operation is about.
func account(ctx context.Context) string { return caller.From(ctx).Account }

func scopeOf(ctx context.Context) store.Scope { return records.Scope(account(ctx)) }

// now is the time as IAM shows it: to the second.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Second) }

func (s *Service) newId(prefix iam.IDPrefix) (string, error) { return iam.NewID(prefix, s.Random) }

// find reads a record, or fails with what missing says.
func find[T any](r store.Reader, collection store.Collection[T], scope store.Scope, name string, missing func(string) error) (T, error) {
	record, err := collection.Get(r, scope, records.NameId(name))
	if errors.Is(err, store.ErrNotFound) {
		return record, missing(name)
	}
	if err != nil {
		return record, fmt.Errorf("reading %s %s: %w", collection.Kind(), name, err)
	}
	return record, nil
}

func findUser(r store.Reader, scope store.Scope, name string) (records.User, error) {
	return find(r, records.Users, scope, name, noSuchUser)
}

func findGroup(r store.Reader, scope store.Scope, name string) (records.Group, error) {
	return find(r, records.Groups, scope, name, noSuchGroup)
}

func findRole(r store.Reader, scope store.Scope, name string) (records.Role, error) {
	return find(r, records.Roles, scope, name, noSuchRole)
}

// changeUser reads a user, changes it and writes it back.
func (s *Service) changeUser(ctx context.Context, name string, change func(tx *store.Tx, user *records.User) error) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		user, err := findUser(tx, scopeOf(ctx), name)
		if err != nil {
			return err
		}
		if err := change(tx, &user); err != nil {
			return err
		}
		return records.Users.Put(tx, user, scopeOf(ctx), records.NameId(name))
	})
}

// changeGroup reads a group, changes it and writes it back.
func (s *Service) changeGroup(ctx context.Context, name string, change func(tx *store.Tx, group *records.Group) error) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		group, err := findGroup(tx, scopeOf(ctx), name)
		if err != nil {
			return err
		}
		if err := change(tx, &group); err != nil {
			return err
		}
		return records.Groups.Put(tx, group, scopeOf(ctx), records.NameId(name))
	})
}

// changeRole reads a role, changes it and writes it back.
func (s *Service) changeRole(ctx context.Context, name string, change func(tx *store.Tx, role *records.Role) error) error {
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		role, err := findRole(tx, scopeOf(ctx), name)
		if err != nil {
			return err
		}
		if err := change(tx, &role); err != nil {
			return err
		}
		return records.Roles.Put(tx, role, scopeOf(ctx), records.NameId(name))
	})
}

// value is what a pointer points to, or the zero value.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// pathOf is a path that was asked for, or the root.
func pathOf(path *string) string {
	if value(path) == "" {
		return "/"
	}
	return *path
}
