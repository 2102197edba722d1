package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gatehouse/internal/store"
)

func testReadYourWrites(t *testing.T, s store.Store) {
	before := s.View().Revision()
	put(t, s, "a/1", "one", "a/2", "")
	view := s.View()
	if diff := cmp.Diff([]string{"a/1=one", "a/2="}, dump(view, store.Key{})); diff != "" {
		t.Errorf("after Update (-want +got):\n%s", diff)
	}
	if view.Revision() <= before {
		t.Errorf("revision %d after %d", view.Revision(), before)
	}
	first, _ := view.Get(key(t, "a/1"))
	put(t, s, "a/1", "uno")
	second, ok := s.View().Get(key(t, "a/1"))
	if !ok || string(second.Value) != "uno" || second.Revision <= first.Revision || second.Revision > s.View().Revision() {
		t.Errorf("second write: %+v after %+v, view at %d", second, first, s.View().Revision())
	}
	if s.View().Len() != 2 {
		t.Errorf("Len = %d, want 2", s.View().Len())
	}
}

func testDeleteAndRecreate(t *testing.T, s store.Store) {
	put(t, s, "a", "1", "b", "2")
	update(t, s, func(tx *store.Tx) error {
		tx.Delete(key(t, "a"))
		tx.Delete(key(t, "never"))
		return nil
	})
	if _, ok := s.View().Get(key(t, "a")); ok {
		t.Error("deleted record is still there")
	}
	put(t, s, "a", "3")
	if diff := cmp.Diff([]string{"a=3", "b=2"}, dump(s.View(), store.Key{})); diff != "" {
		t.Errorf("after recreating (-want +got):\n%s", diff)
	}
}

// testWritten: each record says when it was written, and a later write of another changes nothing of that.
func testWritten(t *testing.T, s store.Store) {
	writtenOf := func(name string) time.Time {
		record, ok := s.View().Get(key(t, name))
		if !ok || record.Written.IsZero() {
			t.Fatalf("%s: %v, written %v", name, ok, record.Written)
		}
		return record.Written
	}
	put(t, s, "a", "1")
	first := writtenOf("a")
	put(t, s, "b", "1")
	if !writtenOf("a").Equal(first) || writtenOf("b").Before(first) {
		t.Errorf("a written %v then %v, b %v", first, writtenOf("a"), writtenOf("b"))
	}
	put(t, s, "a", "2")
	if !writtenOf("a").After(first) {
		t.Errorf("a written %v, and again %v", first, writtenOf("a"))
	}
}

func testFailedUpdate(t *testing.T, s store.Store) {
	put(t, s, "a", "1")
	before := s.View()
	refused := errors.New("refused")
	err := s.Update(context.Background(), func(tx *store.Tx) error {
		tx.Put(key(t, "a"), []byte("2"))
		tx.Put(key(t, "b"), []byte("2"))
		return refused
	})
	if err != refused { //nolint:errorlint // The promise is that the error comes back unchanged.
		t.Errorf("Update returned %v, want the function's own error", err)
	}
	if diff := cmp.Diff([]string{"a=1"}, dump(s.View(), store.Key{})); diff != "" || s.View().Revision() != before.Revision() {
		t.Errorf("a failed update wrote something (-want +got):\n%s", diff)
	}
}

func testEmptyUpdate(t *testing.T, s store.Store) {
	put(t, s, "a", "1")
	before := s.View().Revision()
	update(t, s, func(*store.Tx) error { return nil })
	update(t, s, func(tx *store.Tx) error {
		tx.Put(key(t, "new"), nil)
		tx.Delete(key(t, "new"))
		return nil
	})
	if s.View().Revision() != before {
		t.Errorf("updates that change nothing moved the revision from %d to %d", before, s.View().Revision())
	}
}

