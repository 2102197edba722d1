package value

import "math/big"

// Decimal is a java.math.BigDecimal: Unscaled × 10^-Scale. It is immutable once it is a Value.
type Decimal struct {
	Unscaled big.Int
	Scale    int32
}
