package value

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is a java.math.BigDecimal: Unscaled × 10^-Scale. It is immutable once it is a Value.
type Decimal struct {
	Unscaled big.Int
	Scale    int32
}

// ParseDecimal reads what Java's new BigDecimal(String) does; false if it would throw, or if there are more than 10,000 characters.
func ParseDecimal(text string) (*Decimal, bool) {
	if len(text) > maxNumberLength {
		return nil, false
	}
	exponent := int64(0)
	digits := text
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		e, err := strconv.ParseInt(text[i+1:], 10, 32)
		if err != nil {
			return nil, false
		}
		exponent, digits = e, text[:i]
	}
	fraction := 0
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		fraction = len(digits) - i - 1
		digits = digits[:i] + digits[i+1:]
	}
	unsigned := strings.TrimLeft(digits, "+-")
	if unsigned == "" || len(digits)-len(unsigned) > 1 || strings.Trim(unsigned, "0123456789") != "" {
		return nil, false
	}
	scale := int64(fraction) - exponent
	if scale > math.MaxInt32 || scale < math.MinInt32 {
		return nil, false
	}
	d := &Decimal{Scale: int32(scale)}
	if _, ok := d.Unscaled.SetString(digits, 10); !ok {
		return nil, false
	}
	return d, true
}

// AppendText appends Java's BigDecimal.toString.
func (d *Decimal) AppendText(dst []byte) []byte {
	if d.Scale == 0 {
		return d.Unscaled.Append(dst, 10)
	}
	digits := d.Unscaled.Append(nil, 10)
	if digits[0] == '-' {
		dst = append(dst, '-')
		digits = digits[1:]
	}
	adjusted := int64(len(digits)) - 1 - int64(d.Scale)
	if d.Scale > 0 && adjusted >= -6 {
		return appendPlain(dst, digits, int(d.Scale))
	}
	dst = append(dst, digits[0])
	if len(digits) > 1 {
		dst = append(dst, '.')
		dst = append(dst, digits[1:]...)
	}
	if adjusted == 0 {
		return dst
	}
	dst = append(dst, 'E')
	if adjusted > 0 {
		dst = append(dst, '+')
	}
	return strconv.AppendInt(dst, adjusted, 10)
}

// appendPlain appends digits with scale of them behind the point.
func appendPlain(dst, digits []byte, scale int) []byte {
	if point := len(digits) - scale; point > 0 {
		dst = append(dst, digits[:point]...)
		dst = append(dst, '.')
		return append(dst, digits[point:]...)
	}
	dst = append(dst, '0', '.')
	for range scale - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}
