package vtl

import (
	"fmt"

	"gatehouse/internal/value"
)

// itemsOf gives the items of anything that is a java.util.Collection or an array. They must not be changed.
func itemsOf(v value.Value) []value.Value {
	if l := v.List(); l != nil {
		return l.Items()
	}
	switch o := v.Object().(type) {
	case sequence:
		return o.items()
	case *mapView:
		return o.list()
	}
	return nil
}

func (ex *Execution) indexIn(items []value.Value, v value.Value) int {
	for i := range items {
		if ex.equals(items[i], v) {
			return i
		}
	}
	return -1
}

func (ex *Execution) lastIndexIn(items []value.Value, v value.Value) int {
	for i := len(items) - 1; i >= 0; i-- {
		if ex.equals(items[i], v) {
			return i
		}
	}
	return -1
}

// scan counts the steps of a walk over a collection.
func scan(f func(ex *Execution, items, a []value.Value) value.Value) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		items := itemsOf(v)
		if !ex.step(len(items), 0) {
			return value.Value{}, nil
		}
		return f(ex, items, a), nil
	}
}

func containsAll(ex *Execution, items, a []value.Value) value.Value {
	for _, v := range itemsOf(a[0]) {
		if ex.indexIn(items, v) < 0 {
			return value.OfBool(false)
		}
	}
	return value.OfBool(true)
}

func ofInt(i int) value.Value { return value.OfInteger(int32(i)) }

// sequenceMethods are the methods of lists that do not change them. Velocity gives them to Java arrays too.
var sequenceMethods = []method{
	{name: "size", call: pure(func(v value.Value) value.Value { return ofInt(len(itemsOf(v))) })},
	{name: "isEmpty", call: pure(func(v value.Value) value.Value { return value.OfBool(len(itemsOf(v)) == 0) })},
	{name: "get", formals: []formal{formalInt}, call: checked(getItem)},
	{name: "set", formals: []formal{formalInt, formalObject}, call: checked(setItem)},
	{name: "contains", formals: []formal{formalObject}, call: scan(func(ex *Execution, items, a []value.Value) value.Value {
		return value.OfBool(ex.indexIn(items, a[0]) >= 0)
	})},
	{name: "indexOf", formals: []formal{formalObject}, call: scan(func(ex *Execution, items, a []value.Value) value.Value {
		return ofInt(ex.indexIn(items, a[0]))
	})},
	{name: "lastIndexOf", formals: []formal{formalObject}, call: scan(func(ex *Execution, items, a []value.Value) value.Value {
		return ofInt(ex.lastIndexIn(items, a[0]))
	})},
	{name: "containsAll", formals: []formal{formalCollection}, call: scan(containsAll)},
	{name: "iterator", call: iterate}, {name: "listIterator", call: iterate},
	{name: "listIterator", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if i := a[0].Int(); i < 0 || int(i) > len(itemsOf(v)) {
			return value.Value{}, fmt.Errorf("Index: %d", i) //nolint:staticcheck,revive // Java's words
		}
		o := &iteratorObject{}
		o.over(v)
		o.at = int(a[0].Int())
		return value.OfObject(o), nil
	})},
	{name: "toArray", call: toArray}, {name: "toArray", formals: []formal{formalObjects}, call: toArray},
}

// toArray copies into a new array, or into the one given if that is large enough.
func toArray(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
	items := itemsOf(v)
	ex.allocate(bytesOf(len(items)), 0)
	array := append([]value.Value(nil), items...)
	if len(a) == 0 {
		return value.OfObject(&arrayObject{"[Ljava.lang.Object;", array}), nil
	}
	if a[0].IsNull() {
		return value.Value{}, errNullArgument
	}
	given := a[0].Object().(*arrayObject)
	if len(given.item) < len(items) {
		return value.OfObject(&arrayObject{given.class, array}), nil
	}
	if copy(given.item, items) < len(given.item) {
		given.item[len(items)] = value.Value{}
	}
	return a[0], nil
}

// arrayMethods are what fails on a Java array: its length cannot change.
var arrayMethods = []method{
	{name: "add", formals: oneObject, call: failing1(errUnsupported)},
	{name: "add", formals: []formal{formalInt, formalObject}, call: failing1(errUnsupported)},
	{name: "remove", formals: oneInt, call: failing1(errUnsupported)}, {name: "clear", call: failing1(errUnsupported)},
	{name: "remove", formals: oneObject, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		if ex.indexIn(itemsOf(v), a[0]) >= 0 {
			return value.Value{}, errUnsupported
		}
		return value.OfBool(false), nil
	}},
}

