package jetstream

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"gatehouse/internal/store"
)

const (
	// diskInterval is how often the disk is looked at while nobody writes.
	diskInterval = time.Second
	// minRecoveryWait is how long after a failure the embedded server is started again at the earliest; the wait doubles up to maxRecoveryWait, and goes on
	// doubling when it fails again within recoveryProbation.
	minRecoveryWait   = 100 * time.Millisecond
	maxRecoveryWait   = 3 * time.Second
	recoveryProbation = time.Minute
	// recoveryTimeout bounds what a server that was started again is asked.
	recoveryTimeout = 10 * time.Second
	// awayMemory is how long a commit that an external cluster did not answer is held against it.
	awayMemory = time.Minute
)

// serverFailure is why the embedded server writes no more: the cause of the end of a run.
type serverFailure struct{ cause error }

func (f *serverFailure) Error() string { return f.cause.Error() }
func (f *serverFailure) Unwrap() error { return f.cause }

func isFailure(err error) bool {
	var failed *serverFailure
	return errors.As(err, &failed)
}

// orCause is the failure that ended ctx, or else err.
func orCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); isFailure(cause) {
		return cause
	}
	return err
}

// run is the time from one start of the server to its failure, which ends its context with a serverFailure. A server that failed answers nothing to who
// writes, so writers wait with this context. That of an external cluster never ends.
type run struct {
	context context.Context
	end     context.CancelCauseFunc
}

func (s *Store) beginRun() {
	ctx, end := context.WithCancelCause(context.Background())
	s.run.Store(&run{ctx, end})
}

// Condition is whether the store can store.
func (s *Store) Condition() store.Condition {
	if s.disk == nil {
		return s.away.condition(s.config.Now(), s.conn.IsConnected())
	}
	return s.disk.condition()
}

// Writing says why so many bytes cannot be stored now, for those who write to streams of their own over Conn. Otherwise they wait for the server's answer
// with the context, which ends with ctx, or when the server fails and will not answer.
func (s *Store) Writing(ctx context.Context, size int) (context.Context, context.CancelFunc, error) {
	if err := s.disk.writable(size); err != nil {
		return nil, nil, err
	}
	writing, end := context.WithCancelCause(ctx)
	current := s.run.Load().context
	forget := context.AfterFunc(current, func() { end(context.Cause(current)) })
	return writing, func() { forget(); end(nil) }, nil
}

var namedStream = regexp.MustCompile(`Filestore \[(.+?)\]|stream '.+? > (.+?)'`)

// serverFailed is told by the embedded server's log that it cannot write. When it is a stream of others (logs) that cannot be written, records still can.
func (s *Store) serverFailed(text string) {
	failure := &serverFailure{causeOf(text)}
	names := namedStream.FindStringSubmatch(text)
	if names == nil || names[1]+names[2] == s.streamName() || names[1]+names[2] == s.objectStream() {
		s.mustRecover(failure)
		return
	}
	s.log.Warn("the stream of others cannot be written; starting the embedded NATS server again", "error", failure)
	s.wantRecovery()
}

// mustRecover lets nobody write until the server was started again.
func (s *Store) mustRecover(failure *serverFailure) {
	s.fail(failure)
	s.wantRecovery()
}

func (s *Store) wantRecovery() {
	select {
	case s.failures <- struct{}{}:
	default: // It is wanted already.
	}
}

// fail notes a failure, and ends the waiting for answers that will not come.
func (s *Store) fail(failure *serverFailure) {
	s.disk.fail(failure)
	s.run.Load().end(failure)
}

// watchDisk looks at the disk while the store is open, and starts the embedded server again when it has failed.
func (s *Store) watchDisk() {
	ticker := time.NewTicker(diskInterval)
	defer ticker.Stop()
	_ = s.disk.check()
	s.disk.warn()
	var again recoveries
	for {
		select {
		case <-s.failures:
			s.recover(&again)
		case <-ticker.C:
			_ = s.disk.check() // It tells who looks.
			s.disk.warn()
		case <-s.stopping.Done():
			return
		}
	}
}

