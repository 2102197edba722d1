package value

import (
	"math"
	"strings"
	"unsafe"
)

// AppendJSON appends v as Jayway's toJson writes it, in json-smart's LT_COMPRESS style: no spaces, "/" as it is, U+007F … U+009F and
// U+2000 … U+20FF as \uXXXX. Infinite numbers are null and NaN is NaN, as there.
func AppendJSON(dst []byte, v Value) []byte {
	if v.kind == KindString {
		return appendQuoted(dst, v)
	}
	p := printer{dst: dst, limit: len(dst) + MaxText}
	p.json(v, maxPrintDepth)
	return p.dst
}

func (p *printer) json(v Value, depth int) {
	if depth == 0 || len(p.dst) > p.limit {
		return
	}
	switch v.kind {
	case KindString:
		p.jsonString(v)
	case KindMap:
		p.jsonMap(v.Map(), depth-1)
	case KindArray, KindList:
		p.jsonList(v.List(), depth-1)
	case KindDouble, KindFloat:
		if math.IsInf(v.Float64(), 0) {
			v = Value{}
		}
		p.dst = appendScalar(p.dst, v)
	case KindObject:
		p.dst = appendEscaped(append(p.dst, '"'), p.text(v, depth), p.web)
		p.dst = append(p.dst, '"')
	default:
		p.dst = appendScalar(p.dst, v)
	}
}

func (p *printer) jsonMap(m *Map, depth int) {
	if p.copied(m.raw, m.source) {
		return
	}
	p.dst = append(p.dst, '{')
	for i := range m.entries {
		e := &m.entries[i]
		if i > 0 {
			p.dst = append(p.dst, ',')
		}
		if e.Key.kind == KindString {
			p.jsonString(e.Key)
		} else {
			p.jsonString(OfString(p.text(e.Key, depth)))
		}
		p.dst = append(p.dst, ':')
		p.json(e.Val, depth)
	}
	p.dst = append(p.dst, '}')
}

func (p *printer) jsonList(l *List, depth int) {
	if p.copied(l.raw, l.source) {
		return
	}
	p.dst = append(p.dst, '[')
	for i := range l.items {
		if i > 0 {
			p.dst = append(p.dst, ',')
		}
		p.json(l.items[i], depth)
	}
	p.dst = append(p.dst, ']')
}

// copied appends the text that a container had in its payload, if that is how it prints.
func (p *printer) copied(raw string, from *source) bool {
	if raw == "" || from.changed || p.web && strings.IndexByte(raw, '/') >= 0 {
		return false
	}
	p.dst = append(p.dst, raw...)
	return true
}

func (p *printer) jsonString(v Value) {
	if p.web && strings.IndexByte(v.str(), '/') >= 0 {
		p.dst = append(p.dst, '"')
		p.dst = appendEscaped(p.dst, v.str(), true)
		p.dst = append(p.dst, '"')
		return
	}
	p.dst = appendQuoted(p.dst, v)
}

// appendQuoted appends a string in quotes, "/" as it is.
func appendQuoted(dst []byte, v Value) []byte {
	if v.flags&(flagPlain|flagQuoted) == flagPlain|flagQuoted {
		return append(dst, unsafe.String((*byte)(unsafe.Add(v.p, -1)), int(v.n)+2)...)
	}
	dst = append(dst, '"')
	dst = appendEscaped(dst, v.str(), false)
	return append(dst, '"')
}

// escapeRun counts the bytes of s before the first character that json-smart escapes, "/" aside.
func escapeRun(s string) int {
	i := 0
	for {
		i += plainRun(s[i:])
		if i >= len(s) {
			return i
		}
		switch c := s[i]; {
		case c < 0x80:
			return i
		case c == 0xC2:
			if i+1 < len(s) && s[i+1] >= 0x80 && s[i+1] < 0xA0 {
				return i
			}
		case c == 0xE2:
			if i+2 < len(s) && s[i+1] >= 0x80 && s[i+1] <= 0x83 && s[i+2]&0xC0 == 0x80 {
				return i
			}
		}
		for i++; i < len(s) && s[i] >= 0x80 && s[i] < 0xC0; i++ {
		}
	}
}

// appendEscaped appends s with JSON's escapes.
func appendEscaped(dst []byte, s string, web bool) []byte {
	if web {
		for {
			before, after, found := strings.Cut(s, "/")
			dst = appendEscaped(dst, before, false)
			if !found {
				return dst
			}
			dst = append(dst, '\\', '/')
			s = after
		}
	}
	for {
		run := escapeRun(s)
		dst = append(dst, s[:run]...)
		if run == len(s) {
			return dst
		}
		s = s[run:]
		switch c := s[0]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case 0xC2:
			dst = appendHex(dst, uint16(s[1]))
			s = s[1:]
		case 0xE2:
			dst = appendHex(dst, 0x2000|uint16(s[1]&0x3F)<<6|uint16(s[2]&0x3F))
			s = s[2:]
		default:
			dst = appendHex(dst, uint16(c))
		}
		s = s[1:]
	}
}

func appendHex(dst []byte, unit uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(dst, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
