package vtl

import (
	"fmt"
	"strings"
	"unicode"

	"gatehouse/internal/value"
)

// onString makes a call of a function of a string.
func onString(f func(s string) value.Value) call {
	return func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		ex.step(len(v.Str())/64, 0)
		return f(v.Str()), nil
	}
}

// onStrings makes a call of a function of a string and a string argument; null is a NullPointerException.
func onStrings(f func(s, t string) value.Value) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		ex.step(len(v.Str())/64, 0)
		return f(v.Str(), a[0].Str()), nil
	}
}

// making counts the bytes of a new string.
func making(f func(s string, a []value.Value) (string, error)) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		for _, argument := range a {
			if argument.IsNull() {
				return value.Value{}, errNullArgument
			}
		}
		s, err := f(v.Str(), a)
		ex.step(len(s)/64, 0)
		ex.allocate(len(s), 0)
		return value.OfString(s), err
	}
}

func made(f func(s string) string) call {
	return making(func(s string, _ []value.Value) (string, error) { return f(s), nil })
}

var (
	oneString  = []formal{formalString}
	oneInt     = []formal{formalInt}
	oneObject  = []formal{formalObject}
	twoInts    = []formal{formalInt, formalInt}
	stringInt  = []formal{formalString, formalInt}
	twoStrings = []formal{formalString, formalString}
	region     = []formal{formalInt, formalString, formalInt, formalInt}
)

