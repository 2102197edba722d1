package value

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// AppendDouble appends Java's Double.toString.
func AppendDouble(dst []byte, f float64) []byte { return appendFloating(dst, f, 64) }

// appendFloat appends Java's Float.toString, but always the shortest text, of which Java up to 18 misses a few. Payloads only make NaN a Float.
func appendFloat(dst []byte, f float32) []byte { return appendFloating(dst, float64(f), 32) }

// appendFloating writes 0.001 ≤ |f| < 10 million plainly, with at least one digit behind the point, everything else as d.dddE±x.
func appendFloating(dst []byte, f float64, size int) []byte {
	abs := math.Abs(f)
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...)
	case abs >= 1e-3 && abs < 1e7:
		if whole := int64(f); float64(whole) == f {
			return append(strconv.AppendInt(dst, whole, 10), '.', '0')
		}
		return strconv.AppendFloat(dst, f, 'f', -1, size)
	case f == 0:
		if math.Signbit(f) {
			dst = append(dst, '-')
		}
		return append(dst, "0.0"...)
	}
	if math.Signbit(f) {
		dst = append(dst, '-')
	}
	if size == 64 {
		switch fraction, _ := math.Frexp(abs); {
		case abs >= 1<<53 && abs < 1<<63:
			return appendLargeInteger(dst, abs)
		case abs >= 1<<63 && abs < 1e41, fraction == 0.5:
			return appendOpenInterval(dst, abs)
		}
	}
	var buffer [32]byte
	text := strconv.AppendFloat(buffer[:0], abs, 'e', -1, size)
	if text[1] == 'e' {
		text = strconv.AppendFloat(buffer[:0], abs, 'e', 1, size) // at least two digits: Double.MIN_VALUE is 4.9E-324
	}
	return appendScientific(dst, text)
}

// Up to Java 18, Double.toString does not always find the shortest text. Where it does not, and only there, the two functions below are
// needed: whole numbers of more than 53 bits, powers of two, and numbers whose shortest text lies exactly half way to a neighbour, which can
// only be below 10^41.

// appendLargeInteger writes a whole number of 54 to 63 bits: Java takes its decimal digits, rounded where they are beyond its precision.
func appendLargeInteger(dst []byte, f float64) []byte {
	n := uint64(f)
	exponent := 0
	if beyond := bits.Len64(n) - 1 - 54; beyond > 0 {
		power := uint64(1)
		for range beyond * 30103 / 100000 {
			power *= 10
			exponent++
		}
		rest := n % power
		n /= power
		if power > 1 && rest >= power/2 {
			n++
		}
	}
	return appendDigits(dst, strconv.AppendUint(nil, n, 10), exponent)
}

// minExponent is the exponent of the smallest double.
const minExponent = -1074

// appendOpenInterval writes the shortest text strictly within half the distance to the neighbours (a quarter for powers of two, below which
// numbers are twice as dense), but at least two digits.
func appendOpenInterval(dst []byte, f float64) []byte {
	mantissa, exponent := math.Frexp(f)
	exponent -= 53
	whole := int64(mantissa * (1 << 53))
	if below := minExponent - exponent; below > 0 {
		whole >>= below
		exponent = minExponent
	}
	rest := big.NewInt(whole)
	unit, margin := big.NewInt(4), big.NewInt(2)
	if mantissa == 0.5 {
		margin.SetInt64(1)
	}
	rest.Lsh(rest, 2)
	if exponent >= 0 {
		rest.Lsh(rest, uint(exponent))
		margin.Lsh(margin, uint(exponent))
	} else {
		unit.Lsh(unit, uint(-exponent))
	}
	power := decimalExponent(f)
	ten := big.NewInt(10)
	scale := new(big.Int).Exp(ten, big.NewInt(int64(max(power, -power))), nil)
	if power >= 0 {
		unit.Mul(unit, scale)
	} else {
		rest.Mul(rest, scale)
		margin.Mul(margin, scale)
	}
	digits := make([]byte, 0, 20)
	count := 0
	digit, sum := new(big.Int), new(big.Int)
	tens := new(big.Int).Mul(unit, ten)
	for low, high := false, false; !low && !high; {
		digit.QuoRem(rest, unit, rest)
		digits = append(digits, '0'+byte(digit.Uint64()))
		count++
		rest.Mul(rest, ten)
		margin.Mul(margin, ten)
		if count == 1 {
			continue
		}
		low, high = rest.Cmp(margin) < 0, sum.Add(rest, margin).Cmp(tens) > 0
		if nearer := sum.Lsh(rest, 1).Cmp(tens); high && (!low || nearer > 0 || nearer == 0 && digits[len(digits)-1]&1 != 0) {
			digits = increment(digits)
		}
	}
	return appendDigits(dst, digits, power-count+1)
}

// decimalExponent gives the power of ten of the first digit of f.
func decimalExponent(f float64) int {
	text := strconv.FormatFloat(f, 'e', 20, 64)
	exponent, _ := strconv.Atoi(text[strings.IndexByte(text, 'e')+1:]) // strconv's own text
	return exponent
}

// increment adds one to the last of some decimal digits. 99 becomes 100.
func increment(digits []byte) []byte {
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return digits
		}
		digits[i] = '0'
	}
	return append([]byte{'1'}, digits...)
}

// appendDigits writes digits × 10^exponent as d.dddE±x.
func appendDigits(dst, digits []byte, exponent int) []byte {
	exponent += len(digits) - 1
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	dst = append(dst, digits[0], '.')
	if len(digits) == 1 {
		dst = append(dst, '0')
	}
	dst = append(append(dst, digits[1:]...), 'E')
	return strconv.AppendInt(dst, int64(exponent), 10)
}

// appendScientific turns Go's d.ddde±xx into Java's d.dddE[-]x.
func appendScientific(dst, text []byte) []byte {
	e := 0
	for text[e] != 'e' {
		e++
	}
	dst = append(dst, text[:e]...)
	if e == 1 {
		dst = append(dst, '.', '0')
	}
	dst = append(dst, 'E')
	if text[e+1] == '-' {
		dst = append(dst, '-')
	}
	exponent := text[e+2:]
	for len(exponent) > 1 && exponent[0] == '0' {
		exponent = exponent[1:]
	}
	return append(dst, exponent...)
}
