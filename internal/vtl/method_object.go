package vtl

import (
	"errors"
	"strings"

	"gatehouse/internal/value"
)

// errMonitor is Java's IllegalMonitorStateException.
var errMonitor = errors.New("current thread is not owner")

// objectMethods are java.lang.Object's.
var objectMethods = []method{
	{name: "toString", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		text, ok := ex.text(v)
		if !ok {
			return value.Value{}, nil
		}
		return value.OfString(text), nil
	}},
	{name: "equals", formals: []formal{formalObject}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		return value.OfBool(ex.equals(v, a[0])), nil
	}},
	{name: "hashCode", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		return value.OfInteger(ex.hash(v)), nil
	}},
	{name: "getClass", call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		return classValue(v), nil
	}},
	{name: "notify", call: monitor}, {name: "notifyAll", call: monitor}, {name: "wait", call: monitor},
}

func monitor(*Execution, value.Value, []value.Value) (value.Value, error) {
	return value.Value{}, errMonitor
}

// pure makes a call of a function of the receiver alone.
func pure(f func(value.Value) value.Value) call {
	return func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) { return f(v), nil }
}

// with makes a call of a function of the receiver and its arguments that cannot fail.
func with(f func(v value.Value, a []value.Value) value.Value) call {
	return func(_ *Execution, v value.Value, a []value.Value) (value.Value, error) { return f(v, a), nil }
}

// checked makes a call of a function of the receiver and its arguments.
func checked(f func(v value.Value, a []value.Value) (value.Value, error)) call {
	return func(_ *Execution, v value.Value, a []value.Value) (value.Value, error) { return f(v, a) }
}

// errNullArgument is Java's NullPointerException.
var errNullArgument = errors.New("an argument is null")

// errClassCast is Java's ClassCastException.
var errClassCast = errors.New("an argument is of the wrong class")

// errUnsupported is Java's UnsupportedOperationException.
var errUnsupported = errors.New("the operation is not supported")

func failing1(err error) call {
	return func(*Execution, value.Value, []value.Value) (value.Value, error) { return value.Value{}, err }
}

var entryMethods = []method{
	{name: "getKey", call: pure(func(v value.Value) value.Value { return v.Object().(*entryObject).key })},
	{name: "getValue", call: pure(func(v value.Value) value.Value { return v.Object().(*entryObject).current() })},
	{name: "setValue", formals: []formal{formalObject}, call: with(func(v value.Value, a []value.Value) value.Value {
		e := v.Object().(*entryObject)
		old := e.current()
		if _, ok := e.m.Get(e.key); ok {
			e.m.Put(e.key, a[0])
		}
		e.val = a[0]
		return old
	})},
}

var iteratorMethods = []method{
	{name: "hasNext", call: pure(func(v value.Value) value.Value { return value.OfBool(v.Object().(*iteratorObject).hasNext()) })},
	{name: "next", call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		return v.Object().(*iteratorObject).next()
	}},
	{name: "remove", void: true, call: func(_ *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		return value.Value{}, v.Object().(*iteratorObject).remove()
	}},
}

var loopMethods = []method{
	{name: "getIndex", call: loopGetter("index")}, {name: "getCount", call: loopGetter("count")},
	{name: "hasNext", call: loopGetter("hasNext")}, {name: "getHasNext", call: loopGetter("hasNext")},
	{name: "isFirst", call: loopGetter("first")}, {name: "getFirst", call: loopGetter("first")},
	{name: "isLast", call: loopGetter("last")}, {name: "getLast", call: loopGetter("last")},
	{name: "getParent", call: loopGetter("parent")}, {name: "getTopmost", call: loopGetter("topmost")},
	{name: "getReplaced", call: loopGetter("replaced")},
}

func loopGetter(name string) call {
	return pure(func(v value.Value) value.Value {
		found, _ := v.Object().(*loopObject).property(name)
		return found
	})
}

var characterMethods = []method{
	{name: "charValue", call: pure(func(v value.Value) value.Value { return v })},
	{name: "compareTo", formals: []formal{formalCharacterClass}, call: with(func(v value.Value, a []value.Value) value.Value {
		return value.OfInteger(int32(unitOf(v)) - int32(unitOf(a[0])))
	})},
	{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
	{name: "isDigit", formals: []formal{formalChar}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return value.OfBool(isDigit(byte(unitOf(a[0]))) && unitOf(a[0]) < 0x80)
	})},
	{name: "isLetter", formals: []formal{formalChar}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return value.OfBool(isLetterRune(rune(unitOf(a[0]))))
	})},
	{name: "toUpperCase", formals: []formal{formalChar}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return characterValue(appendUTF16(nil, strings.ToUpper(fromUTF16([]uint16{unitOf(a[0])})))[0])
	})},
	{name: "toLowerCase", formals: []formal{formalChar}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return characterValue(appendUTF16(nil, strings.ToLower(fromUTF16([]uint16{unitOf(a[0])})))[0])
	})},
}

func unitOf(v value.Value) uint16 { return uint16(v.Object().(character)) }

