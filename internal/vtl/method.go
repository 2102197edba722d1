package vtl

import (
	"errors"

	"gatehouse/internal/value"
)

// call is the body of a method. Its error is what Java would throw; arguments are of the method's formals.
type call func(ex *Execution, self value.Value, a []value.Value) (value.Value, error)

// method is one overload of a public method of a Java class.
type method struct {
	name    string
	formals []formal
	call    call
	void    bool // gives the empty string, not null
}

// formal is the declared class of a parameter.
type formal uint8

const (
	formalObject formal = iota
	formalString
	formalCharSequence
	formalCharSequences // CharSequence...
	formalObjects       // Object...
	formalIterable
	formalCollection
	formalMap
	formalChars // char[]
	formalInt
	formalLong
	formalFloat
	formalDouble
	formalBoolean
	formalChar
	formalIntegerClass
	formalLongClass
	formalFloatClass
	formalDoubleClass
	formalBooleanClass
	formalCharacterClass
	formalBigInteger
	formalBigDecimal
	formalNothing // a class no template has a value of: null only
)

// isPrimitive reports whether null cannot be passed.
func (f formal) isPrimitive() bool { return f >= formalInt && f <= formalChar }

// isArray reports whether the parameter takes the arguments from here on.
func (f formal) isArray() bool {
	return f == formalCharSequences || f == formalObjects || f == formalChars
}

// component gives the class of an array's elements.
func (f formal) component() formal {
	switch f {
	case formalCharSequences:
		return formalCharSequence
	case formalChars:
		return formalChar
	}
	return formalObject
}

// accepts reports whether an argument can be passed, widening primitives as Java does.
func (f formal) accepts(v value.Value) bool {
	k := v.Kind()
	if k == value.KindNull {
		return !f.isPrimitive()
	}
	switch f {
	case formalObject:
		return true
	case formalString, formalCharSequence:
		return k == value.KindString
	case formalInt, formalIntegerClass:
		return k == value.KindInteger
	case formalLong:
		return k == value.KindInteger || k == value.KindLong
	case formalFloat:
		return k == value.KindInteger || k == value.KindLong || k == value.KindFloat
	case formalDouble:
		return k == value.KindInteger || k == value.KindLong || k == value.KindFloat || k == value.KindDouble
	case formalBoolean, formalBooleanClass:
		return k == value.KindBoolean
	}
	return f.acceptsClass(v)
}

func (f formal) acceptsClass(v value.Value) bool {
	c := classOf(v)
	switch f {
	case formalLongClass:
		return c == classLong
	case formalFloatClass:
		return c == classFloat
	case formalDoubleClass:
		return c == classDouble
	case formalBigInteger:
		return c == classBigInteger
	case formalBigDecimal:
		return c == classBigDecimal
	case formalChar, formalCharacterClass:
		return c == classCharacter
	case formalMap:
		return c == classMap || c == classLoop
	case formalCollection, formalIterable:
		return c == classList || c == classArray || c == classSubList || c == classView
	case formalChars:
		return c == classJavaArray && v.Object().(*arrayObject).class == "[C"
	case formalObjects:
		return c == classJavaArray && v.Object().(*arrayObject).class != "[C" && v.Object().(*arrayObject).class != "[B"
	case formalCharSequences:
		return c == classJavaArray && v.Object().(*arrayObject).class == "[Ljava.lang.String;"
	}
	return false
}

// covers reports whether a value of class g could be passed where f is declared (MethodMap's strict conversion, by which the more specific
// overload is found). The last parameter may stand for the rest.
func (f formal) covers(g formal, last bool) bool {
	switch {
	case f == g, f == formalObject && !g.isPrimitive():
		return true
	case f == formalCharSequence:
		return g == formalString
	case f == formalIterable:
		return g == formalCollection
	case f == formalLong:
		return g == formalInt
	case f == formalFloat:
		return g == formalInt || g == formalLong
	case f == formalDouble:
		return g == formalInt || g == formalLong || g == formalFloat
	}
	if last && f.isArray() {
		if g.isArray() {
			g = g.component()
		}
		return f.component().covers(g, false)
	}
	return false
}

// applicable reports whether the arguments fit, the last parameter standing for any number of them if it is an array.
func (m *method) applicable(a []value.Value) bool {
	n := len(m.formals)
	switch {
	case n == len(a):
		for i, f := range m.formals {
			if f.accepts(a[i]) {
				continue
			}
			return i == n-1 && f.isArray() && f.component().accepts(a[i])
		}
		return true
	case n == 0:
		return true // Velocity's check lets any arguments pass here; the call then fails (see run)
	case !m.formals[n-1].isArray() || n > len(a)+1:
		return false
	}
	for i, v := range a {
		f := m.formals[min(i, n-1)]
		if i >= n-1 {
			f = f.component()
		}
		if !f.accepts(v) {
			return false
		}
	}
	return true
}

type specificity uint8

const (
	incomparable specificity = iota
	moreSpecific
	lessSpecific
)

