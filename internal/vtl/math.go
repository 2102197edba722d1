package vtl

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"

	"gatehouse/internal/value"
)

// operator is an arithmetic operation.
type operator uint8

const (
	add operator = iota
	subtract
	multiply
	divide
	modulo
)

// comparator says which orders (-1, 0, 1) hold.
type comparator func(order int) bool

func less(order int) bool         { return order < 0 }
func lessEqual(order int) bool    { return order <= 0 }
func greater(order int) bool      { return order > 0 }
func greaterEqual(order int) bool { return order >= 0 }

// tower is what two numbers are computed as.
type tower uint8

const (
	asLong tower = iota
	asBigInteger
	asFloat
	asDouble
	asBigDecimal
)

func isWhole(v value.Value) bool {
	return v.Kind() == value.KindInteger || v.Kind() == value.KindLong || v.Kind() == value.KindBigInteger
}

func towerOf(a, b value.Value) tower {
	wholes := isWhole(a) && isWhole(b)
	big := a.Kind() == value.KindBigInteger || b.Kind() == value.KindBigInteger
	switch {
	case a.Kind() == value.KindBigDecimal || b.Kind() == value.KindBigDecimal || big && !wholes:
		return asBigDecimal
	case wholes && big:
		return asBigInteger
	case wholes:
		return asLong
	case a.Kind() == value.KindDouble || b.Kind() == value.KindDouble:
		return asDouble
	}
	return asFloat
}

// Errors of arithmetic, as Java's ArithmeticException and NumberFormatException.
var (
	errModulusNotPositive = errors.New("BigInteger: modulus not positive")
	errDecimalModulo      = errors.New("Cannot calculate the modulo of BigDecimals.") //nolint:staticcheck,revive // Velocity's words
	errNotFinite          = errors.New("Infinite or NaN")                             //nolint:staticcheck,revive // Java's words
)

// integers computes with two Integers or Longs; ok is false where that needs more care.
func (o operator) integers(left, right value.Value) (v value.Value, ok bool) {
	a, b := left.Int(), right.Int()
	var c int64
	switch o {
	case add:
		c = a + b
		if (c^a) < 0 && (c^b) < 0 {
			return v, false
		}
	case subtract:
		c = a - b
		if (c^a) < 0 && (c^^b) < 0 {
			return v, false
		}
	case multiply:
		if hi, _ := bits.Mul64(uint64(max(a, -a)), uint64(max(b, -b))); hi != 0 || a == math.MinInt64 || b == math.MinInt64 {
			return v, false
		}
		c = a * b
		if b != 0 && c/b != a {
			return v, false
		}
	case divide:
		if b == 0 {
			return value.Value{}, true
		}
		c = a / b
	case modulo:
		if b == 0 {
			return value.Value{}, true
		}
		c = a % b
	}
	return wrap(c, left, right), true
}

// wrap makes a number of the larger of the two kinds, or a Long if it does not fit.
func wrap(c int64, left, right value.Value) value.Value {
	if left.Kind() == value.KindLong || right.Kind() == value.KindLong {
		return value.OfLong(c)
	}
	return value.OfInt(c)
}

// compute computes with any two numbers. Dividing by zero gives null.
func (o operator) compute(left, right value.Value) (value.Value, error) {
	if (o == divide || o == modulo) && isZero(right) {
		return value.Value{}, nil
	}
	switch towerOf(left, right) {
	case asLong:
		return o.long(left, right)
	case asBigInteger:
		return o.bigIntegers(bigInteger(left), bigInteger(right))
	case asDouble:
		return value.OfDouble(o.floats(float(left), float(right))), nil
	case asFloat:
		return value.OfFloat(float32(o.floats(float(left), float(right)))), nil
	}
	return o.decimals(left, right)
}

// long is integers with Velocity's check of overflow, which a product of the smallest Long and -1 passes.
func (o operator) long(left, right value.Value) (value.Value, error) {
	if v, ok := o.integers(left, right); ok {
		return v, nil
	}
	if o == multiply {
		if c := left.Int() * right.Int(); right.Int() == 0 || c/right.Int() == left.Int() {
			return wrap(c, left, right), nil
		}
	}
	return o.bigIntegers(bigInteger(left), bigInteger(right))
}

