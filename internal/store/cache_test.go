package store

import (
	"errors"
	"fmt"
	"testing"
)

// A cached value is made once for each write of its record, and never outlives it.
func TestCache(t *testing.T) {
	var cache Cache[string]
	made := 0
	read := func(record Record) (string, error) {
		made++
		if len(record.Value) == 3 {
			return "", errors.New("bad")
		}
		return string(record.Value), nil
	}
	key := NewKey("a", "b")
	var before Snapshot
	get := func(s Snapshot, want string, wantMade int) {
		t.Helper()
		got, err := cache.Get(s, key, read)
		if got != want || (want == "") != (err != nil) || made != wantMade {
			t.Errorf("got %q %v, made %d times; want %q, %d", got, err, made, want, wantMade)
		}
	}
	get(before, "", 0)
	one := before.Apply(1, Write{Key: key, Value: []byte("1"), Revision: 1})
	get(one, "1", 1)
	get(one, "1", 1)
	other := one.Apply(2, Write{Key: NewKey("a", "c"), Value: []byte("x"), Revision: 2})
	get(other, "1", 1)
	again := other.Apply(3, Write{Key: key, Value: []byte("1"), Revision: 3}) // the same bytes, another write
	get(again, "1", 2)
	get(one, "1", 3) // an older snapshot
	deleted := again.Apply(4, Write{Key: key, Deleted: true, Revision: 4})
	get(deleted, "", 3)
	if _, err := cache.Get(deleted, key, read); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
	back := deleted.Apply(5, Write{Key: key, Value: []byte("bad"), Revision: 5})
	get(back, "", 4)
	get(back, "", 5) // an error is not kept
	for i := range MaxCached + 10 {
		key := NewKey("many", fmt.Sprint(i))
		if _, err := cache.Get(back.Apply(6, Write{Key: key, Value: []byte("1"), Revision: 6}), key, read); err != nil {
			t.Fatal(err)
		}
	}
	if len(cache.values) > MaxCached {
		t.Errorf("%d values are kept", len(cache.values))
	}
}