func testTxSeesOwnWrites(t *testing.T, s store.Store) {
	put(t, s, "a/1", "1", "a/2", "2")
	update(t, s, func(tx *store.Tx) error {
		tx.Put(key(t, "a/3"), []byte("3"))
		for record := range tx.List(key(t, "a")) { // Writing while ranging changes nothing of the range.
			tx.Delete(record.Key)
			tx.Put(record.Key.Child("moved"), record.Value)
		}
		if _, ok := tx.Get(key(t, "a/1")); ok {
			t.Error("the Tx still sees what it deleted")
		}
		want := []string{"a/1/moved=1", "a/2/moved=2", "a/3/moved=3"}
		if diff := cmp.Diff(want, dump(tx, store.Key{})); diff != "" {
			t.Errorf("inside the Tx (-want +got):\n%s", diff)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"a/1/moved=1", "a/2/moved=2", "a/3/moved=3"}, dump(s.View(), store.Key{})); diff != "" {
		t.Errorf("after the Tx (-want +got):\n%s", diff)
	}
}

func testSnapshotsStay(t *testing.T, s store.Store) {
	var views []store.Snapshot
	var dumps [][]string
	for i := range 50 {
		put(t, s, fmt.Sprintf("k/%02d", (i*7)%50), fmt.Sprint(i), "last", fmt.Sprint(i))
		if i%3 == 0 {
			update(t, s, func(tx *store.Tx) error { tx.Delete(key(t, fmt.Sprintf("k/%02d", (i*3)%50))); return nil })
		}
		views = append(views, s.View())
		dumps = append(dumps, dump(s.View(), store.Key{}))
	}
	for i, view := range views {
		if diff := cmp.Diff(dumps[i], dump(view, store.Key{})); diff != "" {
			t.Fatalf("snapshot %d changed (-want +got):\n%s", i, diff)
		}
	}
}

func testLimits(t *testing.T, s store.Store) {
	put(t, s, "large", strings.Repeat("x", store.MaxValueBytes))
	full := strings.Repeat("x", store.MaxBatchBytes/2-store.WriteOverhead-1)
	put(t, s, "f", full, "g", full)
	long := store.NewKey(strings.Repeat("*", store.MaxKeyBytes))
	update(t, s, func(tx *store.Tx) error { tx.Put(long, nil); return nil })
	update(t, s, func(tx *store.Tx) error { tx.Delete(long); return nil })
	before := s.View()
	tooLarge := map[string]func(tx *store.Tx){
		"value": func(tx *store.Tx) { tx.Put(store.NewKey("k"), make([]byte, store.MaxValueBytes+1)) },
		"key":   func(tx *store.Tx) { tx.Put(store.NewKey(strings.Repeat("k", store.MaxKeyBytes+1)), nil) },
		"writes": func(tx *store.Tx) {
			for i := range store.MaxBatchWrites + 1 {
				tx.Put(store.NewKey("n", fmt.Sprint(i)), nil)
			}
		},
		"bytes": func(tx *store.Tx) {
			for i := range 8 {
				tx.Put(store.NewKey("n", fmt.Sprint(i)), make([]byte, store.MaxBatchBytes/8))
			}
		},
	}
	for name, write := range tooLarge {
		err := s.Update(context.Background(), func(tx *store.Tx) error { write(tx); return nil })
		if !errors.Is(err, store.ErrTooLarge) {
			t.Errorf("%s too large: got %v, want ErrTooLarge", name, err)
		}
	}
	if err := s.Update(context.Background(), func(tx *store.Tx) error { tx.Put(store.Key{}, nil); return nil }); err == nil {
		t.Error("a record was put at the root")
	}
	if s.View().Revision() != before.Revision() {
		t.Error("a refused update wrote something")
	}
	update(t, s, func(tx *store.Tx) error {
		for i := range store.MaxBatchWrites {
			tx.Put(store.NewKey("n", fmt.Sprint(i)), []byte("v"))
		}
		return nil
	})
	if got := s.View().Len(); got != store.MaxBatchWrites+3 {
		t.Errorf("after the largest batch: %d records, want %d", got, store.MaxBatchWrites+3)
	}
}

func testListOrder(t *testing.T, s store.Store) {
	put(t, s, "a/b", "2", "a", "1", "a-b", "5", "a/b/c", "3", "a/c", "4", "A", "0", "ä", "6")
	want := []string{"A=0", "a=1", "a/b=2", "a/b/c=3", "a/c=4", "a-b=5", "%C3%A4=6"}
	if diff := cmp.Diff(want, dump(s.View(), store.Key{})); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a/b=2", "a/b/c=3"}, dump(s.View(), key(t, "a/b"))); diff != "" {
		t.Errorf("a/b (-want +got):\n%s", diff)
	}
	if got := dump(s.View(), key(t, "a/bc")); len(got) != 0 {
		t.Errorf("a/bc: %v", got)
	}
	for range s.View().List(key(t, "a")) {
		break // Stopping early is allowed.
	}
}

