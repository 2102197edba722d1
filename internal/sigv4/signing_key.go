package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"hash/maphash"
	"sync/atomic"
)

// keySlots bounds the cache of derived signing keys: one slot per hash of key id and scope.
const keySlots = 1024

// signingKey is the key derived from a secret for a day, a region and a service.
type signingKey [sha256.Size]byte

// derivedKey is a cached signing key and everything it was derived from.
type derivedKey struct {
	accessKeyID, secret, scope string
	key                        signingKey
}

// keyCache remembers derived signing keys. It is direct mapped, so it never grows: a collision only derives
// again. Entries are immutable, so readers need no lock.
type keyCache struct {
	seed  maphash.Seed
	slots [keySlots]atomic.Pointer[derivedKey]
}

func newKeyCache() *keyCache {
	return &keyCache{seed: maphash.MakeSeed()}
}

// get returns the signing key of the secret for the authorization's scope. A changed secret is derived anew.
func (c *keyCache) get(auth *authorization, secret string) signingKey {
	scope := auth.scope()
	hash := maphash.String(c.seed, auth.accessKeyID) ^ maphash.String(c.seed, scope)<<1
	slot := &c.slots[hash%keySlots]
	if e := slot.Load(); e != nil && e.accessKeyID == auth.accessKeyID && e.scope == scope &&
		subtle.ConstantTimeCompare([]byte(e.secret), []byte(secret)) == 1 {
		return e.key
	}
	key := deriveKey(secret, auth.date, Scope{Region: auth.region, Service: auth.service})
	slot.Store(&derivedKey{accessKeyID: auth.accessKeyID, secret: secret, scope: scope, key: key})
	return key
}

// deriveKey computes the signing key of a day ("20150830"), region and service.
func deriveKey(secret, date string, scope Scope) signingKey {
	key := hmacSHA256([]byte("AWS4"+secret), date)
	key = hmacSHA256(key[:], scope.Region)
	key = hmacSHA256(key[:], scope.Service)
	return hmacSHA256(key[:], terminator)
}

func hmacSHA256(key []byte, message string) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	h.Sum(sum[:0])
	return sum
}

// sign is HMAC-SHA256 of the message, written out so that verifying allocates nothing: hmac.New makes two
// hashes a call, and a signature is checked on every request.
func (k *signingKey) sign(buffer, message []byte) (sum [sha256.Size]byte) {
	var pad [sha256.BlockSize]byte
	copy(pad[:], k[:])
	for i := range pad {
		pad[i] ^= 0x36
	}
	inner := sha256.Sum256(append(append(buffer[:0], pad[:]...), message...))
	for i := range pad {
		pad[i] ^= 0x36 ^ 0x5c
	}
	return sha256.Sum256(append(append(buffer[:0], pad[:]...), inner[:]...))
}
