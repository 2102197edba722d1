package vtl

import (
	"gatehouse/internal/value"
)

// mapGet gives a key of a map or a mapping.
func mapGet(v, key value.Value) (value.Value, bool) {
	if o, ok := v.Object().(Mapping); ok && key.Kind() == value.KindString {
		return o.Lookup(key.Str())
	}
	return mapOf(v).Get(key)
}

func mapPut(ex *Execution, v, key, val value.Value) value.Value {
	ex.allocate(2*bytesOf(0), 0)
	old, _ := mapOf(v).Put(key, val)
	return old
}

func viewOf(w view) call {
	return pure(func(v value.Value) value.Value { return newMapView(mapOf(v), w) })
}

// mapMethods are java.util.LinkedHashMap's.
var mapMethods = []method{
	{name: "size", call: pure(func(v value.Value) value.Value { return ofInt(mapOf(v).Len()) })},
	{name: "isEmpty", call: pure(func(v value.Value) value.Value { return value.OfBool(mapOf(v).Len() == 0) })},
	{name: "get", formals: []formal{formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		found, _ := mapGet(v, a[0])
		return found
	})},
	{name: "getOrDefault", formals: []formal{formalObject, formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		if found, ok := mapGet(v, a[0]); ok {
			return found
		}
		return a[1]
	})},
	{name: "containsKey", formals: []formal{formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		_, ok := mapGet(v, a[0])
		return value.OfBool(ok)
	})},
	{name: "containsValue", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		o := mapView{m: mapOf(v)}
		ex.step(o.m.Len(), 0)
		return value.OfBool(ex.indexIn(o.list(), a[0]) >= 0), nil
	}},
	{name: "put", formals: []formal{formalObject, formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		return mapPut(ex, v, a[0], a[1]), nil
	}},
	{name: "putIfAbsent", formals: []formal{formalObject, formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		if old, _ := mapGet(v, a[0]); !old.IsNull() {
			return old, nil
		}
		return mapPut(ex, v, a[0], a[1]), nil
	}},
	{name: "putAll", formals: []formal{formalMap}, void: true, call: putAll},
	{name: "remove", formals: []formal{formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		old, _ := mapOf(v).Remove(a[0])
		return old
	})},
	{name: "remove", formals: []formal{formalObject, formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		found, ok := mapOf(v).Get(a[0])
		ok = ok && ex.equals(found, a[1])
		if ok {
			mapOf(v).Remove(a[0])
		}
		return value.OfBool(ok), nil
	}},
	{name: "replace", formals: []formal{formalObject, formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		found, ok := mapOf(v).Get(a[0])
		if ok {
			mapOf(v).Put(a[0], a[1])
		}
		return found
	})},
	{name: "replace", formals: []formal{formalObject, formalObject, formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		found, ok := mapOf(v).Get(a[0])
		ok = ok && ex.equals(found, a[1])
		if ok {
			mapOf(v).Put(a[0], a[2])
		}
		return value.OfBool(ok), nil
	}},
	{name: "clear", void: true, call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		mapOf(v).Clear()
		return value.Value{}, nil
	}},
	{name: "keySet", call: viewOf(viewKeys)}, {name: "values", call: viewOf(viewValues)}, {name: "entrySet", call: viewOf(viewEntries)},
	{name: "clone", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		m := value.NewMap(mapOf(v).Len())
		ex.allocate(2*bytesOf(mapOf(v).Len()), 0)
		for _, e := range mapOf(v).Entries() {
			m.Put(e.Key, e.Val)
		}
		return value.OfMap(m), nil
	}},
}

func putAll(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
	if a[0].IsNull() {
		return value.Value{}, errNullArgument
	}
	from := mapOf(a[0]).Entries()
	if ex.step(len(from), 0) && ex.allocate(2*bytesOf(len(from)), 0) {
		to := mapOf(v)
		for _, e := range append([]value.Entry(nil), from...) {
			to.Put(e.Key, e.Val)
		}
	}
	return value.Value{}, nil
}
