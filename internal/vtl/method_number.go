package vtl

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"gatehouse/internal/value"
)

// numberMethods are java.lang.Number's.
var numberMethods = []method{
	{name: "intValue", call: pure(func(v value.Value) value.Value { return value.OfInteger(intValue(v)) })},
	{name: "longValue", call: pure(func(v value.Value) value.Value { return value.OfLong(longOf(v)) })},
	{name: "doubleValue", call: pure(func(v value.Value) value.Value { return value.OfDouble(float(v)) })},
	{name: "floatValue", call: pure(func(v value.Value) value.Value { return value.OfFloat(floatOf(v)) })},
	{name: "shortValue", call: pure(func(v value.Value) value.Value { return value.OfInteger(int32(int16(intValue(v)))) })},
	{name: "byteValue", call: pure(func(v value.Value) value.Value { return value.OfInteger(int32(int8(intValue(v)))) })},
}

// floatOf is Number.floatValue(), which rounds a decimal once.
func floatOf(v value.Value) float32 {
	if v.Kind() == value.KindBigDecimal || v.Kind() == value.KindBigInteger {
		f, _ := strconv.ParseFloat(string(value.AppendString(nil, v)), 32) // out of range: infinite or zero
		return float32(f)
	}
	return float32(float(v))
}

func longOf(v value.Value) int64 { return longValue(v) }

// parse makes a call of strconv.ParseInt that fails in Java's words.
func parse(size int, box func(int64) value.Value) call {
	return checked(func(_ value.Value, a []value.Value) (value.Value, error) {
		radix := 10
		if len(a) > 1 {
			radix = int(a[1].Int())
		}
		i, err := parseInteger(a[0], radix, size)
		return box(i), err
	})
}

func parseInteger(v value.Value, radix, size int) (int64, error) {
	if v.IsNull() {
		return 0, fmt.Errorf("Cannot parse null string") //nolint:staticcheck,revive // Java's words
	}
	i, err := strconv.ParseInt(v.Str(), radix, size)
	if err != nil || strings.ContainsRune(v.Str(), '_') {
		return 0, fmt.Errorf("For input string: %q", v.Str()) //nolint:staticcheck,revive // Java's words
	}
	return i, nil
}

func boxInteger(i int64) value.Value { return value.OfInteger(int32(i)) }
func boxLong(i int64) value.Value    { return value.OfLong(i) }

// whole makes a call of a function of integers only.
func whole(box func(int64) value.Value, f func(a ...int64) int64) call {
	return with(func(_ value.Value, a []value.Value) value.Value {
		switch len(a) {
		case 1:
			return box(f(a[0].Int()))
		default:
			return box(f(a[0].Int(), a[1].Int()))
		}
	})
}

func orderOf(a ...int64) int64 { return int64(order(a[0], a[1])) }

