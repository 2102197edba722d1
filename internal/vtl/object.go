package vtl

import (
	"gatehouse/internal/value"
)

// Receiver is an object of the host with properties and methods of its own.
type Receiver interface {
	value.Object
	// Property gives a property, null if there is none.
	Property(ex *Execution, name string) (value.Value, error)
	// Call calls a method, and gives null if there is none for these arguments. The arguments must not be kept.
	Call(ex *Execution, site *CallSite, arguments []value.Value) (value.Value, error)
}

// Appender is a Receiver that can append the text of what a call gives without making a value of it.
type Appender interface {
	Receiver
	// AppendCall is Call followed by appending; ok is false where Call is to be used.
	AppendCall(ex *Execution, dst []byte, site *CallSite, arguments []value.Value) (out []byte, ok bool, err error)
}

// Mapping is an object that is a java.util.Map to a template, though it need not print like one nor hold everything from the start.
type Mapping interface {
	value.Object
	// Lookup finds one key.
	Lookup(key string) (value.Value, bool)
	// Map gives all of it, live: what is changed in it, Lookup sees.
	Map() *value.Map
}

// sequence is an object with items at positions: a Java array, or a part of a list.
type sequence interface {
	items() []value.Value
}

// blockObject is what #define makes: a block and where it was defined.
type blockObject struct {
	ex    *Execution
	body  block
	nulls *nullElement
	depth int
}

// render renders the block with the variables as they are now. A #break in it ends it.
func (b *blockObject) render(ex *Execution, nulls *nullElement) {
	if !ex.enter(0) {
		return
	}
	b.depth++
	saved := ex.nulls
	ex.nulls = nulls
	b.body.render(ex)
	ex.nulls = saved
	b.depth--
	ex.leave()
	if ex.halt == haltBreak {
		ex.halt = running
	}
}

// text is toString: the rendered block, or null where it stands inside itself too often.
func (b *blockObject) text() (string, bool) {
	if b.depth >= defineDepth {
		return "", false
	}
	ex := b.ex
	from := len(ex.out)
	b.render(ex, b.nulls)
	text := string(ex.out[from:])
	ex.out = ex.out[:from]
	ex.allocate(len(text), 0)
	return text, true
}

// AppendString appends the rendered block. dst may be the very output it is rendered to.
func (b *blockObject) AppendString(dst []byte) []byte {
	saved := b.ex.out
	if len(dst) > len(saved) {
		b.ex.out = dst
	}
	text, ok := b.text()
	b.ex.out = saved
	if !ok {
		text = "null"
	}
	return append(dst, text...)
}

// loopObject is $foreach. It is a map too: what a template sets on it is kept, and found from loops inside.
type loopObject struct {
	owner    *foreachNode
	parent   *loopObject
	replaced value.Value // what $foreach was before, if not a loop
	index    int
	hasNext  bool
	storage  *value.Map
	self     value.Object // so that the value of a loop needs no memory of its own
}

func (l *loopObject) value() value.Value { return value.OfObjectRef(&l.self) }

func newLoopObject(owner *foreachNode, before value.Value) *loopObject {
	l := &loopObject{owner: owner, index: -1}
	l.self = l
	if parent, ok := before.Object().(*loopObject); ok {
		l.parent = parent
	} else {
		l.replaced = before
	}
	return l
}

// replacedValue looks for what $foreach was outside of all loops.
func (l *loopObject) replacedValue() value.Value {
	if l.replaced.IsNull() && l.parent != nil {
		return l.parent.replacedValue()
	}
	return l.replaced
}

// AppendString appends what a map prints.
func (l *loopObject) AppendString(dst []byte) []byte {
	return value.AppendString(dst, value.OfObject(l))
}

// AppendNested appends {k=v, k2=v2}.
func (l *loopObject) AppendNested(dst []byte, write writer) []byte {
	dst = append(dst, '{')
	for i, e := range l.Map().Entries() {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(write(dst, e.Key), '=')
		if e.Val.Object() == value.Object(l) {
			dst = append(dst, "(this Map)"...)
			continue
		}
		dst = write(dst, e.Val)
	}
	return append(dst, '}')
}

// writer writes the values in an object's text.
type writer = func(dst []byte, v value.Value) []byte

// Map gives what was set on the loop.
func (l *loopObject) Map() *value.Map {
	if l.storage == nil {
		l.storage = value.NewMap(0)
	}
	return l.storage
}

// Lookup finds a key here or in the loop around.
func (l *loopObject) Lookup(key string) (value.Value, bool) {
	for ; l != nil; l = l.parent {
		if l.storage == nil {
			continue
		}
		if v, ok := l.storage.GetString(key); ok {
			return v, true
		}
	}
	return value.Value{}, false
}

// property gives what the getters of $foreach give.
func (l *loopObject) property(name string) (value.Value, bool) {
	switch name {
	case "index", "Index":
		return value.OfInt(int64(l.index)), true
	case "count", "Count":
		return value.OfInt(int64(l.index + 1)), true
	case "hasNext", "HasNext":
		return value.OfBool(l.hasNext), true
	case "first", "First":
		return value.OfBool(l.index < 1), true
	case "last", "Last":
		return value.OfBool(!l.hasNext), true
	case "parent", "Parent":
		if l.parent == nil {
			return value.Value{}, true
		}
		return l.parent.value(), true
	case "topmost", "Topmost":
		for l.parent != nil {
			l = l.parent
		}
		return l.value(), true
	case "replaced", "Replaced":
		return l.replacedValue(), true
	}
	return value.Value{}, false
}

