package records

import (
	"fmt"

	"gatehouse/internal/secret"
)

// Secrets seals and opens the secret access keys of AccessKey records.
type Secrets struct{ box *secret.Box }

// NewSecrets returns the Secrets of a server's key.
func NewSecrets(keeper *secret.Keeper) Secrets {
	return Secrets{box: keeper.Box("secret access key")}
}

// Seal seals a secret access key for the id of its key.
func (s Secrets) Seal(accessKeyId, secretAccessKey string) (string, error) {
	sealed, err := s.box.Seal([]byte(secretAccessKey), accessKeyId)
	if err != nil {
		return "", fmt.Errorf("sealing the secret of access key %s: %w", accessKeyId, err)
	}
	return sealed, nil
}

// Open opens the secret access key of a record. Errors: secret.ErrOtherKey, secret.ErrDamaged.
func (s Secrets) Open(key *AccessKey) (string, error) {
	text, err := s.box.Open(key.SealedSecret, key.AccessKeyId)
	if err != nil {
		return "", fmt.Errorf("opening the secret of access key %s: %w", key.AccessKeyId, err)
	}
	return string(text), nil
}