// wholeMethods are the methods Integer and Long have alike.
func wholeMethods(f, boxed formal, size int, box func(int64) value.Value) []method {
	one, two := []formal{f}, []formal{f, f}
	unsigned := func(i int64) uint64 { return uint64(i) & (math.MaxUint64 >> (64 - size)) }
	inRadix := func(radix int) call {
		return with(func(_ value.Value, a []value.Value) value.Value {
			return value.OfString(strconv.FormatUint(unsigned(a[0].Int()), radix))
		})
	}
	name := map[int]string{32: "Int", 64: "Long"}[size]
	return []method{
		{name: "compareTo", formals: []formal{boxed}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
			if a[0].IsNull() {
				return value.Value{}, errNullArgument
			}
			return ofInt(order(v.Int(), a[0].Int())), nil
		})},
		{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
		{name: "compare", formals: two, call: whole(boxInteger, orderOf)},
		{name: "parse" + name, formals: oneString, call: parse(size, box)},
		{name: "parse" + name, formals: stringInt, call: parse(size, box)},
		{name: "valueOf", formals: oneString, call: parse(size, box)},
		{name: "valueOf", formals: stringInt, call: parse(size, box)},
		{name: "valueOf", formals: one, call: whole(box, func(a ...int64) int64 { return a[0] })},
		{name: "decode", formals: oneString, call: checked(func(_ value.Value, a []value.Value) (value.Value, error) {
			i, err := decodeInteger(a[0], size)
			return box(i), err
		})},
		{name: "toString", formals: one, call: textOf},
		{name: "toString", formals: append(append([]formal(nil), one...), formalInt), call: with(func(_ value.Value, a []value.Value) value.Value {
			return value.OfString(formatRadix(a[0].Int(), a[1].Int()))
		})},
		{name: "toHexString", formals: one, call: inRadix(16)}, {name: "toOctalString", formals: one, call: inRadix(8)},
		{name: "toBinaryString", formals: one, call: inRadix(2)}, {name: "toUnsignedString", formals: one, call: inRadix(10)},
		{name: "max", formals: two, call: whole(box, func(a ...int64) int64 { return max(a[0], a[1]) })},
		{name: "min", formals: two, call: whole(box, func(a ...int64) int64 { return min(a[0], a[1]) })},
		{name: "sum", formals: two, call: whole(box, func(a ...int64) int64 { return a[0] + a[1] })},
		{name: "signum", formals: one, call: whole(boxInteger, func(a ...int64) int64 { return orderOf(a[0], 0) })},
		{name: "hashCode", formals: one, call: with(func(_ value.Value, a []value.Value) value.Value { return value.OfInteger(hash(box(a[0].Int()))) })},
		{name: "bitCount", formals: one, call: whole(boxInteger, func(a ...int64) int64 { return int64(bits.OnesCount64(unsigned(a[0]))) })},
		{name: "numberOfLeadingZeros", formals: one, call: whole(boxInteger, func(a ...int64) int64 {
			return int64(size - bits.Len64(unsigned(a[0])))
		})},
		{name: "numberOfTrailingZeros", formals: one, call: whole(boxInteger, func(a ...int64) int64 {
			return int64(min(bits.TrailingZeros64(unsigned(a[0])), size))
		})},
		{name: "highestOneBit", formals: one, call: whole(box, func(a ...int64) int64 {
			return int64(unsigned(a[0]) & (1 << 63 >> bits.LeadingZeros64(unsigned(a[0]))))
		})},
		{name: "lowestOneBit", formals: one, call: whole(box, func(a ...int64) int64 { return a[0] & -a[0] })},
		{name: "reverse", formals: one, call: whole(box, func(a ...int64) int64 { return int64(bits.Reverse64(unsigned(a[0])) >> (64 - size)) })},
		{name: "reverseBytes", formals: one, call: whole(box, func(a ...int64) int64 { return int64(bits.ReverseBytes64(unsigned(a[0])) >> (64 - size)) })},
		{name: "compareUnsigned", formals: two, call: whole(boxInteger, func(a ...int64) int64 {
			x, y := unsigned(a[0]), unsigned(a[1])
			if x == y {
				return 0
			}
			return orderOf(int64(x^1<<63), int64(y^1<<63))
		})},
	}
}

var integerMethods = append(wholeMethods(formalInt, formalIntegerClass, 32, boxInteger),
	method{name: "toUnsignedLong", formals: oneInt, call: whole(boxLong, func(a ...int64) int64 { return a[0] & math.MaxUint32 })})

var longMethods = wholeMethods(formalLong, formalLongClass, 64, boxLong)

// decodeInteger is Integer.decode: a sign, then 0x, # or 0 for another radix.
func decodeInteger(v value.Value, size int) (int64, error) {
	text := v.Str()
	sign := ""
	if hasPrefix(text, "-") || hasPrefix(text, "+") {
		sign, text = strings.TrimPrefix(text[:1], "+"), text[1:]
	}
	radix := 10
	switch {
	case hasPrefix(text, "0x"), hasPrefix(text, "0X"):
		radix, text = 16, text[2:]
	case hasPrefix(text, "#"):
		radix, text = 16, text[1:]
	case hasPrefix(text, "0") && len(text) > 1:
		radix, text = 8, text[1:]
	}
	return parseInteger(value.OfString(sign+text), radix, size)
}

