// Package apikey is what becomes of the value of an API key, which is a secret: a sealed
// text for the store, a digest that requests find the key by, and a mask for logs.
//
// It does not know what a key opens (package plan, package dataplane/usageplan) and keeps
// nothing. Begin at Values.
package apikey

import (
	"encoding/hex"
	"fmt"
	"strings"

	"gatehouse/internal/secret"
)

// purpose separates the values of API keys from other secrets of the server.
const purpose = "API key values"

// Digest stands for the value of an API key: whoever has it cannot tell the value.
type Digest [secret.DigestSize]byte

// String is the digest, hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// ParseDigest reads what String writes; false when it is none.
func ParseDigest(text string) (Digest, bool) {
	var d Digest
	raw, err := hex.DecodeString(text)
	return d, err == nil && copy(d[:], raw) == len(raw) && len(raw) == len(d)
}

// Values seals and digests the values of API keys. It is safe for concurrent use.
type Values struct {
	box    *secret.Box
	digest *secret.Digester
}

// New makes Values with the server's key.
func New(keeper *secret.Keeper) *Values {
	return &Values{box: keeper.Box(purpose), digest: keeper.Digester(purpose)}
}

// Digest is what a value is found by. It allocates nothing.
func (v *Values) Digest(value string) Digest { return v.digest.Digest(value) }

// Seal encrypts the value of the key with that id.
func (v *Values) Seal(value, id string) (string, error) { return v.box.Seal([]byte(value), id) }

// Open decrypts what Seal returned. Errors: those of secret.Box.
func (v *Values) Open(sealed, id string) (string, error) {
	value, err := v.box.Open(sealed, id)
	if err != nil {
		return "", fmt.Errorf("opening the value of API key %s: %w", id, err)
	}
	return string(value), nil
}

// shown is how many characters at its end a masked value shows (observed on AWS).
const shown = 6

// Mask is a value as API Gateway's logs show it: stars, and the last six characters. One
// that is too short to be a key's value is stars alone.
func Mask(value string) string {
	if len(value) <= 2*shown {
		return strings.Repeat("*", len(value))
	}
	return strings.Repeat("*", len(value)-shown) + value[len(value)-shown:]
}
