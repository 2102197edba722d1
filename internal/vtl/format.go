package vtl

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"

	"gatehouse/internal/value"
)

// specifier is one %[index$][flags][width][.precision]conversion of java.util.Formatter.
type specifier struct {
	flags      string
	width      int
	precision  int // -1 if there is none
	conversion byte
}

// maxWidth bounds a width or precision.
const maxWidth = 10_000

// formatString is String.format in an English locale, without dates.
func formatString(ex *Execution, format string, arguments value.Value) (value.Value, error) {
	items := itemsOf(arguments)
	var b strings.Builder
	next := 0
	for {
		text, rest, found := strings.Cut(format, "%")
		b.WriteString(text)
		if !found {
			break
		}
		s, index, n := parseSpecifier(rest)
		if n == 0 {
			return value.Value{}, fmt.Errorf("UnknownFormatConversionException: Conversion = '%%'")
		}
		format = rest[n:]
		switch s.conversion {
		case '%':
			b.WriteString(s.pad("%"))
			continue
		case 'n':
			b.WriteByte('\n')
			continue
		}
		if index == 0 {
			next++
			index = next
		}
		if index > len(items) {
			return value.Value{}, fmt.Errorf("MissingFormatArgumentException: Format specifier '%%%s'", rest[:n])
		}
		text, err := s.format(ex, items[index-1])
		if err != nil {
			return value.Value{}, err
		}
		b.WriteString(text)
		if !ex.allocate(len(text), 0) {
			break
		}
	}
	return value.OfString(b.String()), nil
}

// parseSpecifier reads behind a "%"; n is 0 if that is no specifier.
func parseSpecifier(s string) (spec specifier, index, n int) {
	spec.precision = -1
	if d := digitRun(s); d > 0 && d < len(s) && s[d] == '$' {
		index, _ = strconv.Atoi(s[:d]) // digits
		n = d + 1
	}
	from := n
	for n < len(s) && strings.IndexByte("-#+ 0,(<", s[n]) >= 0 {
		n++
	}
	spec.flags = s[from:n]
	if d := digitRun(s[n:]); d > 0 {
		spec.width, _ = strconv.Atoi(s[n : n+d]) // digits
		n += d
	}
	if n < len(s) && s[n] == '.' {
		d := digitRun(s[n+1:])
		spec.precision, _ = strconv.Atoi(s[n+1 : n+1+d]) // digits
		n += 1 + d
	}
	if n >= len(s) || !isLetter(s[n]) && s[n] != '%' {
		return spec, 0, 0
	}
	spec.conversion = s[n]
	return spec, index, n + 1
}

func (s *specifier) has(flag byte) bool { return strings.IndexByte(s.flags, flag) >= 0 }

// pad brings a text to the width.
func (s *specifier) pad(text string) string {
	missing := s.width - unitLength(text)
	switch {
	case missing <= 0:
		return text
	case s.has('-'):
		return text + strings.Repeat(" ", missing)
	}
	return strings.Repeat(" ", missing) + text
}

func (s *specifier) format(ex *Execution, v value.Value) (string, error) {
	if s.width > maxWidth || s.precision > maxWidth {
		return "", fmt.Errorf("%w: a format of %d characters", ErrLimit, max(s.width, s.precision))
	}
	text, err := s.convert(ex, v)
	if err != nil {
		return "", err
	}
	if s.conversion >= 'A' && s.conversion <= 'Z' {
		text = toUpper(text)
	}
	return s.pad(text), nil
}

func (s *specifier) convert(ex *Execution, v value.Value) (string, error) {
	mismatch := fmt.Errorf("IllegalFormatConversionException: %c != %s", s.conversion, className(v))
	switch s.conversion | 0x20 {
	case 's':
		return s.truncate(ex.Text(v)), nil
	case 'b':
		return s.truncate(strconv.FormatBool(!v.IsNull() && (v.Kind() != value.KindBoolean || v.Bool()))), nil
	case 'h':
		return s.truncate(strconv.FormatUint(uint64(uint32(ex.hash(v))), 16)), nil
	}
	if v.IsNull() {
		return s.truncate("null"), nil
	}
	switch s.conversion | 0x20 {
	case 'c':
		switch {
		case classOf(v) == classCharacter:
			return ex.Text(v), nil
		case v.Kind() == value.KindInteger:
			return string(rune(v.Int())), nil
		}
	case 'd':
		if isWhole(v) {
			return s.sign(s.group(new(big.Int).Abs(bigInteger(v)).String()), bigInteger(v).Sign() < 0), nil
		}
	case 'x', 'o':
		if isWhole(v) {
			return s.radix(v), nil
		}
	case 'f', 'e', 'g':
		if k := v.Kind(); k == value.KindDouble || k == value.KindFloat || k == value.KindBigDecimal {
			return s.float(v)
		}
	default:
		return "", fmt.Errorf("UnknownFormatConversionException: Conversion = '%c'", s.conversion)
	}
	return "", mismatch
}