// formatRadix is Integer.toString(i, radix): a radix Java has not is 10.
func formatRadix(i, radix int64) string {
	if radix < 2 || radix > 36 {
		radix = 10
	}
	return strconv.FormatInt(i, int(radix))
}

var oneDouble = []formal{formalDouble}

func onDouble(f func(float64) value.Value) call {
	return pure(func(v value.Value) value.Value { return f(v.Float64()) })
}

func ofDouble1(f func(float64) value.Value) call {
	return with(func(_ value.Value, a []value.Value) value.Value { return f(float(a[0])) })
}

func isNaN(f float64) value.Value      { return value.OfBool(f != f) }
func isInfinite(f float64) value.Value { return value.OfBool(math.IsInf(f, 0)) }

// compareDoubles is Double.compare: -0.0 before 0.0, NaN after everything.
func compareDoubles(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	x, y := int64(math.Float64bits(a)), int64(math.Float64bits(b))
	return order(x, y)
}

// doublesMethods are what Double and Float have alike.
func doublesMethods(f, boxed formal, parseName string, box func(float64) value.Value) []method {
	one, two := []formal{f}, []formal{f, f}
	parse := checked(func(_ value.Value, a []value.Value) (value.Value, error) {
		d, err := parseDouble(a[0])
		return box(d), err
	})
	both := func(g func(a, b float64) float64) call {
		return with(func(_ value.Value, a []value.Value) value.Value { return box(g(float(a[0]), float(a[1]))) })
	}
	return []method{
		{name: "isNaN", call: onDouble(isNaN)}, {name: "isNaN", formals: one, call: ofDouble1(isNaN)},
		{name: "isInfinite", call: onDouble(isInfinite)}, {name: "isInfinite", formals: one, call: ofDouble1(isInfinite)},
		{name: "isFinite", formals: one, call: ofDouble1(func(f float64) value.Value { return value.OfBool(!math.IsInf(f, 0) && f == f) })},
		{name: "compareTo", formals: []formal{boxed}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
			if a[0].IsNull() {
				return value.Value{}, errNullArgument
			}
			return ofInt(compareDoubles(v.Float64(), a[0].Float64())), nil
		})},
		{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
		{name: "compare", formals: two, call: with(func(_ value.Value, a []value.Value) value.Value {
			return ofInt(compareDoubles(float(a[0]), float(a[1])))
		})},
		{name: parseName, formals: oneString, call: parse}, {name: "valueOf", formals: oneString, call: parse},
		{name: "valueOf", formals: one, call: ofDouble1(box)},
		{name: "toString", formals: one, call: func(ex *Execution, _ value.Value, a []value.Value) (value.Value, error) {
			return value.OfString(ex.Text(box(float(a[0])))), nil
		}},
		{name: "hashCode", formals: one, call: ofDouble1(func(f float64) value.Value { return value.OfInteger(hash(box(f))) })},
		{name: "max", formals: two, call: both(func(a, b float64) float64 { return max(a, b) })},
		{name: "min", formals: two, call: both(func(a, b float64) float64 { return min(a, b) })},
		{name: "sum", formals: two, call: both(func(a, b float64) float64 { return a + b })},
	}
}

var doubleMethods = append(doublesMethods(formalDouble, formalDoubleClass, "parseDouble", value.OfDouble),
	method{name: "doubleToLongBits", formals: oneDouble, call: ofDouble1(func(f float64) value.Value { return value.OfLong(int64(math.Float64bits(f))) })},
	method{name: "longBitsToDouble", formals: []formal{formalLong}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return value.OfDouble(math.Float64frombits(uint64(a[0].Int())))
	})})

var floatMethods = doublesMethods(formalFloat, formalFloatClass, "parseFloat", func(f float64) value.Value { return value.OfFloat(float32(f)) })

