package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"

	"gatehouse/internal/store"
)

func readInt(r store.Reader, k store.Key) int {
	record, ok := r.Get(k)
	if !ok {
		return 0
	}
	n, err := strconv.Atoi(string(record.Value))
	if err != nil {
		panic(err)
	}
	return n
}

func putInt(tx *store.Tx, k store.Key, n int) { tx.Put(k, []byte(strconv.Itoa(n))) }

// testCounters loses no increment of many writers, and each writer reads its own.
func testCounters(t *testing.T, s store.Store) {
	const writers, increments = 16, 12
	shared := store.NewKey("shared")
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			own := store.NewKey("own", strconv.Itoa(w))
			for i := range increments {
				err := s.Update(context.Background(), func(tx *store.Tx) error {
					putInt(tx, shared, readInt(tx, shared)+1)
					putInt(tx, own, readInt(tx, own)+1)
					return nil
				})
				if err != nil {
					t.Errorf("Update: %v", err)
					return
				}
				if got := readInt(s.View(), own); got != i+1 {
					t.Errorf("writer %d reads %d after its write of %d", w, got, i+1)
				}
			}
		})
	}
	group.Wait()
	if got := readInt(s.View(), shared); got != writers*increments {
		t.Errorf("counter is %d, want %d", got, writers*increments)
	}
}

// testTransfers moves amounts between keys; in every snapshot that anyone sees the sum is the same.
func testTransfers(t *testing.T, s store.Store) {
	const accounts, amount = 8, 100
	account := func(i int) store.Key { return store.NewKey("account", strconv.Itoa(i)) }
	update(t, s, func(tx *store.Tx) error {
		for i := range accounts {
			putInt(tx, account(i), amount)
		}
		return nil
	})
	sum := func(r store.Reader) (total int) {
		for record := range r.List(store.NewKey("account")) {
			total += readInt(r, record.Key)
		}
		return total
	}
	ctx, cancel := context.WithCancel(context.Background())
	var readers, writers sync.WaitGroup
	ready := make(chan struct{})
	readers.Go(func() {
		seen := 0
		for change := range s.Watch(ctx) {
			if seen++; seen == 1 {
				close(ready)
			}
			if got := sum(change.Snapshot); got != accounts*amount {
				t.Errorf("at revision %d the sum is %d", change.Snapshot.Revision(), got)
			}
		}
	})
	<-ready
	for w := range 8 {
		writers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 1))
			for range 15 {
				from, to, n := random.IntN(accounts), random.IntN(accounts), random.IntN(10)
				err := s.Update(ctx, func(tx *store.Tx) error {
					putInt(tx, account(from), readInt(tx, account(from))-n)
					putInt(tx, account(to), readInt(tx, account(to))+n)
					return nil
				})
				if err != nil {
					t.Errorf("Update: %v", err)
				}
				if got := sum(s.View()); got != accounts*amount {
					t.Errorf("a reader sees the sum %d", got)
				}
			}
		})
	}
	writers.Wait()
	cancel()
	readers.Wait()
}

// testWatchOrder sees every batch once, in order, whole, from the state it began with.
func testWatchOrder(t *testing.T, s store.Store) {
	const batches = 60
	put(t, s, "before", "x", "n", "-1")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	started := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		next, revision := -1, uint64(0)
		for change := range s.Watch(ctx) {
			checkChange(t, change, next)
			if r := change.Snapshot.Revision(); r <= revision {
				t.Errorf("revision %d after %d", r, revision)
			} else {
				revision = r
			}
			if next == -1 {
				close(started)
			}
			if next++; next == batches {
				return
			}
		}
	})
	<-started
	for i := range batches {
		update(t, s, func(tx *store.Tx) error {
			putInt(tx, store.NewKey("n"), i)
			putInt(tx, store.NewKey("twin"), i)
			tx.Delete(store.NewKey("before"))
			return nil
		})
	}
	group.Wait()
}

func checkChange(t *testing.T, change store.Change, want int) {
	if got := readInt(change.Snapshot, store.NewKey("n")); got != want {
		t.Errorf("change %d holds n = %d", want, got)
	}
	if change.Whole != (want == -1) {
		t.Errorf("change %d: Whole = %v", want, change.Whole)
	}
	if want == -1 {
		return
	}
	var wrote []string
	for _, write := range change.Writes {
		wrote = append(wrote, fmt.Sprintf("%s=%s %v", write.Key, write.Value, write.Deleted))
	}
	expected := []string{fmt.Sprintf("n=%d false", want), fmt.Sprintf("twin=%d false", want)}
	if want == 0 {
		expected = append([]string{"before= true"}, expected...)
	}
	if fmt.Sprint(wrote) != fmt.Sprint(expected) {
		t.Errorf("change %d wrote %v, want %v", want, wrote, expected)
	}
}

// testWatchEnds ends a watch when its context ends, and when the store is closed.
func testWatchEnds(t *testing.T, s store.Store) {
	watch := func(ctx context.Context) (ended chan struct{}) {
		started, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			for range s.Watch(ctx) {
				close(started)
			}
		}()
		<-started
		return ended
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := watch(ctx)
	cancel()
	<-ended
	ended = watch(context.Background())
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	<-ended
}

// testWatchReset tells a watcher that was busy during a reset to look at everything again.
func testWatchReset(t *testing.T, s store.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	seen := 0
	resets := 0
	for change := range s.Watch(ctx) {
		seen++
		if seen == 1 { // The watcher is now busy: everything below happens before it asks again.
			put(t, s, "a", "1")
			if err := s.Reset(ctx); err != nil {
				t.Fatalf("Reset: %v", err)
			}
			put(t, s, "b", "2")
			continue
		}
		if change.Whole {
			resets++
		}
		if _, ok := change.Snapshot.Get(key(t, "b")); ok {
			break
		}
	}
	if seen != 3 || resets != 1 {
		t.Errorf("saw %d changes with %d whole, want the first, the reset and the write after it", seen, resets)
	}
}
