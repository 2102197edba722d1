package jetstream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"gatehouse/internal/store"
)

const (
	// loadTries is how often the whole stream is read at start before it is called damaged, because another node may compact it meanwhile.
	loadTries  = 2
	minBackoff = 50 * time.Millisecond
	maxBackoff = 5 * time.Second
	// damagedBackoff is the longest wait when each try reads the whole stream.
	damagedBackoff = time.Minute
	// loadChunk is how many writes are collected while loading before they are applied, which is cheaper together.
	loadChunk = 4096
	// maxProblems bounds what a lenient follower remembers.
	maxProblems = 100
)

// errGap says that messages are missing: compacted while the follower was away, or lost.
var errGap = errors.New("messages are missing")

// errReconnected makes the follower subscribe again.
var errReconnected = errors.New("the connection to NATS was lost")

// follower turns the stream into the image: each message is one batch, and leads to one snapshot. It is the only one who advances the image, on one
// goroutine.
//
// A snapshot is published only when it has the manifest that the writer of its batch had. Reading from the beginning of a stream that was compacted,
// the states on the way are not states that ever were; so nothing is compared or published before target.
type follower struct {
	store *Store
	sub   *subscription // nil when there is none

	work    store.Snapshot
	pending []store.Write // what loading has yet to apply to work
	seen    uint64        // the last revision delivered, zero before the first
	loading bool          // target is not reached
	target  uint64

	lenient  bool // damage is noted and not an error, until target
	problems []string
	salvaged bool // load went on in spite of damage

	logged atomic.Int64 // the bytes of the stream, roughly
}

func newFollower(s *Store) *follower { return &follower{store: s} }

// load builds the image from the whole stream, and compares it with its manifest and with the last revision acknowledged before.
func (f *follower) load(ctx context.Context, acknowledged uint64) error {
	err := f.verify(ctx, acknowledged)
	if err == nil {
		err = f.readAllTwice(ctx)
	}
	if !f.store.config.Salvage || !isDamage(err) {
		return err
	}
	f.lenient = true
	defer func() { f.lenient = false }()
	err = errors.Join(err, f.readAll(ctx))
	f.store.log.Error("opened damaged data, as asked to", "error", err, "problems", f.problems)
	if f.loading {
		return err
	}
	f.salvaged = true
	return nil
}

// readAllTwice gives a stream that looks damaged a second chance.
func (f *follower) readAllTwice(ctx context.Context) (err error) {
	for range loadTries {
		if err = f.readAll(ctx); !isDamage(err) {
			return err
		}
	}
	return err
}

func isDamage(err error) bool { return errors.Is(err, store.ErrDamaged) }

// verify compares the end of the stream with what was acknowledged.
func (f *follower) verify(ctx context.Context, acknowledged uint64) error {
	info, err := f.store.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	if last := info.State.LastSeq; last < acknowledged {
		return fmt.Errorf("%w: the stream of records ends at revision %d, but %d was acknowledged%s",
			store.ErrDamaged, last, acknowledged, f.store.complaints())
	}
	return nil
}

// complaints are what the embedded server had to say, to follow an error.
func (s *Store) complaints() string {
	if s.embedded == nil {
		return ""
	}
	return s.embedded.log.reason()
}

// readAll reads the stream from its beginning to its present end.
func (f *follower) readAll(ctx context.Context) error {
	info, err := f.store.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	f.forget()
	f.loading, f.target = true, info.State.LastSeq
	f.logged.Store(int64(info.State.Bytes))
	if f.target == 0 {
		f.loading = false
		f.publish(store.Change{Whole: true})
		return nil
	}
	if info.State.Msgs == 0 {
		return f.damage(f.target, "all messages of the stream of records are lost")
	}
	return f.follow(ctx, func() bool { return !f.loading })
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
		if f.seen > before || errors.Is(err, errReconnected) {
			backoff = minBackoff // A writer may wait for what the new connection brings.
		}
		level := slog.LevelWarn
		if f.store.embedded != nil && errors.Is(err, errReconnected) {
			level = slog.LevelDebug // The server was started again, which is told by who did it.
		}
		f.store.log.Log(f.store.stopping, level, "following the stream of records again", "error", err, "revision", f.store.View().Revision(), "after", backoff)
		f.restart(err)
		select {
		case <-time.After(backoff):
		case <-f.store.stopping.Done():
			return
		}
		backoff = min(2*backoff, maxBackoff)
		if isDamage(err) {
			backoff = damagedBackoff
		}
	}
}

// restart goes back to what is published, and after a gap or damage to the beginning of the stream.
func (f *follower) restart(err error) {
	if isDamage(err) || errors.Is(err, errGap) {
		if err := f.readAll(f.store.stopping); err == nil || f.store.stopping.Err() != nil {
			return
		}
	}
	f.forget()
	f.work = f.store.View()
	f.seen = f.work.Revision()
}

