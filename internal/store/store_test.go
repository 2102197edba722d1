package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestKeyText writes any key for people and reads it back; its order is that of the segments.
func TestKeyText(t *testing.T) {
	segments := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "%", "/", "\x00", "\x01", "\x00\x01", "\x01\x02", "\xff", ".", "$default"})), 0, 4)
	rapid.Check(t, func(r *rapid.T) {
		a, b := segments.Draw(r, "a"), segments.Draw(r, "b")
		key := NewKey(a...)
		if got := key.Segments(); !slices.Equal(got, a) {
			r.Fatalf("Segments of %q are %q", a, got)
		}
		again, err := ParseKey(key.String())
		if err != nil || again != key {
			r.Fatalf("%q written as %q is read as %q, %v", a, key, again.Segments(), err)
		}
		if got, want := sign(key.Compare(NewKey(b...))), slices.Compare(a, b); got != want {
			r.Fatalf("Compare(%q, %q) = %d, want %d", a, b, got, want)
		}
		prefix := len(b) <= len(a) && slices.Equal(a[:len(b)], b)
		if got := key.HasPrefix(NewKey(b...)); got != prefix {
			r.Fatalf("%q.HasPrefix(%q) = %v", a, b, got)
		}
	})
	if _, err := ParseKey("a/%zz"); err == nil {
		t.Error("ParseKey takes a broken escape")
	}
}

func sign(n int) int { return cmp.Compare(n, 0) }

// TestTree compares a tree with a sorted slice, and its shape with what keeps it shallow.
func TestTree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var s Snapshot
	model := map[string]string{}
	for i := range 3000 {
		id := fmt.Sprintf("%04d", random.IntN(800))
		write := Write{Key: NewKey("k", id), Value: fmt.Append(nil, i), Deleted: random.IntN(3) == 0}
		s = s.Apply(uint64(i+1), write)
		if write.Deleted {
			delete(model, id)
		} else {
			model[id] = string(write.Value)
		}
	}
	checkBalance(t, s.root)
	var got, want []string
	size := 0
	for record := range s.List(NewKey("k")) {
		got = append(got, record.Key.Segments()[1]+"="+string(record.Value))
		size += record.size()
	}
	for id, value := range model {
		want = append(want, id+"="+value)
	}
	slices.Sort(want)
	if diff := gocmp.Diff(want, got); diff != "" || s.Len() != len(want) || s.Size() != size {
		t.Errorf("tree of %d records and %d bytes, want %d and %d (-want +got):\n%s", s.Len(), s.Size(), len(want), size, diff)
	}
}

func checkBalance(t *testing.T, n *node) int8 {
	if n == nil {
		return 0
	}
	left, right := checkBalance(t, n.left), checkBalance(t, n.right)
	if lean := left - right; lean < -1 || lean > 1 || n.height != 1+max(left, right) {
		t.Fatalf("node %v: heights %d and %d, noted %d", n.record.Key, left, right, n.height)
	}
	return n.height
}

// TestManifest does not depend on the order of writes, and on nothing but the records there are.
func TestManifest(t *testing.T) {
	a, b := Write{Key: NewKey("a"), Value: []byte("1")}, Write{Key: NewKey("b"), Value: []byte("2")}
	one := Snapshot{}.Apply(2, a, b)
	two := Snapshot{}.Apply(1, b, Write{Key: NewKey("c")}, Write{Key: NewKey("a"), Value: []byte("0")}).Apply(2, a, Write{Key: NewKey("c"), Deleted: true})
	if one.Manifest() != two.Manifest() {
		t.Errorf("the same records, %v and %v", one.Manifest(), two.Manifest())
	}
	for _, other := range []Snapshot{{}, one.Apply(3, Write{Key: NewKey("a"), Value: []byte("2")}), Snapshot{}.Apply(1, Write{Key: NewKey("a"), Value: []byte("2")}, Write{Key: NewKey("b"), Value: []byte("1")})} {
		if other.Manifest() == one.Manifest() {
			t.Errorf("other records, the same manifest %v", one.Manifest())
		}
	}
	if empty := one.Apply(3, Write{Key: a.Key, Deleted: true}, Write{Key: b.Key, Deleted: true}); empty.Manifest() != (Manifest{}) || empty.Size() != 0 {
		t.Errorf("manifest of nothing is %v", empty.Manifest())
	}
}

type thing struct {
	Name    string
	Tags    map[string]string
	List    []string
	Timeout time.Duration
	Created time.Time
	Next    *thing
}

