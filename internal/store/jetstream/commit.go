package jetstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"gatehouse/internal/store"
)

// Headers of JetStream for batches and for compare-and-set.
const (
	headerExpectedLast  = "Nats-Expected-Last-Sequence"
	headerBatchID       = "Nats-Batch-Id"
	headerBatchSequence = "Nats-Batch-Sequence"
	headerBatchCommit   = "Nats-Batch-Commit"
)

// Error codes of JetStream that mean that another writer was first, and that a batch is above the server's limit.
const (
	codeWrongLastSequence         = 10071
	codeWrongLastSequenceConstant = 10164
	codeBatchTooLarge             = 10199
)

const (
	// commitTries bounds how often an update runs again because another node was first.
	commitTries = 64
	// ackEvery is how many messages of a large batch are sent before one is waited for, so that the batch does not overrun the server.
	ackEvery = 256
	// minTombstones is below which compaction is not worth it.
	minTombstones = 1000
	// maxConflictWait bounds the random wait after a conflict.
	maxConflictWait = 20 * time.Millisecond
)

// errConflict says that another writer was first.
var errConflict = errors.New("another writer committed first")

// Update implements store.Store. A context that ends while the batch is being committed does not stop the commit: the outcome is always known.
func (s *Store) Update(ctx context.Context, update func(tx *store.Tx) error) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	for try := range commitTries {
		if err := ctx.Err(); err != nil {
			return err
		}
		base := s.View()
		tx := store.Begin(base)
		if err := update(tx); err != nil {
			return err
		}
		writes, manifest, err := tx.Batch()
		if err != nil || len(writes) == 0 {
			return err
		}
		err = s.commit(base.Revision(), s.messages(writes, manifest))
		if !errors.Is(err, errConflict) {
			s.compact()
			return err
		}
		if err := s.waitForOther(ctx, base.Revision(), try); err != nil {
			return err
		}
	}
	return fmt.Errorf("committing, %d tries: %w", commitTries, store.ErrConflict)
}

// begin waits for the turn of this process's writers.
func (s *Store) begin(ctx context.Context) error {
	if s.closing.Err() != nil {
		return store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing.Done():
		return store.ErrClosed
	}
}

func (s *Store) end() { s.turn <- struct{}{} }

