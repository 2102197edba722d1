package value

import (
	"math"
	"math/big"
	"unsafe"
)

// Kind tells which of the closed set of values a Value is.
type Kind uint8

// The kinds, named after the Java class whose behaviour they have.
const (
	// KindNull is Java's null, and the zero Value.
	KindNull Kind = iota
	// KindBoolean is java.lang.Boolean.
	KindBoolean
	// KindInteger is java.lang.Integer: 32 bits.
	KindInteger
	// KindLong is java.lang.Long: 64 bits.
	KindLong
	// KindBigInteger is java.math.BigInteger.
	KindBigInteger
	// KindFloat is java.lang.Float; json-smart makes it for NaN only.
	KindFloat
	// KindDouble is java.lang.Double.
	KindDouble
	// KindBigDecimal is java.math.BigDecimal.
	KindBigDecimal
	// KindString is java.lang.String, kept as UTF-8 (see Value.Str about surrogates).
	KindString
	// KindMap is java.util.LinkedHashMap: it prints {k=v, k2=v2}.
	KindMap
	// KindArray is json-smart's JSONArray: it prints as JSON text wherever it stands.
	KindArray
	// KindList is java.util.ArrayList: it prints [a, b].
	KindList
	// KindObject is anything else; its behaviour is its Object's.
	KindObject
)

// String gives the name of the Java class.
func (k Kind) String() string {
	names := [...]string{
		"null", "Boolean", "Integer", "Long", "BigInteger", "Float", "Double", "BigDecimal",
		"String", "LinkedHashMap", "JSONArray", "ArrayList", "Object",
	}
	if int(k) >= len(names) {
		return "invalid"
	}
	return names[k]
}

// flags remember what the reader saw, to save the writer a scan. They are hints: a Value without them is still right.
type flags uint8

const (
	// flagPlain: a string of ASCII in which JSON escapes nothing (quotes, backslashes, controls, U+007F), "/" aside.
	flagPlain flags = 1 << iota
	// flagQuoted: the string lies in a payload between two double quotes, so that it can be copied with them.
	flagQuoted
)

// Object is a value of a class of the user's own ($input, $util, $context, a loop status …). It is opaque to this package but for its text.
type Object interface {
	// AppendString appends the object's Java toString.
	AppendString(dst []byte) []byte
}

// Nested is an Object in whose text other values stand. A value can stand in itself that way, so AppendString of the package, and not the
// object, keeps count of how deep and how long the text gets.
type Nested interface {
	Object
	// AppendNested appends the text, using write for the values in it.
	AppendNested(dst []byte, write func(dst []byte, v Value) []byte) []byte
}

// Value is one value. It is small and copied freely; maps, lists and objects are references, as in Java. The zero Value is null.
// Two Values are compared with Equal, not with ==.
type Value struct {
	p     unsafe.Pointer // string data, *Map, *List, *big.Int, *Decimal or *Object
	n     uint64         // length of a string; bits of a number or boolean
	kind  Kind
	flags flags
}

// OfBool makes a Boolean.
func OfBool(b bool) Value {
	if b {
		return Value{kind: KindBoolean, n: 1}
	}
	return Value{kind: KindBoolean}
}

// OfInteger makes an Integer.
func OfInteger(i int32) Value { return Value{kind: KindInteger, n: uint64(int64(i))} }

// OfLong makes a Long.
func OfLong(i int64) Value { return Value{kind: KindLong, n: uint64(i)} }

// OfInt makes an Integer if i fits in 32 bits, else a Long, as json-smart does.
func OfInt(i int64) Value {
	if i == int64(int32(i)) {
		return Value{kind: KindInteger, n: uint64(i)}
	}
	return Value{kind: KindLong, n: uint64(i)}
}

// OfFloat makes a Float.
func OfFloat(f float32) Value { return Value{kind: KindFloat, n: math.Float64bits(float64(f))} }

// OfDouble makes a Double.
func OfDouble(f float64) Value { return Value{kind: KindDouble, n: math.Float64bits(f)} }

// OfBigInteger makes a BigInteger; i must not be changed afterwards and must not be nil.
func OfBigInteger(i *big.Int) Value { return Value{kind: KindBigInteger, p: unsafe.Pointer(i)} }