// parseDouble is Double.parseDouble: blanks around it, a suffix d or f, no underscores and no "inf".
func parseDouble(v value.Value) (float64, error) {
	if v.IsNull() {
		return 0, errNullArgument
	}
	text := strings.TrimFunc(v.Str(), func(r rune) bool { return r <= ' ' })
	number := text
	if n := len(number) - 1; n > 0 && strings.IndexByte("dDfF", number[n]) >= 0 && !strings.ContainsAny(number, "xX") {
		number = number[:n]
	}
	unsigned := strings.TrimLeft(number, "+-")
	isWord := unsigned == "NaN" || unsigned == "Infinity"
	if text == "" || strings.ContainsAny(number, "_") || !isWord && strings.ContainsAny(strings.ToLower(unsigned), "ni") {
		return 0, fmt.Errorf("For input string: %q", v.Str()) //nolint:staticcheck,revive // Java's words
	}
	if unsigned == "NaN" {
		return math.NaN(), nil
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, fmt.Errorf("For input string: %q", v.Str()) //nolint:staticcheck,revive // Java's words
	}
	return f, nil
}

var oneBoolean, twoBooleans = []formal{formalBoolean}, []formal{formalBoolean, formalBoolean}

func logical(f func(a, b bool) bool) call {
	return with(func(_ value.Value, a []value.Value) value.Value { return value.OfBool(f(a[0].Bool(), a[1].Bool())) })
}

func parseBoolean(_ value.Value, a []value.Value) value.Value {
	return value.OfBool(strings.EqualFold(a[0].Str(), "true"))
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

var booleanMethods = []method{
	{name: "booleanValue", call: pure(func(v value.Value) value.Value { return v })},
	{name: "parseBoolean", formals: oneString, call: with(parseBoolean)}, {name: "valueOf", formals: oneString, call: with(parseBoolean)},
	{name: "valueOf", formals: oneBoolean, call: with(func(_ value.Value, a []value.Value) value.Value { return a[0] })},
	{name: "toString", formals: oneBoolean, call: textOf},
	{name: "compareTo", formals: []formal{formalBooleanClass}, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		return ofInt(bit(v.Bool()) - bit(a[0].Bool())), nil
	})},
	{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
	{name: "compare", formals: twoBooleans, call: with(func(_ value.Value, a []value.Value) value.Value {
		return ofInt(bit(a[0].Bool()) - bit(a[1].Bool()))
	})},
	{name: "hashCode", formals: oneBoolean, call: with(func(_ value.Value, a []value.Value) value.Value { return value.OfInteger(hash(a[0])) })},
	{name: "logicalAnd", formals: twoBooleans, call: logical(func(a, b bool) bool { return a && b })},
	{name: "logicalOr", formals: twoBooleans, call: logical(func(a, b bool) bool { return a || b })},
	{name: "logicalXor", formals: twoBooleans, call: logical(func(a, b bool) bool { return a != b })},
}

var oneBigInteger, oneBigDecimal = []formal{formalBigInteger}, []formal{formalBigDecimal}

// onBig makes a call of an operation on two BigIntegers.
func onBig(f func(a, b *big.Int) (value.Value, error)) call {
	return checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		return f(v.BigInteger(), a[0].BigInteger())
	})
}

func bigResult(f func(c, a, b *big.Int) *big.Int) call {
	return onBig(func(a, b *big.Int) (value.Value, error) { return value.OfBigInteger(f(new(big.Int), a, b)), nil })
}

func bigOperator(o operator) call {
	return onBig(func(a, b *big.Int) (value.Value, error) {
		if (o == divide || o == modulo) && b.Sign() == 0 {
			return value.Value{}, fmt.Errorf("BigInteger divide by zero")
		}
		return o.bigIntegers(a, b)
	})
}

func bigUnary(f func(c, a *big.Int) *big.Int) call {
	return pure(func(v value.Value) value.Value { return value.OfBigInteger(f(new(big.Int), v.BigInteger())) })
}

func lowestSetBit(i *big.Int) int {
	if i.Sign() == 0 {
		return -1
	}
	return int(i.TrailingZeroBits())
}

