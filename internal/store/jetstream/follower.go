package jetstream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gatehouse/internal/store"
)

// Headers of ours. A message without headerWrite puts a record.
const (
	// headerManifest is on the last message of each batch: the manifest of the state the batch leads to.
	headerManifest = "Gatehouse-Manifest"
	// headerWrite says that the message is not a record but deletes one, or all.
	headerWrite = "Gatehouse-Write"
	writeDelete = "delete"
	writeReset  = "reset"
)

const (
	// applyChunk bounds the writes collected while catching up before they are applied to the image in the making.
	applyChunk = 4096
	// endWait is how long the end of a batch may take after its beginning; the server writes them in one go.
	endWait = 2 * time.Second
	// loadTries is how often a wrong manifest is looked at again at start, because another node may write meanwhile.
	loadTries  = 2
	minBackoff = 50 * time.Millisecond
	maxBackoff = 5 * time.Second
	// damagedBackoff is the longest wait when each try reads the whole stream.
	damagedBackoff = time.Minute
)

// follower turns the stream into the image. It is the only one who advances it, on one goroutine.
//
// work is the state it has built, pending the writes since the last end of a batch. Where work matches the manifest on the message that ended the
// batch, it is published; while it does not (the follower is behind, and what it has not seen yet has replaced messages it would have needed), nothing
// is, until it matches again. So no half batch is ever seen, however the stream was compacted meanwhile.
type follower struct {
	store *Store
	sub   *subscription // nil when there is none

	work    store.Snapshot
	pending []store.Write
	reset   bool   // a reset came before pending
	behind  bool   // work may be a state that never was; the next published change is whole
	target  uint64 // while behind, do not compare before this revision
	seen    uint64 // the last revision delivered
	open    bool   // the stream's newest message does not end a batch

	mu         sync.Mutex // guards tombstones
	tombstones map[store.Key]uint64
}

func newFollower(s *Store) *follower {
	return &follower{store: s, tombstones: map[store.Key]uint64{}}
}

// load builds the image from the whole stream, and compares it with its manifest and with the last revision acknowledged before.
func (f *follower) load(ctx context.Context, acknowledged uint64) error {
	last := f.store.stream.CachedInfo().State.LastSeq
	var err error
	if last < acknowledged {
		err = fmt.Errorf("%w: the stream of records ends at revision %d, but %d was acknowledged%s",
			store.ErrDamaged, last, acknowledged, f.store.complaints())
		if !f.store.config.Salvage {
			return err
		}
		f.store.log.Error("salvaging", "error", err)
	}
	for range loadTries {
		if err = f.readTo(ctx, last); !errors.Is(err, store.ErrDamaged) {
			return err
		}
	}
	if f.store.config.Salvage {
		f.store.log.Error("salvaging", "error", err)
		f.flush(last)
		f.behind, f.open = false, false
		f.publish(store.Change{Snapshot: f.work, Whole: true})
		return nil
	}
	return err
}

func (s *Store) complaints() string {
	if s.embedded == nil {
		return ""
	}
	return s.embedded.log.reason()
}

// readTo reads the stream from its beginning until the image is published at the revision or beyond.
func (f *follower) readTo(ctx context.Context, revision uint64) error {
	f.forget()
	if revision == 0 {
		f.behind = false
		f.publish(store.Change{Whole: true})
		return nil
	}
	f.target = revision
	return f.follow(ctx, func() bool { return !f.behind })
}

// run follows the stream until the store is closed.
func (f *follower) run() {
	backoff := minBackoff
	for {
		before := f.seen
		err := f.follow(f.store.stopping, func() bool { return false })
		if f.store.stopping.Err() != nil {
			return
		}
		if f.seen > before {
			backoff = minBackoff
		}
		f.store.log.Warn("following the stream of records again", "error", err, "revision", f.store.View().Revision(), "after", backoff)
		f.restart(err)
		select {
		case <-time.After(backoff):
		case <-f.store.stopping.Done():
			return
		}
		backoff = min(2*backoff, maxBackoff)
		if errors.Is(err, store.ErrDamaged) {
			backoff = damagedBackoff
		}
	}
}

// restart goes back to what is published; after damage to nothing, because messages that the follower missed may have been compacted.
func (f *follower) restart(err error) {
	f.forget()
	f.target = f.store.View().Revision()
	if !errors.Is(err, store.ErrDamaged) {
		f.work, f.behind = f.store.View(), false
	}
}

func (f *follower) forget() {
	f.work, f.pending, f.reset, f.open, f.behind = store.Snapshot{}, nil, false, false, true
	f.drop()
}

func (f *follower) drop() {
	if f.sub == nil {
		return
	}
	if err := f.sub.drop(); err != nil {
		f.store.log.Debug("leaving the stream of records", "error", err)
	}
	f.sub = nil
}

