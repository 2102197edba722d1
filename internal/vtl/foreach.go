package vtl

import (
	"errors"

	"gatehouse/internal/value"
)

// render walks over the list. The variables the loop sets are put and restored in Velocity's order, which shows when the element is called
// like one of them (quirk foreach-scope). At MaxIterations the loop ends without a word (quirk foreach-1000).
func (n *foreachNode) render(ex *Execution) {
	list := n.list.value(ex)
	if !ex.step(1, n.pos) || list.IsNull() {
		return
	}
	var own iterator
	it := &own
	if !own.over(list) {
		if it = iteratorOf(list); it == nil {
			return // what cannot be iterated is skipped
		}
	}
	if !ex.enter(n.pos) {
		return
	}
	defer ex.leave()
	loop := loop{node: n, element: ex.get(n.element)}
	loop.begin(ex)
	loop.run(ex, it)
	if ex.halt != haltError {
		loop.end(ex)
	}
}

// loop is one run of a #foreach: what its variables were before.
type loop struct {
	node                    *foreachNode
	element, count, hasNext value.Value
	status                  *loopObject // nil if the template does not name $foreach
}

func (l *loop) begin(ex *Execution) {
	slots := &ex.template.loopSlots
	if slots.count >= 0 {
		l.count = ex.get(slots.count)
	}
	if slots.hasNext >= 0 {
		l.hasNext = ex.get(slots.hasNext)
	}
	if slots.scope >= 0 {
		l.status = newLoopObject(l.node, ex.get(slots.scope))
		ex.put(slots.scope, l.status.value())
	}
}

func (l *loop) run(ex *Execution, it *iterator) {
	n := l.node
	slots := &ex.template.loopSlots
	var null *nullElement
	for count := 1; count <= MaxIterations && it.hasNext(); count++ {
		if slots.count >= 0 {
			ex.put(slots.count, value.OfInt(int64(count)))
		}
		v, err := it.next()
		if err != nil {
			ex.fail(n.pos, err)
			return
		}
		if slots.hasNext >= 0 {
			ex.put(slots.hasNext, value.OfBool(it.hasNext()))
		}
		ex.put(n.element, v)
		if l.status != nil {
			l.status.index++
			l.status.hasNext = it.hasNext()
		}
		if v.IsNull() {
			if null == nil {
				null = &nullElement{slot: n.element, active: true}
			}
			null.outer = ex.nulls
			ex.nulls = null
			n.body.render(ex)
			ex.nulls = null.outer
		} else {
			n.body.render(ex)
		}
		if ex.halt != running {
			l.stop(ex)
			return
		}
		if !ex.step(1, n.pos) {
			return
		}
	}
}

// stop takes a #break back if it is for this loop.
func (l *loop) stop(ex *Execution) {
	if ex.halt == haltBreak || ex.halt == haltLoop && ex.haltLoop == l.node {
		ex.halt, ex.haltLoop = running, nil
	}
}

func (l *loop) end(ex *Execution) {
	slots := &ex.template.loopSlots
	ex.restore(l.node.element, l.element)
	if slots.count >= 0 {
		ex.restore(slots.count, l.count)
	}
	if slots.hasNext >= 0 {
		ex.restore(slots.hasNext, l.hasNext)
	}
	if slots.scope < 0 {
		return
	}
	now := ex.get(slots.scope)
	status, ok := now.Object().(*loopObject)
	switch {
	case ok && status.parent != nil:
		ex.put(slots.scope, status.parent.value())
	case ok:
		ex.restore(slots.scope, status.replacedValue())
	case now.IsNull():
		ex.fail(l.node.pos, errors.New("$foreach was removed inside its loop"))
	}
}

// errConcurrentModification is Java's ConcurrentModificationException.
var errConcurrentModification = errors.New("the collection was changed while it was iterated over")

// errNoElement is Java's NoSuchElementException.
var errNoElement = errors.New("the iteration has no more elements")

// view says which part of a map is iterated over.
type view uint8

const (
	viewValues view = iota
	viewKeys
	viewEntries
)

// iterator is a java.util.Iterator over a list, a map or an array.
type iterator struct {
	list    *value.List
	m       *value.Map
	items   []value.Value
	view    view
	at      int
	more    bool // of a map: Java has the next entry in hand
	changes uint32
	removed bool // what next gave last
}

// over begins an iteration over a value; false if that is none that Velocity iterates over by itself.
func (it *iterator) over(v value.Value) bool {
	switch v.Kind() {
	case value.KindArray, value.KindList:
		it.overList(v.List())
		return true
	case value.KindMap:
		it.overMap(v.Map(), viewValues)
		return true
	case value.KindObject:
		return it.overObject(v.Object())
	}
	return false
}

func (it *iterator) overObject(o value.Object) bool {
	switch o := o.(type) {
	case Mapping:
		it.overMap(o.Map(), viewValues)
	case *mapView:
		it.overMap(o.m, o.view)
	case *arrayObject:
		it.items = o.item
	case *subList:
		it.items = o.items()
	default:
		return false
	}
	return true
}

func (it *iterator) overList(l *value.List) { it.list, it.changes = l, l.Changes() }

func (it *iterator) overMap(m *value.Map, w view) {
	it.m, it.view, it.changes, it.more = m, w, m.Changes(), m.Len() > 0
}

// iteratorOf gives the iterator a value is, which goes on where it was left.
func iteratorOf(v value.Value) *iterator {
	if o, ok := v.Object().(*iteratorObject); ok {
		return &o.iterator
	}
	return nil
}

func (it *iterator) hasNext() bool {
	switch {
	case it.list != nil:
		return it.at != it.list.Len()
	case it.m != nil:
		return it.more
	}
	return it.at < len(it.items)
}

// errNothingToRemove is Java's IllegalStateException.
var errNothingToRemove = errors.New("there is no element to remove")

// remove removes what next gave last.
func (it *iterator) remove() error {
	if it.at == 0 || it.removed {
		return errNothingToRemove
	}
	switch {
	case it.list != nil && it.changes == it.list.Changes():
		it.list.Remove(it.at - 1)
		it.changes = it.list.Changes()
	case it.m != nil && it.changes == it.m.Changes():
		key, _ := it.m.At(it.at - 1)
		it.m.Remove(key)
		it.changes = it.m.Changes()
	case it.list != nil || it.m != nil:
		return errConcurrentModification
	default:
		return errUnsupported
	}
	it.at--
	it.removed = true
	return nil
}

func (it *iterator) next() (value.Value, error) {
	it.removed = false
	switch {
	case it.list != nil:
		return it.nextItem()
	case it.m != nil:
		return it.nextEntry()
	case it.at >= len(it.items):
		return value.Value{}, errNoElement
	}
	it.at++
	return it.items[it.at-1], nil
}

func (it *iterator) nextItem() (value.Value, error) {
	if it.list.Changes() != it.changes {
		return value.Value{}, errConcurrentModification
	}
	if it.at >= it.list.Len() {
		return value.Value{}, errNoElement
	}
	it.at++
	return it.list.At(it.at - 1), nil
}

func (it *iterator) nextEntry() (value.Value, error) {
	if it.m.Changes() != it.changes {
		return value.Value{}, errConcurrentModification
	}
	if !it.more {
		return value.Value{}, errNoElement
	}
	key, val := it.m.At(it.at)
	it.at++
	it.more = it.at < it.m.Len()
	switch it.view {
	case viewKeys:
		return key, nil
	case viewEntries:
		return newEntry(it.m, key, val), nil
	}
	return val, nil
}