// shift shifts left by n bits, or right if n is negative, within the limit.
func shift(i *big.Int, n int64) (value.Value, error) {
	if n > maxBits || n > 0 && i.BitLen()+int(n) > maxBits {
		return value.Value{}, fmt.Errorf("%w: a number of %d bits", ErrLimit, maxBits)
	}
	if n >= 0 {
		return value.OfBigInteger(new(big.Int).Lsh(i, uint(n))), nil
	}
	return value.OfBigInteger(new(big.Int).Rsh(i, uint(min(-n, maxBits)))), nil
}

var bigIntegerMethods = []method{
	{name: "add", formals: oneBigInteger, call: bigOperator(add)}, {name: "subtract", formals: oneBigInteger, call: bigOperator(subtract)},
	{name: "multiply", formals: oneBigInteger, call: bigOperator(multiply)}, {name: "divide", formals: oneBigInteger, call: bigOperator(divide)},
	{name: "mod", formals: oneBigInteger, call: bigOperator(modulo)},
	{name: "remainder", formals: oneBigInteger, call: onBig(func(a, b *big.Int) (value.Value, error) {
		if b.Sign() == 0 {
			return value.Value{}, fmt.Errorf("BigInteger divide by zero")
		}
		return value.OfBigInteger(new(big.Int).Rem(a, b)), nil
	})},
	{name: "gcd", formals: oneBigInteger, call: bigResult(func(c, a, b *big.Int) *big.Int {
		return c.GCD(nil, nil, new(big.Int).Abs(a), new(big.Int).Abs(b))
	})},
	{name: "and", formals: oneBigInteger, call: bigResult((*big.Int).And)}, {name: "or", formals: oneBigInteger, call: bigResult((*big.Int).Or)},
	{name: "xor", formals: oneBigInteger, call: bigResult((*big.Int).Xor)}, {name: "not", call: bigUnary((*big.Int).Not)},
	{name: "negate", call: bigUnary((*big.Int).Neg)}, {name: "abs", call: bigUnary((*big.Int).Abs)},
	{name: "max", formals: oneBigInteger, call: bigResult(func(_, a, b *big.Int) *big.Int {
		if a.Cmp(b) >= 0 {
			return a
		}
		return b
	})},
	{name: "min", formals: oneBigInteger, call: bigResult(func(_, a, b *big.Int) *big.Int {
		if a.Cmp(b) <= 0 {
			return a
		}
		return b
	})},
	{name: "pow", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		n := a[0].Int()
		switch {
		case n < 0:
			return value.Value{}, fmt.Errorf("Negative exponent") //nolint:staticcheck,revive // Java's words
		case n*int64(v.BigInteger().BitLen()) > maxBits:
			return value.Value{}, fmt.Errorf("%w: a number of %d bits", ErrLimit, maxBits)
		}
		return value.OfBigInteger(new(big.Int).Exp(v.BigInteger(), big.NewInt(n), nil)), nil
	})},
	{name: "shiftLeft", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) { return shift(v.BigInteger(), a[0].Int()) })},
	{name: "shiftRight", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) { return shift(v.BigInteger(), -a[0].Int()) })},
	{name: "signum", call: pure(func(v value.Value) value.Value { return ofInt(v.BigInteger().Sign()) })},
	{name: "bitCount", call: pure(func(v value.Value) value.Value {
		i, n := v.BigInteger(), 0
		if i.Sign() < 0 {
			i = new(big.Int).Not(i)
		}
		for _, word := range i.Bits() {
			n += bits.OnesCount(uint(word))
		}
		return ofInt(n)
	})},
	{name: "bitLength", call: pure(func(v value.Value) value.Value {
		i := v.BigInteger()
		if i.Sign() < 0 {
			i = new(big.Int).Not(i)
		}
		return ofInt(i.BitLen())
	})},
	{name: "getLowestSetBit", call: pure(func(v value.Value) value.Value { return ofInt(lowestSetBit(v.BigInteger())) })},
	{name: "testBit", formals: oneInt, call: with(func(v value.Value, a []value.Value) value.Value {
		return value.OfBool(v.BigInteger().Bit(int(max(a[0].Int(), 0))) == 1)
	})},
	{name: "compareTo", formals: oneBigInteger, call: onBig(func(a, b *big.Int) (value.Value, error) { return ofInt(a.Cmp(b)), nil })},
	{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
	{name: "toString", formals: oneInt, call: with(func(v value.Value, a []value.Value) value.Value {
		radix := int(a[0].Int())
		if radix < 2 || radix > 36 {
			radix = 10
		}
		return value.OfString(v.BigInteger().Text(radix))
	})},
	{name: "valueOf", formals: []formal{formalLong}, call: with(func(_ value.Value, a []value.Value) value.Value {
		return value.OfBigInteger(big.NewInt(a[0].Int()))
	})},
	{name: "intValueExact", call: exact(32, boxInteger)}, {name: "longValueExact", call: exact(64, boxLong)},
}

