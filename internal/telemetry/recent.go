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
	// slotBytes is what a request takes beside its bytes.
	slotBytes = 64
)

// Recent keeps the latest requests, whatever became of them: a ring, bounded in
// requests and in bytes. Requests are kept encoded: small, and nothing that the garbage
// collector must look at.
type Recent struct {
	maxBytes int
	scratch  sync.Pool // of *[]byte

	mu    sync.Mutex // guards the fields below
	ring  []slot
	last  uint64 // number of requests that were ever added; the n-th is in ring[n % len]
	count int
	bytes int
}

type slot struct {
	data  []byte
	fault *fault.Fault
}

// NewRecent makes an empty Recent.
func NewRecent(maxRequests, maxBytes int) *Recent {
	return &Recent{maxBytes: maxBytes, ring: make([]slot, maxRequests)}
}

// Add keeps a request; nothing of done is held.
func (r *Recent) Add(done *record.Record) {
	scratch, ok := r.scratch.Get().(*[]byte)
	if !ok {
		scratch = new([]byte)
	}
	data := done.AppendTo((*scratch)[:0])
	r.keep(data, done.Fault)
	*scratch = data
	r.scratch.Put(scratch)
}

func (r *Recent) keep(data []byte, f *fault.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last++
	place := r.at(r.last)
	if r.count == len(r.ring) {
		r.bytes -= cap(place.data) + slotBytes
		r.count--
	}
	if cap(place.data) > 2*len(data)+slotBytes {
		place.data = nil // do not keep the room of one large request
	}
	place.data, place.fault = append(place.data[:0], data...), f
	r.bytes += cap(place.data) + slotBytes
	r.count++
	for r.bytes > r.maxBytes && r.count > 1 {
		oldest := r.at(r.last - uint64(r.count) + 1) //nolint:gosec // a length
		r.bytes -= cap(oldest.data) + slotBytes
		*oldest = slot{}
		r.count--
	}
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
	found, err := record.Decode(place.data)
	if err != nil {
		return nil, true // cannot happen: AppendTo wrote it
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
