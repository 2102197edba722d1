package value

// maxKept bounds what an Arena keeps between renders, in elements of each slab.
const maxKept = 1 << 14

// Arena is where the containers of one render live. It is made once, used for one render at a time and Reset after it; every Map and List
// it gave out is dead from then on (strings are not: they belong to the payload). A nil *Arena allocates from the heap, for values that
// live longer. It is not safe for concurrent use.
type Arena struct {
	entries []Entry
	items   []Value
	maps    []Map
	lists   []List
}

// NewArena makes an empty arena.
func NewArena() *Arena { return &Arena{} }

// Reset takes back everything the arena gave out.
func (a *Arena) Reset() {
	a.entries = recycle(a.entries)
	a.items = recycle(a.items)
	a.maps = recycle(a.maps)
	a.lists = recycle(a.lists)
}

// recycle empties a slab so that it keeps nothing alive, and drops it if a large payload made it large.
func recycle[T any](slab []T) []T {
	if cap(slab) > maxKept {
		return nil
	}
	clear(slab)
	return slab[:0]
}

// grab takes n elements from a slab; capacity is n, so that appending to them moves them to the heap. A full slab is left to the garbage
// collector, which its users keep alive, and a larger one takes its place.
func grab[T any](slab *[]T, n int) []T {
	s := *slab
	if cap(s)-len(s) < n {
		s = make([]T, 0, max(2*cap(s), n, 32))
	}
	from := len(s)
	s = s[:from+n]
	*slab = s
	return s[from : from+n : from+n]
}

// NewMap makes an empty map with room for size entries.
func (a *Arena) NewMap(size int) *Map {
	if a == nil {
		return NewMap(size)
	}
	m := &grab(&a.maps, 1)[0]
	*m = Map{}
	if size > 0 {
		m.entries = grab(&a.entries, size)[:0]
	}
	return m
}

// NewList makes an empty list with room for size items.
func (a *Arena) NewList(size int) *List {
	if a == nil {
		return NewList(make([]Value, 0, size)...)
	}
	l := &grab(&a.lists, 1)[0]
	*l = List{}
	if size > 0 {
		l.items = grab(&a.items, size)[:0]
	}
	return l
}
