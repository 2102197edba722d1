package telemetry

import (
	"sync"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// Bounds of the record of recent requests.
const (
	MaxRecentRequests = 10_000
	MaxRecentBytes    = 32 << 20
)

// Recent keeps the latest requests, whatever became of them: a ring, bounded in
// requests and in bytes. Requests are kept encoded, one behind the other in chunks: small,
// nothing that the garbage collector must look at, and written where the processor
// expects the next write.
type Recent struct {
	maxBytes int

	mu     sync.Mutex // guards the fields below
	ring   []slot
	last   uint64 // number of requests that were ever added; the n-th is in ring[n % len]
	count  int
	chunks []chunk // the oldest first; the last one is being filled
	room   []byte  // what is left of the last one
	bytes  int     // of all chunks
}

type slot struct {
	data   []byte // in a chunk
	method *record.Method
	fault  *fault.Fault
}

// chunk holds requests of consecutive numbers.
type chunk struct {
	data []byte
	last uint64 // number of the latest request in it
}

const chunkBytes = 64 << 10

// NewRecent makes an empty Recent.
func NewRecent(maxRequests, maxBytes int) *Recent {
	return &Recent{maxBytes: maxBytes, ring: make([]slot, maxRequests)}
}

// Add keeps a request and encodes done; nothing of it is held.
func (r *Recent) Add(done *record.Notes) {
	data := done.Encode()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == len(r.ring) {
		r.forget()
	}
	if len(data) > len(r.room) {
		r.beginChunk(len(data))
	}
	kept := r.room[:copy(r.room, data):len(data)]
	r.room = r.room[len(data):]
	r.last++
	r.count++
	r.chunks[len(r.chunks)-1].last = r.last
	*r.at(r.last) = slot{data: kept, method: done.Method, fault: done.Fault}
}

// forget drops the oldest request; its bytes go with its chunk.
func (r *Recent) forget() {
	*r.at(r.oldest()) = slot{}
	r.count--
}

func (r *Recent) oldest() uint64 { return r.last - uint64(r.count) + 1 } //nolint:gosec // a length

// beginChunk makes room for so many bytes, and more.
func (r *Recent) beginChunk(size int) {
	size = max(size, chunkBytes)
	var room []byte
	for len(r.chunks) > 0 && (r.chunks[0].last < r.oldest() || r.bytes+size > r.maxBytes) {
		room = r.dropChunk()
	}
	if len(room) != size {
		room = make([]byte, size)
	}
	r.bytes += len(room)
	r.chunks = append(r.chunks, chunk{data: room})
	r.room = room
}

// dropChunk forgets what is in the oldest chunk and returns its room.
func (r *Recent) dropChunk() []byte {
	dropped := r.chunks[0]
	for r.count > 0 && r.oldest() <= dropped.last {
		r.forget()
	}
	r.bytes -= len(dropped.data)
	r.chunks = append(r.chunks[:0], r.chunks[1:]...)
	return dropped.data
}

func (r *Recent) at(number uint64) *slot { return &r.ring[number%uint64(len(r.ring))] }

// read decodes the request of a number; nil when it is forgotten. newest tells where to begin.
func (r *Recent) read(number uint64, wants func(data []byte) bool) (found *record.Record, kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if number == 0 || number > r.last || r.last-number >= uint64(r.count) { //nolint:gosec // a length
		return nil, false
	}
	place := r.at(number)
	if !wants(place.data) {
		return nil, true
	}
	found, err := record.Decode(place.data, place.method)
	if err != nil {
		return nil, true // cannot happen: Encode wrote it
	}
	found.Fault = place.fault
	return found, true
}

func (r *Recent) newest() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last
}

// Find returns the request with a request id or extended request id.
func (r *Recent) Find(requestId string) (*record.Record, bool) {
	for number := r.newest(); ; number-- {
		found, kept := r.read(number, func(data []byte) bool { return record.HasId(data, requestId) })
		if found != nil || !kept {
			return found, found != nil
		}
	}
}

// List returns at most limit requests that keep wants, the newest first.
func (r *Recent) List(limit int, keep func(*record.Record) bool) []*record.Record {
	found := []*record.Record{}
	for number := r.newest(); len(found) < limit; number-- {
		one, kept := r.read(number, func([]byte) bool { return true })
		if !kept {
			break
		}
		if one != nil && keep(one) {
			found = append(found, one)
		}
	}
	return found
}

// Size is how many requests are kept, and how many bytes they take.
func (r *Recent) Size() (requests, bytes int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count, r.bytes
}