// stringMethods are java.lang.String's that need no regular expression.
var stringMethods = []method{
	{name: "length", call: onString(func(s string) value.Value { return ofInt(unitLength(s)) })},
	{name: "isEmpty", call: onString(func(s string) value.Value { return value.OfBool(s == "") })},
	{name: "isBlank", call: onString(func(s string) value.Value { return value.OfBool(isBlank(s)) })},
	{name: "toUpperCase", call: made(toUpper)}, {name: "toLowerCase", call: made(toLower)},
	{name: "trim", call: made(func(s string) string {
		return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	})},
	{name: "strip", call: made(func(s string) string { return strings.TrimFunc(s, isSpace) })},
	{name: "stripLeading", call: made(func(s string) string { return strings.TrimLeftFunc(s, isSpace) })},
	{name: "stripTrailing", call: made(func(s string) string { return strings.TrimRightFunc(s, isSpace) })},
	{name: "intern", call: made(func(s string) string { return s })},
	{name: "substring", formals: oneInt, call: making(func(s string, a []value.Value) (string, error) {
		return substring(s, int(a[0].Int()), -1)
	})},
	{name: "substring", formals: twoInts, call: making(cut)}, {name: "subSequence", formals: twoInts, call: making(cut)},
	{name: "concat", formals: oneString, call: making(func(s string, a []value.Value) (string, error) {
		return join(s, a[0].Str()), nil
	})},
	{name: "repeat", formals: oneInt, call: repeat},
	{name: "replace", formals: []formal{formalCharSequence, formalCharSequence}, call: making(func(s string, a []value.Value) (string, error) {
		return replaceAll(s, a[0].Str(), a[1].Str())
	})},
	{name: "replace", formals: []formal{formalChar, formalChar}, call: making(func(s string, a []value.Value) (string, error) {
		units := appendUTF16(nil, s)
		for i, u := range units {
			if u == unitOf(a[0]) {
				units[i] = unitOf(a[1])
			}
		}
		return fromUTF16(units), nil
	})},
	{name: "contains", formals: []formal{formalCharSequence}, call: onStrings(func(s, t string) value.Value { return value.OfBool(strings.Contains(s, t)) })},
	{name: "startsWith", formals: oneString, call: onStrings(func(s, t string) value.Value { return value.OfBool(strings.HasPrefix(s, t)) })},
	{name: "startsWith", formals: stringInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		rest, err := substring(v.Str(), int(a[1].Int()), -1)
		return value.OfBool(err == nil && strings.HasPrefix(rest, a[0].Str())), nil
	})},
	{name: "endsWith", formals: oneString, call: onStrings(func(s, t string) value.Value { return value.OfBool(strings.HasSuffix(s, t)) })},
	{name: "equalsIgnoreCase", formals: oneString, call: with(func(v value.Value, a []value.Value) value.Value {
		return value.OfBool(!a[0].IsNull() && compareFolded(v.Str(), a[0].Str()) == 0)
	})},
	{name: "contentEquals", formals: []formal{formalCharSequence}, call: onStrings(func(s, t string) value.Value { return value.OfBool(s == t) })},
	{name: "compareTo", formals: oneString, call: onStrings(func(s, t string) value.Value { return ofInt(compareUnits(s, t)) })},
	{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
	{name: "compareToIgnoreCase", formals: oneString, call: onStrings(func(s, t string) value.Value { return ofInt(compareFolded(s, t)) })},
	{name: "indexOf", formals: oneString, call: onStrings(func(s, t string) value.Value { return ofInt(indexFrom(s, t, 0)) })},
	{name: "indexOf", formals: stringInt, call: finding(indexFrom)},
	{name: "indexOf", formals: oneInt, call: findingChar(indexFrom, 0)},
	{name: "indexOf", formals: twoInts, call: findingChar(indexFrom, 0)},
	{name: "lastIndexOf", formals: oneString, call: onStrings(func(s, t string) value.Value { return ofInt(lastIndexFrom(s, t, 1<<31)) })},
	{name: "lastIndexOf", formals: stringInt, call: finding(lastIndexFrom)},
	{name: "lastIndexOf", formals: oneInt, call: findingChar(lastIndexFrom, 1<<31)},
	{name: "lastIndexOf", formals: twoInts, call: findingChar(lastIndexFrom, 1<<31)},
	{name: "charAt", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		unit, err := unitAt(v.Str(), int(a[0].Int()))
		if err != nil {
			return value.Value{}, err
		}
		return characterValue(unit), nil
	})},
	{name: "codePointAt", formals: oneInt, call: checked(codePointAt)},
	{name: "codePointBefore", formals: oneInt, call: checked(codePointBefore)},
	{name: "codePointCount", formals: twoInts, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		part, err := substring(v.Str(), int(a[0].Int()), int(a[1].Int()))
		n := 0
		for ; part != ""; n++ {
			_, size := decode(part)
			part = part[size:]
		}
		return ofInt(n), err
	})},
	{name: "toCharArray", call: func(ex *Execution, v value.Value, _ []value.Value) (value.Value, error) {
		units := appendUTF16(nil, v.Str())
		if !ex.allocate(bytesOf(len(units)), 0) {
			return value.Value{}, nil
		}
		items := make([]value.Value, len(units))
		for i, u := range units {
			items[i] = characterValue(u)
		}
		return value.OfObject(&arrayObject{"[C", items}), nil
	}},
	{name: "getBytes", call: onString(bytesValue)},
	{name: "getBytes", formals: oneString, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		switch strings.ToUpper(a[0].Str()) {
		case "UTF-8", "UTF8":
			return bytesValue(v.Str()), nil
		case "US-ASCII", "ASCII", "ISO-8859-1", "ISO8859_1", "LATIN1":
			if isASCII(v.Str()) {
				return bytesValue(v.Str()), nil
			}
		}
		return value.Value{}, fmt.Errorf("unsupported encoding %s", a[0].Str())
	})},
	{name: "regionMatches", formals: region, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		return regionMatches(v.Str(), a, false)
	})},
	{name: "regionMatches", formals: append([]formal{formalBoolean}, region...), call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		return regionMatches(v.Str(), a[1:], a[0].Bool())
	})},
	{name: "hashCode", call: onString(func(s string) value.Value { return value.OfInteger(HashString(s)) })},
	{name: "indent", formals: oneInt, call: making(indent)},
	{name: "stripIndent", call: made(stripIndent)},
	{name: "formatted", formals: []formal{formalObjects}, call: func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		return formatString(ex, v.Str(), a[0])
	}},
}

