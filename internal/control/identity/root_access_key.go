package identity

import (
	"context"

	"gatehouse/internal/caller"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// RootAccessKey is a new key of a root user, to be shown once.
type RootAccessKey struct {
	AccessKeyId, SecretAccessKey string
}

// String returns the id alone, so that printing a key tells no secret.
func (k RootAccessKey) String() string { return k.AccessKeyId }

// EnsureRootAccessKey makes an access key of an account's root user when it has none:
// the way into a new server in secure mode. False says that there was one already,
// whose secret nobody can be shown again.
func (s *Service) EnsureRootAccessKey(ctx context.Context, account string) (RootAccessKey, bool, error) {
	key, secretAccessKey, err := s.newAccessKey(account)
	if err != nil {
		return RootAccessKey{}, false, err
	}
	made := false
	err = s.changeRoot(ctx, account, func(tx *store.Tx, who *keyOwner) error {
		if made = len(*who.accessKeyIds) == 0; !made {
			return nil
		}
		*who.accessKeyIds = []string{key.AccessKeyId}
		return records.AccessKeys.Put(tx, key, records.Nobody, key.AccessKeyId)
	})
	if err != nil || !made {
		return RootAccessKey{}, false, err
	}
	return RootAccessKey{AccessKeyId: key.AccessKeyId, SecretAccessKey: secretAccessKey}, true, nil
}

// principalText is the caller as messages name it.
func principalText(ctx context.Context) string { return caller.From(ctx).Principal().String() }
