package logs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"gatehouse/internal/store"
)

// Times of the background work.
const (
	flushInterval = 100 * time.Millisecond
	flushTimeout  = 30 * time.Second
	// sweepInterval is how often expired and discarded events are forgotten.
	sweepInterval = time.Minute
	// complaintInterval is how often it is told, at most, that events are lost.
	complaintInterval = 10 * time.Second
)

// Options are what Logs needs.
type Options struct {
	Store   store.Store
	Journal Journal
	Now     func() time.Time
	// Log tells of events that could not be stored.
	Log *slog.Logger
}

// Logs keeps log groups, log streams and events. Make one with Open.
type Logs struct {
	store   store.Store
	journal Journal
	now     func() time.Time
	log     *slog.Logger
	index   *index
	buffer  buffer

	flushing   sync.Mutex // held while buffered events are stored, so that they stay in order
	stop       context.CancelFunc
	background sync.WaitGroup
	complained time.Time // of flushTick alone
}

// Open reads the index of the journal and begins to flush and to enforce retention.
func Open(ctx context.Context, options Options) (*Logs, error) {
	l := &Logs{store: options.Store, journal: options.Journal, now: options.Now, log: options.Log, index: newIndex()}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	if err := l.journal.Follow(running, l.index.apply); err != nil {
		stop()
		return nil, err
	}
	l.background.Go(func() { l.every(running, flushInterval, l.flushTick) })
	l.background.Go(func() { l.every(running, sweepInterval, func(ctx context.Context) { l.Sweep(ctx) }) })
	return l, nil
}

// Close stores what is buffered and ends the background work.
func (l *Logs) Close(ctx context.Context) error {
	err := l.Flush(ctx)
	l.stop()
	l.background.Wait()
	return err
}

