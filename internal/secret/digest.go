package secret

import "crypto/sha256"

// DigestSize is the size of what a Digester makes, bytes.
const DigestSize = sha256.Size

// Digester makes HMAC-SHA256 of texts under a key of its own purpose: something to find
// a secret by, from which nobody without the key can guess it. It is written out for
// short texts because it stands in the way of requests, where crypto/hmac would allocate.
type Digester struct{ inner, outer [sha256.BlockSize]byte }

// The paddings of HMAC (RFC 2104).
const (
	innerPadding = 0x36
	outerPadding = 0x5c
)

// Digester returns what digests for one purpose.
func (k *Keeper) Digester(purpose string) *Digester {
	key := k.derive("gatehouse digest: "+purpose, keySize)
	d := &Digester{}
	copy(d.inner[:], key)
	copy(d.outer[:], key)
	for i := range d.inner {
		d.inner[i] ^= innerPadding
		d.outer[i] ^= outerPadding
	}
	return d
}

// digestRoom is the longest text that Digest takes without allocating, bytes.
const digestRoom = 128

// Digest is the HMAC-SHA256 of a text.
func (d *Digester) Digest(text string) [DigestSize]byte {
	var room [sha256.BlockSize + digestRoom]byte
	message := append(append(room[:0], d.inner[:]...), text...)
	inside := sha256.Sum256(message)
	var outside [sha256.BlockSize + DigestSize]byte
	copy(outside[:], d.outer[:])
	copy(outside[sha256.BlockSize:], inside[:])
	return sha256.Sum256(outside[:])
}