// follow takes messages until done, or until something is wrong. It keeps the subscription when done.
func (f *follower) follow(ctx context.Context, done func() bool) error {
	if err := f.join(ctx); err != nil {
		return err
	}
	check := time.NewTicker(f.store.config.CheckInterval)
	defer check.Stop()
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	var due checkpoint
	for !done() {
		select {
		case msg := <-f.sub.messages:
			d, ok, err := f.sub.accept(msg)
			if ok {
				err = f.apply(d)
			}
			if err != nil {
				return err
			}
			quiet.Reset(f.patience())
		case <-check.C:
			if err := f.checkApplied(ctx, &due); err != nil {
				return err
			}
		case <-quiet.C:
			return f.tooQuiet()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// join subscribes to what comes after work, if not yet done.
func (f *follower) join(ctx context.Context) error {
	if f.sub != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	sub, err := f.store.subscribe(ctx, f.work.Revision())
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	f.sub = sub
	return nil
}

// patience is how long to wait for the next message.
func (f *follower) patience() time.Duration {
	if f.open && f.behind {
		return endWait
	}
	return silence
}

func (f *follower) tooQuiet() error {
	if f.open && f.behind {
		return fmt.Errorf("%w: the last batch has no end, at revision %d%s", store.ErrDamaged, f.seen, f.store.complaints())
	}
	return fmt.Errorf("%w: nothing heard of the stream for %v", store.ErrUnavailable, silence)
}

// checkpoint is what the periodic check remembers: where the stream was, and where the follower was.
type checkpoint struct{ stream, seen uint64 }

// checkApplied compares the stream with the follower: when the follower has not moved since the last check, and not reached where the stream was then,
// something was lost on the way.
func (f *follower) checkApplied(ctx context.Context, due *checkpoint) error {
	if f.seen < due.stream && f.seen == due.seen {
		return fmt.Errorf("revision %d of the stream was not delivered, only %d", due.stream, f.seen)
	}
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	info, err := f.store.stream.Info(ctx)
	if err != nil {
		return nil //nolint:nilerr // Not reaching the server is noticed by the silence of the consumer.
	}
	*due = checkpoint{stream: info.State.LastSeq, seen: f.seen}
	return nil
}

// apply takes one stored message.
func (f *follower) apply(d delivery) error {
	f.seen = d.revision
	if err := f.collect(d); err != nil {
		return err
	}
	manifest := d.Header.Get(headerManifest)
	f.open = manifest == "" && d.newest
	if manifest == "" || f.behind && d.revision < f.target {
		if f.behind && len(f.pending) >= applyChunk {
			f.flush(d.revision)
		}
		return nil
	}
	want, err := store.ParseManifest(manifest)
	if err != nil {
		return fmt.Errorf("%w: revision %d: %w", store.ErrDamaged, d.revision, err)
	}
	return f.compare(d, want)
}

// compare publishes the state after a batch if it is what the batch's writer had. If it is not, the follower reads on; at the end of the stream there
// is nothing more to read, and something is lost.
func (f *follower) compare(d delivery, want store.Manifest) error {
	change := store.Change{Writes: f.pending, Whole: f.behind || f.reset}
	f.flush(d.revision)
	got := f.work.Manifest()
	if got == want {
		f.behind = false
		change.Snapshot = f.work
		f.publish(change)
		return nil
	}
	f.behind = true
	if !d.newest {
		return nil
	}
	return fmt.Errorf("%w: at revision %d there are %d records with hash %016x%016x, written were %d with hash %016x%016x%s", store.ErrDamaged,
		d.revision, got.Count, got.Hash[0], got.Hash[1], want.Count, want.Hash[0], want.Hash[1], f.store.complaints())
}

// collect adds the write of a message to pending.
func (f *follower) collect(d delivery) error {
	kind := d.Header.Get(headerWrite)
	if kind == writeReset && d.Subject == f.store.resetSubject() {
		f.work, f.pending, f.reset = store.Snapshot{}, nil, true
		f.forgetTombstones()
		return nil
	}
	key, err := keyOf(f.store.recordsPrefix(), d.Subject)
	if err != nil {
		return fmt.Errorf("%w: revision %d: %w", store.ErrDamaged, d.revision, err)
	}
	write := store.Write{Key: key, Revision: d.revision, Deleted: kind == writeDelete}
	if !write.Deleted {
		write.Value = bytes.Clone(d.Data) // The message's own bytes would keep its headers in memory too.
	}
	f.noteTombstone(write)
	f.pending = append(f.pending, write)
	return nil
}

// flush applies what is pending to work.
func (f *follower) flush(revision uint64) {
	f.work = f.work.Apply(revision, f.pending...)
	f.pending, f.reset = nil, false
}

// publish makes a state visible. The watermark comes first: what was seen must be found again.
func (f *follower) publish(change store.Change) {
	if change.Whole {
		change.Writes = nil
	}
	// Sorted they are already, unless another program wrote them.
	slices.SortStableFunc(change.Writes, func(a, b store.Write) int { return a.Key.Compare(b.Key) })
	if err := f.store.watermark.write(change.Snapshot.Revision()); err != nil {
		f.store.log.Warn("remembering the last revision", "error", err)
	}
	f.store.image.Advance(change)
}