func getItem(v value.Value, a []value.Value) (value.Value, error) {
	items, i := itemsOf(v), int(a[0].Int())
	if err := inRange(i, len(items)); err != nil {
		return value.Value{}, err
	}
	return items[i], nil
}

func setItem(v value.Value, a []value.Value) (value.Value, error) {
	old, err := getItem(v, a)
	if err != nil {
		return old, err
	}
	if l := v.List(); l != nil {
		return l.Set(int(a[0].Int()), a[1]), nil
	}
	if s, ok := v.Object().(settable); ok {
		err = s.set(int(a[0].Int()), a[1])
	}
	return old, err
}

func iterate(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
	o := &iteratorObject{}
	o.over(v)
	return value.OfObject(o), nil
}

// listMethods are what else java.util.ArrayList has.
var listMethods = []method{
	{name: "add", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		ex.allocate(24, 0)
		v.List().Append(a[0])
		return value.OfBool(true), nil
	}},
	{name: "add", formals: []formal{formalInt, formalObject}, void: true, call: insertItem},
	{name: "remove", formals: []formal{formalInt}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if err := inRange(int(a[0].Int()), v.List().Len()); err != nil {
			return value.Value{}, err
		}
		return v.List().Remove(int(a[0].Int())), nil
	})},
	{name: "remove", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		i := ex.indexIn(v.List().Items(), a[0])
		if i >= 0 {
			v.List().Remove(i)
		}
		return value.OfBool(i >= 0), nil
	}},
	{name: "clear", void: true, call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		v.List().Clear()
		return value.Value{}, nil
	}},
	{name: "addAll", formals: []formal{formalCollection}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		return insertAll(ex, v.List(), v.List().Len(), a[0])
	}},
	{name: "addAll", formals: []formal{formalInt, formalCollection}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		return insertAll(ex, v.List(), int(a[0].Int()), a[1])
	}},
	{name: "removeAll", formals: []formal{formalCollection}, call: filter(false)},
	{name: "retainAll", formals: []formal{formalCollection}, call: filter(true)},
	{name: "subList", formals: []formal{formalInt, formalInt}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		return partOf(v.List(), 0, a)
	})},
	{name: "clone", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		ex.allocate(bytesOf(v.List().Len()), 0)
		l := value.NewList(append([]value.Value(nil), v.List().Items()...)...)
		if v.Kind() == value.KindArray {
			return value.OfArray(l), nil
		}
		return value.OfList(l), nil
	}},
	{name: "trimToSize", void: true, call: pure(func(value.Value) value.Value { return value.Value{} })},
	{name: "ensureCapacity", formals: []formal{formalInt}, void: true, call: pure(func(value.Value) value.Value { return value.Value{} })},
}

func insertItem(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
	l, i := v.List(), int(a[0].Int())
	if i < 0 || i > l.Len() {
		return value.Value{}, fmt.Errorf("Index: %d, Size: %d", i, l.Len()) //nolint:staticcheck,revive // Java's words
	}
	if ex.step(l.Len()-i, 0) && ex.allocate(24, 0) {
		l.Insert(i, a[1])
	}
	return value.Value{}, nil
}

func insertAll(ex *Execution, l *value.List, at int, v value.Value) (value.Value, error) {
	if at < 0 || at > l.Len() {
		return value.Value{}, fmt.Errorf("Index: %d, Size: %d", at, l.Len()) //nolint:staticcheck,revive // Java's words
	}
	if v.IsNull() {
		return value.Value{}, errNullArgument
	}
	items := append([]value.Value(nil), itemsOf(v)...)
	if !ex.step(len(items)*(1+l.Len()-at), 0) || !ex.allocate(bytesOf(len(items)), 0) {
		return value.Value{}, nil
	}
	for i, item := range items {
		l.Insert(at+i, item)
	}
	return value.OfBool(len(items) > 0), nil
}

// filter keeps the items that are in a collection, or those that are not.
func filter(keep bool) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		l, other := v.List(), itemsOf(a[0])
		if !ex.step(l.Len()*(1+len(other)), 0) {
			return value.Value{}, nil
		}
		changed := false
		for i := l.Len() - 1; i >= 0; i-- {
			if (ex.indexIn(other, l.At(i)) >= 0) != keep {
				l.Remove(i)
				changed = true
			}
		}
		return value.OfBool(changed), nil
	}
}

