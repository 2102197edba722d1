package value

// indexFrom is the number of entries from which a Map keeps an index; below it a linear search is faster.
const indexFrom = 12

// Entry is one association of a Map.
type Entry struct {
	Key Value
	Val Value
}

// Map is a java.util.LinkedHashMap: entries in the order of first insertion. It is not safe for concurrent use.
type Map struct {
	entries []Entry
	index   map[string]int32 // by string key; nil while there are few entries
	source  *source          // of a map that was read from a payload
	raw     string           // the map's JSON text, where the payload had it in json-smart's own form
	changes uint32
}

// List is a java.util.ArrayList or, under a Value of KindArray, json-smart's JSONArray. It is not safe for concurrent use.
type List struct {
	items   []Value
	source  *source
	raw     string
	changes uint32
}

// source is one payload that was read. Once any container of it has changed, no raw text of it counts any more.
type source struct {
	changed bool
}

// NewMap makes an empty map with room for size entries.
func NewMap(size int) *Map { return &Map{entries: make([]Entry, 0, size)} }

// Len gives the number of entries.
func (m *Map) Len() int { return len(m.entries) }

// At gives the entry at position i, 0 ≤ i < Len.
func (m *Map) At(i int) (key, val Value) { e := &m.entries[i]; return e.Key, e.Val }

// Entries gives the entries in order. The slice is the map's own: it must not be changed, nor kept beyond a change of the map.
func (m *Map) Entries() []Entry { return m.entries }

// Changes counts structural changes (Java's modCount): it differs once entries were added or removed.
func (m *Map) Changes() uint32 { return m.changes }

// Get looks a key up by Java's equals.
func (m *Map) Get(key Value) (Value, bool) {
	if i := m.find(key); i >= 0 {
		return m.entries[i].Val, true
	}
	return Value{}, false
}

// GetString looks a string key up.
func (m *Map) GetString(key string) (Value, bool) {
	if i := m.findString(key); i >= 0 {
		return m.entries[i].Val, true
	}
	return Value{}, false
}

// Put sets key to val, at the end if the key is new, and gives what was there before.
func (m *Map) Put(key, val Value) (old Value, had bool) {
	m.touch()
	if i := m.find(key); i >= 0 {
		old = m.entries[i].Val
		m.entries[i].Val = val
		return old, true
	}
	m.add(key, val)
	return Value{}, false
}

// PutString is Put with a string key.
func (m *Map) PutString(key string, val Value) (old Value, had bool) {
	return m.Put(OfString(key), val)
}

// Remove removes a key and gives what was there.
func (m *Map) Remove(key Value) (old Value, had bool) {
	i := m.find(key)
	if i < 0 {
		return Value{}, false
	}
	m.touch()
	m.changes++
	old = m.entries[i].Val
	copy(m.entries[i:], m.entries[i+1:])
	m.entries[len(m.entries)-1] = Entry{}
	m.entries = m.entries[:len(m.entries)-1]
	if m.index != nil {
		m.index = indexOf(m.entries)
	}
	return old, true
}

// Clear removes all entries.
func (m *Map) Clear() {
	m.touch()
	m.changes++
	clear(m.entries)
	m.entries = m.entries[:0]
	m.index = nil
}

// add appends an entry whose key is known to be new.
func (m *Map) add(key, val Value) {
	m.changes++
	m.entries = append(m.entries, Entry{Key: key, Val: val})
	switch {
	case m.index != nil:
		if key.kind == KindString {
			m.index[key.str()] = int32(len(m.entries) - 1)
		}
	case len(m.entries) >= indexFrom:
		m.index = indexOf(m.entries)
	}
}

// indexOf makes an index of the string keys of entries.
func indexOf(entries []Entry) map[string]int32 {
	index := make(map[string]int32, 2*len(entries))
	for i := range entries {
		if entries[i].Key.kind == KindString {
			index[entries[i].Key.str()] = int32(i)
		}
	}
	return index
}

func (m *Map) find(key Value) int {
	if key.kind == KindString {
		return m.findString(key.str())
	}
	for i := range m.entries {
		if Equal(m.entries[i].Key, key) {
			return i
		}
	}
	return -1
}

func (m *Map) findString(key string) int {
	if m.index != nil {
		if i, ok := m.index[key]; ok {
			return int(i)
		}
		return -1
	}
	for i := range m.entries {
		k := &m.entries[i].Key
		if k.n == uint64(len(key)) && k.kind == KindString && k.str() == key {
			return i
		}
	}
	return -1
}

// touch forgets the raw text of the whole payload the map came from: its ancestors print differently now.
func (m *Map) touch() {
	if m.source != nil {
		m.source.changed = true
	}
}

// NewList makes a list of items; it owns the slice.
func NewList(items ...Value) *List { return &List{items: items} }

// Len gives the number of items.
func (l *List) Len() int { return len(l.items) }

// At gives the item at position i, 0 ≤ i < Len.
func (l *List) At(i int) Value { return l.items[i] }

// Items gives the items. The slice is the list's own: it must not be changed, nor kept beyond a change of the list.
func (l *List) Items() []Value { return l.items }

// Changes counts structural changes (Java's modCount).
func (l *List) Changes() uint32 { return l.changes }

// Set replaces the item at position i, 0 ≤ i < Len, and gives the old one.
func (l *List) Set(i int, v Value) (old Value) {
	l.touch()
	old = l.items[i]
	l.items[i] = v
	return old
}

// Append adds an item at the end.
func (l *List) Append(v Value) {
	l.touch()
	l.changes++
	l.items = append(l.items, v)
}

// Insert adds an item before position i, 0 ≤ i ≤ Len.
func (l *List) Insert(i int, v Value) {
	l.touch()
	l.changes++
	l.items = append(l.items, Value{})
	copy(l.items[i+1:], l.items[i:])
	l.items[i] = v
}

// Remove removes the item at position i, 0 ≤ i < Len, and gives it.
func (l *List) Remove(i int) (old Value) {
	l.touch()
	l.changes++
	old = l.items[i]
	copy(l.items[i:], l.items[i+1:])
	l.items[len(l.items)-1] = Value{}
	l.items = l.items[:len(l.items)-1]
	return old
}

// Clear removes all items.
func (l *List) Clear() {
	l.touch()
	l.changes++
	clear(l.items)
	l.items = l.items[:0]
}

func (l *List) touch() {
	if l.source != nil {
		l.source.changed = true
	}
}