// stringStaticMethods are String's static methods, which can be called on any string.
var stringStaticMethods = []method{
	{name: "valueOf", formals: oneObject, call: textOf}, {name: "valueOf", formals: []formal{formalBoolean}, call: textOf},
	{name: "valueOf", formals: []formal{formalChar}, call: textOf}, {name: "valueOf", formals: oneInt, call: textOf},
	{name: "valueOf", formals: []formal{formalLong}, call: textOf},
	{name: "valueOf", formals: []formal{formalFloat}, call: func(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
		return value.OfString(ex.Text(value.OfFloat(float32(float(a[0]))))), nil
	}},
	{name: "valueOf", formals: []formal{formalDouble}, call: func(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
		return value.OfString(ex.Text(value.OfDouble(float(a[0])))), nil
	}},
	{name: "valueOf", formals: []formal{formalChars}, call: textOfChars}, {name: "copyValueOf", formals: []formal{formalChars}, call: textOfChars},
	{name: "join", formals: []formal{formalCharSequence, formalCharSequences}, call: joinItems},
	{name: "join", formals: []formal{formalCharSequence, formalIterable}, call: joinItems},
	{name: "format", formals: []formal{formalString, formalObjects}, call: func(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		return formatString(ex, a[0].Str(), a[1])
	}},
}

func textOf(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
	return value.OfString(ex.Text(a[0])), nil
}

func textOfChars(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
	if a[0].IsNull() {
		return value.Value{}, errNullArgument
	}
	var b []byte
	for _, c := range itemsOf(a[0]) {
		b = value.AppendUnit(b, unitOf(c))
	}
	ex.allocate(len(b), 0)
	return value.OfString(string(b)), nil
}

func joinItems(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
	if a[0].IsNull() || a[1].IsNull() {
		return value.Value{}, errNullArgument
	}
	var b []byte
	for i, item := range itemsOf(a[1]) {
		if i > 0 {
			b = append(b, a[0].Str()...)
		}
		if k := item.Kind(); k != value.KindString && k != value.KindNull {
			return value.Value{}, errClassCast
		}
		b = append(b, ex.Text(item)...)
		if !ex.allocate(len(a[0].Str()), 0) {
			break
		}
	}
	return value.OfString(string(b)), nil
}

// join concatenates; halves of a surrogate pair that meet become one character.
func join(s, t string) string {
	if strings.HasPrefix(t, "\xED") && strings.Contains(s, "\xED") {
		return fromUTF16(appendUTF16(appendUTF16(nil, s), t))
	}
	return s + t
}

// substring counts in UTF-16 units; to < 0 stands for the end.
func substring(s string, from, to int) (string, error) {
	length := unitLength(s)
	if to < 0 && from >= 0 && from <= length {
		to = length
	}
	if from < 0 || to > length || from > to {
		return "", fmt.Errorf("begin %d, end %d, length %d", from, to, length)
	}
	if length == len(s) {
		return s[from:to], nil
	}
	return fromUTF16(appendUTF16(nil, s)[from:to]), nil
}

// cut is substring(from, to); a negative end is an error there.
func cut(s string, a []value.Value) (string, error) {
	from, to := int(a[0].Int()), int(a[1].Int())
	if to < 0 {
		return "", fmt.Errorf("begin %d, end %d, length %d", from, to, unitLength(s))
	}
	return substring(s, from, to)
}

func repeat(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
	n := int(a[0].Int())
	if n < 0 {
		return value.Value{}, fmt.Errorf("count is negative: %d", n)
	}
	if len(v.Str()) == 0 || !ex.allocate(n*len(v.Str()), 0) {
		return emptyString, nil
	}
	return value.OfString(strings.Repeat(v.Str(), n)), nil
}

// replaceAll is String.replace; an empty target stands between all units.
func replaceAll(s, target, with string) (string, error) {
	if n := strings.Count(s, target); n*len(with)+len(s) > MaxOutput {
		return "", fmt.Errorf("%w: a string of more than %d bytes", ErrLimit, MaxOutput)
	}
	return strings.ReplaceAll(s, target, with), nil
}

