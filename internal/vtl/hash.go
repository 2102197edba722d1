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

// hashFactor: Java's String.hashCode starts at 0 and multiplies by 31, as lists do from 1.
const hashFactor = 31

// hash is Java's hashCode of a value that holds no others.
func hash(v value.Value) int32 {
	switch v.Kind() {
	case value.KindString:
		return HashString(v.Str())
	case value.KindBoolean:
		if v.Bool() {
			return 1231
		}
		return 1237
	case value.KindInteger:
		return int32(v.Int())
	case value.KindLong:
		return int32(v.Int() ^ int64(uint64(v.Int())>>32))
	case value.KindFloat, value.KindDouble:
		return hashFloat(v)
	case value.KindBigInteger:
		return hashBigInteger(v.BigInteger())
	case value.KindBigDecimal:
		d := v.BigDecimal()
		return hashFactor*hashBigDecimal(d) + d.Scale
	}
	return 0
}

// hash is Java's hashCode. Objects without a hash of their own have 0, where Java has an address. It counts steps, as equals does.
func (ex *Execution) hash(v value.Value) int32 { return ex.hashWithin(v, maxWalk) }

func (ex *Execution) hashWithin(v value.Value, depth int) int32 {
	if depth == 0 {
		ex.fail(ex.at, errTooDeep)
	}
	if !ex.step(1, 0) {
		return 0
	}
	switch v.Kind() {
	case value.KindList, value.KindArray:
		return ex.hashItems(v.List().Items(), depth-1)
	case value.KindMap:
		return ex.hashMap(v.Map(), depth-1)
	case value.KindObject:
		return ex.hashObject(v, depth-1)
	}
	return hash(v)
}

// HashString is java.lang.String.hashCode.
func HashString(s string) int32 {
	var h int32
	for _, unit := range appendUTF16(nil, s) {
		h = hashFactor*h + int32(unit)
	}
	return h
}

func (ex *Execution) hashItems(items []value.Value, depth int) int32 {
	h := int32(1)
	for _, item := range items {
		h *= hashFactor
		if !item.IsNull() {
			h += ex.hashWithin(item, depth)
		}
	}
	return h
}

func (ex *Execution) hashMap(m *value.Map, depth int) int32 {
	var h int32
	for _, e := range m.Entries() {
		h += ex.hashWithin(e.Key, depth) ^ ex.hashWithin(e.Val, depth)
	}
	return h
}

func (ex *Execution) hashObject(v value.Value, depth int) int32 {
	switch o := v.Object().(type) {
	case character:
		return int32(o)
	case Mapping:
		return ex.hashMap(o.Map(), depth)
	case *subList:
		return ex.hashItems(o.items(), depth)
	case *entryObject:
		return ex.hashWithin(o.key, depth) ^ ex.hashWithin(o.current(), depth)
	case *mapView:
		var h int32
		for _, item := range o.list() {
			h += ex.hashWithin(item, depth)
		}
		return h
	}
	return 0
}
