package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"math/bits"

	"github.com/minio/highwayhash"
)

// Snapshot is every record at one revision. It never changes, is cheap to copy and to hold, and its zero value is empty.
type Snapshot struct {
	root     *node
	revision uint64
	size     int
	manifest Manifest
}

// Get returns the record of a key.
func (s Snapshot) Get(key Key) (Record, bool) {
	if record := s.root.find(key); record != nil {
		return *record, true
	}
	return Record{}, false
}

// List yields the record at prefix, if there is one, and all records beneath it, in key order.
func (s Snapshot) List(prefix Key) iter.Seq[Record] {
	return func(yield func(Record) bool) { s.root.walk(prefix, yield) }
}

// Revision grows with every batch.
func (s Snapshot) Revision() uint64 { return s.revision }

// Len is the number of records.
func (s Snapshot) Len() int { return int(s.manifest.Count) }

// Size is the bytes of all keys and values, and WriteOverhead for each record.
func (s Snapshot) Size() int { return s.size }

// Manifest is the count and hash of all records.
func (s Snapshot) Manifest() Manifest { return s.manifest }

// Apply returns the snapshot after the writes, at the revision given. Writes of one key count in their order. For implementations of Store.
func (s Snapshot) Apply(revision uint64, writes ...Write) Snapshot {
	editor := newEditor(s)
	for _, write := range writes {
		editor.apply(write)
	}
	next := editor.freeze()
	next.revision = revision
	return next
}

// editor changes a snapshot in place while nobody else sees it.
type editor struct {
	snapshot Snapshot
	owner    *owner
	scratch  []byte // what is hashed next
}

func newEditor(s Snapshot) *editor { return &editor{snapshot: s, owner: &owner{}} }

// freeze returns the snapshot as it stands; later changes are made to copies.
func (e *editor) freeze() Snapshot {
	e.owner = &owner{}
	return e.snapshot
}

func (e *editor) apply(write Write) {
	var old *Record
	s := &e.snapshot
	if write.Deleted {
		if s.root.find(write.Key) == nil {
			return
		}
		s.root, old = e.owner.remove(s.root, write.Key)
	} else {
		record := &Record{Key: write.Key, Value: write.Value, Revision: write.Revision, Written: write.Written}
		s.root, old = e.owner.put(s.root, record)
		if old != nil && record.Written.IsZero() && bytes.Equal(old.Value, record.Value) {
			record.Written = old.Written
		}
		s.manifest.add(e.hash(record))
		s.size += record.size()
	}
	if old != nil {
		s.manifest.remove(e.hash(old))
		s.size -= old.size()
	}
}

func (r *Record) size() int { return r.Key.Len() + len(r.Value) + WriteOverhead }

// Manifest says what a snapshot must hold: how many records, and the sum of their hashes, which is the same in whatever order they were written. It
// finds damage, not malice: the hash has no secret.
type Manifest struct {
	// Count is the number of records.
	Count uint64
	// Hash is the sum, modulo 2^128, of the hash of each record's key and value; high word first.
	Hash [2]uint64
}

// String writes the manifest for people.
func (m Manifest) String() string {
	return fmt.Sprintf("%d records with hash %016x%016x", m.Count, m.Hash[0], m.Hash[1])
}

func (m *Manifest) add(high, low uint64) {
	var carry uint64
	m.Hash[1], carry = bits.Add64(m.Hash[1], low, 0)
	m.Hash[0], _ = bits.Add64(m.Hash[0], high, carry)
	m.Count++
}

func (m *Manifest) remove(high, low uint64) {
	var borrow uint64
	m.Hash[1], borrow = bits.Sub64(m.Hash[1], low, 0)
	m.Hash[0], _ = bits.Sub64(m.Hash[0], high, borrow)
	m.Count--
}

// hashKey is the fixed key of the hash, 32 bytes of it; changing it makes every stored manifest wrong.
const hashKey = "gatehouse: manifest of a snapshot"

// hash is that of a record's key and value; two separators, which no key contains, keep them apart.
func (e *editor) hash(r *Record) (high, low uint64) {
	e.scratch = append(e.scratch[:0], r.Key.path...)
	e.scratch = append(e.scratch, separator...)
	e.scratch = append(e.scratch, separator...)
	e.scratch = append(e.scratch, r.Value...)
	sum := highwayhash.Sum128(e.scratch, []byte(hashKey)[:highwayhash.Size])
	return binary.LittleEndian.Uint64(sum[8:]), binary.LittleEndian.Uint64(sum[:8])
}
