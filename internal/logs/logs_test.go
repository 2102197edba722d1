package logs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"gatehouse/internal/logs"
	"gatehouse/internal/store"
	"gatehouse/internal/store/jetstream"
	"gatehouse/internal/store/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var group = logs.StreamId{Account: "111122223333", Region: "eu-west-1", Group: "/aws/lambda/f"}

func stream(name string) logs.StreamId {
	id := group
	id.Stream = name
	return id
}

// world is Logs with a clock that tests turn.
type world struct {
	*logs.Logs
	store   store.Store
	journal logs.Journal
	at      atomic.Int64 // milliseconds
}

const start = 1_700_000_000_000

func (w *world) now() time.Time { return time.UnixMilli(w.at.Load()) }

func open(t testing.TB, s store.Store, journal logs.Journal) *world {
	t.Helper()
	w := &world{store: s, journal: journal}
	w.at.Store(start)
	var err error
	w.Logs, err = logs.Open(t.Context(), logs.Options{Store: s, Journal: journal, Now: w.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return w
}

func openMemory(t testing.TB) *world {
	s := memory.New()
	t.Cleanup(func() { _ = s.Close() })
	return open(t, s, logs.NewMemoryJournal(logs.DefaultMaxBytes))
}

func openDir(t testing.TB, dir string, maxBytes int64) *world {
	t.Helper()
	s, err := jetstream.Open(t.Context(), jetstream.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	journal, err := logs.OpenJetStream(t.Context(), logs.JetStreamConfig{Conn: s.Conn(), MaxBytes: maxBytes, Embedded: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(journal.Close)
	return open(t, s, journal)
}

// each runs a test on both journals.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Run("memory", func(t *testing.T) { test(t, openMemory(t)) })
	t.Run("jetstream", func(t *testing.T) { test(t, openDir(t, t.TempDir(), 0)) })
}

func messages(t *testing.T, w *world, q logs.Query) ([]string, bool) {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	if q.MaxBytes == 0 {
		q.MaxBytes = 1 << 20
	}
	if q.Group == (logs.StreamId{}) {
		q.Group = group
	}
	events, more, err := w.Events(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	for _, event := range events {
		texts = append(texts, event.Message)
	}
	return texts, more
}

func (w *world) tick() { w.at.Add(1) }

func TestWriteAndRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.Write(stream([]string{"b", "a"}[i%2]), time.UnixMilli(start+int64(10-i)), fmt.Sprintf("m%d", i))
		}
		got, more := messages(t, w, logs.Query{})
		if diff := cmp.Diff([]string{"m4", "m3", "m2", "m1", "m0"}, got); diff != "" || more {
			t.Errorf("all, by time (more %v):\n%s", more, diff)
		}
		got, _ = messages(t, w, logs.Query{Streams: logs.Names{Names: []string{"a"}}})
		if diff := cmp.Diff([]string{"m3", "m1"}, got); diff != "" {
			t.Error(diff)
		}
		got, more = messages(t, w, logs.Query{Limit: 2})
		if diff := cmp.Diff([]string{"m4", "m3"}, got); diff != "" || !more {
			t.Errorf("first two (more %v):\n%s", more, diff)
		}
		got, more = messages(t, w, logs.Query{Limit: 2, Latest: true})
		if diff := cmp.Diff([]string{"m1", "m0"}, got); diff != "" || !more {
			t.Errorf("last two (more %v):\n%s", more, diff)
		}
		got, _ = messages(t, w, logs.Query{Start: start + 7, End: start + 9})
		if diff := cmp.Diff([]string{"m3", "m2"}, got); diff != "" {
			t.Error(diff)
		}
		got, _ = messages(t, w, logs.Query{Match: func(m string) bool { return strings.HasSuffix(m, "2") }})
		if diff := cmp.Diff([]string{"m2"}, got); diff != "" {
			t.Error(diff)
		}
		got, more = messages(t, w, logs.Query{MaxBytes: 60})
		if diff := cmp.Diff([]string{"m4", "m3"}, got); diff != "" || !more {
			t.Errorf("60 bytes (more %v):\n%s", more, diff)
		}
	})
}

// TestPages reads many events page by page, forward and backward, over many entries.
func TestPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const count = 1200
		for i := range count {
			w.Write(stream("s"), time.UnixMilli(start+int64(i/3)), fmt.Sprintf("%04d", i))
			if i%100 == 0 {
				if err := w.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
		}
		var forward []string
		var after *logs.Position
		for {
			events, more, err := w.Events(t.Context(), logs.Query{Group: group, Limit: 70, MaxBytes: 1 << 20, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, event := range events {
				forward = append(forward, event.Message)
			}
			if !more {
				break
			}
			after = &events[len(events)-1].Position
		}
		if len(forward) != count || forward[0] != "0000" || forward[count-1] != fmt.Sprintf("%04d", count-1) {
			t.Fatalf("forward: %d events", len(forward))
		}
		for i := 1; i < count; i++ {
			if forward[i-1] >= forward[i] {
				t.Fatalf("out of order at %d: %s, %s", i, forward[i-1], forward[i])
			}
		}
		backward := 0
		var before *logs.Position
		for {
			events, more, err := w.Events(t.Context(), logs.Query{Group: group, Limit: 70, MaxBytes: 1 << 20, Before: before, Latest: true})
			if err != nil {
				t.Fatal(err)
			}
			backward += len(events)
			if !more {
				break
			}
			before = &events[0].Position
		}
		if backward != count {
			t.Errorf("backward: %d events", backward)
		}
	})
}

func TestGroupsAndStreams(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		if _, err := w.FindGroup(t.Context(), group); !errors.Is(err, logs.ErrGroupNotFound) {
			t.Errorf("find: %v", err)
		}
		if err := w.CreateStream(ctx, stream("s")); !errors.Is(err, logs.ErrGroupNotFound) {
			t.Errorf("stream without group: %v", err)
		}
		if err := w.CreateGroup(ctx, group, map[string]string{"k": "v"}); err != nil {
			t.Fatal(err)
		}
		if err := w.CreateGroup(ctx, group, nil); !errors.Is(err, logs.ErrGroupExists) {
			t.Errorf("again: %v", err)
		}
		if err := w.Put(ctx, stream("s"), []logs.Event{{Timestamp: start, Message: "x"}}); !errors.Is(err, logs.ErrStreamNotFound) {
			t.Errorf("put without stream: %v", err)
		}
		if err := w.CreateStream(ctx, stream("s")); err != nil {
			t.Fatal(err)
		}
		if err := w.CreateStream(ctx, stream("s")); !errors.Is(err, logs.ErrStreamExists) {
			t.Errorf("stream again: %v", err)
		}
		w.tick()
		if err := w.Put(ctx, stream("s"), []logs.Event{{Timestamp: start + 5, Message: "late"}, {Timestamp: start, Message: "early"}}); err != nil {
			t.Fatal(err)
		}
		streams, err := w.Streams(ctx, group)
		if err != nil {
			t.Fatal(err)
		}
		want := []logs.Stream{{Name: "s", Created: start, FirstEvent: start, LastEvent: start + 5, LastIngestion: start + 1, StoredBytes: 9 + 52}}
		if diff := cmp.Diff(want, streams); diff != "" {
			t.Error(diff)
		}
		if err := w.DeleteStream(ctx, stream("s")); err != nil {
			t.Fatal(err)
		}
		if got, _ := messages(t, w, logs.Query{}); len(got) != 0 {
			t.Errorf("after the stream was deleted: %v", got)
		}
		if err := w.DeleteStream(ctx, stream("s")); !errors.Is(err, logs.ErrStreamNotFound) {
			t.Errorf("delete again: %v", err)
		}
		w.Write(stream("s"), w.now(), "again")
		if got, _ := messages(t, w, logs.Query{}); len(got) != 1 {
			t.Errorf("a stream that came back: %v", got)
		}
		if err := w.DeleteGroup(ctx, group); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Events(ctx, logs.Query{Group: group, Limit: 1}); !errors.Is(err, logs.ErrGroupNotFound) {
			t.Errorf("events of a deleted group: %v", err)
		}
		w.tick()
		w.Write(stream("t"), w.now(), "new life")
		if got, _ := messages(t, w, logs.Query{}); len(got) != 1 || got[0] != "new life" {
			t.Errorf("a group that came back: %v", got)
		}
	})
}