func exact(size int, box func(int64) value.Value) call {
	return checked(func(v value.Value, _ []value.Value) (value.Value, error) {
		i := v.BigInteger()
		if d := v.BigDecimal(); d != nil {
			i = wholeOf(d)
		}
		if !i.IsInt64() || size == 32 && i.Int64() != int64(int32(i.Int64())) {
			return value.Value{}, fmt.Errorf("BigInteger out of int range")
		}
		return box(i.Int64()), nil
	})
}

// onDecimal makes a call of an operation on two BigDecimals.
func onDecimal(f func(a, b *value.Decimal) (value.Value, error)) call {
	return checked(func(v value.Value, a []value.Value) (value.Value, error) {
		if a[0].IsNull() {
			return value.Value{}, errNullArgument
		}
		return f(v.BigDecimal(), a[0].BigDecimal())
	})
}

func decimalOperator(o operator) call {
	return onDecimal(func(a, b *value.Decimal) (value.Value, error) { return decimalResult(o, a, b) })
}

func decimalUnary(f func(c, a *big.Int) *big.Int) call {
	return pure(func(v value.Value) value.Value {
		d := &value.Decimal{Scale: v.BigDecimal().Scale}
		f(&d.Unscaled, &v.BigDecimal().Unscaled)
		return value.OfBigDecimal(d)
	})
}

var bigDecimalMethods = []method{
	{name: "add", formals: oneBigDecimal, call: decimalOperator(add)}, {name: "subtract", formals: oneBigDecimal, call: decimalOperator(subtract)},
	{name: "multiply", formals: oneBigDecimal, call: decimalOperator(multiply)},
	{name: "negate", call: decimalUnary((*big.Int).Neg)}, {name: "abs", call: decimalUnary((*big.Int).Abs)},
	{name: "signum", call: pure(func(v value.Value) value.Value { return ofInt(v.BigDecimal().Unscaled.Sign()) })},
	{name: "scale", call: pure(func(v value.Value) value.Value { return value.OfInteger(v.BigDecimal().Scale) })},
	{name: "precision", call: pure(func(v value.Value) value.Value {
		return ofInt(len(new(big.Int).Abs(&v.BigDecimal().Unscaled).String()))
	})},
	{name: "unscaledValue", call: pure(func(v value.Value) value.Value { return value.OfBigInteger(&v.BigDecimal().Unscaled) })},
	{name: "toBigInteger", call: pure(func(v value.Value) value.Value { return value.OfBigInteger(wholeOf(v.BigDecimal())) })},
	{name: "toPlainString", call: checked(func(v value.Value, _ []value.Value) (value.Value, error) {
		text, err := plainDecimal(v.BigDecimal())
		return value.OfString(text), err
	})},
	{name: "stripTrailingZeros", call: pure(func(v value.Value) value.Value { return value.OfBigDecimal(stripZeros(v.BigDecimal())) })},
	{name: "compareTo", formals: oneBigDecimal, call: onDecimal(func(a, b *value.Decimal) (value.Value, error) {
		x, y, _, err := align(a, b)
		if err != nil {
			return value.Value{}, err
		}
		return ofInt(x.Cmp(y)), nil
	})},
	{name: "compareTo", formals: oneObject, call: failing1(errClassCast)},
	{name: "intValueExact", call: exact(32, boxInteger)}, {name: "longValueExact", call: exact(64, boxLong)},
	{name: "setScale", formals: twoInts, call: checked(setScale)},
	{name: "setScale", formals: oneInt, call: checked(func(v value.Value, a []value.Value) (value.Value, error) {
		return setScale(v, []value.Value{a[0], value.OfInteger(roundUnnecessary)})
	})},
}

