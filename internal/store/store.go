package store

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// Limits of a store. They are ours, not quotas of AWS; they keep a batch within one message of the server behind it. Larger things are objects.
const (
	// MaxBatchBytes bounds the writes of one Update together: the bytes of keys and values, and WriteOverhead for each.
	MaxBatchBytes = 8<<20 - 256<<10
	// WriteOverhead is what a write counts beyond the bytes of its key and value.
	WriteOverhead = 16
	// MaxBatchWrites bounds the records one Update may write or delete.
	MaxBatchWrites = 50_000
	// MaxValueBytes is the size of the largest value of a record.
	MaxValueBytes = 7 << 20
	// MaxKeyBytes bounds the bytes of all segments of one key together.
	MaxKeyBytes = 1024
	// MaxWatchBacklog is the number of batches a slow watcher may fall behind before it is given one whole Change instead of every batch.
	MaxWatchBacklog = 1024
)

// Errors that a store wraps; test with errors.Is.
var (
	// ErrNotFound says that no record or object has that name.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that other writers committed first every time the update was tried; nothing was written.
	ErrConflict = errors.New("too many concurrent updates")
	// ErrTooLarge says that a key, value or batch is above its limit; nothing was written.
	ErrTooLarge = errors.New("too large")
	// ErrClosed says that the store was closed.
	ErrClosed = errors.New("store is closed")
	// ErrDamaged says that what is stored is not what was written: a file was changed, cut or lost.
	ErrDamaged = errors.New("stored data is damaged")
	// ErrLocked says that another process uses the same data directory.
	ErrLocked = errors.New("data directory is in use")
	// ErrUnavailable says that the server behind the store did not answer; whether the batch was written is unknown.
	ErrUnavailable = errors.New("store is unavailable")
)

// Store keeps records and objects. All methods may be called at the same time.
type Store interface {
	// View gives a consistent read of everything at one revision. It costs nothing and never waits.
	View() Snapshot

	// Update runs update against a snapshot and commits what it wrote as one atomic batch, serializably: if anything was committed since the
	// snapshot was taken, update runs again on a newer one, so it must have no effect but on its Tx, and must not call Update itself. When
	// update returns an error nothing is written and Update returns that error unchanged.
	//
	// Update returns nil only when the batch is durable and View includes it. Errors: ErrConflict, ErrTooLarge, ErrClosed, ErrUnwritable,
	// ErrUnavailable, the error of ctx.
	Update(ctx context.Context, update func(tx *Tx) error) error

	// Watch yields the current snapshot first (a whole Change) and then every committed batch in order, until ctx is done or the store is
	// closed. A watcher that falls MaxWatchBacklog behind gets one whole Change in place of the batches it missed.
	Watch(ctx context.Context) iter.Seq[Change]

	// Reset deletes all records and objects; records go at one moment, as a whole Change.
	Reset(ctx context.Context) error

	// PutObject stores what r holds under its SHA-256. Storing the same bytes again is free and makes the object young again. Errors: ErrUnwritable.
	PutObject(ctx context.Context, r io.Reader) (Digest, error)

	// GetObject opens an object. The reader fails with ErrDamaged at its end when the bytes are not those of digest. Errors: ErrNotFound.
	GetObject(ctx context.Context, digest Digest) (io.ReadCloser, error)

	// DeleteObject deletes an object; deleting what is not there is no error.
	DeleteObject(ctx context.Context, digest Digest) error

	// ListObjects names all objects, in order of their digests.
	ListObjects(ctx context.Context) ([]Object, error)

	// Close ends all watches and releases what the store holds.
	Close() error
}

// Reader is what can be read from: a Snapshot, or a Tx with its own writes.
type Reader interface {
	// Get returns the record of a key. Its value must not be changed.
	Get(key Key) (Record, bool)
	// List yields the record at prefix, if there is one, and all records beneath it, in key order.
	List(prefix Key) iter.Seq[Record]
}

// Record is one value under its key.
type Record struct {
	// Key names the record.
	Key Key
	// Value is what was put. It is shared: nobody may change it.
	Value []byte
	// Revision grows with every write of this record, and is never above the revision of a snapshot that holds it. It may also grow without a
	// write, when the store moves the record.
	Revision uint64
	// Written is when the store got this value, by the store's clock. It is zero where that is not known: in a Tx that wrote it itself, and of a record
	// that the store moved before this process read it.
	Written time.Time
}

// Write is one change of a record, as a batch carries it.
type Write struct {
	// Key names the record.
	Key Key
	// Value is the new value; nil and irrelevant when Deleted.
	Value []byte
	// Deleted says that the record was deleted.
	Deleted bool
	// Revision is the revision the record got by this write.
	Revision uint64
	// Written is when the store got it. A zero one leaves a record's own as it is: the record is only moved.
	Written time.Time
}

// Change is what a watcher is told.
type Change struct {
	// Snapshot is the state after the change.
	Snapshot Snapshot
	// Writes are the records the batch wrote, one for each key, in key order. Empty when Whole, and when the store only moved records: then
	// revisions grew, and nothing else.
	Writes []Write
	// Whole says that anything may differ from what the watcher saw before: the first change, after a reset, or after falling behind.
	Whole bool
}