func TestRetention(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Write(stream("s"), w.now(), "old")
		if err := w.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.at.Add(25 * time.Hour.Milliseconds())
		w.Write(stream("s"), w.now(), "new")
		err := errors.Join(w.Flush(t.Context()), w.ChangeGroup(t.Context(), group, func(g *logs.Group) error {
			g.RetentionInDays = 1
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := messages(t, w, logs.Query{}); len(got) != 1 || got[0] != "new" {
			t.Errorf("expired events are shown: %v", got)
		}
		first, err := w.journal.First(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		w.Sweep(t.Context())
		after, err := w.journal.First(t.Context())
		if err != nil || after <= first {
			t.Errorf("expired events are kept: first %d, then %d, %v", first, after, err)
		}
		if got, _ := messages(t, w, logs.Query{}); len(got) != 1 || got[0] != "new" {
			t.Errorf("after the sweep: %v", got)
		}
	})
}

// TestSurvivesRestart closes the server and opens its directory again.
func TestSurvivesRestart(t *testing.T) {
	dir := t.TempDir()
	t.Run("before", func(t *testing.T) {
		w := openDir(t, dir, 0)
		for i := range 300 {
			w.Write(stream("s"), w.now(), fmt.Sprint(i))
			if i%7 == 0 {
				w.tick()
			}
		}
	})
	t.Run("after", func(t *testing.T) {
		w := openDir(t, dir, 0)
		events, more, err := w.Events(t.Context(), logs.Query{Group: group, Limit: 1000, MaxBytes: 1 << 20})
		if err != nil || more || len(events) != 300 {
			t.Fatalf("%d events, more %v, %v", len(events), more, err)
		}
	})
}

// TestBounded writes more than the journal may keep: the oldest go, reading works.
func TestBounded(t *testing.T) {
	const maxBytes = 4 << 20
	w := openDir(t, t.TempDir(), maxBytes)
	line := strings.Repeat("x", 64<<10)
	for i := range 200 {
		w.Write(stream("s"), w.now(), fmt.Sprintf("%03d%s", i, line))
		w.tick()
		if err := w.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.Sweep(t.Context())
	events, _, err := w.Events(t.Context(), logs.Query{Group: group, Limit: 1000, MaxBytes: 100 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) < 20 || len(events) > maxBytes/len(line) || !strings.HasPrefix(events[len(events)-1].Message, "199") {
		t.Errorf("%d events are kept, the last %.3s", len(events), events[len(events)-1].Message)
	}
	if size := w.StoredBytes(group, logs.Group{}); size > maxBytes {
		t.Errorf("%d bytes are shown", size)
	}
}

func TestPosition(t *testing.T) {
	p := logs.Position{Timestamp: start, Sequence: 18446744073709551615, Index: 9999}
	if len(p.String()) != 56 {
		t.Errorf("%s has %d digits", p, len(p.String()))
	}
	back, ok := logs.ParsePosition(p.String())
	if !ok || back != p {
		t.Errorf("%v, %v", back, ok)
	}
	for _, bad := range []string{"", "1", strings.Repeat("x", 56), "-" + p.String()[1:]} {
		if _, ok := logs.ParsePosition(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	w := openMemory(b)
	id, at := stream("s"), w.now()
	b.ReportAllocs()
	for b.Loop() {
		w.Write(id, at, "(0f0b8f1c-1111-2222-3333-444455556666) Method completed with status: 200")
	}
}

// BenchmarkFlush stores lines of 20 streams in files.
func BenchmarkFlush(b *testing.B) {
	w := openDir(b, b.TempDir(), 0)
	for b.Loop() {
		for i := range 1000 {
			w.Write(stream(fmt.Sprint(i%20)), w.now(), "(0f0b8f1c-1111-2222-3333-444455556666) Method completed with status: 200")
		}
		if err := w.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/line")
}

// BenchmarkFilter reads a group of 200,000 events in 2,000 entries for three that match.
func BenchmarkFilter(b *testing.B) {
	w := openDir(b, b.TempDir(), 0)
	for i := range 200_000 {
		w.Write(stream(fmt.Sprint(i%5)), w.now(), fmt.Sprintf("line %d of the log, of a length that lines have", i))
		if i%500 == 0 {
			w.tick()
			if err := w.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	for b.Loop() {
		events, _, err := w.Events(b.Context(), logs.Query{
			Group: group, Limit: 10_000, MaxBytes: 1 << 20, Match: func(m string) bool { return strings.Contains(m, "line 19999") },
		})
		if err != nil || len(events) != 11 {
			b.Fatal(len(events), err)
		}
	}
}
