package store

import (
	"fmt"
	"iter"
	"slices"
)

// Tx is one try of an update: it reads from a snapshot, sees its own writes, and remembers them. It is for one goroutine, and only until the function
// it was passed to returns.
type Tx struct {
	base   Snapshot
	editor *editor
	writes map[Key]Write
	err    error
}

// Begin starts a Tx on a snapshot. For implementations of Store.
func Begin(base Snapshot) *Tx {
	return &Tx{base: base, editor: newEditor(base), writes: map[Key]Write{}}
}

// Get returns the record of a key, as this Tx wrote it or else as the snapshot has it. The revision of a record the Tx wrote is the snapshot's.
func (t *Tx) Get(key Key) (Record, bool) { return t.editor.snapshot.Get(key) }

// List yields the record at prefix and all beneath it in key order, with the writes made before List was called. Writing while ranging is safe and
// does not change what is yielded.
func (t *Tx) List(prefix Key) iter.Seq[Record] { return t.editor.freeze().List(prefix) }

// Put writes a record. The Tx keeps value; the caller must not change it. A key or value above its limit makes the update fail with ErrTooLarge.
func (t *Tx) Put(key Key, value []byte) {
	switch {
	case key.IsRoot():
		t.fail(fmt.Errorf("putting a record: key without segments"))
	case key.Len() > MaxKeyBytes:
		t.fail(fmt.Errorf("putting record %.100s…: key of %d bytes, at most %d: %w", key, key.Len(), MaxKeyBytes, ErrTooLarge))
	case len(value) > MaxValueBytes:
		t.fail(fmt.Errorf("putting record %s: value of %d bytes, at most %d: %w", key, len(value), MaxValueBytes, ErrTooLarge))
	default:
		t.write(Write{Key: key, Value: value, Revision: t.base.revision})
	}
}

// Delete deletes a record; deleting what is not there is no error.
func (t *Tx) Delete(key Key) {
	if _, ok := t.Get(key); ok {
		t.write(Write{Key: key, Deleted: true})
	}
}

func (t *Tx) write(w Write) {
	t.writes[w.Key] = w
	t.editor.apply(w)
}

// fail remembers the first error, so that the many callers of Put need not check one that only a limit can cause.
func (t *Tx) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// Base is the snapshot the Tx began on.
func (t *Tx) Base() Snapshot { return t.base }

// Batch returns the writes in key order, one for each key and none that changes nothing, and the manifest of the state they lead to. Errors:
// ErrTooLarge. For implementations of Store.
func (t *Tx) Batch() ([]Write, Manifest, error) {
	if t.err != nil {
		return nil, Manifest{}, t.err
	}
	writes := make([]Write, 0, len(t.writes))
	size := 0
	for _, write := range t.writes {
		if !t.changes(write) {
			continue
		}
		writes = append(writes, write)
		size += write.Key.Len() + len(write.Value) + WriteOverhead
	}
	if len(writes) > MaxBatchWrites || size > MaxBatchBytes {
		return nil, Manifest{}, fmt.Errorf("committing %d writes of %d bytes, at most %d and %d: %w",
			len(writes), size, MaxBatchWrites, MaxBatchBytes, ErrTooLarge)
	}
	slices.SortFunc(writes, func(a, b Write) int { return a.Key.Compare(b.Key) })
	return writes, t.editor.snapshot.manifest, nil
}

// changes says whether a write makes a difference: deleting what the Tx itself created does not.
func (t *Tx) changes(w Write) bool {
	_, existed := t.base.Get(w.Key)
	return !w.Deleted || existed
}
