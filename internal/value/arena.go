package value

import "unsafe"

// Bounds of what an Arena keeps between renders: elements of each slab, and bytes of one block of text.
const (
	maxKept   = 1 << 14
	textBlock = 4 << 10
)

// Arena is where the containers of one render live. It is made once, used for one render at a time and Reset after it; every Map and List
// it gave out is dead from then on (strings are not: they are never overwritten). A nil *Arena allocates from the heap, for values that
// live longer. It is not safe for concurrent use.
type Arena struct {
	entries []Entry
	items   []Value
	maps    []Map
	lists   []List
	sources []source

	// While a payload is read: the entries and items of the containers that are still open.
	openEntries []Entry
	openItems   []Value
	mostEntries int // that were ever open at once since the last Reset
	mostItems   int

	// Text of strings that differ from the payload's. Blocks are filled once and never reused, so that a string may outlive its render.
	text    []byte
	scratch []byte
}

// NewArena makes an empty arena.
func NewArena() *Arena { return &Arena{} }

// Reset takes back everything the arena gave out.
func (a *Arena) Reset() {
	a.entries = recycle(a.entries)
	a.items = recycle(a.items)
	a.maps = recycle(a.maps)
	a.lists = recycle(a.lists)
	a.sources = recycle(a.sources)
	a.openEntries = recycle(a.openEntries[:min(a.mostEntries, cap(a.openEntries))])
	a.openItems = recycle(a.openItems[:min(a.mostItems, cap(a.openItems))])
	a.mostEntries, a.mostItems = 0, 0
	if cap(a.scratch) > maxKept {
		a.scratch = nil
	}
}

// abandon closes what a failed reader left open.
func (a *Arena) abandon() {
	a.mostEntries = max(a.mostEntries, len(a.openEntries))
	a.mostItems = max(a.mostItems, len(a.openItems))
	a.openEntries = a.openEntries[:0]
	a.openItems = a.openItems[:0]
}

// recycle empties a slab so that it keeps nothing alive, and drops it if a large payload made it large.
func recycle[T any](slab []T) []T {
	if cap(slab) > maxKept {
		return nil
	}
	clear(slab)
	return slab[:0]
}

// grab takes n elements from a slab; their capacity is n, so that appending to them moves them to the heap. A full slab is left to its
// users and the garbage collector, and a larger one takes its place.
func grab[T any](slab *[]T, n int) []T {
	s := *slab
	if cap(s)-len(s) < n {
		s = make([]T, 0, max(min(2*cap(s), maxKept), n, 32))
	}
	from := len(s)
	s = s[:from+n]
	*slab = s
	return s[from : from+n : from+n]
}

// keep copies text that lies in scratch memory to where it can stay.
func (a *Arena) keep(text []byte) string {
	if len(text) == 0 {
		return ""
	}
	if len(text) > textBlock/4 {
		return string(text)
	}
	if cap(a.text)-len(a.text) < len(text) {
		a.text = make([]byte, 0, textBlock)
	}
	from := len(a.text)
	a.text = append(a.text, text...)
	return unsafe.String(&a.text[from], len(text))
}

// NewMap makes an empty map with room for size entries.
func (a *Arena) NewMap(size int) *Map {
	if a == nil {
		return NewMap(size)
	}
	m := &grab(&a.maps, 1)[0]
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
	if size > 0 {
		l.items = grab(&a.items, size)[:0]
	}
	return l
}
