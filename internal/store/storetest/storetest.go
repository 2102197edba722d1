// Package storetest is the contract of store.Store as tests. Every implementation runs it.
//
// It does not test what only one implementation promises, such as surviving a kill. Begin at [Run].
package storetest

import (
	"context"
	"testing"

	"gatehouse/internal/store"
)

// Open makes an empty store that the test closes.
type Open func(t *testing.T) store.Store

// Run runs the whole contract, each test with a store of its own.
func Run(t *testing.T, open Open) {
	tests := []struct {
		name string
		test func(t *testing.T, s store.Store)
	}{
		{"ReadYourWrites", testReadYourWrites},
		{"DeleteAndRecreate", testDeleteAndRecreate},
		{"Written", testWritten},
		{"FailedUpdateWritesNothing", testFailedUpdate},
		{"EmptyUpdate", testEmptyUpdate},
		{"TxSeesOwnWrites", testTxSeesOwnWrites},
		{"SnapshotsStay", testSnapshotsStay},
		{"Limits", testLimits},
		{"ListOrder", testListOrder},
		{"AnyKey", testAnyKey},
		{"Model", testModel},
		{"Counters", testCounters},
		{"Transfers", testTransfers},
		{"WatchOrder", testWatchOrder},
		{"WatchEnds", testWatchEnds},
		{"WatchReset", testWatchReset},
		{"Reset", testReset},
		{"Cancelled", testCancelled},
		{"Closed", testClosed},
		{"Objects", testObjects},
		{"LargeObject", testLargeObject},
		{"Sweep", testSweep},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := open(t)
			defer func() {
				if err := s.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
			tt.test(t, s)
		})
	}
}

// put writes pairs of readable keys and values in one update.
func put(t *testing.T, s store.Store, pairs ...string) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			tx.Put(key(t, pairs[i]), []byte(pairs[i+1]))
		}
		return nil
	})
}

func update(t *testing.T, s store.Store, do func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), do); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

func key(t *testing.T, text string) store.Key {
	t.Helper()
	k, err := store.ParseKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// dump is everything a reader holds, as "key=value" in order.
func dump(r store.Reader, prefix store.Key) []string {
	list := []string{}
	for record := range r.List(prefix) {
		list = append(list, record.Key.String()+"="+string(record.Value))
	}
	return list
}