// recoveries remembers how long the last wait was, and when it ended.
type recoveries struct {
	wait time.Duration
	last time.Time
}

// recover starts the server again until it writes.
func (s *Store) recover(again *recoveries) {
	if s.config.Now().Sub(again.last) > recoveryProbation {
		again.wait = 0
	}
	for {
		again.wait = min(max(2*again.wait, minRecoveryWait), maxRecoveryWait)
		select {
		case <-time.After(again.wait):
		case <-s.stopping.Done():
			return
		}
		err := s.restart()
		if s.closing.Err() != nil {
			return
		}
		if err == nil {
			s.disk.restarted()
			again.last = s.config.Now()
			return
		}
		s.fail(&serverFailure{err})
		s.log.Debug("the embedded NATS server does not write yet", "error", err, "again after", again.wait)
	}
}

// restart starts the server again, if the disk lets anyone write, and finds out whether it has all that was acknowledged and stores what it is given.
func (s *Store) restart() error {
	if err := s.disk.look(0); err != nil {
		return causeIn(err)
	}
	if err := probe(s.config.Dir); err != nil {
		return err
	}
	if err := s.begin(s.stopping); err != nil {
		return err
	}
	defer s.end()
	s.run.Load().end(&serverFailure{errNoServer})
	s.embedded.end()
	s.drainFailures()
	s.beginRun()
	if err := s.embedded.start(); err != nil {
		return err
	}
	if err := s.conn.ForceReconnect(); err != nil {
		return fmt.Errorf("connecting to the embedded NATS server again: %w", err)
	}
	return s.prove()
}

// drainFailures forgets what a server said that does not run any more.
func (s *Store) drainFailures() {
	select {
	case <-s.failures:
	default:
	}
}

// causeIn is the cause alone, where an error says the rest already.
func causeIn(err error) error {
	var known *store.Unwritable
	if errors.As(err, &known) {
		return known.Cause
	}
	return err
}

// prove finds all that was acknowledged, and stores an empty batch. The caller has the turn.
func (s *Store) prove() error {
	ctx, cancel := context.WithTimeout(s.run.Load().context, recoveryTimeout)
	defer cancel()
	info, err := s.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("reading stream %s again: %w", s.streamName(), orCause(ctx, err))
	}
	if last, acknowledged := info.State.LastSeq, s.View().Revision(); last < acknowledged {
		return fmt.Errorf("%w: the stream of records ends at revision %d, %d is the last", errLostBatch, last, acknowledged)
	}
	if err := s.image.Wait(ctx, info.State.LastSeq); err != nil {
		return fmt.Errorf("following stream %s again: %w", s.streamName(), orCause(ctx, err))
	}
	view := s.View()
	return causeIn(s.publish(view.Revision(), batch{kind: kindMove, manifest: view.Manifest()}.encode()))
}

// awayness is what is known of an external cluster: whether it answered the last commit.
type awayness struct {
	mu      sync.Mutex // guards the fields below
	err     error
	since   time.Time
	refused uint64
}

// note remembers how a commit ended.
func (a *awayness) note(now time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case !errors.Is(err, store.ErrUnavailable):
		a.err = nil
	default:
		a.refused++
		if a.err = err; a.since.IsZero() {
			a.since = now
		}
	}
	if a.err == nil {
		a.since = time.Time{}
	}
}

func (a *awayness) condition(now time.Time, connected bool) store.Condition {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := store.Condition{Refused: a.refused}
	switch {
	case !connected:
		c.Unwritable, c.Since = fmt.Errorf("%w: no connection to NATS", store.ErrUnavailable), a.since
	case a.err != nil && now.Sub(a.since) < awayMemory:
		c.Unwritable, c.Since = a.err, a.since
	}
	return c
}