// mapView is a map's keySet(), values() or entrySet(): live, in the map's order.
type mapView struct {
	m    *value.Map
	view view
	self value.Object // so that the value of a view needs no memory of its own
}

func newMapView(m *value.Map, w view) value.Value {
	v := &mapView{m: m, view: w}
	v.self = v
	return value.OfObjectRef(&v.self)
}

// AppendString appends [a, b].
func (v *mapView) AppendString(dst []byte) []byte { return value.AppendString(dst, value.OfObject(v)) }

// AppendNested appends [a, b].
func (v *mapView) AppendNested(dst []byte, write writer) []byte {
	dst = append(dst, '[')
	for i := range v.m.Len() {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = write(dst, v.at(i))
	}
	return append(dst, ']')
}

func (v *mapView) at(i int) value.Value {
	key, val := v.m.At(i)
	switch v.view {
	case viewKeys:
		return key
	case viewEntries:
		return newEntry(v.m, key, val)
	}
	return val
}

// list copies the view.
func (v *mapView) list() []value.Value {
	items := make([]value.Value, v.m.Len())
	for i := range items {
		items[i] = v.at(i)
	}
	return items
}

// entryObject is a java.util.Map.Entry.
type entryObject struct {
	m        *value.Map
	key, val value.Value // val as it was, should the entry be removed
	self     value.Object
}

func newEntry(m *value.Map, key, val value.Value) value.Value {
	e := &entryObject{m: m, key: key, val: val}
	e.self = e
	return value.OfObjectRef(&e.self)
}

// current gives the value the map has now.
func (e *entryObject) current() value.Value {
	if v, ok := e.m.Get(e.key); ok {
		return v
	}
	return e.val
}

// AppendString appends key=value.
func (e *entryObject) AppendString(dst []byte) []byte {
	return value.AppendString(dst, value.OfObject(e))
}

// AppendNested appends key=value.
func (e *entryObject) AppendNested(dst []byte, write writer) []byte {
	return write(append(write(dst, e.key), '='), e.current())
}

// iteratorObject is a java.util.Iterator.
type iteratorObject struct{ iterator }

func (o *iteratorObject) className() string {
	switch {
	case o.list != nil:
		return "java.util.ArrayList$Itr"
	case o.m != nil:
		return [...]string{
			viewValues:  "java.util.LinkedHashMap$LinkedValueIterator",
			viewKeys:    "java.util.LinkedHashMap$LinkedKeyIterator",
			viewEntries: "java.util.LinkedHashMap$LinkedEntryIterator",
		}[o.view]
	}
	return "java.util.AbstractList$Itr"
}

// AppendString appends the class: Java's text has an address in it.
func (o *iteratorObject) AppendString(dst []byte) []byte { return append(dst, o.className()...) }

// arrayObject is a Java array. Velocity gives it the methods of a list.
type arrayObject struct {
	class string // of an element, as Class.getName gives it for the array
	item  []value.Value
}

func (a *arrayObject) items() []value.Value { return a.item }

func (a *arrayObject) set(i int, v value.Value) error {
	if err := inRange(i, len(a.item)); err != nil {
		return err
	}
	a.item[i] = v
	return nil
}

// AppendString appends the class: Java's text has an address in it.
func (a *arrayObject) AppendString(dst []byte) []byte { return append(dst, a.class...) }

// subList is a list's subList(from, to): what is set in it is set in the list.
type subList struct {
	list     *value.List
	from, to int
}

func (s *subList) items() []value.Value {
	to := min(s.to, s.list.Len())
	return s.list.Items()[min(s.from, to):to]
}

func (s *subList) set(i int, v value.Value) error {
	if err := inRange(i, len(s.items())); err != nil {
		return err
	}
	s.list.Set(s.from+i, v)
	return nil
}

// AppendString appends [a, b].
func (s *subList) AppendString(dst []byte) []byte { return value.AppendString(dst, value.OfObject(s)) }

// AppendNested appends [a, b].
func (s *subList) AppendNested(dst []byte, write writer) []byte {
	dst = append(dst, '[')
	for i, v := range s.items() {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = write(dst, v)
	}
	return append(dst, ']')
}

// character is a java.lang.Character: one UTF-16 unit.
type character uint16

// AppendString appends the character.
func (c character) AppendString(dst []byte) []byte { return value.AppendUnit(dst, uint16(c)) }

// classObject is a java.lang.Class.
type classObject struct{ name string }

func (c *classObject) isList() bool {
	return c.name == classNames[classList] || c.name == classNames[classArray] || c.name == "java.util.ArrayList$SubList"
}

// AppendString appends "class " and the name.
func (c *classObject) AppendString(dst []byte) []byte {
	return append(append(dst, "class "...), c.name...)
}