// plainDecimal writes a decimal without an exponent.
func plainDecimal(d *value.Decimal) (string, error) {
	digits := new(big.Int).Abs(&d.Unscaled).String()
	if max(int64(d.Scale), -int64(d.Scale)) > MaxOutput/8 {
		return "", fmt.Errorf("%w: a number of %d digits", ErrLimit, d.Scale)
	}
	switch {
	case d.Scale < 0 && d.Unscaled.Sign() != 0:
		digits += strings.Repeat("0", int(-d.Scale))
	case d.Scale > 0:
		if missing := int(d.Scale) + 1 - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		point := len(digits) - int(d.Scale)
		digits = digits[:point] + "." + digits[point:]
	}
	if d.Unscaled.Sign() < 0 {
		digits = "-" + digits
	}
	return digits, nil
}

func stripZeros(d *value.Decimal) *value.Decimal {
	c := &value.Decimal{Scale: d.Scale}
	c.Unscaled.Set(&d.Unscaled)
	if c.Unscaled.Sign() == 0 {
		c.Scale = 0
		return c
	}
	ten, rest, quotient := big.NewInt(10), new(big.Int), new(big.Int)
	for {
		quotient.QuoRem(&c.Unscaled, ten, rest)
		if rest.Sign() != 0 {
			return c
		}
		c.Unscaled.Set(quotient)
		c.Scale--
	}
}

// Rounding modes, as BigDecimal.ROUND_* number them.
const (
	roundUp = iota
	roundDown
	roundCeiling
	roundFloor
	roundHalfUp
	roundHalfDown
	roundHalfEven
	roundUnnecessary
)

// setScale is BigDecimal.setScale(scale, rounding mode).
func setScale(v value.Value, a []value.Value) (value.Value, error) {
	d, scale, mode := v.BigDecimal(), int32(a[0].Int()), a[1].Int()
	if mode < roundUp || mode > roundUnnecessary {
		return value.Value{}, fmt.Errorf("Invalid rounding mode") //nolint:staticcheck,revive // Java's words
	}
	factor, err := pow10(max(int64(scale)-int64(d.Scale), int64(d.Scale)-int64(scale)))
	if err != nil {
		return value.Value{}, err
	}
	c := &value.Decimal{Scale: scale}
	if scale >= d.Scale {
		c.Unscaled.Mul(&d.Unscaled, factor)
		return value.OfBigDecimal(c), nil
	}
	rest := new(big.Int)
	c.Unscaled.QuoRem(&d.Unscaled, factor, rest)
	if rest.Sign() == 0 {
		return value.OfBigDecimal(c), nil
	}
	if mode == roundUnnecessary {
		return value.Value{}, fmt.Errorf("Rounding necessary") //nolint:staticcheck,revive // Java's words
	}
	half := new(big.Int).Lsh(new(big.Int).Abs(rest), 1).Cmp(factor)
	if roundsAway(int(mode), rest.Sign(), half, c.Unscaled.Bit(0) == 1) {
		c.Unscaled.Add(&c.Unscaled, big.NewInt(int64(rest.Sign())))
	}
	return value.OfBigDecimal(c), nil
}

// roundsAway reports whether a rest is rounded away from zero; half is its order against a half.
func roundsAway(mode, sign, half int, odd bool) bool {
	switch mode {
	case roundUp:
		return true
	case roundDown:
		return false
	case roundCeiling:
		return sign > 0
	case roundFloor:
		return sign < 0
	case roundHalfUp:
		return half >= 0
	case roundHalfDown:
		return half > 0
	case roundHalfEven:
		return half > 0 || half == 0 && odd
	}
	return false
}
