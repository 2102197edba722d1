package vtl

import "gatehouse/internal/value"

// class is a Java class as far as methods go. Classes that print differently but have the same methods share one.
type class uint8

const (
	classNone class = iota
	classString
	classBoolean
	classInteger
	classLong
	classBigInteger
	classFloat
	classDouble
	classBigDecimal
	classMap
	classList
	classArray // JSONArray: a list with methods of its own
	classCharacter
	classJavaArray // the methods Velocity gives to Java arrays
	classSubList
	classView // keySet(), values(), entrySet()
	classEntry
	classIterator
	classClass
	classBlock
	classLoop
	classReceiver
	classCount
)

// classOf gives the class of a value.
func classOf(v value.Value) class {
	switch v.Kind() {
	case value.KindString:
		return classString
	case value.KindBoolean:
		return classBoolean
	case value.KindInteger:
		return classInteger
	case value.KindLong:
		return classLong
	case value.KindBigInteger:
		return classBigInteger
	case value.KindFloat:
		return classFloat
	case value.KindDouble:
		return classDouble
	case value.KindBigDecimal:
		return classBigDecimal
	case value.KindMap:
		return classMap
	case value.KindList:
		return classList
	case value.KindArray:
		return classArray
	case value.KindObject:
		return classOfObject(v.Object())
	}
	return classNone
}

func classOfObject(o value.Object) class {
	switch o.(type) {
	case character:
		return classCharacter
	case *arrayObject:
		return classJavaArray
	case *subList:
		return classSubList
	case *mapView:
		return classView
	case *entryObject:
		return classEntry
	case *iteratorObject:
		return classIterator
	case *classObject:
		return classClass
	case *blockObject:
		return classBlock
	case *loopObject:
		return classLoop
	case Mapping:
		return classMap
	case Receiver:
		return classReceiver
	}
	return classNone
}

// className gives what getClass().getName() gives.
func className(v value.Value) string {
	switch v.Kind() {
	case value.KindMap:
		return "java.util.LinkedHashMap"
	case value.KindList:
		return "java.util.ArrayList"
	case value.KindArray:
		return "net.minidev.json.JSONArray"
	case value.KindBigInteger, value.KindBigDecimal:
		return "java.math." + v.Kind().String()
	case value.KindObject:
		return objectClassName(v.Object())
	}
	return "java.lang." + v.Kind().String()
}

func objectClassName(o value.Object) string {
	switch o := o.(type) {
	case character:
		return "java.lang.Character"
	case *arrayObject:
		return o.class
	case *subList:
		return "java.util.ArrayList$SubList"
	case *mapView:
		return [...]string{
			viewValues:  "java.util.LinkedHashMap$LinkedValues",
			viewKeys:    "java.util.LinkedHashMap$LinkedKeySet",
			viewEntries: "java.util.LinkedHashMap$LinkedEntrySet",
		}[o.view]
	case *entryObject:
		return "java.util.LinkedHashMap$Entry"
	case *iteratorObject:
		return o.className()
	case *classObject:
		return "java.lang.Class"
	case *blockObject:
		return "org.apache.velocity.runtime.directive.Block$Reference"
	case *loopObject:
		return "org.apache.velocity.runtime.directive.ForeachScope"
	}
	return "java.lang.Object"
}

// sameClass reports whether equals, and not the text, decides about "==": one class is the other or extends it.
func sameClass(a, b value.Value) bool {
	x, y := classOf(a), classOf(b)
	switch {
	case a.IsSequence() && b.IsSequence():
		return true
	case x != y:
		return false
	case x == classView:
		return a.Object().(*mapView).view == b.Object().(*mapView).view
	}
	return true
}

// equals is Java's Object.equals.
func equals(a, b value.Value) bool {
	if a.Kind() != value.KindObject && b.Kind() != value.KindObject {
		return value.Equal(a, b)
	}
	x, y := plain(a), plain(b)
	if x.Kind() != value.KindObject || y.Kind() != value.KindObject {
		return x.Kind() == y.Kind() && value.Equal(x, y)
	}
	if e, ok := x.Object().(*entryObject); ok {
		f, ok := y.Object().(*entryObject)
		return ok && equals(e.key, f.key) && equals(e.current(), f.current())
	}
	if c, ok := x.Object().(*classObject); ok {
		d, ok := y.Object().(*classObject)
		return ok && c.name == d.name
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
				m.Put(e.Key, value.OfBool(true))
			}
			return value.OfMap(m)
		}
	}
	return v
}

// Options of hashing: Java's String.hashCode starts at 0 and multiplies by 31, as lists do from 1.
const hashFactor = 31

// hash is Java's hashCode. Objects without a hash of their own have 0, where Java has an address.
func hash(v value.Value) int32 {
	switch v.Kind() {
	case value.KindString:
		return HashString(v.Str())
	case value.KindBoolean:
		if v.Bool() {
			return 1231
		}
		return 1237
	case value.KindInteger:
		return int32(v.Int())
	case value.KindLong:
		return int32(v.Int() ^ int64(uint64(v.Int())>>32))
	case value.KindFloat, value.KindDouble:
		return hashFloat(v)
	case value.KindBigInteger:
		return hashBigInteger(v.BigInteger())
	case value.KindBigDecimal:
		d := v.BigDecimal()
		return hashFactor*hashBigDecimal(d) + d.Scale
	case value.KindList, value.KindArray:
		return hashItems(v.List().Items())
	case value.KindMap:
		return hashMap(v.Map())
	}
	return hashObject(v)
}

// HashString is java.lang.String.hashCode.
func HashString(s string) int32 {
	var h int32
	for _, unit := range appendUTF16(nil, s) {
		h = hashFactor*h + int32(unit)
	}
	return h
}

func hashItems(items []value.Value) int32 {
	h := int32(1)
	for _, item := range items {
		h *= hashFactor
		if !item.IsNull() {
			h += hash(item)
		}
	}
	return h
}

func hashMap(m *value.Map) int32 {
	var h int32
	for _, e := range m.Entries() {
		h += hash(e.Key) ^ hash(e.Val)
	}
	return h
}

func hashObject(v value.Value) int32 {
	switch o := v.Object().(type) {
	case character:
		return int32(o)
	case Mapping:
		return hashMap(o.Map())
	case *subList:
		return hashItems(o.items())
	case *entryObject:
		return hash(o.key) ^ hash(o.current())
	case *mapView:
		var h int32
		for _, item := range o.list() {
			h += hash(item)
		}
		return h
	}
	return 0
}