func (o operator) bigIntegers(a, b *big.Int) (value.Value, error) {
	c := new(big.Int)
	switch o {
	case add:
		c.Add(a, b)
	case subtract:
		c.Sub(a, b)
	case multiply:
		if a.BitLen()+b.BitLen() > maxBits {
			return value.Value{}, fmt.Errorf("%w: a number of %d bits", ErrLimit, maxBits)
		}
		c.Mul(a, b)
	case divide:
		c.Quo(a, b)
	case modulo:
		if b.Sign() < 0 {
			return value.Value{}, errModulusNotPositive
		}
		c.Mod(a, b)
	}
	return value.OfBigInteger(c), nil
}

func (o operator) floats(a, b float64) float64 {
	switch o {
	case add:
		return a + b
	case subtract:
		return a - b
	case multiply:
		return a * b
	case divide:
		return a / b
	}
	return math.Mod(a, b)
}

func (o operator) decimals(left, right value.Value) (value.Value, error) {
	a, err := decimal(left)
	if err != nil {
		return value.Value{}, err
	}
	b, err := decimal(right)
	if err != nil {
		return value.Value{}, err
	}
	if a.Unscaled.BitLen()+b.Unscaled.BitLen() > maxBits {
		return value.Value{}, fmt.Errorf("%w: a number of %d bits", ErrLimit, maxBits)
	}
	if o == modulo {
		return value.Value{}, errDecimalModulo
	}
	return decimalResult(o, a, b)
}

func decimalResult(o operator, a, b *value.Decimal) (value.Value, error) {
	switch o {
	case multiply:
		c := &value.Decimal{Scale: a.Scale + b.Scale}
		c.Unscaled.Mul(&a.Unscaled, &b.Unscaled)
		return value.OfBigDecimal(c), nil
	case divide:
		c, err := divideDecimals(a, b)
		if err != nil {
			return value.Value{}, err
		}
		return value.OfBigDecimal(c), nil
	}
	x, y, scale, err := align(a, b)
	if err != nil {
		return value.Value{}, err
	}
	c := &value.Decimal{Scale: scale}
	if o == add {
		c.Unscaled.Add(x, y)
	} else {
		c.Unscaled.Sub(x, y)
	}
	return value.OfBigDecimal(c), nil
}

// pow10 gives 10^n, within the limit on numbers.
func pow10(n int64) (*big.Int, error) {
	if n > maxBits/4 {
		return nil, fmt.Errorf("%w: a number of %d digits", ErrLimit, n)
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil), nil
}

// align brings two decimals to the larger scale.
func align(a, b *value.Decimal) (x, y *big.Int, scale int32, err error) {
	x, y, scale = &a.Unscaled, &b.Unscaled, a.Scale
	factor, err := pow10(max(int64(a.Scale)-int64(b.Scale), int64(b.Scale)-int64(a.Scale)))
	if err != nil {
		return nil, nil, 0, err
	}
	switch {
	case a.Scale > b.Scale:
		y = factor.Mul(factor, y)
	case a.Scale < b.Scale:
		x, scale = factor.Mul(factor, x), b.Scale
	}
	return x, y, scale, nil
}

// divideDecimals keeps the scale of the dividend and rounds half down.
func divideDecimals(a, b *value.Decimal) (*value.Decimal, error) {
	n, d := new(big.Int).Set(&a.Unscaled), new(big.Int).Set(&b.Unscaled)
	factor, err := pow10(max(int64(b.Scale), -int64(b.Scale)))
	if err != nil {
		return nil, err
	}
	if b.Scale > 0 {
		n.Mul(n, factor)
	} else {
		d.Mul(d, factor)
	}
	c := &value.Decimal{Scale: a.Scale}
	rest := new(big.Int)
	c.Unscaled.QuoRem(n, d, rest)
	negative := rest.Sign()*d.Sign() < 0
	if rest.Abs(rest).Lsh(rest, 1).CmpAbs(d) > 0 {
		one := big.NewInt(1)
		if negative {
			one.Neg(one)
		}
		c.Unscaled.Add(&c.Unscaled, one)
	}
	return c, nil
}

func isZero(v value.Value) bool {
	switch v.Kind() {
	case value.KindBigInteger:
		return v.BigInteger().Sign() == 0
	case value.KindBigDecimal:
		return v.BigDecimal().Unscaled.Sign() == 0
	case value.KindFloat, value.KindDouble:
		return v.Float64() == 0
	}
	return v.Int() == 0
}