// indexFrom finds t in s from a unit on, in units.
func indexFrom(s, t string, from int) int {
	from = max(from, 0)
	if isASCII(s) {
		if from > len(s) {
			if t == "" {
				return len(s)
			}
			return -1
		}
		if i := strings.Index(s[from:], t); i >= 0 {
			return from + i
		}
		return -1
	}
	rest, err := substring(s, min(from, unitLength(s)), -1)
	if err != nil {
		return -1
	}
	i := strings.Index(rest, t)
	if i < 0 {
		return -1
	}
	return unitLength(s) - unitLength(rest) + unitLength(rest[:i])
}

// lastIndexFrom finds the last t in s that begins at a unit or before, in units.
func lastIndexFrom(s, t string, from int) int {
	if from < 0 {
		return -1
	}
	part := s
	if end := from + unitLength(t); end < unitLength(s) {
		part, _ = substring(s, 0, end)
	}
	i := strings.LastIndex(part, t)
	if i < 0 {
		return -1
	}
	return unitLength(part[:i])
}

func finding(f func(s, t string, from int) int) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		ex.step(len(v.Str())/16, 0)
		return ofInt(f(v.Str(), a[0].Str(), int(a[1].Int()))), nil
	}
}

// findingChar finds a code point.
func findingChar(f func(s, t string, from int) int, from int) call {
	return func(ex *Execution, v value.Value, a []value.Value) (value.Value, error) {
		ex.step(len(v.Str())/16, 0)
		code := a[0].Int()
		if code < 0 || code > unicode.MaxRune {
			return ofInt(-1), nil
		}
		start := from
		if len(a) > 1 {
			start = int(a[1].Int())
		}
		return ofInt(f(v.Str(), fromUTF16(appendUTF16(nil, string(rune(code)))), start)), nil
	}
}

func unitAt(s string, i int) (uint16, error) {
	if isASCII(s) {
		if i < 0 || i >= len(s) {
			return 0, fmt.Errorf("String index out of range: %d", i) //nolint:staticcheck,revive // Java's words
		}
		return uint16(s[i]), nil
	}
	units := appendUTF16(nil, s)
	if i < 0 || i >= len(units) {
		return 0, fmt.Errorf("String index out of range: %d", i) //nolint:staticcheck,revive // Java's words
	}
	return units[i], nil
}

func codePointAt(v value.Value, a []value.Value) (value.Value, error) {
	if _, err := unitAt(v.Str(), int(a[0].Int())); err != nil {
		return value.Value{}, err
	}
	rest, err := substring(v.Str(), int(a[0].Int()), -1)
	r, _ := decode(rest)
	return ofInt(int(r)), err
}

func codePointBefore(v value.Value, a []value.Value) (value.Value, error) {
	i := int(a[0].Int())
	if _, err := unitAt(v.Str(), i-1); err != nil {
		return value.Value{}, err
	}
	before, err := substring(v.Str(), 0, i)
	units := appendUTF16(nil, before)
	n := len(units)
	if n > 1 && units[n-1]&0xFC00 == 0xDC00 && units[n-2]&0xFC00 == 0xD800 {
		r, _ := decode(fromUTF16(units[n-2:]))
		return ofInt(int(r)), err
	}
	return ofInt(int(units[n-1])), err
}

// compareUnits is String.compareTo: the difference of the first units that differ, else of the lengths.
func compareUnits(s, t string) int {
	a, b := appendUTF16(nil, s), appendUTF16(nil, t)
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return len(a) - len(b)
}

// fold is how Java ignores case: upper, then lower.
func fold(u uint16) uint16 {
	return uint16(unicode.ToLower(unicode.ToUpper(rune(u))))
}