// segment draws what people and AWS put into ids, and what servers choke on.
func segment() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"", "(none)", "$default", "a/b", "*", ">", ".", "..", " ", "a b", "\x00", "\x01", "%", "%2F", "~", "é", "日本", "\r\n", "\t", "\xff"}),
		rapid.StringN(0, 12, -1),
		rapid.StringMatching(`[a-z0-9]{1,10}`),
	)
}

// testAnyKey writes keys of any content and finds each again under its own name, in the order of their segments.
func testAnyKey(t *testing.T, s store.Store) {
	rapid.Check(t, func(r *rapid.T) {
		drawn := rapid.SliceOfN(rapid.SliceOfN(segment(), 1, 4), 1, 8).Draw(r, "keys")
		slices.SortFunc(drawn, slices.Compare[[]string])
		drawn = slices.CompactFunc(drawn, slices.Equal[[]string])
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			for record := range tx.List(store.Key{}) {
				tx.Delete(record.Key)
			}
			for i, segments := range drawn {
				tx.Put(store.NewKey(segments...), []byte(fmt.Sprint(i)))
			}
			return nil
		})
		if err != nil {
			r.Fatalf("Update: %v", err)
		}
		i := 0
		for record := range s.View().List(store.Key{}) {
			if !slices.Equal(record.Key.Segments(), drawn[i]) || string(record.Value) != fmt.Sprint(i) {
				r.Fatalf("record %d is %q=%s, want %q", i, record.Key.Segments(), record.Value, drawn[i])
			}
			i++
		}
		if i != len(drawn) {
			r.Fatalf("%d records, want %d", i, len(drawn))
		}
	})
}

// testModel compares random updates with a map.
func testModel(t *testing.T, s store.Store) {
	model := map[string]string{}
	rapid.Check(t, func(r *rapid.T) {
		next := map[string]string{}
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			clear(next)
			for k, v := range model {
				next[k] = v
			}
			for i := range rapid.IntRange(1, 12).Draw(r, "writes") {
				id := fmt.Sprintf("%02d", rapid.IntRange(0, 40).Draw(r, "id"))
				if rapid.Bool().Draw(r, "delete") {
					tx.Delete(store.NewKey("m", id))
					delete(next, id)
					continue
				}
				next[id] = fmt.Sprint(i, len(model))
				tx.Put(store.NewKey("m", id), []byte(next[id]))
			}
			return nil
		})
		if err != nil {
			r.Fatalf("Update: %v", err)
		}
		model = next
		var want []string
		for k, v := range model {
			want = append(want, "m/"+k+"="+v)
		}
		slices.Sort(want)
		if got := dump(s.View(), store.NewKey("m")); !slices.Equal(got, want) {
			r.Fatalf("store has %v, want %v", got, want)
		}
	})
}

func testReset(t *testing.T, s store.Store) {
	put(t, s, "a", "1", "b/c", "2")
	before := s.View()
	if err := s.Reset(context.Background()); err != nil {
		t.Fatalf("Reset: %v", err)
	}
	after := s.View()
	if after.Len() != 0 || len(dump(after, store.Key{})) != 0 || after.Revision() <= before.Revision() {
		t.Errorf("after Reset: %v at %d, before at %d", dump(after, store.Key{}), after.Revision(), before.Revision())
	}
	if before.Len() != 2 {
		t.Error("Reset changed an old snapshot")
	}
	put(t, s, "a", "3")
	if diff := cmp.Diff([]string{"a=3"}, dump(s.View(), store.Key{})); diff != "" {
		t.Errorf("after Reset and put (-want +got):\n%s", diff)
	}
}

func testCancelled(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := s.Update(ctx, func(tx *store.Tx) error { tx.Put(key(t, "a"), nil); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Update with a cancelled context: %v", err)
	}
	if s.View().Len() != 0 {
		t.Error("a cancelled update wrote something")
	}
	for change := range s.Watch(ctx) {
		t.Errorf("Watch with a cancelled context yields %+v", change)
	}
}

func testClosed(t *testing.T, s store.Store) {
	put(t, s, "a", "1")
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	err := s.Update(context.Background(), func(tx *store.Tx) error { tx.Put(key(t, "b"), nil); return nil })
	if !errors.Is(err, store.ErrClosed) {
		t.Errorf("Update after Close: %v, want ErrClosed", err)
	}
	if _, err := s.PutObject(context.Background(), strings.NewReader("x")); !errors.Is(err, store.ErrClosed) {
		t.Errorf("PutObject after Close: %v, want ErrClosed", err)
	}
	if s.View().Len() != 1 {
		t.Error("the last snapshot is gone after Close")
	}
}
