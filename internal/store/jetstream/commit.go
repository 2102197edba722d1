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

const (
	// commitTries bounds how often an update runs again because another node was first.
	commitTries = 64
	// maxConflictWait bounds the random wait after a conflict.
	maxConflictWait = 20 * time.Millisecond
	// commitTimeout bounds a commit. It is not the caller's, so that the outcome is nearly always known: an external cluster that loses its leader
	// needs 5 to 15 seconds for a new one, and for consumers on living servers.
	commitTimeout = 25 * time.Second
	// answerTimeout is how long one answer of an external cluster may take before the message is sent again, under the same id.
	answerTimeout = 2 * time.Second
	answerRetry   = 250 * time.Millisecond
	// codeWrongLastSequence is JetStream's code for a failed compare-and-set.
	codeWrongLastSequence = 10071
)

// errConflict says that another writer was first.
var errConflict = errors.New("another writer committed first")

// Update implements store.Store. A context that ends while the batch is being committed does not stop the commit.
func (s *Store) Update(ctx context.Context, update func(tx *store.Tx) error) error {
	err := s.commitNext(ctx, func(base store.Snapshot) (batch, error) {
		tx := store.Begin(base)
		if err := update(tx); err != nil {
			return batch{}, err
		}
		writes, manifest, err := tx.Batch()
		return batch{kind: kindWrites, manifest: manifest, writes: writes}, err
	})
	if err == nil {
		s.compact()
	}
	return err
}

// Reset implements store.Store: one message says that all records before it are gone; removing the messages before it is housekeeping.
func (s *Store) Reset(ctx context.Context) error {
	err := s.commitNext(ctx, func(store.Snapshot) (batch, error) { return batch{kind: kindReset}, nil })
	if err != nil {
		return fmt.Errorf("resetting: %w", err)
	}
	if err := s.purge(ctx, s.View().Revision()); err != nil {
		return fmt.Errorf("resetting: %w", err)
	}
	return s.resetObjects(ctx)
}

// commitNext commits the batch that next makes of the current snapshot, and makes it again when another writer was first. A batch of kindWrites without
// writes is not committed.
func (s *Store) commitNext(ctx context.Context, next func(base store.Snapshot) (batch, error)) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	defer s.end()
	for try := range commitTries {
		if err := ctx.Err(); err != nil {
			return err
		}
		base := s.View()
		b, err := next(base)
		if err != nil || b.kind == kindWrites && len(b.writes) == 0 {
			return err
		}
		if err = s.commit(base.Revision(), b); !errors.Is(err, errConflict) {
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

// waitForOther waits until the batch that was first is in the image, and then a little at random so that nodes do not keep meeting.
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
	case <-time.After(rand.N(maxConflictWait)): //nolint:forbidigo // jitter between writers; nothing depends on its value
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// commit publishes a batch if the stream still ends at the revision, and waits until the image includes it. What there is no room for is not sent.
func (s *Store) commit(base uint64, b batch) error {
	data := b.encode()
	if err := s.disk.writable(len(data)); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	err := s.publish(base, data)
	if s.disk == nil {
		s.away.note(s.config.Now(), err)
	}
	return err
}

// publish is commit without a look at the disk. It ends early when the server fails.
func (s *Store) publish(base uint64, data []byte) error {
	ctx, cancel := context.WithTimeout(s.run.Load().context, commitTimeout)
	defer cancel()
	msg := &nats.Msg{Subject: s.subject(), Data: data, Header: nats.Header{}}
	msg.Header.Set(jetstream.ExpectedLastSeqHeader, strconv.FormatUint(base, 10))
	reply, err := s.request(ctx, msg)
	if err != nil {
		return err
	}
	revision, err := readAck(reply)
	if err != nil {
		return err
	}
	if err := s.image.Wait(ctx, revision); err != nil {
		return fmt.Errorf("committed as revision %d, which does not come back: %w: %w", revision, store.ErrUnavailable, err)
	}
	return nil
}

// request sends a message and waits for the answer. An external cluster that does not answer is asked again: the id on the message makes it store the
// message once, and answer as it did or would have.
func (s *Store) request(ctx context.Context, msg *nats.Msg) (*nats.Msg, error) {
	if s.embedded != nil {
		reply, err := s.ask(ctx, msg)
		if failed := (*serverFailure)(nil); errors.As(context.Cause(ctx), &failed) && err != nil {
			err = fmt.Errorf("committing: %w", s.disk.sent(failed))
		}
		return reply, err
	}
	msg.Header.Set(jetstream.MsgIDHeader, nuid.Next())
	for {
		try, cancel := context.WithTimeout(ctx, answerTimeout)
		reply, err := s.ask(try, msg)
		cancel()
		if err == nil || ctx.Err() != nil || errors.Is(err, store.ErrClosed) {
			return reply, err
		}
		select {
		case <-time.After(answerRetry):
		case <-ctx.Done():
			return nil, err
		case <-s.closing.Done():
			return nil, err
		}
	}
}

func (s *Store) ask(ctx context.Context, msg *nats.Msg) (*nats.Msg, error) {
	reply, err := s.conn.RequestMsgWithContext(ctx, msg)
	switch {
	case err == nil:
		return reply, nil
	case errors.Is(err, nats.ErrConnectionClosed):
		return nil, store.ErrClosed
	case errors.Is(err, nats.ErrMaxPayload):
		return nil, fmt.Errorf("committing: %w: %w", store.ErrTooLarge, err)
	}
	return nil, fmt.Errorf("committing: %w: %w", store.ErrUnavailable, err)
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
	switch {
	case ack.Error == nil:
		return ack.Sequence, nil
	case ack.Error.ErrorCode == codeWrongLastSequence:
		return 0, errConflict
	}
	return 0, fmt.Errorf("committing: %w: %w", store.ErrUnavailable, ack.Error)
}