func (s *specifier) truncate(text string) string {
	if s.precision >= 0 && s.precision < unitLength(text) {
		text, _ = substring(text, 0, s.precision)
	}
	return text
}

// group puts commas between thousands.
func (s *specifier) group(digits string) string {
	if !s.has(',') {
		return digits
	}
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasFraction {
		whole += "." + fraction
	}
	return whole
}

// sign puts the sign and the zeros before the digits.
func (s *specifier) sign(digits string, negative bool) string {
	before, after := "", ""
	switch {
	case negative && s.has('('):
		before, after = "(", ")"
	case negative:
		before = "-"
	case s.has('+'):
		before = "+"
	case s.has(' '):
		before = " "
	}
	if s.has('0') {
		digits = strings.Repeat("0", max(s.width-len(before)-len(after)-len(digits), 0)) + digits
	}
	return before + digits + after
}

func (s *specifier) radix(v value.Value) string {
	radix, prefix := 16, "0x"
	if s.conversion == 'o' {
		radix, prefix = 8, "0"
	}
	var text string
	switch v.Kind() {
	case value.KindInteger:
		text = strconv.FormatUint(uint64(uint32(v.Int())), radix)
	case value.KindLong:
		text = strconv.FormatUint(uint64(v.Int()), radix)
	default:
		text = bigInteger(v).Text(radix)
	}
	if s.has('#') {
		text = prefix + text
	}
	if s.has('0') {
		text = strings.Repeat("0", max(s.width-len(text), 0)) + text
	}
	return text
}

// float rounds half up, as java.util.Formatter does on the shortest decimal text of the number.
func (s *specifier) float(v value.Value) (string, error) {
	if f := float(v); v.Kind() != value.KindBigDecimal && (math.IsNaN(f) || math.IsInf(f, 0)) {
		text := strings.TrimPrefix(string(value.AppendDouble(nil, f)), "-")
		plain := specifier{flags: strings.ReplaceAll(s.flags, "0", ""), width: s.width}
		return plain.sign(text, math.IsInf(f, -1)), nil
	}
	precision := s.precision
	if precision < 0 {
		precision = 6
	}
	d := v.BigDecimal()
	if d == nil {
		d, _ = value.ParseDecimal(string(value.AppendString(nil, v)))
	}
	negative := d.Unscaled.Sign() < 0 || d.Unscaled.Sign() == 0 && math.Signbit(v.Float64())
	abs := &value.Decimal{Scale: d.Scale}
	abs.Unscaled.Abs(&d.Unscaled)
	if s.conversion|0x20 == 'e' {
		return s.sign(scientific(abs, precision), negative), nil
	}
	rounded, err := setScale(value.OfBigDecimal(abs), []value.Value{ofInt(precision), ofInt(roundHalfUp)})
	if err != nil {
		return "", err
	}
	text, err := plainDecimal(rounded.BigDecimal())
	return s.sign(s.group(text), negative), err
}

// scientific writes d.ddde+xx.
func scientific(d *value.Decimal, precision int) string {
	digits := d.Unscaled.String()
	exponent := len(digits) - 1 - int(d.Scale)
	if d.Unscaled.Sign() == 0 {
		exponent = 0
	}
	one := &value.Decimal{Scale: int32(len(digits) - 1)}
	one.Unscaled.Set(&d.Unscaled)
	rounded, err := setScale(value.OfBigDecimal(one), []value.Value{ofInt(precision), ofInt(roundHalfUp)})
	if err != nil {
		return digits
	}
	text, err := plainDecimal(rounded.BigDecimal())
	if err != nil {
		return digits
	}
	if strings.HasPrefix(text, "10") {
		exponent++
		text = strings.Replace("1."+strings.Replace(text[1:], ".", "", 1), "1.0", "1.", 1)
	}
	return fmt.Sprintf("%se%+03d", text, exponent)
}
