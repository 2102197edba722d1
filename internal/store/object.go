package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Digest names an object by its content: "sha256:" and 64 hexadecimal digits. A record that refers to an object holds its Digest as text, so that a
// sweep finds it there.
type Digest string

// DigestPrefix begins every Digest.
const DigestPrefix = "sha256:"

// DigestOf makes the Digest of a SHA-256 sum.
func DigestOf(sum [sha256.Size]byte) Digest { return Digest(DigestPrefix + hex.EncodeToString(sum[:])) }

// Hex is the sum alone, or an empty string when the Digest is not well formed.
func (d Digest) Hex() string {
	sum, ok := strings.CutPrefix(string(d), DigestPrefix)
	if !ok || len(sum) != sha256.Size*2 {
		return ""
	}
	return sum
}

// Object is what a list of objects tells about one.
type Object struct {
	// Digest names it.
	Digest Digest
	// Size is in bytes.
	Size uint64
	// ModTime is when it was last put.
	ModTime time.Time
}

var digestPattern = regexp.MustCompile(DigestPrefix + `[0-9a-f]{64}`)

// References are the digests that occur anywhere in the values of a snapshot.
func References(s Snapshot) map[Digest]bool {
	found := map[Digest]bool{}
	for record := range s.List(Key{}) {
		for _, digest := range digestPattern.FindAll(record.Value, -1) {
			found[Digest(digest)] = true
		}
	}
	return found
}

// Sweep deletes the objects that no record refers to and that were last put before the time given, and returns how many. The time leaves room for
// writers that have put an object and not yet committed the record with its digest: let it be an hour ago.
func Sweep(ctx context.Context, s Store, before time.Time) (int, error) {
	objects, err := s.ListObjects(ctx)
	if err != nil {
		return 0, fmt.Errorf("sweeping objects: %w", err)
	}
	referenced := References(s.View()) // After the list: what is put later is not in it.
	deleted := 0
	for _, object := range objects {
		if referenced[object.Digest] || !object.ModTime.Before(before) {
			continue
		}
		if err := s.DeleteObject(ctx, object.Digest); err != nil {
			return deleted, fmt.Errorf("sweeping object %s: %w", object.Digest, err)
		}
		deleted++
	}
	return deleted, nil
}
