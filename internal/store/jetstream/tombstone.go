package jetstream

import (
	"maps"

	"gatehouse/internal/store"
)

// manyTombstones says whether compaction is worth it: deleted records are many, and as many as the records there are.
func (f *follower) manyTombstones(records int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.tombstones) >= max(minTombstones, records)
}

// oldTombstones are the tombstones before a revision.
func (f *follower) oldTombstones(newest uint64) map[store.Key]uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := maps.Clone(f.tombstones)
	maps.DeleteFunc(old, func(_ store.Key, revision uint64) bool { return revision >= newest })
	return old
}

// forgetTombstone forgets a tombstone that was removed, unless the key has a later one.
func (f *follower) forgetTombstone(key store.Key, revision uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tombstones[key] == revision {
		delete(f.tombstones, key)
	}
}

// noteTombstone keeps account of the messages that only say that a record is gone.
func (f *follower) noteTombstone(write store.Write) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if write.Deleted {
		f.tombstones[write.Key] = write.Revision
	} else if len(f.tombstones) > 0 {
		delete(f.tombstones, write.Key)
	}
}

func (f *follower) forgetTombstones() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.tombstones)
}
