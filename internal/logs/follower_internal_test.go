package logs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"gatehouse/internal/store/jetstream"
)

// A consumer that NATS's client does not bring back, as after the loss of a server: the
// follower begins again behind what it has, and hands nothing on twice.
func TestFollower_beginsAgain(t *testing.T) {
	s, err := jetstream.Open(t.Context(), jetstream.Config{Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	j, err := OpenJetStream(t.Context(), JetStreamConfig{Conn: s.Conn()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.Close)
	j.stallCheck = 20 * time.Millisecond
	given := make(chan uint64, 10)
	if err := j.Follow(t.Context(), func(sequence uint64, _ Header) { given <- sequence }); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		stored := appendOne(t.Context(), t, j)
		select {
		case got := <-given:
			if got != stored {
				t.Fatalf("got %d, want %d", got, stored)
			}
		case <-time.After(time.Minute):
			t.Fatal("the entry did not come")
		}
		f := j.followers[0]
		f.mu.Lock()
		f.consuming.Stop()
		f.mu.Unlock()
	}
}

func appendOne(ctx context.Context, t *testing.T, j *JetStreamJournal) uint64 {
	t.Helper()
	id := StreamId{Account: "123456789012", Region: "us-east-1", Group: "g", Stream: "s"}
	last, err := j.Append(ctx, newEntries(id, 1, []Event{{Timestamp: 1, Message: "m"}}))
	if err != nil {
		t.Fatal(err)
	}
	return last
}
