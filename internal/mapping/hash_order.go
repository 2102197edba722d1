package mapping

import (
	"slices"

	"gatehouse/internal/vtl"
)

// HashOrder orders names as a java.util.HashMap iterates over them, ties in a bucket in the order given: the order of $context and
// $context.identity on AWS (quirk context-order). It gives a new slice.
func HashOrder(names []string) []string {
	const smallest = 16
	slots := smallest
	for 4*len(names) > 3*slots { // a HashMap doubles when it is three quarters full
		slots *= 2
	}
	ordered := slices.Clone(names)
	slices.SortStableFunc(ordered, func(a, b string) int { return bucket(a, slots) - bucket(b, slots) })
	return ordered
}

func bucket(name string, slots int) int {
	h := uint32(vtl.HashString(name))
	return int((h ^ h>>16) & uint32(slots-1))
}
