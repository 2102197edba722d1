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
