package value

import "strconv"

// printer appends values to dst. It is passed around by pointer and never escapes.
type printer struct {
	dst   []byte
	limit int  // length of dst at which to stop
	web   bool // escape "/" in JSON, as json-smart does unless told otherwise
}

// AppendString appends the Java toString of v: {k=v, k2=v2} for maps, [a, b] for lists, JSON for JSONArrays, "null" for null.
func AppendString(dst []byte, v Value) []byte {
	switch v.kind {
	case KindString:
		return append(dst, v.str()...)
	case KindMap, KindArray, KindList:
		p := printer{dst: dst, limit: len(dst) + MaxText, web: true}
		p.string(v, maxPrintDepth)
		return p.dst
	case KindObject:
		return appendObject(dst, v.Object(), len(dst)+MaxText, maxPrintDepth)
	default:
		return appendScalar(dst, v)
	}
}

// appendScalar appends what prints the same in JSON and by itself, and objects.
func appendScalar(dst []byte, v Value) []byte {
	switch v.kind {
	case KindNull:
		return append(dst, "null"...)
	case KindBoolean:
		return strconv.AppendBool(dst, v.n != 0)
	case KindInteger, KindLong:
		return strconv.AppendInt(dst, int64(v.n), 10)
	case KindBigInteger:
		return v.BigInteger().Append(dst, 10)
	case KindFloat:
		return appendFloat(dst, float32(v.Float64()))
	case KindDouble:
		return AppendDouble(dst, v.Float64())
	case KindBigDecimal:
		return v.BigDecimal().AppendText(dst)
	case KindObject:
		return v.Object().AppendString(dst)
	default:
		return dst
	}
}

// string appends the toString of a value inside another.
func (p *printer) string(v Value, depth int) {
	if depth == 0 || len(p.dst) > p.limit {
		return
	}
	switch v.kind {
	case KindMap:
		p.stringMap(v.Map(), depth-1)
	case KindArray:
		p.json(v, depth)
	case KindList:
		p.stringList(v.List(), depth-1)
	case KindObject:
		p.dst = appendObject(p.dst, v.Object(), p.limit, depth-1)
	default:
		p.dst = AppendString(p.dst, v)
	}
}

// appendObject appends the text of an object. It makes a printer of its own for a Nested one, because that one escapes.
func appendObject(dst []byte, o Object, limit, depth int) []byte {
	n, ok := o.(Nested)
	if !ok {
		return o.AppendString(dst)
	}
	p := &printer{limit: limit, web: true}
	return n.AppendNested(dst, func(dst []byte, v Value) []byte {
		p.dst = dst
		p.string(v, depth)
		return p.dst
	})
}

// text gives the toString of a value that is written as JSON text.
func (p *printer) text(v Value, depth int) string {
	q := printer{limit: MaxText, web: true}
	q.string(v, depth)
	return string(q.dst)
}

func (p *printer) stringMap(m *Map, depth int) {
	p.dst = append(p.dst, '{')
	for i := range m.entries {
		e := &m.entries[i]
		if i > 0 {
			p.dst = append(p.dst, ", "...)
		}
		p.stringMember(e.Key, m.is(e.Key), "(this Map)", depth)
		p.dst = append(p.dst, '=')
		p.stringMember(e.Val, m.is(e.Val), "(this Map)", depth)
	}
	p.dst = append(p.dst, '}')
}

func (p *printer) stringList(l *List, depth int) {
	p.dst = append(p.dst, '[')
	for i, item := range l.items {
		if i > 0 {
			p.dst = append(p.dst, ", "...)
		}
		p.stringMember(item, item.IsSequence() && item.List() == l, "(this Collection)", depth)
	}
	p.dst = append(p.dst, ']')
}

// stringMember appends a member of a container, or what java.util writes for the container itself.
func (p *printer) stringMember(v Value, isContainer bool, self string, depth int) {
	if isContainer {
		p.dst = append(p.dst, self...)
		return
	}
	p.string(v, depth)
}

func (m *Map) is(v Value) bool { return v.kind == KindMap && v.Map() == m }