// OfBigDecimal makes a BigDecimal; d must not be changed afterwards and must not be nil.
func OfBigDecimal(d *Decimal) Value { return Value{kind: KindBigDecimal, p: unsafe.Pointer(d)} }

// OfString makes a String. It does not copy s.
func OfString(s string) Value {
	return Value{kind: KindString, p: unsafe.Pointer(unsafe.StringData(s)), n: uint64(len(s))}
}

// OfMap makes a LinkedHashMap; m must not be nil.
func OfMap(m *Map) Value { return Value{kind: KindMap, p: unsafe.Pointer(m)} }

// OfArray makes a JSONArray of l, which must not be nil.
func OfArray(l *List) Value { return Value{kind: KindArray, p: unsafe.Pointer(l)} }

// OfList makes an ArrayList of l, which must not be nil.
func OfList(l *List) Value { return Value{kind: KindList, p: unsafe.Pointer(l)} }

// OfObject makes an opaque object; o must not be nil.
func OfObject(o Object) Value { return Value{kind: KindObject, p: unsafe.Pointer(&o)} }

// OfObjectRef is OfObject without an allocation: the interface stays where it is (in a pooled render, say) and is read at each use.
func OfObjectRef(o *Object) Value { return Value{kind: KindObject, p: unsafe.Pointer(o)} }

// Kind tells the kind.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// IsNumber reports whether v is one of the six kinds of number.
func (v Value) IsNumber() bool { return v.kind >= KindInteger && v.kind <= KindBigDecimal }

// IsSequence reports whether v is a JSONArray or an ArrayList.
func (v Value) IsSequence() bool { return v.kind == KindArray || v.kind == KindList }

// Bool gives a Boolean's value, and false for every other kind.
func (v Value) Bool() bool { return v.kind == KindBoolean && v.n != 0 }

// Int gives the value of an Integer or a Long, and 0 for every other kind.
func (v Value) Int() int64 {
	if v.kind == KindInteger || v.kind == KindLong {
		return int64(v.n)
	}
	return 0
}

// Float64 gives the value of a Float or a Double, and 0 for every other kind.
func (v Value) Float64() float64 {
	if v.kind == KindDouble || v.kind == KindFloat {
		return math.Float64frombits(v.n)
	}
	return 0
}

// BigInteger gives the value of a BigInteger, and nil for every other kind. It must not be changed.
func (v Value) BigInteger() *big.Int {
	if v.kind != KindBigInteger {
		return nil
	}
	return (*big.Int)(v.p)
}

// BigDecimal gives the value of a BigDecimal, and nil for every other kind. It must not be changed.
func (v Value) BigDecimal() *Decimal {
	if v.kind != KindBigDecimal {
		return nil
	}
	return (*Decimal)(v.p)
}

// Str gives the text of a String, and "" for every other kind. The text is UTF-8; a UTF-16 surrogate without its other half, which a Java
// string can hold, stands as its own three bytes (ED A0 80 … ED BF BF, "WTF-8"). AppendUTF8 makes valid UTF-8 of it.
func (v Value) Str() string {
	if v.kind != KindString {
		return ""
	}
	return v.str()
}

// str is Str for a value that is known to be a String.
func (v Value) str() string { return unsafe.String((*byte)(v.p), int(v.n)) }

// Map gives the map of a LinkedHashMap, and nil for every other kind.
func (v Value) Map() *Map {
	if v.kind != KindMap {
		return nil
	}
	return (*Map)(v.p)
}

// List gives the list of a JSONArray or an ArrayList, and nil for every other kind.
func (v Value) List() *List {
	if v.kind != KindArray && v.kind != KindList {
		return nil
	}
	return (*List)(v.p)
}

// Object gives the object of an opaque object, and nil for every other kind.
func (v Value) Object() Object {
	if v.kind != KindObject {
		return nil
	}
	return *(*Object)(v.p)
}

// String gives the Java toString of v, "null" for null.
func (v Value) String() string {
	if v.kind == KindString {
		return v.str()
	}
	return string(AppendString(nil, v))
}
