package value

import (
	"math"
)

// Equal is Java's equals: kinds must be the same (an Integer never equals a Long, a JSONArray equals an ArrayList with equal items),
// a BigDecimal counts its scale, NaN equals NaN and 0.0 does not equal -0.0. Objects are equal if they are the same.
func Equal(a, b Value) bool { return equal(a, b, maxPrintDepth) }

func equal(a, b Value, depth int) bool {
	if a.IsSequence() && b.IsSequence() {
		return equalLists(a.List(), b.List(), depth-1)
	}
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindString:
		return a.str() == b.str()
	case KindBigInteger:
		return a.BigInteger().Cmp(b.BigInteger()) == 0
	case KindBigDecimal:
		x, y := a.BigDecimal(), b.BigDecimal()
		return x.Scale == y.Scale && x.Unscaled.Cmp(&y.Unscaled) == 0
	case KindFloat, KindDouble:
		return a.n == b.n || math.IsNaN(a.Float64()) && math.IsNaN(b.Float64())
	case KindMap:
		return equalMaps(a.Map(), b.Map(), depth-1)
	case KindObject:
		return a.p == b.p || sameObject(a.Object(), b.Object())
	default:
		return a.n == b.n
	}
}

func equalLists(a, b *List, depth int) bool {
	if a == b {
		return true
	}
	if len(a.items) != len(b.items) || depth <= 0 {
		return false
	}
	for i := range a.items {
		if !equal(a.items[i], b.items[i], depth) {
			return false
		}
	}
	return true
}

func equalMaps(a, b *Map, depth int) bool {
	if a == b {
		return true
	}
	if len(a.entries) != len(b.entries) || depth <= 0 {
		return false
	}
	for i := range a.entries {
		other, ok := b.Get(a.entries[i].Key)
		if !ok || !equal(a.entries[i].Val, other, depth) {
			return false
		}
	}
	return true
}

// sameObject compares identities; objects of an uncomparable type are never the same.
func sameObject(a, b Object) (same bool) {
	defer func() {
		if recover() != nil {
			same = false
		}
	}()
	return a == b
}