func (f *follower) forget() {
	f.work, f.pending, f.seen, f.loading, f.target, f.problems = store.Snapshot{}, nil, 0, false, 0, nil
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
			switch {
			case ok:
				err = f.apply(d)
			case err == nil && f.loading && f.sub.idle:
				err = f.cutShort()
			}
			if err != nil {
				return err
			}
			quiet.Reset(silence)
		case <-check.C:
			if err := f.checkSeen(ctx, &due); err != nil {
				return err
			}
		case <-f.store.reconnected:
			return errReconnected
		case <-quiet.C:
			return fmt.Errorf("%w: nothing heard of the stream for %v", store.ErrUnavailable, silence)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// patience is how long one request to the server may take. A cluster that loses its leader forgets what it was asked, so the follower asks again and
// soon; to an embedded server nothing gets lost.
func (s *Store) patience() time.Duration {
	if s.embedded == nil {
		return answerTimeout
	}
	return commitTimeout
}

// join subscribes to what comes after work, if not yet done.
func (f *follower) join(ctx context.Context) error {
	if f.sub != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, f.store.patience())
	defer cancel()
	sub, err := f.store.subscribe(ctx, f.seen)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	f.sub = sub
	return nil
}

// checkpoint is what the periodic check remembers: where the stream was, and where the follower was.
type checkpoint struct{ stream, seen uint64 }

// checkSeen compares the stream with the follower: when the follower has not moved since the last check, and not reached where the stream was then,
// something was lost on the way.
func (f *follower) checkSeen(ctx context.Context, due *checkpoint) error {
	if f.seen < due.stream && f.seen == due.seen {
		return fmt.Errorf("%w: revision %d of the stream was not delivered, only %d", errGap, due.stream, f.seen)
	}
	ctx, cancel := context.WithTimeout(ctx, f.store.patience())
	defer cancel()
	info, err := f.store.stream.Info(ctx)
	if err != nil {
		return nil // Not reaching the server is noticed by the silence of the consumer.
	}
	f.logged.Store(int64(info.State.Bytes))
	*due = checkpoint{stream: info.State.LastSeq, seen: f.seen}
	return nil
}

// apply takes one stored message.
func (f *follower) apply(d delivery) error {
	if err := f.checkGap(d.revision); err != nil {
		return err
	}
	f.seen = d.revision
	f.logged.Add(int64(len(d.Data)))
	b, err := decodeBatch(d.Data, d.revision)
	if errors.Is(err, errLater) {
		return fmt.Errorf("revision %d: %w", d.revision, err)
	}
	if err != nil {
		if err := f.damage(d.revision, err.Error()); err != nil {
			return err
		}
		b.manifest = f.work.Manifest()
	}
	b.date(d.stored)
	f.collect(b)
	if d.revision < f.target {
		return nil
	}
	f.work = f.work.Apply(d.revision, f.pending...)
	f.pending = f.pending[:0]
	if got := f.work.Manifest(); got != b.manifest {
		if err := f.damage(d.revision, fmt.Sprintf("there are %v, written were %v", got, b.manifest)); err != nil {
			return err
		}
	}
	f.publish(f.change(b))
	f.loading, f.pending = false, nil
	return nil
}

// cutShort ends loading at a stream whose last messages cannot be read.
func (f *follower) cutShort() error {
	if err := f.damage(f.target, fmt.Sprintf("revisions %d to %d are missing", f.seen+1, f.target)); err != nil {
		return err
	}
	f.seen = f.target
	f.work = f.work.Apply(f.seen, f.pending...)
	f.publish(store.Change{Snapshot: f.work, Whole: true})
	f.loading, f.pending = false, nil
	return nil
}

// collect adds the writes of a batch to pending; while loading it applies them when they are many.
func (f *follower) collect(b batch) {
	if b.kind == kindReset {
		f.work, f.pending = store.Snapshot{}, nil
	}
	if f.pending == nil {
		f.pending = b.writes
	} else {
		f.pending = append(f.pending, b.writes...)
	}
	if f.loading && len(f.pending) >= loadChunk {
		f.work = f.work.Apply(f.seen, f.pending...)
		f.pending = f.pending[:0]
	}
}

// change is what watchers are told of a batch that led to work.
func (f *follower) change(b batch) store.Change {
	change := store.Change{Snapshot: f.work, Whole: f.loading || b.kind == kindReset}
	if b.kind == kindWrites && !f.loading {
		change.Writes = b.writes
	}
	return change
}

// checkGap wants each revision after the one before. Only a stream read from its beginning may begin anywhere: it was compacted.
func (f *follower) checkGap(revision uint64) error {
	if f.seen == 0 || revision == f.seen+1 {
		return nil
	}
	missing := fmt.Sprintf("revisions %d to %d are missing", f.seen+1, revision-1)
	if f.loading {
		return f.damage(revision, missing)
	}
	return fmt.Errorf("%w: %s", errGap, missing)
}

// damage is an error, or with a lenient follower a note.
func (f *follower) damage(revision uint64, what string) error {
	if f.lenient {
		if len(f.problems) < maxProblems {
			f.problems = append(f.problems, fmt.Sprintf("revision %d of the stream of records: %s", revision, what))
		}
		return nil
	}
	return fmt.Errorf("%w: revision %d of the stream of records: %s%s", store.ErrDamaged, revision, what, f.store.complaints())
}

// publish makes a state visible. The watermark comes first: what was seen must be found again.
func (f *follower) publish(change store.Change) {
	// Sorted they are already, unless another program wrote them.
	slices.SortStableFunc(change.Writes, func(a, b store.Write) int { return a.Key.Compare(b.Key) })
	if err := f.store.watermark.write(mark{revision: change.Snapshot.Revision()}); err != nil {
		f.store.log.Warn("remembering the last revision", "error", err)
	}
	f.store.image.Advance(change)
}