func compareFolded(s, t string) int {
	a, b := appendUTF16(nil, s), appendUTF16(nil, t)
	for i := range min(len(a), len(b)) {
		if x, y := fold(a[i]), fold(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func regionMatches(s string, a []value.Value, ignoreCase bool) (value.Value, error) {
	if a[1].IsNull() {
		return value.Value{}, errNullArgument
	}
	from, other, length := int(a[0].Int()), int(a[2].Int()), int(a[3].Int())
	x, y := appendUTF16(nil, s), appendUTF16(nil, a[1].Str())
	if other < 0 || from < 0 || from > len(x)-length || other > len(y)-length {
		return value.OfBool(false), nil
	}
	for i := range max(length, 0) {
		u, w := x[from+i], y[other+i]
		if u != w && (!ignoreCase || fold(u) != fold(w)) {
			return value.OfBool(false), nil
		}
	}
	return value.OfBool(true), nil
}

// isSpace is Character.isWhitespace: without the no-break spaces.
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', 0x1C, 0x1D, 0x1E, 0x1F:
		return true
	case 0xA0, 0x2007, 0x202F:
		return false
	}
	return unicode.In(r, unicode.Zs, unicode.Zl, unicode.Zp)
}

func isBlank(s string) bool { return strings.TrimFunc(s, isSpace) == "" }

func isLetterRune(r rune) bool { return unicode.IsLetter(r) }

// toUpper is String.toUpperCase in an English locale, with its special cases.
func toUpper(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	return strings.ToUpper(upperSpecial.Replace(s))
}

// upperSpecial holds the characters whose capital is more than one character, as far as western texts have them.
var upperSpecial = strings.NewReplacer("ß", "SS", "ŉ", "ʼN", "ǰ", "J̌", "ΐ", "Ϊ́", "ΰ", "Ϋ́", "և", "ԵՒ",
	"ﬀ", "FF", "ﬁ", "FI", "ﬂ", "FL", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST")

// toLower is String.toLowerCase in an English locale: "İ" becomes two characters, and a sigma at the end of a word is "ς".
func toLower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	if strings.Contains(s, "İ") {
		s = strings.ReplaceAll(s, "İ", "i̇")
	}
	lower := strings.ToLower(s)
	if !strings.Contains(s, "Σ") {
		return lower
	}
	runes, out := []rune(s), []rune(lower)
	for i, r := range runes {
		if r != 'Σ' || len(runes) != len(out) {
			continue
		}
		if i > 0 && unicode.IsLetter(runes[i-1]) && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1])) {
			out[i] = 'ς'
		}
	}
	return string(out)
}

func bytesValue(s string) value.Value {
	b := value.AppendUTF8(nil, s)
	items := make([]value.Value, len(b))
	for i, c := range b {
		items[i] = value.OfInteger(int32(int8(c)))
	}
	return value.OfObject(&arrayObject{"[B", items})
}

// splitLines splits at \n, \r\n and \r; a newline at the end begins no line.
func splitLines(s string) []string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(s, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// indent is String.indent: blanks put before, or taken from before, every line.
func indent(s string, a []value.Value) (string, error) {
	n := int(a[0].Int())
	lines := splitLines(s)
	if n > 0 && n*len(lines) > MaxOutput {
		return "", fmt.Errorf("%w: a string of more than %d bytes", ErrLimit, MaxOutput)
	}
	for i, line := range lines {
		for k := 0; k < -n && line != "" && isSpace(rune(line[0])); k++ {
			line = line[1:]
		}
		lines[i] = strings.Repeat(" ", max(n, 0)) + line + "\n"
	}
	return strings.Join(lines, ""), nil
}

// stripIndent takes the blanks that all lines begin with, and those at the ends of lines, away.
func stripIndent(s string) string {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
	least := len(s)
	for i, line := range lines {
		if blank := isBlank(line); !blank || i == len(lines)-1 {
			least = min(least, len(line)-len(strings.TrimLeftFunc(line, isSpace)))
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line[min(least, len(line)):], isSpace)
	}
	return strings.Join(lines, "\n")
}