// waitForOther waits until the batch that was first is in the image, and a little at random so that nodes do not keep meeting.
func (s *Store) waitForOther(ctx context.Context, revision uint64, try int) error {
	ctx, cancel := context.WithTimeout(ctx, commitTimeout)
	defer cancel()
	if err := s.image.Wait(ctx, revision+1); err != nil {
		return fmt.Errorf("waiting for another node's batch: %w", err)
	}
	if try == 0 {
		return nil
	}
	select {
	case <-time.After(rand.N(maxConflictWait)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// messages makes the messages of a batch; the last carries the manifest and so marks the end.
func (s *Store) messages(writes []store.Write, manifest store.Manifest) []*nats.Msg {
	messages := make([]*nats.Msg, len(writes))
	for i, write := range writes {
		msg := &nats.Msg{Subject: subjectOf(s.recordsPrefix(), write.Key), Data: write.Value, Header: nats.Header{}}
		if write.Deleted {
			msg.Header.Set(headerWrite, writeDelete)
		}
		messages[i] = msg
	}
	messages[len(messages)-1].Header.Set(headerManifest, manifest.String())
	return messages
}

// commit publishes messages as one batch if the stream still ends at the revision, and waits until the image includes it. A single message is published
// plainly, which saves the server the staging of a batch.
func (s *Store) commit(base uint64, messages []*nats.Msg) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	messages[0].Header.Set(headerExpectedLast, strconv.FormatUint(base, 10))
	last := messages[len(messages)-1]
	if len(messages) > 1 {
		if err := s.stage(ctx, messages); err != nil {
			return err
		}
	}
	reply, err := s.conn.RequestMsgWithContext(ctx, last)
	if err != nil {
		return s.unavailable(err)
	}
	revision, err := readAck(reply)
	if err != nil {
		return err
	}
	if err := s.image.Wait(ctx, revision); err != nil {
		return fmt.Errorf("waiting for revision %d in the image: %w", revision, err)
	}
	return nil
}

// stage marks messages as one batch and sends all but the last.
func (s *Store) stage(ctx context.Context, messages []*nats.Msg) error {
	id := nuid.Next()
	for i, msg := range messages {
		msg.Header.Set(headerBatchID, id)
		msg.Header.Set(headerBatchSequence, strconv.Itoa(i+1))
	}
	rest := len(messages) - 1
	messages[rest].Header.Set(headerBatchCommit, "1")
	for i, msg := range messages[:rest] {
		if (i+1)%ackEvery != 0 {
			if err := s.conn.PublishMsg(msg); err != nil {
				return s.unavailable(err)
			}
			continue
		}
		reply, err := s.conn.RequestMsgWithContext(ctx, msg)
		if err != nil {
			return s.unavailable(err)
		}
		if len(reply.Data) > 0 { // An empty answer means that the message is staged.
			if _, err := readAck(reply); err != nil {
				return err
			}
		}
	}
	return nil
}

// unavailable names an error of the connection.
func (s *Store) unavailable(err error) error {
	if s.closing.Err() != nil {
		return store.ErrClosed
	}
	return fmt.Errorf("committing: %w: %w", store.ErrUnavailable, err)
}

// readAck reads the server's answer to a message: the sequence of the message, or why it was refused.
func readAck(reply *nats.Msg) (uint64, error) {
	var ack struct {
		Error    *jetstream.APIError `json:"error"`
		Sequence uint64              `json:"seq"`
	}
	if err := json.Unmarshal(reply.Data, &ack); err != nil {
		return 0, fmt.Errorf("committing: reading answer %q: %w", reply.Data, err)
	}
	if ack.Error == nil {
		return ack.Sequence, nil
	}
	switch ack.Error.ErrorCode {
	case codeWrongLastSequence, codeWrongLastSequenceConstant:
		return 0, errConflict
	case codeBatchTooLarge:
		return 0, fmt.Errorf("committing: %w: %w; raise max_batch_size of the NATS servers to %d", store.ErrTooLarge, ack.Error, store.MaxBatchWrites)
	}
	return 0, fmt.Errorf("committing: %w: %w", store.ErrUnavailable, ack.Error)
}

// Reset implements store.Store: one message says that all records before it are gone; removing their messages is housekeeping.
func (s *Store) Reset(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	for try := range commitTries {
		base := s.View().Revision()
		marker := &nats.Msg{Subject: s.resetSubject(), Header: nats.Header{}}
		marker.Header.Set(headerWrite, writeReset)
		marker.Header.Set(headerManifest, store.Manifest{}.String())
		err := s.commit(base, []*nats.Msg{marker})
		if err == nil {
			break
		}
		if !errors.Is(err, errConflict) || try == commitTries-1 {
			return fmt.Errorf("resetting: %w", err)
		}
		if err := s.waitForOther(ctx, base, try); err != nil {
			return err
		}
	}
	if err := s.stream.Purge(ctx, jetstream.WithPurgeSequence(s.View().Revision())); err != nil {
		return fmt.Errorf("resetting: removing old messages: %w", err)
	}
	return s.resetObjects(ctx)
}

// compact removes, in the background, the messages that only say that a record is gone, when they are many. The newest message stays, whatever it is:
// it carries the manifest. A node that missed a removed message finds its image wrong and reads everything again.
func (s *Store) compact() {
	if !s.follower.manyTombstones(s.View().Len()) || !s.compacting.CompareAndSwap(false, true) {
		return
	}
	newest := s.View().Revision()
	s.background.Go(func() {
		defer s.compacting.Store(false)
		for key, revision := range s.follower.oldTombstones(newest) {
			if s.closing.Err() != nil {
				return
			}
			if err := s.stream.DeleteMsg(s.closing, revision); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
				s.log.Debug("compacting the stream of records", "error", err)
				return
			}
			s.follower.forgetTombstone(key, revision)
		}
	})
}
