package vtl

import (
	"fmt"

	"gatehouse/internal/value"
)

// maxWalk is how deep comparing and hashing go. Java runs out of stack at a few thousand.
const maxWalk = 2000

// maxKey is how many values a key of a map may consist of, if it is a map or list.
const maxKey = 10_000

// equals is Java's Object.equals. It counts steps: values that hold one another many times take as long as the tree they stand for.
func (ex *Execution) equals(a, b value.Value) bool { return ex.equalWithin(a, b, maxWalk) }

func (ex *Execution) equalWithin(a, b value.Value, depth int) bool {
	if depth == 0 {
		ex.fail(ex.at, errTooDeep)
	}
	if !ex.step(1, 0) {
		return false
	}
	if a.Kind() == value.KindObject || b.Kind() == value.KindObject {
		return ex.equalObjects(a, b, depth)
	}
	switch {
	case a.IsSequence() && b.IsSequence():
		x, y := a.List(), b.List()
		return x == y || ex.equalItems(x.Items(), y.Items(), depth-1)
	case a.Kind() == value.KindMap && b.Kind() == value.KindMap:
		return ex.equalMaps(a.Map(), b.Map(), depth-1)
	}
	return value.Equal(a, b)
}

// errTooDeep is Java's StackOverflowError.
var errTooDeep = fmt.Errorf("%w: a value is nested more than %d deep", ErrLimit, maxWalk)

func (ex *Execution) equalItems(a, b []value.Value, depth int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !ex.equalWithin(a[i], b[i], depth) {
			return false
		}
	}
	return true
}

func (ex *Execution) equalMaps(a, b *value.Map, depth int) bool {
	if a == b {
		return true
	}
	if a.Len() != b.Len() {
		return false
	}
	for _, e := range a.Entries() {
		if !ex.keyFits(b, e.Key) {
			return false
		}
		other, ok := b.Get(e.Key)
		if !ok || !ex.equalWithin(e.Val, other, depth) {
			return false
		}
	}
	return true
}

func (ex *Execution) equalObjects(a, b value.Value, depth int) bool {
	x, y := plain(a), plain(b)
	if x.Kind() != value.KindObject || y.Kind() != value.KindObject {
		return x.Kind() != value.KindObject && y.Kind() != value.KindObject && ex.equalWithin(x, y, depth-1)
	}
	switch o := x.Object().(type) {
	case *entryObject:
		f, ok := y.Object().(*entryObject)
		return ok && ex.equalWithin(o.key, f.key, depth-1) && ex.equalWithin(o.current(), f.current(), depth-1)
	case *classObject:
		d, ok := y.Object().(*classObject)
		return ok && o.name == d.name
	}
	return value.Equal(x, y)
}

// plain gives what an object is equal to: the map behind a mapping, a list for a part of a list or a set.
func plain(v value.Value) value.Value {
	if v.Kind() != value.KindObject {
		return v
	}
	switch o := v.Object().(type) {
	case Mapping:
		return value.OfMap(o.Map())
	case *subList:
		return value.OfList(value.NewList(o.items()...))
	case *mapView:
		if o.view == viewKeys {
			m := value.NewMap(o.m.Len())
			for _, e := range o.m.Entries() {
				if e.Key.Kind() == value.KindString { // keys of other kinds are rare, and comparing them may take long
					m.Put(e.Key, value.OfBool(true))
				}
			}
			return value.OfMap(m)
		}
	}
	return v
}

// keyFits counts what looking a key up may cost, if it is a map or list, and reports whether that is little enough.
func (ex *Execution) keyFits(m *value.Map, key value.Value) bool {
	if !key.IsSequence() && key.Kind() != value.KindMap {
		return true
	}
	left := maxKey
	countValues(key, &left)
	if left <= 0 {
		ex.fail(ex.at, fmt.Errorf("%w: a key of more than %d values", ErrLimit, maxKey))
	}
	return ex.step((maxKey-left)*(1+m.Len()), 0)
}

// countValues takes the number of values in v from left, until nothing is left.
func countValues(v value.Value, left *int) {
	*left--
	if *left <= 0 {
		return
	}
	if l := v.List(); l != nil {
		for _, item := range l.Items() {
			countValues(item, left)
			if *left <= 0 {
				return
			}
		}
	}
	if m := v.Map(); m != nil {
		for _, e := range m.Entries() {
			countValues(e.Key, left)
			countValues(e.Val, left)
			if *left <= 0 {
				return
			}
		}
	}
}