// TestCollection brings values back as they were, nil or empty.
func TestCollection(t *testing.T) {
	things := NewCollection[thing]("Thing")
	here, there := Scope{Account: "000000000000", Region: "us-east-1"}, Scope{Account: "000000000000", Region: "eu-west-1"}
	values := map[string]thing{
		"a": {},
		"b": {Name: "pets & <dogs>", Tags: map[string]string{"z": "1", "a": "2"}, List: []string{}, Timeout: 29 * time.Second},
		"c": {Tags: map[string]string{}, Created: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Next: &thing{Name: "next"}},
	}
	tx := Begin(Snapshot{})
	for id, value := range values {
		if err := things.Put(tx, value, here, "parent", id); err != nil {
			t.Fatal(err)
		}
	}
	for id, want := range values {
		got, err := things.Get(tx, here, "parent", id)
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", id, err, diff)
		}
	}
	if list, err := things.List(tx, here, "parent"); err != nil || len(list) != 3 || list[1].Name != "pets & <dogs>" {
		t.Errorf("List: %+v, %v", list, err)
	}
	if diff := gocmp.Diff([][]string{{"parent", "a"}, {"parent", "b"}, {"parent", "c"}}, things.IDs(tx, here)); diff != "" {
		t.Errorf("IDs (-want +got):\n%s", diff)
	}
	if list, err := things.List(tx, there); err != nil || len(list) != 0 || things.Has(tx, there, "parent", "a") {
		t.Errorf("another region has %v, %v", list, err)
	}
	if _, err := things.Get(tx, there, "parent", "a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Get in another region: %v, want ErrNotFound", err)
	}
	if n := things.Delete(tx, here, "parent"); n != 3 || things.Has(tx, here, "parent", "a") {
		t.Errorf("Delete of all: %d", n)
	}
	tx.Put(things.Key(here, "broken"), []byte("{"))
	if _, err := things.List(tx, here); err == nil || !strings.Contains(err.Error(), "Thing/broken") {
		t.Errorf("List of a broken record: %v", err)
	}
}

// TestWatchBacklog gives a watcher that is too slow one whole change, and then every batch again.
func TestWatchBacklog(t *testing.T) {
	var image Image
	advance := func(revision uint64) {
		w := Write{Key: NewKey("k"), Revision: revision}
		image.Advance(Change{Snapshot: image.View().Apply(revision, w), Writes: []Write{w}})
	}
	const late = MaxWatchBacklog + 10
	var revisions []uint64
	var whole []bool
	for change := range image.Watch(context.Background()) {
		revisions, whole = append(revisions, change.Snapshot.Revision()), append(whole, change.Whole)
		if len(revisions) == 1 { // The watcher is busy with the first while this happens.
			for i := range late {
				advance(uint64(i + 1))
			}
		}
		if change.Snapshot.Revision() == late {
			break
		}
	}
	const first = MaxWatchBacklog + 1 // The change that found the queue full replaced all of it.
	if diff := gocmp.Diff([]uint64{0, first}, revisions[:2]); diff != "" || !whole[0] || !whole[1] || slices.Contains(whole[2:], true) {
		t.Errorf("watched %v, whole %v", revisions, whole)
	}
	if len(revisions) != 2+late-first {
		t.Errorf("watched %d changes, want the first, the whole one, and each after it", len(revisions))
	}
	if len(image.watchers) != 0 {
		t.Error("a watcher that left is still served")
	}
}

// TestWait ends when the revision is there, when the context ends, and when the image is closed.
func TestWait(t *testing.T) {
	var image Image
	done := make(chan error, 2)
	go func() { done <- image.Wait(context.Background(), 2) }()
	image.Advance(Change{Snapshot: Snapshot{}.Apply(1)})
	image.Advance(Change{Snapshot: Snapshot{}.Apply(2)})
	if err := <-done; err != nil {
		t.Errorf("Wait: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := image.Wait(ctx, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait with a cancelled context: %v", err)
	}
	go func() { done <- image.Wait(context.Background(), 3) }()
	image.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Errorf("Wait on a closed image: %v", err)
	}
}

// BenchmarkList lists the 30 records of one of 1,000 APIs.
func BenchmarkList(b *testing.B) {
	var writes []Write
	for i := range 30_000 {
		writes = append(writes, Write{Key: NewKey("000000000000", "us-east-1", "Method", fmt.Sprint("api", i/30), fmt.Sprint(i)), Value: []byte("{}")})
	}
	s := Snapshot{}.Apply(1, writes...)
	prefix := NewKey("000000000000", "us-east-1", "Method", "api500")
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range s.List(prefix) {
			n++
		}
		if n != 30 {
			b.Fatal(n)
		}
	}
}

// BenchmarkApply commits one record to 30,000.
func BenchmarkApply(b *testing.B) {
	var s Snapshot
	for i := range 30_000 {
		s = s.Apply(uint64(i+1), Write{Key: NewKey("k", fmt.Sprint(i)), Value: make([]byte, 1000)})
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		s.Apply(1, Write{Key: NewKey("k", fmt.Sprint(i%30_000)), Value: make([]byte, 1000)})
	}
}
