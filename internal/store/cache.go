package store

import (
	"fmt"
	"sync"
)

// Cache keeps what was made of records that are read far more often than written, such as those that every request needs. It is never out of date:
// each Get looks the record up, which costs little, and makes the value again when the record is another one than before. The zero Cache is ready
// for use by many goroutines; it holds at most MaxCached values.
type Cache[V any] struct {
	mu     sync.RWMutex // guards values
	values map[Key]cachedValue[V]
}

// MaxCached bounds the values of a Cache; one more begins anew.
const MaxCached = 4096

type cachedValue[V any] struct {
	record []byte // kept, so that no other record can have its address
	value  V
}

// Get returns what make makes of the record of a key. It is shared with other callers: nobody may change it. Errors: ErrNotFound, those of make.
func (c *Cache[V]) Get(r Reader, key Key, make func(Record) (V, error)) (V, error) {
	record, ok := r.Get(key)
	if !ok {
		var none V
		return none, fmt.Errorf("getting record %s: %w", key, ErrNotFound)
	}
	c.mu.RLock()
	known, ok := c.values[key]
	c.mu.RUnlock()
	if ok && sameBytes(known.record, record.Value) {
		return known.value, nil
	}
	value, err := make(record)
	if err == nil {
		c.keep(key, cachedValue[V]{record: record.Value, value: value})
	}
	return value, err
}

func (c *Cache[V]) keep(key Key, value cachedValue[V]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.values == nil || len(c.values) >= MaxCached {
		c.values = map[Key]cachedValue[V]{}
	}
	c.values[key] = value
}

// sameBytes says whether two values are one in memory. As nobody changes a value, they then are equal.
func sameBytes(x, y []byte) bool {
	return len(x) == len(y) && len(x) > 0 && &x[0] == &y[0]
}
