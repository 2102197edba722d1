package logs

import "context"

// Limits of what is kept. They are ours: CloudWatch Logs has no end.
const (
	// DefaultMaxBytes bounds a journal on disk.
	DefaultMaxBytes = 256 << 20
	// maxEntries bounds the index in memory: about 60 bytes an entry.
	maxEntries = 400_000
)

// Journal keeps entries in the order in which they were appended, up to a number of
// bytes: the oldest are discarded first. All methods may be called at the same time.
type Journal interface {
	// Append stores entries and returns the sequence of the last one. Sequences grow.
	Append(ctx context.Context, entries []Entry) (last uint64, err error)
	// Persist returns when what was appended would outlive the process, though perhaps not
	// the machine.
	Persist(ctx context.Context) error
	// Follow calls apply for the header of every entry, the oldest first, now and for new
	// ones, until ctx is done; apply is never called twice at once. It returns when what
	// was stored at its call has been applied.
	Follow(ctx context.Context, apply func(sequence uint64, header Header)) error
	// Read calls visit for the entries of a stream, or of all streams of a group, with
	// sequences in [from, to], in order, until visit returns false.
	Read(ctx context.Context, id StreamId, from, to uint64, visit func(sequence uint64, entry *Entry) bool) error
	// Purge deletes the entries of a stream, or of all streams of a group, with sequences
	// below before.
	Purge(ctx context.Context, id StreamId, before uint64) error
	// First is the sequence of the oldest entry that is kept.
	First(ctx context.Context) (uint64, error)
	// Reset deletes everything.
	Reset(ctx context.Context) error
}