// compareNumbers orders two numbers; NaN is like everything.
func compareNumbers(a, b value.Value) (int, error) {
	switch towerOf(a, b) {
	case asLong:
		return order(a.Int(), b.Int()), nil
	case asBigInteger:
		return bigInteger(a).Cmp(bigInteger(b)), nil
	case asDouble:
		return order(float(a), float(b)), nil
	case asFloat:
		return order(float32(float(a)), float32(float(b))), nil
	}
	x, err := decimal(a)
	if err != nil {
		return 0, err
	}
	y, err := decimal(b)
	if err != nil {
		return 0, err
	}
	m, n, _, err := align(x, y)
	if err != nil {
		return 0, err
	}
	return m.Cmp(n), nil
}

func order[T int64 | float64 | float32](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// float is Number.doubleValue().
func float(v value.Value) float64 {
	switch v.Kind() {
	case value.KindInteger, value.KindLong:
		return float64(v.Int())
	case value.KindBigInteger:
		f, _ := new(big.Float).SetInt(v.BigInteger()).Float64()
		return f
	case value.KindBigDecimal:
		return decimalFloat(v.BigDecimal())
	}
	return v.Float64()
}

func decimalFloat(d *value.Decimal) float64 {
	f, _ := strconv.ParseFloat(d.Unscaled.String()+"E"+strconv.FormatInt(-int64(d.Scale), 10), 64) // out of range: infinite or zero
	return f
}

// longValue is Number.longValue().
func longValue(v value.Value) int64 {
	switch v.Kind() {
	case value.KindInteger, value.KindLong:
		return v.Int()
	case value.KindBigInteger:
		return lowBits(v.BigInteger())
	case value.KindBigDecimal:
		return lowBits(wholeOf(v.BigDecimal()))
	}
	return saturate(v.Float64())
}

// saturate is Java's cast of a double to long.
func saturate(f float64) int64 {
	switch {
	case f != f:
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// intValue is Number.intValue().
func intValue(v value.Value) int32 {
	if v.Kind() == value.KindDouble || v.Kind() == value.KindFloat {
		return int32(min(max(saturate(v.Float64()), math.MinInt32), math.MaxInt32))
	}
	return int32(longValue(v))
}

// lowBits gives the low 64 bits in two's complement.
func lowBits(i *big.Int) int64 {
	if i.IsInt64() {
		return i.Int64()
	}
	low := new(big.Int).And(i, new(big.Int).SetUint64(math.MaxUint64))
	return int64(low.Uint64())
}

// wholeOf cuts the fraction off.
func wholeOf(d *value.Decimal) *big.Int {
	i := new(big.Int)
	factor, err := pow10(max(int64(d.Scale), -int64(d.Scale)))
	if err != nil {
		return i
	}
	if d.Scale > 0 {
		return i.Quo(&d.Unscaled, factor)
	}
	return i.Mul(&d.Unscaled, factor)
}

// bigInteger is MathUtils.toBigInteger.
func bigInteger(v value.Value) *big.Int {
	if i := v.BigInteger(); i != nil {
		return i
	}
	return big.NewInt(longValue(v))
}

// decimal is MathUtils.toBigDecimal: of a double, Integer or Long the exact value of the double.
func decimal(v value.Value) (*value.Decimal, error) {
	switch v.Kind() {
	case value.KindBigDecimal:
		return v.BigDecimal(), nil
	case value.KindBigInteger:
		d := &value.Decimal{}
		d.Unscaled.Set(v.BigInteger())
		return d, nil
	}
	return exactDecimal(float(v))
}

// exactDecimal is new BigDecimal(double).
func exactDecimal(f float64) (*value.Decimal, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, errNotFinite
	}
	d := &value.Decimal{}
	if f == 0 {
		return d, nil
	}
	fraction, exponent := math.Frexp(f)
	mantissa := int64(fraction * (1 << 53))
	exponent -= 53
	for mantissa&1 == 0 {
		mantissa >>= 1
		exponent++
	}
	d.Unscaled.SetInt64(mantissa)
	if exponent >= 0 {
		d.Unscaled.Lsh(&d.Unscaled, uint(exponent))
		return d, nil
	}
	d.Scale = int32(-exponent)
	d.Unscaled.Mul(&d.Unscaled, new(big.Int).Exp(big.NewInt(5), big.NewInt(int64(-exponent)), nil))
	return d, nil
}