// partOf makes a subList.
func partOf(l *value.List, base int, a []value.Value) (value.Value, error) {
	from, to := int(a[0].Int()), int(a[1].Int())
	switch {
	case from < 0:
		return value.Value{}, fmt.Errorf("fromIndex = %d", from)
	case base+to > l.Len():
		return value.Value{}, fmt.Errorf("toIndex = %d", to)
	case from > to:
		return value.Value{}, fmt.Errorf("fromIndex(%d) > toIndex(%d)", from, to)
	}
	return value.OfObject(&subList{l, base + from, base + to}), nil
}

// subListMethods are what a part of a list can do to the list.
var subListMethods = []method{
	{name: "subList", formals: []formal{formalInt, formalInt}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		s := v.Object().(*subList)
		if int(a[1].Int()) > len(s.items()) {
			return value.Value{}, fmt.Errorf("toIndex = %d", a[1].Int())
		}
		return partOf(s.list, s.from, a)
	})},
	{name: "clear", void: true, call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		s := v.Object().(*subList)
		for ; s.to > s.from; s.to-- {
			s.list.Remove(s.to - 1)
		}
		return value.Value{}, nil
	}},
	{name: "add", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		s := v.Object().(*subList)
		if ex.step(s.list.Len()-s.to, 0) && ex.allocate(24, 0) {
			s.list.Insert(s.to, a[0])
			s.to++
		}
		return value.OfBool(true), nil
	}},
	{name: "remove", formals: oneObject, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		s := v.Object().(*subList)
		i := ex.indexIn(s.items(), a[0])
		if i >= 0 {
			s.to--
			s.list.Remove(s.from + i)
		}
		return value.OfBool(i >= 0), nil
	}},
	{name: "remove", formals: []formal{formalInt}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		s := v.Object().(*subList)
		if err := inRange(int(a[0].Int()), len(s.items())); err != nil {
			return value.Value{}, err
		}
		s.to--
		return s.list.Remove(s.from + int(a[0].Int())), nil
	})},
}

// jsonArrayMethods are what json-smart's JSONArray adds to ArrayList.
var jsonArrayMethods = []method{
	{name: "toJSONString", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		return value.OfString(ex.Text(v)), nil
	}},
	{name: "appendElement", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		ex.allocate(24, 0)
		v.List().Append(a[0])
		return v, nil
	}},
}

// viewMethods are those of a map's keySet(), values() and entrySet().
var viewMethods = []method{
	{name: "size", call: pure(func(v value.Value) value.Value { return ofInt(v.Object().(*mapView).m.Len()) })},
	{name: "isEmpty", call: pure(func(v value.Value) value.Value { return value.OfBool(v.Object().(*mapView).m.Len() == 0) })},
	{name: "contains", formals: []formal{formalObject}, call: scan(func(ex *Execution, items, a []value.Value) value.Value {
		return value.OfBool(ex.indexIn(items, a[0]) >= 0)
	})},
	{name: "containsAll", formals: []formal{formalCollection}, call: scan(containsAll)},
	{name: "iterator", call: iterate},
	{name: "toArray", call: toArray}, {name: "toArray", formals: []formal{formalObjects}, call: toArray},
	{name: "remove", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		o := v.Object().(*mapView)
		items := o.list()
		i := ex.indexIn(items, a[0])
		if i >= 0 && ex.step(len(items), 0) {
			key, _ := o.m.At(i)
			o.m.Remove(key)
		}
		return value.OfBool(i >= 0), nil
	}},
	{name: "clear", void: true, call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		v.Object().(*mapView).m.Clear()
		return value.Value{}, nil
	}},
	{name: "removeAll", formals: []formal{formalCollection}, call: filterView(false)},
	{name: "retainAll", formals: []formal{formalCollection}, call: filterView(true)},
	{name: "add", formals: []formal{formalObject}, call: failing1(errUnsupported)},
	{name: "addAll", formals: []formal{formalCollection}, call: failing1(errUnsupported)},
}

func filterView(keep bool) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		o, other := v.Object().(*mapView), itemsOf(a[0])
		if !ex.step(o.m.Len()*(1+len(other)), 0) {
			return value.Value{}, nil
		}
		changed := false
		for i := o.m.Len() - 1; i >= 0; i-- {
			if (ex.indexIn(other, o.at(i)) >= 0) != keep {
				key, _ := o.m.At(i)
				o.m.Remove(key)
				changed = true
			}
		}
		return value.OfBool(changed), nil
	}
}