func characterValue(unit uint16) value.Value { return value.OfObject(character(unit)) }

var classMethods = []method{
	{name: "getName", call: classGetter("name")}, {name: "getSimpleName", call: classGetter("simpleName")},
	{name: "getTypeName", call: classGetter("typeName")}, {name: "getCanonicalName", call: classGetter("canonicalName")},
	{name: "getPackageName", call: classGetter("packageName")}, {name: "isArray", call: classGetter("array")},
	{name: "isInterface", call: classGetter("interface")}, {name: "isPrimitive", call: classGetter("primitive")},
	{name: "isEnum", call: classGetter("enum")},
}

func classGetter(name string) call {
	return pure(func(v value.Value) value.Value { return classProperty(v.Object().(*classObject), name) })
}

// arrayNames are the arrays there are, as source code names them.
var arrayNames = map[string]string{
	"[Ljava.lang.String;": "java.lang.String[]", "[Ljava.lang.Object;": "java.lang.Object[]",
	"[Ljava.lang.CharSequence;": "java.lang.CharSequence[]", "[C": "char[]", "[B": "byte[]",
}

// classProperty gives a getter of java.lang.Class.
func classProperty(c *classObject, name string) value.Value {
	source, isArray := arrayNames[c.name]
	if !isArray {
		source = strings.ReplaceAll(c.name, "$", ".")
	}
	switch name {
	case "name":
		return value.OfString(c.name)
	case "typeName":
		if !isArray {
			source = c.name
		}
		return value.OfString(source)
	case "canonicalName":
		return value.OfString(source)
	case "simpleName":
		return value.OfString(source[strings.LastIndexByte(source, '.')+1:])
	case "packageName":
		return value.OfString(source[:max(strings.LastIndexByte(c.name, '.'), 0)])
	case "array":
		return value.OfBool(isArray)
	case "interface", "primitive", "enum", "annotation":
		return value.OfBool(false)
	}
	return value.Value{}
}

// invokeGetter gives a property of a class, which is a getter.
func (ex *Execution) invokeGetter(v value.Value, _ *step, name string) value.Value {
	if name == "class" {
		return classValue(v)
	}
	return classProperty(v.Object().(*classObject), name)
}

// errNotInstance is what becomes of an instance method that is called on its class.
var errNotInstance = errors.New("object is not an instance of declaring class")

// isStatic reports whether a method of String, Boolean or a number class can be called on the class.
func (m *method) isStatic() bool {
	switch m.name {
	case "valueOf", "copyValueOf", "join", "format", "decode", "compare", "max", "min", "sum", "signum", "bitCount", "reverse", "reverseBytes",
		"isFinite", "parseInt", "parseLong", "parseDouble", "parseFloat", "parseBoolean", "toHexString", "toOctalString", "toBinaryString",
		"toUnsignedString", "toUnsignedLong", "numberOfLeadingZeros", "numberOfTrailingZeros", "highestOneBit", "lowestOneBit",
		"compareUnsigned", "doubleToLongBits", "longBitsToDouble", "logicalAnd", "logicalOr", "logicalXor":
		return true
	case "toString", "hashCode", "isNaN", "isInfinite":
		return len(m.formals) > 0
	}
	return false
}

// invokeStatic calls a static method of the class a class object is of, as Velocity does when java.lang.Class has none of the name.
func (ex *Execution) invokeStatic(v value.Value, s *step, a []value.Value) value.Value {
	if m := choose(s.site.methods[classNone], a); m != nil {
		return ex.run(m, v, s, a)
	}
	for c := classString; c < classCharacter; c++ {
		if classNames[c] != v.Object().(*classObject).name {
			continue
		}
		m := choose(s.site.methods[c], a)
		switch {
		case m == nil:
			return value.Value{}
		case !m.isStatic() || c == classBigInteger && m.name != "valueOf":
			ex.fail(s.pos, errNotInstance)
			return value.Value{}
		}
		return ex.run(m, sampleOf(c), s, a)
	}
	return value.Value{}
}

// classNames are the names of the classes that templates can have a class object of.
var classNames = [classCount]string{
	classString: "java.lang.String", classBoolean: "java.lang.Boolean", classInteger: "java.lang.Integer", classLong: "java.lang.Long",
	classBigInteger: "java.math.BigInteger", classFloat: "java.lang.Float", classDouble: "java.lang.Double",
	classBigDecimal: "java.math.BigDecimal", classMap: "java.util.LinkedHashMap", classList: "java.util.ArrayList",
	classArray: "net.minidev.json.JSONArray",
}

// sampleOf gives some value of a class of constants.
func sampleOf(c class) value.Value {
	switch c {
	case classString:
		return emptyString
	case classBoolean:
		return value.OfBool(false)
	case classInteger:
		return value.OfInteger(0)
	case classLong:
		return value.OfLong(0)
	case classDouble:
		return value.OfDouble(0)
	case classFloat:
		return value.OfFloat(0)
	}
	return value.OfBool(false)
}