func (l *Logs) every(ctx context.Context, interval time.Duration, work func(context.Context)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			work(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (l *Logs) flushTick(ctx context.Context) {
	err := l.Flush(ctx)
	if err != nil && ctx.Err() == nil && l.mayComplain() {
		l.log.Warn("storing log events", "lost", l.Dropped(), "error", err)
	}
}

// mayComplain is true once in complaintInterval: what is lost is counted, and a full disk is
// not mended by a line for each flush.
func (l *Logs) mayComplain() bool {
	now := l.now()
	if now.Sub(l.complained) < complaintInterval {
		return false
	}
	l.complained = now
	return true
}

func (l *Logs) milliseconds() int64 { return l.now().UnixMilli() }

// Write buffers one line for a stream, which is made when it does not exist. It never
// waits for the disk. A line that is empty is stored as a space, since an event
// cannot be empty.
func (l *Logs) Write(id StreamId, at time.Time, line string) {
	if line == "" {
		line = " "
	}
	l.buffer.add(id, Event{Timestamp: at.UnixMilli(), Message: line})
}

// Dropped counts the lines that were buffered and never stored.
func (l *Logs) Dropped() uint64 { return l.buffer.droppedEvents() }

// Flush stores what is buffered and returns when it can be read.
func (l *Logs) Flush(ctx context.Context) error {
	l.flushing.Lock()
	defer l.flushing.Unlock()
	events := l.buffer.take()
	if len(events) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	var entries []Entry
	for _, stream := range gather(events) {
		group, err := l.ensureGroup(ctx, stream.id)
		if err != nil {
			l.buffer.lose(len(events))
			return err
		}
		entries = append(entries, newEntries(stream.id, l.ingestion(&group), stream.events)...)
	}
	last, err := l.journal.Append(ctx, entries)
	if err != nil {
		l.buffer.lose(len(events))
		return err
	}
	return l.follow(ctx, last)
}

// follow returns when the index has what was stored.
func (l *Logs) follow(ctx context.Context, last uint64) error {
	if err := l.index.waitFor(ctx, last); err != nil {
		return fmt.Errorf("waiting for the index of the logs: %w", err)
	}
	return nil
}

// append stores entries and returns when they would outlive the process and the index has them.
func (l *Logs) append(ctx context.Context, entries []Entry) (uint64, error) {
	last, err := l.journal.Append(ctx, entries)
	if err != nil {
		return 0, err
	}
	if err := l.journal.Persist(ctx); err != nil {
		return 0, err
	}
	return last, l.follow(ctx, last)
}

// CreateStream makes a log stream. Errors: ErrGroupNotFound, ErrStreamExists.
func (l *Logs) CreateStream(ctx context.Context, id StreamId) error {
	group, err := l.FindGroup(ctx, id)
	if err != nil {
		return err
	}
	if l.index.has(id, group.CreationTime) {
		return ErrStreamExists
	}
	_, err = l.append(ctx, []Entry{{Header: Header{Id: id, Kind: KindStreamCreated, Ingestion: l.ingestion(&group)}}})
	return err
}

// DeleteStream deletes a log stream and its events. Errors: ErrGroupNotFound, ErrStreamNotFound.
func (l *Logs) DeleteStream(ctx context.Context, id StreamId) error {
	if _, err := l.findStream(ctx, id); err != nil {
		return err
	}
	return l.deleteEntries(ctx, id, KindStreamDeleted)
}

// findStream reads the group of a stream that exists.
func (l *Logs) findStream(ctx context.Context, id StreamId) (Group, error) {
	group, err := l.FindGroup(ctx, id)
	if err != nil {
		return Group{}, err
	}
	if !l.index.has(id, group.CreationTime) {
		return Group{}, ErrStreamNotFound
	}
	return group, nil
}

// Streams describes the log streams of a group, in order of names. Errors: ErrGroupNotFound.
func (l *Logs) Streams(ctx context.Context, id StreamId) ([]Stream, error) {
	group, err := l.FindGroup(ctx, id)
	if err != nil {
		return nil, err
	}
	return l.index.streams(id.group(), group.CreationTime), nil
}

// StoredBytes is the size of a group's events, as CloudWatch Logs counts it.
func (l *Logs) StoredBytes(id StreamId, group Group) int64 {
	total := int64(0)
	for _, stream := range l.index.streams(id.group(), group.CreationTime) {
		total += stream.StoredBytes
	}
	return total
}

// Put stores events in a stream that exists. Errors: ErrGroupNotFound, ErrStreamNotFound.
func (l *Logs) Put(ctx context.Context, id StreamId, events []Event) error {
	group, err := l.findStream(ctx, id)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return nil
	}
	_, err = l.append(ctx, newEntries(id, l.ingestion(&group), events))
	return err
}

// Sweep deletes what has expired and forgets what the journal has discarded.
func (l *Logs) Sweep(ctx context.Context) {
	if first, err := l.journal.First(ctx); err == nil {
		l.index.discard(first)
	}
	for id, group := range l.allGroups() {
		cutoff := group.cutoff(l.now())
		if cutoff == 0 {
			continue
		}
		for stream, found := range l.index.expired(id, cutoff) {
			expired := id
			expired.Stream = stream
			if err := l.expire(ctx, expired, found); err != nil {
				l.log.Warn("expired log events were not deleted", "group", id.Group, "error", err)
				return
			}
		}
	}
}

// expire deletes the expired entries of a stream. What says that the stream was made is said
// again before it goes with them, as AWS keeps streams that retention empties.
func (l *Logs) expire(ctx context.Context, id StreamId, found expiry) error {
	if found.created != 0 {
		made := Entry{Header: Header{Id: id, Kind: KindStreamCreated, Ingestion: l.milliseconds(), First: found.created}}
		if _, err := l.append(ctx, []Entry{made}); err != nil {
			return err
		}
	}
	if err := l.journal.Purge(ctx, id, found.before); err != nil {
		return err
	}
	l.index.drop(id, found.before)
	return nil
}

// Reset deletes all events; the records of groups are the store's to delete.
func (l *Logs) Reset(ctx context.Context) error {
	l.buffer.take()
	l.index.forget()
	return l.journal.Reset(ctx)
}

// Names selects log streams: all, those of Names, or those with Prefix.
type Names struct {
	Names  []string
	Prefix string
}

func (n Names) selects() func(string) bool {
	switch {
	case len(n.Names) > 0:
		return func(name string) bool { return slices.Contains(n.Names, name) }
	case n.Prefix != "":
		return func(name string) bool { return strings.HasPrefix(name, n.Prefix) }
	default:
		return nil
	}
}

// IsMissing says whether an error is of a group or stream that does not exist.
func IsMissing(err error) bool {
	return errors.Is(err, ErrGroupNotFound) || errors.Is(err, ErrStreamNotFound)
}
