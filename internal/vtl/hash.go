package vtl

import (
	"math"
	"math/big"

	"gatehouse/internal/value"
)

// hashFloat is Double.hashCode, or Float.hashCode.
func hashFloat(v value.Value) int32 {
	if v.Kind() == value.KindFloat {
		return int32(math.Float32bits(float32(v.Float64())))
	}
	bits := math.Float64bits(v.Float64())
	if math.IsNaN(v.Float64()) {
		bits = 0x7ff8000000000000
	}
	return int32(bits ^ bits>>32)
}

// hashBigInteger is BigInteger.hashCode: its 32-bit words from the highest, then the sign.
func hashBigInteger(i *big.Int) int32 {
	magnitude := new(big.Int).Abs(i).Bytes()
	for len(magnitude)%4 != 0 {
		magnitude = append([]byte{0}, magnitude...)
	}
	var h int32
	for ; len(magnitude) > 0; magnitude = magnitude[4:] {
		word := uint32(magnitude[0])<<24 | uint32(magnitude[1])<<16 | uint32(magnitude[2])<<8 | uint32(magnitude[3])
		h = hashFactor*h + int32(word)
	}
	return h * int32(i.Sign())
}

// hashBigDecimal is the part of BigDecimal.hashCode that depends on the unscaled value: compact ones hash their two words.
func hashBigDecimal(d *value.Decimal) int32 {
	if !d.Unscaled.IsInt64() || d.Unscaled.Int64() == math.MinInt64 {
		return hashBigInteger(&d.Unscaled)
	}
	n := d.Unscaled.Int64()
	magnitude := uint64(max(n, -n))
	h := int32(uint32(magnitude>>32)*hashFactor + uint32(magnitude))
	if n < 0 {
		return -h
	}
	return h
}
