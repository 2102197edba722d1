package state

import (
	"crypto/sha256"

	"gatehouse/internal/store"
)

// digestOf names content without storing it.
func digestOf(content []byte) (store.Digest, error) {
	return store.DigestOf(sha256.Sum256(content)), nil
}
