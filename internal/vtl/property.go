package vtl

import (
	"math"

	"gatehouse/internal/value"
)

// property is value.name, looked for as Velocity does: getName(), then a map's key, then isName(). A key called "class" cannot be reached
// by name, because everything has getClass().
func (ex *Execution) property(v value.Value, s *step) value.Value {
	switch v.Kind() {
	case value.KindMap:
		if s.name == "class" || s.name == "Class" {
			return classValue(v)
		}
		found, _ := v.Map().GetString(s.name)
		return found
	case value.KindObject:
		return ex.objectProperty(v, s)
	case value.KindNull:
		return value.Value{}
	}
	if s.name == "class" || s.name == "Class" {
		return classValue(v)
	}
	return ex.beanProperty(v, s.name)
}

func classValue(v value.Value) value.Value { return value.OfObject(&classObject{className(v)}) }

func (ex *Execution) objectProperty(v value.Value, s *step) value.Value {
	switch o := v.Object().(type) {
	case *loopObject:
		if found, ok := o.property(s.name); ok {
			return found
		}
		if s.name == "class" || s.name == "Class" {
			return classValue(v)
		}
		found, _ := o.Lookup(s.name)
		return found
	case Mapping:
		if s.name == "class" || s.name == "Class" {
			return classValue(v)
		}
		found, _ := o.Lookup(s.name)
		return found
	case Receiver:
		found, err := o.Property(ex, s.name)
		if err != nil {
			ex.fail(s.pos, err)
		}
		return found
	case *classObject:
		return ex.invokeGetter(v, s, s.name)
	case *entryObject:
		return entryProperty(o, s.name)
	}
	if s.name == "class" || s.name == "Class" {
		return classValue(v)
	}
	return ex.beanProperty(v, s.name)
}

func entryProperty(e *entryObject, name string) value.Value {
	switch name {
	case "key", "Key":
		return e.key
	case "value", "Value":
		return e.current()
	case "class", "Class":
		return classValue(value.OfObject(e))
	}
	return value.Value{}
}

// beanProperty is a getter without arguments of a class that is no map.
func (ex *Execution) beanProperty(v value.Value, name string) value.Value {
	switch name {
	case "empty", "Empty":
		return emptyProperty(v)
	case "blank", "Blank":
		if v.Kind() == value.KindString {
			return value.OfBool(isBlank(v.Str()))
		}
	case "bytes", "Bytes":
		if v.Kind() == value.KindString {
			return bytesValue(v.Str())
		}
	case "naN", "NaN":
		if v.Kind() == value.KindDouble || v.Kind() == value.KindFloat {
			return value.OfBool(math.IsNaN(v.Float64()))
		}
	case "infinite", "Infinite":
		if v.Kind() == value.KindDouble || v.Kind() == value.KindFloat {
			return value.OfBool(math.IsInf(v.Float64(), 0))
		}
	case "lowestSetBit", "LowestSetBit":
		if i := v.BigInteger(); i != nil {
			return value.OfInt(int64(lowestSetBit(i)))
		}
	}
	return value.Value{}
}

// emptyProperty is isEmpty().
func emptyProperty(v value.Value) value.Value {
	if v.Kind() == value.KindString {
		return value.OfBool(v.Str() == "")
	}
	if _, ok := v.Object().(*arrayObject); ok {
		return value.Value{} // a Java array has the methods of a list, but not its properties
	}
	if n, ok := sizeOf(v); ok {
		return value.OfBool(n == 0)
	}
	return value.Value{}
}
