package logs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// follower hands the entries of a journal on, in order and each once. The client of NATS
// makes another consumer when it hears nothing of the one that it has; where that does not
// succeed after the loss of a server, the follower begins again itself.
type follower struct {
	journal  *JetStreamJournal
	apply    func(uint64, Header)
	stop     context.CancelFunc // of watch
	watching sync.WaitGroup
	caughtUp chan struct{} // closed when all entries of the beginning were handed on

	mu        sync.Mutex // guards what follows, and is held while an entry is handed on
	consuming jetstream.ConsumeContext
	turn      int // how often it has begun; older consumers are not listened to
	applied   uint64
	isCurrent bool // caughtUp is closed
}

// stallCheck is how often a follower looks whether it is behind. Behind and without an
// entry from one look to the next, it begins again.
const stallCheck = 5 * time.Second

// begin consumes what comes after the entry that was handed on last.
func (f *follower) begin(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, HeadersOnly: true}
	if f.applied > 0 {
		config.DeliverPolicy, config.OptStartSeq = jetstream.DeliverByStartSequencePolicy, f.applied+1
	}
	consumer, err := f.journal.js.OrderedConsumer(ctx, f.journal.stream.CachedInfo().Config.Name, config)
	if err != nil {
		return fmt.Errorf("following the logs: %w", err)
	}
	turn := f.turn + 1
	consuming, err := consumer.Consume(func(message jetstream.Msg) { f.take(turn, message) }, f.journal.pulling()...)
	if err != nil {
		return fmt.Errorf("following the logs: %w", err)
	}
	if f.consuming != nil {
		f.consuming.Stop()
	}
	f.consuming, f.turn = consuming, turn
	return nil
}

// take hands an entry on that came to the consumer of a turn.
func (f *follower) take(turn int, message jetstream.Msg) {
	meta, err := message.Metadata()
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if turn != f.turn {
		return
	}
	if meta.Sequence.Stream > f.applied {
		f.applied = meta.Sequence.Stream
		if header, err := parseHeader(message.Subject(), message.Headers().Get(headerEntry)); err == nil {
			f.apply(meta.Sequence.Stream, header)
		}
	}
	if meta.NumPending == 0 && !f.isCurrent {
		f.isCurrent = true
		close(f.caughtUp)
	}
}

// watch begins again where nothing comes although there is something.
func (f *follower) watch(ctx context.Context) {
	ticker := time.NewTicker(f.journal.stallCheck)
	defer ticker.Stop()
	var before, given uint64 // what was applied at the last look, and up to where it began again
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		applied := f.latest()
		if last := f.stored(ctx); last > applied && applied == before && last > given && f.begin(ctx) == nil {
			given = last // what was deleted at the end never comes
		}
		before = applied
	}
}

func (f *follower) latest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.applied
}

// stored is the number of the latest entry; 0 while the journal cannot be reached.
func (f *follower) stored(ctx context.Context) uint64 {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	info, err := f.journal.stream.Info(ctx)
	if err != nil {
		return 0
	}
	return info.State.LastSeq
}

// end stops, and waits for what runs.
func (f *follower) end() {
	f.stop()
	f.watching.Wait()
	f.mu.Lock()
	consuming := f.consuming
	f.mu.Unlock()
	consuming.Stop()
	<-consuming.Closed()
}
