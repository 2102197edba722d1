package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// CreateAccessKey makes an access key of a user, or of the caller. Its secret is in the
// answer and can never be read again.
func (s *Service) CreateAccessKey(ctx context.Context, in *api.CreateAccessKeyInput) (*api.CreateAccessKeyOutput, error) {
	name, _, err := s.userNameOrCaller(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	key, secretAccessKey, err := s.newAccessKey(account(ctx))
	if err != nil {
		return nil, err
	}
	err = s.changeOwner(ctx, name, func(tx *store.Tx, who *keyOwner) error {
		if len(*who.accessKeyIds) >= accessKeysPerUser {
			return quotaExceeded("AccessKeysPerUser", accessKeysPerUser)
		}
		*who.accessKeyIds = append(*who.accessKeyIds, key.AccessKeyId)
		key.UserName, key.UserId = who.userName, who.userId
		return records.AccessKeys.Put(tx, key, records.Nobody, key.AccessKeyId)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateAccessKeyOutput{AccessKey: &api.AccessKey{
		UserName: key.UserName, AccessKeyId: key.AccessKeyId, Status: api.StatusTypeActive, SecretAccessKey: secretAccessKey, CreateDate: &key.CreateDate,
	}}, nil
}

// newAccessKey makes the record of a key, and its secret.
func (s *Service) newAccessKey(account string) (key records.AccessKey, secretAccessKey string, err error) {
	key = records.AccessKey{Account: account, Active: true, CreateDate: s.now()}
	if key.AccessKeyId, err = s.newId(iam.AccessKeyPrefix); err != nil {
		return key, "", err
	}
	if secretAccessKey, err = iam.NewSecret(s.Random); err != nil {
		return key, "", err
	}
	key.SealedSecret, err = s.Secrets.Seal(key.AccessKeyId, secretAccessKey)
	return key, secretAccessKey, err
}

// keyOwner is who has access keys: a user, or the root user, who has no name.
type keyOwner struct {
	userName, userId string
	accessKeyIds     *[]string
}

// changeOwner reads the owner of keys, lets change do its work, and writes it back.
func (s *Service) changeOwner(ctx context.Context, name string, change func(tx *store.Tx, who *keyOwner) error) error {
	if name != "" {
		return s.changeUser(ctx, name, func(tx *store.Tx, user *records.User) error {
			return change(tx, &keyOwner{user.UserName, user.UserId, &user.AccessKeyIds})
		})
	}
	return s.changeRoot(ctx, account(ctx), change)
}

func (s *Service) changeRoot(ctx context.Context, account string, change func(tx *store.Tx, who *keyOwner) error) error {
	scope := records.Scope(account)
	return s.Store.Update(ctx, func(tx *store.Tx) error {
		own, err := records.Accounts.Get(tx, scope, records.AccountId)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err := change(tx, &keyOwner{accessKeyIds: &own.RootAccessKeyIds}); err != nil {
			return err
		}
		return records.Accounts.Put(tx, own, scope, records.AccountId)
	})
}

// accessKeyOf reads a key that belongs to the owner.
func accessKeyOf(r store.Reader, who *keyOwner, id string) (records.AccessKey, error) {
	if !slices.Contains(*who.accessKeyIds, id) {
		return records.AccessKey{}, noSuchAccessKey(id)
	}
	return records.AccessKeys.Get(r, records.Nobody, id)
}

// UpdateAccessKey makes a key active or inactive.
func (s *Service) UpdateAccessKey(ctx context.Context, in *api.UpdateAccessKeyInput) (*api.UpdateAccessKeyOutput, error) {
	if in.Status == api.StatusTypeExpired {
		return nil, invalidInput("An access key cannot be made Expired.")
	}
	name, _, err := s.userNameOrCaller(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	err = s.changeOwner(ctx, name, func(tx *store.Tx, who *keyOwner) error {
		key, err := accessKeyOf(tx, who, in.AccessKeyId)
		if err != nil {
			return err
		}
		key.Active = in.Status == api.StatusTypeActive
		return records.AccessKeys.Put(tx, key, records.Nobody, key.AccessKeyId)
	})
	return orNil(&api.UpdateAccessKeyOutput{}, err)
}

// DeleteAccessKey deletes a key.
func (s *Service) DeleteAccessKey(ctx context.Context, in *api.DeleteAccessKeyInput) (*api.DeleteAccessKeyOutput, error) {
	name, _, err := s.userNameOrCaller(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	err = s.changeOwner(ctx, name, func(tx *store.Tx, who *keyOwner) error {
		if _, err := accessKeyOf(tx, who, in.AccessKeyId); err != nil {
			return err
		}
		*who.accessKeyIds = slices.DeleteFunc(*who.accessKeyIds, func(id string) bool { return id == in.AccessKeyId })
		records.AccessKeys.Delete(tx, records.Nobody, in.AccessKeyId)
		return nil
	})
	return orNil(&api.DeleteAccessKeyOutput{}, err)
}

// ListAccessKeys lists the keys of a user, or of the caller, without their secrets.
func (s *Service) ListAccessKeys(ctx context.Context, in *api.ListAccessKeysInput) (*api.ListAccessKeysOutput, error) {
	name, isRoot, err := s.userNameOrCaller(ctx, in.UserName)
	if err != nil {
		return nil, err
	}
	view := s.Store.View()
	var ids []string
	if isRoot {
		own, err := records.Accounts.Get(view, scopeOf(ctx), records.AccountId)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		ids = own.RootAccessKeyIds
	} else {
		user, err := findUser(view, scopeOf(ctx), name)
		if err != nil {
			return nil, err
		}
		ids = user.AccessKeyIds
	}
	listed := make([]api.AccessKeyMetadata, 0, len(ids))
	for _, id := range ids {
		key, err := records.AccessKeys.Get(view, records.Nobody, id)
		if err != nil {
			return nil, fmt.Errorf("reading access key %s: %w", id, err)
		}
		listed = append(listed, metadataOf(&key))
	}
	found, err := paginate(listed, func(key api.AccessKeyMetadata) string { return *key.AccessKeyId }, pageRequest{in.Marker, in.MaxItems})
	return orNil(&api.ListAccessKeysOutput{AccessKeyMetadata: found.items, IsTruncated: &found.truncated, Marker: found.marker}, err)
}

func metadataOf(key *records.AccessKey) api.AccessKeyMetadata {
	shown := api.AccessKeyMetadata{AccessKeyId: &key.AccessKeyId, Status: api.StatusTypeActive, CreateDate: &key.CreateDate}
	if !key.Active {
		shown.Status = api.StatusTypeInactive
	}
	if key.UserName != "" {
		shown.UserName = &key.UserName
	}
	return shown
}

// notUsed is what stands where a key was never used.
const notUsed = "N/A"

// GetAccessKeyLastUsed says whose a key is and when it last signed, as far as the nodes have seen since they started.
func (s *Service) GetAccessKeyLastUsed(ctx context.Context, in *api.GetAccessKeyLastUsedInput) (*api.GetAccessKeyLastUsedOutput, error) {
	key, err := records.AccessKeys.Get(s.Store.View(), records.Nobody, in.AccessKeyId)
	if errors.Is(err, store.ErrNotFound) || err == nil && key.Account != account(ctx) {
		// AWS tells no difference between a key of another account and none.
		return nil, accessDenied("User: " + principalText(ctx) + " is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key " + in.AccessKeyId)
	}
	if err != nil {
		return nil, err
	}
	used := &api.AccessKeyLastUsed{ServiceName: notUsed, Region: notUsed}
	if s.LastUsed != nil {
		if last, ok := s.LastUsed(in.AccessKeyId); ok {
			used = &api.AccessKeyLastUsed{LastUsedDate: &last.Date, ServiceName: last.Service, Region: last.Region}
		}
	}
	out := &api.GetAccessKeyLastUsedOutput{AccessKeyLastUsed: used}
	if key.UserName != "" {
		out.UserName = &key.UserName
	}
	return out, nil
}