// compare is MethodMap.compare: longer parameter lists are more specific, Object is least specific.
func (m *method) compare(other *method) specificity {
	a, b := m.formals, other.formals
	switch {
	case len(a) > len(b):
		return moreSpecific
	case len(a) < len(b):
		return lessSpecific
	}
	more, less := false, false
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		last := i == len(a)-1
		more = more || b[i].covers(a[i], last) || b[i] == formalObject
		less = less || a[i].covers(b[i], last) || a[i] == formalObject
	}
	switch {
	case more && less:
		last := len(a) - 1
		switch {
		case a[last].isArray() && !b[last].isArray():
			return lessSpecific
		case !a[last].isArray() && b[last].isArray():
			return moreSpecific
		}
		return incomparable
	case more:
		return moreSpecific
	case less:
		return lessSpecific
	}
	return incomparable
}

// choose finds the overload for the arguments; nil if there is none, or no most specific one.
func choose(methods []*method, a []value.Value) *method {
	var best *method
	for _, m := range methods {
		if !m.applicable(a) {
			continue
		}
		if best == nil || m.compare(best) == moreSpecific {
			best = m
		}
	}
	for _, m := range methods {
		if m != best && m.applicable(a) && best.compare(m) != moreSpecific {
			return nil
		}
	}
	return best
}

// spread gathers the arguments of the last parameter if it is an array.
func (m *method) spread(a []value.Value) []value.Value {
	n := len(m.formals)
	if n == 0 || !m.formals[n-1].isArray() {
		return a
	}
	if len(a) == n && m.formals[n-1].accepts(a[n-1]) {
		return a
	}
	rest := append([]value.Value(nil), a[n-1:]...)
	class := "[Ljava.lang.Object;"
	if m.formals[n-1] == formalCharSequences {
		class = "[Ljava.lang.CharSequence;"
	}
	return append(append([]value.Value(nil), a[:n-1]...), value.OfObject(&arrayObject{class, rest}))
}

// invoke calls a method. There being none gives null, which makes the reference empty (quirk null-is-empty).
func (ex *Execution) invoke(v value.Value, s *step, a []value.Value) value.Value {
	c := classOf(v)
	if c == classReceiver {
		result, err := v.Object().(Receiver).Call(ex, s.site, a)
		if err != nil {
			ex.fail(s.pos, err)
		}
		if result.IsNull() && err == nil {
			result = ex.invokeObject(v, s, a)
		}
		return result
	}
	m := choose(s.site.methods[c], a)
	if m == nil {
		if c == classClass {
			return ex.invokeStatic(v, s, a)
		}
		return ex.invokeObject(v, s, a)
	}
	return ex.run(m, v, s, a)
}

// ErrArguments is what a method without parameters fails with when it is given arguments and has no other overload for them: a Receiver
// has to do likewise.
var ErrArguments = errors.New("wrong number of arguments")

func (ex *Execution) run(m *method, v value.Value, s *step, a []value.Value) value.Value {
	if len(m.formals) == 0 && len(a) > 0 {
		ex.fail(s.pos, ErrArguments)
		return value.Value{}
	}
	if m := mapOf(v); m != nil {
		for _, key := range a {
			if !ex.keyFits(m, key) {
				return value.Value{}
			}
		}
	}
	ex.site = s.site
	result, err := m.call(ex, v, m.spread(a))
	if err != nil {
		ex.fail(s.pos, err)
		return value.Value{}
	}
	if m.void && result.IsNull() {
		return emptyString
	}
	return result
}

// invokeObject calls a method that every object has.
func (ex *Execution) invokeObject(v value.Value, s *step, a []value.Value) value.Value {
	if m := choose(s.site.methods[classNone], a); m != nil {
		return ex.run(m, v, s, a)
	}
	return value.Value{}
}

// tables are the methods of all classes; those of classNone are java.lang.Object's.
func tables() [classCount][][]method {
	return [classCount][][]method{
		classNone:       {objectMethods},
		classString:     {stringMethods, stringRegexMethods, stringStaticMethods},
		classBoolean:    {booleanMethods},
		classInteger:    {numberMethods, integerMethods},
		classLong:       {numberMethods, longMethods},
		classBigInteger: {numberMethods, bigIntegerMethods},
		classFloat:      {numberMethods, floatMethods},
		classDouble:     {numberMethods, doubleMethods},
		classBigDecimal: {numberMethods, bigDecimalMethods},
		classMap:        {mapMethods},
		classLoop:       {loopMethods, mapMethods},
		classList:       {sequenceMethods, listMethods},
		classArray:      {sequenceMethods, listMethods, jsonArrayMethods},
		classCharacter:  {characterMethods},
		classJavaArray:  {sequenceMethods, arrayMethods},
		classSubList:    {sequenceMethods, subListMethods},
		classView:       {viewMethods},
		classEntry:      {entryMethods},
		classIterator:   {iteratorMethods},
		classClass:      {classMethods},
	}
}

// methodIndex finds the overloads of a name, by class.
var methodIndex = indexMethods(tables())

func indexMethods(tables [classCount][][]method) map[string]*[classCount][]*method {
	index := map[string]*[classCount][]*method{}
	for c := range tables {
		for _, table := range tables[c] {
			for i := range table {
				m := &table[i]
				overloads := index[m.name]
				if overloads == nil {
					overloads = new([classCount][]*method)
					index[m.name] = overloads
				}
				overloads[c] = append(overloads[c], m)
			}
		}
	}
	return index
}

// methodsNamed gives the overloads of a name, by class.
func methodsNamed(name string) [classCount][]*method {
	if overloads := methodIndex[name]; overloads != nil {
		return *overloads
	}
	return [classCount][]*method{}
}
