package stagecache

import (
	"crypto/aes"
	"crypto/cipher"
	"io"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// Cluster says whose entries are meant.
type Cluster struct {
	Name       string
	Generation int64  // entries of an earlier one are gone
	Bytes      uint64 // that the cluster may hold
}

// Setting says how an entry is kept.
type Setting struct {
	Ttl       time.Duration // above 0
	Encrypted bool
}

// Clusters are the caches of all stages. The zero value is not usable: see New.
type Clusters struct {
	capacity uint64
	now      func() time.Time
	aead     cipher.AEAD

	mu   sync.Mutex                          // taken to change open
	open atomic.Pointer[map[string]*cluster] // replaced, never changed
}

// cluster is one generation of a stage's cache.
type cluster struct {
	Cluster
	entries *otter.Cache[string, *kept]
}

// New makes Clusters that hold capacity bytes together, about. Encrypted entries are
// sealed with AES-256-GCM under a key of random that never leaves the process. The error
// is that of random.
func New(capacity uint64, now func() time.Time, random io.Reader) (*Clusters, error) {
	const keySize = 32
	key := make([]byte, keySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	c := &Clusters{capacity: capacity, now: now, aead: aead}
	c.open.Store(&map[string]*cluster{})
	return c, nil
}

// Get finds an entry that has not expired.
func (c *Clusters) Get(of *Cluster, key string) (*Found, bool) {
	found := (*c.open.Load())[of.Name]
	if found == nil || found.Generation != of.Generation {
		return nil, false
	}
	stored, ok := found.entries.GetIfPresent(key)
	if !ok {
		return nil, false
	}
	entry := stored.entry
	if entry == nil {
		var err error
		if entry, err = c.unseal(stored.sealed, key); err != nil {
			found.entries.Invalidate(key)
			return nil, false
		}
	}
	return &Found{Entry: *entry, Age: c.now().Sub(stored.at), Ttl: stored.ttl}, true
}

// Put keeps an entry, in place of an earlier one of its key. False says that it is not
// kept: it is larger than the cluster's share, of an earlier generation, or cannot be sealed.
func (c *Clusters) Put(of *Cluster, key string, entry *Entry, setting Setting) bool {
	into := c.openCluster(of)
	if into == nil {
		return false
	}
	stored := &kept{entry: entry, at: c.now(), ttl: setting.Ttl}
	size := entry.size() + len(key)
	if setting.Encrypted {
		sealed, err := c.seal(entry, key)
		if err != nil {
			return false
		}
		stored.entry, stored.sealed = nil, sealed
		size = entryOverhead + len(sealed) + len(key)
	}
	if uint64(size) > into.entries.GetMaximum() { //nolint:gosec // a length
		into.entries.Invalidate(key)
		return false
	}
	stored.payload = uint32(size) //nolint:gosec // at most AWS's 1 MB and some headers
	into.entries.Set(key, stored)
	return true
}

// openCluster finds a cluster, or makes it; nil for one of an earlier generation than
// that which is open: a request of an old plan.
func (c *Clusters) openCluster(of *Cluster) *cluster {
	if found := (*c.open.Load())[of.Name]; found != nil && found.Generation >= of.Generation {
		if found.Generation > of.Generation {
			return nil
		}
		return found
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := maps.Clone(*c.open.Load())
	if found := next[of.Name]; found != nil {
		if found.Generation > of.Generation {
			return nil
		}
		if found.Generation == of.Generation {
			return found
		}
		found.close()
	}
	made := &cluster{Cluster: *of, entries: c.newEntries()}
	next[of.Name] = made
	c.share(next)
	c.open.Store(&next)
	return made
}

// Retain closes the clusters that live does not know in their generation: their stages
// were deleted, flushed, or have no cache any more.
func (c *Clusters) Retain(live func(name string) (generation int64, ok bool)) {
	if len(*c.open.Load()) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	next := maps.Clone(*c.open.Load())
	for name, found := range next {
		if generation, ok := live(name); !ok || generation > found.Generation {
			found.close()
			delete(next, name)
		}
	}
	c.share(next)
	c.open.Store(&next)
}

// Close drops everything and ends what runs in the background.
func (c *Clusters) Close() { c.Retain(func(string) (int64, bool) { return 0, false }) }

// share gives each cluster its size, or, where that is more together than there is, a
// share in proportion to its size.
func (c *Clusters) share(open map[string]*cluster) {
	total := 0.0
	for _, found := range open {
		total += float64(found.Bytes)
	}
	for _, found := range open {
		part := found.Bytes
		if total > float64(c.capacity) {
			part = uint64(float64(c.capacity) * (float64(found.Bytes) / total))
		}
		found.entries.SetMaximum(max(part, 1))
	}
}

func (c *Clusters) newEntries() *otter.Cache[string, *kept] {
	return otter.Must(&otter.Options[string, *kept]{
		MaximumWeight:    max(c.capacity, 1),
		Weigher:          func(_ string, stored *kept) uint32 { return stored.payload },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(entry otter.Entry[string, *kept]) time.Duration { return entry.Value.ttl }),
		Clock:            clock{now: c.now, began: c.now()},
		Logger:           &otter.NoopLogger{},
	})
}

func (c *cluster) close() {
	c.entries.StopAllGoroutines()
	c.entries.InvalidateAll()
}

// clock is the server's, as otter asks for it.
type clock struct {
	now   func() time.Time
	began time.Time
}

// NowNano implements otter.Clock. It counts from a beginning of its own, so that entries
// live as long as they should when somebody sets the machine's clock.
func (c clock) NowNano() int64 { return int64(c.now().Sub(c.began)) }

// Tick implements otter.Clock: how often expired entries give their memory back.
func (c clock) Tick(every time.Duration) <-chan time.Time { return time.Tick(every) }
