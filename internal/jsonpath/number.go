package jsonpath

import (
	"bytes"
	"cmp"
	"math/big"

	"gatehouse/internal/value"
)

// maxExactInt is up to where every integer is a double.
const maxExactInt = 1 << 53

// toFloat is Java's Number.doubleValue.
func toFloat(v value.Value) float64 {
	switch v.Kind() {
	case value.KindInteger, value.KindLong:
		return float64(v.Int())
	case value.KindBigInteger:
		f, _ := new(big.Float).SetInt(v.BigInteger()).Float64()
		return f
	case value.KindBigDecimal:
		f, _, err := big.ParseFloat(v.String(), 10, 53, big.ToNearestEven)
		if err != nil {
			return 0
		}
		result, _ := f.Float64()
		return result
	default:
		return v.Float64()
	}
}

// compareNumbers compares two finite numbers by their decimal values.
func compareNumbers(a, b value.Value) int {
	if isInt(a) && isInt(b) {
		return cmp.Compare(a.Int(), b.Int())
	}
	if isExact(a) && isExact(b) {
		return cmp.Compare(toFloat(a), toFloat(b))
	}
	return compareDecimals(decimalOf(a), decimalOf(b))
}

func isInt(v value.Value) bool {
	return v.Kind() == value.KindInteger || v.Kind() == value.KindLong
}

// isExact reports whether v compares as its double.
func isExact(v value.Value) bool {
	return v.Kind() == value.KindDouble || isInt(v) && v.Int() <= maxExactInt && v.Int() >= -maxExactInt
}

// decimalOf is Java's new BigDecimal(number.toString()).
func decimalOf(v value.Value) *value.Decimal {
	switch v.Kind() {
	case value.KindBigDecimal:
		return v.BigDecimal()
	case value.KindBigInteger:
		d := new(value.Decimal)
		d.Unscaled.Set(v.BigInteger())
		return d
	default:
		d, ok := value.ParseDecimal(v.String())
		if !ok {
			return new(value.Decimal)
		}
		return d
	}
}

// compareDecimals compares without ever writing out an exponent: 1E+1000000000 is one digit.
func compareDecimals(a, b *value.Decimal) int {
	if sign := a.Unscaled.Sign(); sign != b.Unscaled.Sign() || sign == 0 {
		return cmp.Compare(sign, b.Unscaled.Sign())
	} else if sign < 0 {
		return -compareMagnitudes(a, b)
	}
	return compareMagnitudes(a, b)
}

func compareMagnitudes(a, b *value.Decimal) int {
	x, y := a.Unscaled.Append(nil, 10), b.Unscaled.Append(nil, 10)
	x, y = bytes.TrimPrefix(x, []byte("-")), bytes.TrimPrefix(y, []byte("-"))
	if c := cmp.Compare(int64(len(x))-int64(a.Scale), int64(len(y))-int64(b.Scale)); c != 0 {
		return c
	}
	return bytes.Compare(bytes.TrimRight(x, "0"), bytes.TrimRight(y, "0"))
}
