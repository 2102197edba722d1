package authorizer

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

// maxCachedGrants bounds a Cache. What is dropped early costs a call of the authorizer
// and nothing else.
const maxCachedGrants = 100_000

// Cache keeps grants of authorizer functions for as long as their authorizers say. It
// holds hashes of identities, never the identities. The zero value is not usable: see
// NewCache.
type Cache struct {
	now func() time.Time

	mu          sync.RWMutex // guards entries and generations
	entries     map[cacheKey]cached
	generations map[string]uint64 // by scope; how often it was flushed
}

type cacheKey [sha256.Size]byte

type cached struct {
	grant   *Grant
	made    time.Time
	expires time.Time
}

// NewCache returns an empty Cache that reads the time from now.
func NewCache(now func() time.Time) *Cache {
	return &Cache{now: now, entries: map[cacheKey]cached{}, generations: map[string]uint64{}}
}

// Flush forgets what was granted in a scope, which is what FlushStageAuthorizersCache
// and ResetAuthorizersCache do for a stage. See Scope.
func (c *Cache) Flush(scope string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generations[scope]++
	if len(c.generations) > maxCachedGrants {
		clear(c.generations)
		clear(c.entries)
	}
}

// Scope names a stage to Flush and to Call.Scope.
func Scope(account, region, apiId, stageName string) string {
	return account + "/" + region + "/" + apiId + "/" + stageName
}

// get returns a copy of a grant that is still good.
func (c *Cache) get(key cacheKey) (*Grant, bool) {
	c.mu.RLock()
	entry, ok := c.entries[key]
	c.mu.RUnlock()
	now := c.now()
	if !ok || !now.Before(entry.expires) {
		return nil, false
	}
	grant := *entry.grant
	grant.Cached, grant.Age, grant.Latency = true, now.Sub(entry.made), 0
	return &grant, true
}

func (c *Cache) put(key cacheKey, grant *Grant, ttl time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if len(c.entries) >= maxCachedGrants {
		c.makeRoom(now)
	}
	c.entries[key] = cached{grant: grant, made: now, expires: now.Add(ttl)}
}

// makeRoom forgets what has expired, and any others until a tenth is free.
func (c *Cache) makeRoom(now time.Time) {
	for key, entry := range c.entries {
		if !now.Before(entry.expires) {
			delete(c.entries, key)
		}
	}
	const roomy = maxCachedGrants - maxCachedGrants/10
	for key := range c.entries {
		if len(c.entries) <= roomy {
			return
		}
		delete(c.entries, key)
	}
}

// key hashes what a grant depends on. Lengths keep ("a", "bc") apart from ("ab", "c").
func (c *Cache) key(scope string, parts ...string) cacheKey {
	c.mu.RLock()
	generation := c.generations[scope]
	c.mu.RUnlock()
	room := 2 * binary.MaxVarintLen64
	for _, part := range parts {
		room += len(part) + binary.MaxVarintLen64
	}
	text := make([]byte, 0, room+len(scope))
	text = binary.AppendUvarint(text, generation)
	text = appendPart(text, scope)
	for _, part := range parts {
		text = appendPart(text, part)
	}
	return sha256.Sum256(text)
}

func appendPart(text []byte, part string) []byte {
	return append(binary.AppendUvarint(text, uint64(len(part))), part...)
}
