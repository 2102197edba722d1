package jetstream

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"gatehouse/internal/store"
)

const (
	// garbageFactor and minGarbageBytes say when the stream is compacted: when it is larger than so many times its records, and by so much.
	garbageFactor   = 2
	minGarbageBytes = 8 << 20
	// moveBytes is how much is moved in one batch; writers wait while it is committed.
	moveBytes = 1 << 20
)

// compact, in the background, makes the stream smaller when it holds much more than the records there are: the records whose revision is old are put
// once more, unchanged, and then the old messages are removed. Every step leaves a sound stream. A node that was away while messages were removed finds
// the gap and reads the stream from its beginning.
func (s *Store) compact() {
	if !s.wantsCompaction() || !s.compacting.CompareAndSwap(false, true) {
		return
	}
	s.background.Go(func() {
		defer s.compacting.Store(false)
		if err := s.compactTo(s.closing, s.View().Revision()); err != nil && s.closing.Err() == nil {
			s.log.Warn("compacting the stream of records", "error", err)
		}
	})
}

func (s *Store) wantsCompaction() bool {
	return s.follower.logged.Load() > int64(garbageFactor*s.View().Size()+s.config.minGarbageBytes)
}

// compactTo moves all records of a revision or earlier, and removes the messages up to it. It commits a batch even when there is nothing to move, for the
// stream must keep a message that says so.
func (s *Store) compactTo(ctx context.Context, revision uint64) error {
	for moves := 0; ; moves++ {
		moved := batch{}
		err := s.commitNext(ctx, func(base store.Snapshot) (batch, error) {
			moved = batch{kind: kindMove, manifest: base.Manifest(), writes: oldRecords(base, revision)}
			if moves > 0 && len(moved.writes) == 0 {
				return batch{kind: kindWrites}, nil
			}
			return moved, nil
		})
		if err != nil {
			return fmt.Errorf("moving records: %w", err)
		}
		if len(moved.writes) == 0 {
			return s.purge(ctx, revision+1)
		}
	}
}

// oldRecords are the first records of a revision or earlier, up to moveBytes and at least one.
func oldRecords(base store.Snapshot, revision uint64) []store.Write {
	var writes []store.Write
	size := 0
	for record := range base.List(store.Key{}) {
		if record.Revision > revision {
			continue
		}
		if size += record.Key.Len() + len(record.Value); size > moveBytes && len(writes) > 0 {
			break
		}
		writes = append(writes, store.Write{Key: record.Key, Value: record.Value})
	}
	return writes
}

// purge removes the messages before a revision. It takes its turn like a writer, so that nobody in this process reads the stream meanwhile.
func (s *Store) purge(ctx context.Context, before uint64) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	if err := s.stream.Purge(ctx, jetstream.WithPurgeSequence(before)); err != nil {
		return fmt.Errorf("removing old messages: %w", err)
	}
	info, err := s.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("removing old messages: %w", err)
	}
	s.follower.logged.Store(int64(info.State.Bytes))
	return nil
}
