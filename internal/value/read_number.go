package value

import (
	"math"
	"math/big"
	"strconv"
)

// maxNumberLength bounds the digits of one number: reading them takes time that grows faster than their count. json-smart sets 1,000 as of
// its later versions and no bound in 2.5.
const maxNumberLength = 10_000

// json-smart reads a decimal number of more characters as a BigDecimal.
const maxDoubleLength = 18

// maxShortInteger is the number of digits that always fit in 64 bits.
const maxShortInteger = 18

// nan32 is a constant in all but type.
var nan32 = float32(math.NaN())

// number reads a number, or the string that an unquoted text turns out to be which begins like one.
func (r *reader) number(closer byte) (Value, bool) {
	text := r.text
	i := r.pos
	negative := text[i] == '-'
	if negative {
		i++
	}
	first := i
	n := int64(0)
	for i < len(text) {
		d := text[i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + int64(d)
		i++
	}
	digits := i - first
	if digits == 0 || digits > maxShortInteger || i == len(text) || closer == 0 || text[i] != ',' && text[i] != closer {
		return r.oddNumber(closer)
	}
	if text[first] == '0' && (digits > 1 || negative) {
		r.odd = r.pos
	}
	if negative {
		n = -n
	}
	r.pos = i
	return OfInt(n), true
}

// oddNumber reads every number that is not a short integer directly before a comma or the end of its container.
func (r *reader) oddNumber(closer byte) (Value, bool) {
	start := r.pos
	r.pos++
	r.skipDigits()
	decimal := false
	if r.peek() == '.' {
		decimal = true
		r.pos++
		r.skipDigits()
	}
	if c := r.peek(); c == 'e' || c == 'E' {
		decimal = true
		r.pos++
		if c = r.peek(); c != '+' && c != '-' && (c < '0' || c > '9') {
			return r.wordFrom(start, closer), true
		}
		r.pos++
		r.skipDigits()
	}
	end := r.pos
	r.skipSpace()
	if c := r.peek(); c < firstUnstoppable && !stops(c, closer) {
		return r.wordFrom(start, closer), true
	}
	if decimal {
		return r.decimal(start, end)
	}
	return r.integer(start, end)
}

// wordFrom reads the unquoted string that began at start.
func (r *reader) wordFrom(start int, closer byte) Value {
	r.skipUnquoted(closer)
	r.odd = start
	return OfString(trim(r.text[start:r.pos]))
}

func (r *reader) skipDigits() {
	for r.pos < len(r.text) && r.text[r.pos] >= '0' && r.text[r.pos] <= '9' {
		r.pos++
	}
}

// integer makes an Integer, Long or BigInteger; by the number of its digits, so that leading zeros can make a BigInteger.
func (r *reader) integer(start, end int) (Value, bool) {
	word := r.text[start:end]
	if len(word) > maxNumberLength {
		return Value{}, r.fail(unexpectedToken, word[:maxDoubleLength], r.pos)
	}
	unsigned := word
	if word[0] == '-' {
		unsigned = word[1:]
	}
	if len(unsigned) == 0 || unsigned[0] == '0' && (len(unsigned) > 1 || word[0] == '-') {
		r.odd = start
	}
	if len(unsigned) == 0 {
		return OfInteger(0), true
	}
	if len(unsigned) <= maxShortInteger+1 {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil {
			return OfInt(n), true
		}
	}
	n, ok := new(big.Int).SetString(word, 10)
	if !ok {
		return Value{}, r.fail(unexpectedToken, word, r.pos)
	}
	return OfBigInteger(n), true
}

// decimal makes a Double or a BigDecimal.
func (r *reader) decimal(start, end int) (Value, bool) {
	word := r.text[start:end]
	if len(word) > maxDoubleLength {
		r.odd = start
		d, ok := ParseDecimal(word)
		if !ok {
			return Value{}, r.fail(unexpectedToken, word[:min(len(word), maxNumberLength)], r.pos)
		}
		return OfBigDecimal(d), true
	}
	f, err := strconv.ParseFloat(word, 64)
	if err != nil && !math.IsInf(f, 0) {
		return Value{}, r.fail(unexpectedToken, word, r.pos)
	}
	if !isJavaDouble(word) {
		r.odd = start
	}
	return OfDouble(f), true
}

// isJavaDouble reports whether a decimal number is written as Double.toString writes it. It knows only the simple ones: no exponent, 0.001
// up to 10 million, at most 15 digits.
func isJavaDouble(word string) bool {
	if word[0] == '-' {
		word = word[1:]
	}
	point := -1
	for i := range len(word) {
		switch c := word[i]; {
		case c == '.':
			point = i
		case c < '0' || c > '9':
			return false
		}
	}
	fraction := len(word) - point - 1
	switch {
	case point < 1 || point > 7 || fraction == 0 || len(word) > 16:
		return false
	case word[len(word)-1] == '0' && fraction > 1:
		return false
	case word[0] != '0':
		return true
	default:
		return point == 1 && (fraction == 1 || word[2] != '0' || fraction > 1 && word[3] != '0')
	}
}
