package vtl

import (
	"errors"
	"fmt"

	"gatehouse/internal/value"
)

// assign sets the property or index the reference ends with. Nothing happens if there is nothing to set it on (quirk bracket-assign).
func (r *reference) assign(ex *Execution, v value.Value) {
	target := ex.get(r.slot)
	last := len(r.steps) - 1
	for i := 0; i < last && !target.IsNull() && ex.halt == running; i++ {
		target = ex.take(target, &r.steps[i])
	}
	if target.IsNull() || ex.halt != running {
		return
	}
	s := &r.steps[last]
	if s.kind != stepIndex {
		// A method at the end counts as a property of its name.
		ex.assignProperty(target, value.OfString(s.name), v)
		return
	}
	index := s.index.value(ex)
	if index = ex.fromEnd(index, target, s.pos); ex.halt == running {
		ex.assignIndex(target, index, v, s.pos)
	}
}

func (ex *Execution) assignProperty(target, key, v value.Value) {
	if m := mapOf(target); m != nil {
		m.Put(key, v)
		ex.allocate(2*bytesOf(0), 0)
	}
}

// assignIndex is set(index, v) or else put(index, v), whichever the object has.
func (ex *Execution) assignIndex(target, index, v value.Value, pos int) {
	if m := mapOf(target); m != nil {
		if ex.keyFits(m, index) && ex.allocate(2*bytesOf(0), 0) {
			m.Put(index, v)
		}
		return
	}
	if index.Kind() != value.KindInteger {
		return
	}
	i := int(index.Int())
	var err error
	switch {
	case target.IsSequence():
		if err = inRange(i, target.List().Len()); err == nil {
			target.List().Set(i, v)
		}
	case target.Kind() == value.KindObject:
		if a, ok := target.Object().(settable); ok {
			err = a.set(i, v)
		}
	}
	if err != nil {
		ex.fail(pos, err)
	}
}

// settable is an object with set(int, Object).
type settable interface {
	set(i int, v value.Value) error
}

// inRange is Java's check of an index.
func inRange(i, length int) error {
	if i < 0 || i >= length {
		return fmt.Errorf("Index %d out of bounds for length %d", i, length) //nolint:staticcheck,revive // Java's words
	}
	return nil
}

// mapOf gives the map a value is, or nil.
func mapOf(v value.Value) *value.Map {
	if m := v.Map(); m != nil {
		return m
	}
	if m, ok := v.Object().(Mapping); ok {
		return m.Map()
	}
	return nil
}

// index is value[index]: get(index).
func (ex *Execution) index(v value.Value, s *step) value.Value {
	key := s.key
	if !s.isConstant {
		key = s.index.value(ex)
		if ex.halt != running {
			return value.Value{}
		}
	}
	if v.IsSequence() && key.Kind() == value.KindInteger {
		l, i := v.List(), int(key.Int())
		if i < 0 {
			i += l.Len()
		}
		if err := inRange(i, l.Len()); err != nil {
			ex.fail(s.pos, err)
			return value.Value{}
		}
		return l.At(i)
	}
	key = ex.fromEnd(key, v, s.pos)
	if ex.halt != running {
		return value.Value{}
	}
	if m := v.Map(); m != nil && ex.keyFits(m, key) {
		found, _ := m.Get(key)
		return found
	}
	if v.Kind() != value.KindObject {
		return value.Value{}
	}
	return ex.indexObject(v, key, s.pos)
}

func (ex *Execution) indexObject(v, key value.Value, pos int) value.Value {
	switch o := v.Object().(type) {
	case Mapping:
		if !ex.keyFits(o.Map(), key) {
			return value.Value{}
		}
		return lookup(o, key)
	case *classObject:
		// get() is looked for in the class the object stands for, too, where it needs an instance.
		if isMap := o.name == classNames[classMap]; isMap || key.Kind() == value.KindInteger && o.isList() {
			ex.fail(pos, errNotInstance)
		}
		return value.Value{}
	case sequence:
		if key.Kind() != value.KindInteger {
			return value.Value{}
		}
		items := o.items()
		if err := inRange(int(key.Int()), len(items)); err != nil {
			ex.fail(pos, err)
			return value.Value{}
		}
		return items[key.Int()]
	}
	return value.Value{}
}

// lookup finds one key of a mapping without asking for all of it.
func lookup(o Mapping, key value.Value) value.Value {
	if key.Kind() == value.KindString {
		found, _ := o.Lookup(key.Str())
		return found
	}
	found, _ := o.Map().Get(key)
	return found
}

// errNoSize is Velocity's complaint about a negative index of something without size().
var errNoSize = errors.New("a negative index needs an object with a size() method")

// fromEnd counts a negative index from the end: size() + index.
func (ex *Execution) fromEnd(index, target value.Value, pos int) value.Value {
	if index.Kind() != value.KindInteger || index.Int() >= 0 {
		return index
	}
	size, ok := sizeOf(target)
	if !ok {
		ex.fail(pos, errNoSize)
		return index
	}
	return value.OfInteger(int32(size) + int32(index.Int()))
}

// sizeOf gives what the object's size() gives.
func sizeOf(v value.Value) (int, bool) {
	if l := v.List(); l != nil {
		return l.Len(), true
	}
	if m := mapOf(v); m != nil {
		return m.Len(), true
	}
	switch o := v.Object().(type) {
	case sequence:
		return len(o.items()), true
	case *mapView:
		return o.m.Len(), true
	}
	return 0, false
}
