package iam

import (
	"encoding/base64"
	"errors"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// comparison is how a value of the request is compared with a value of the policy.
type comparison uint8

const (
	compareString comparison = iota
	compareStringFold
	compareGlob
	compareARN
	compareNumber
	compareDate
	compareBool
	compareBinary
	compareIP
	compareNull
)

// order is which outcomes of an ordered comparison match.
type order uint8

const (
	equal order = 1 << iota
	less
	greater
)

// operator is a condition operator without its set qualifier and IfExists.
type operator struct {
	compare comparison
	negated bool
	order   order
}

var operators = map[string]operator{
	"StringEquals":              {compare: compareString},
	"StringNotEquals":           {compare: compareString, negated: true},
	"StringEqualsIgnoreCase":    {compare: compareStringFold},
	"StringNotEqualsIgnoreCase": {compare: compareStringFold, negated: true},
	"StringLike":                {compare: compareGlob},
	"StringNotLike":             {compare: compareGlob, negated: true},
	"NumericEquals":             {compare: compareNumber, order: equal},
	"NumericNotEquals":          {compare: compareNumber, order: equal, negated: true},
	"NumericLessThan":           {compare: compareNumber, order: less},
	"NumericLessThanEquals":     {compare: compareNumber, order: less | equal},
	"NumericGreaterThan":        {compare: compareNumber, order: greater},
	"NumericGreaterThanEquals":  {compare: compareNumber, order: greater | equal},
	"DateEquals":                {compare: compareDate, order: equal},
	"DateNotEquals":             {compare: compareDate, order: equal, negated: true},
	"DateLessThan":              {compare: compareDate, order: less},
	"DateLessThanEquals":        {compare: compareDate, order: less | equal},
	"DateGreaterThan":           {compare: compareDate, order: greater},
	"DateGreaterThanEquals":     {compare: compareDate, order: greater | equal},
	"Bool":                      {compare: compareBool},
	"BinaryEquals":              {compare: compareBinary},
	"IpAddress":                 {compare: compareIP},
	"NotIpAddress":              {compare: compareIP, negated: true},
	"ArnEquals":                 {compare: compareARN},
	"ArnLike":                   {compare: compareARN},
	"ArnNotEquals":              {compare: compareARN, negated: true},
	"ArnNotLike":                {compare: compareARN, negated: true},
	"Null":                      {compare: compareNull},
}

// qualifier is the set operator before a condition operator.
type qualifier uint8

const (
	unqualified qualifier = iota
	forAllValues
	forAnyValue
)

// condition is one operator with one key: all conditions of a statement must hold.
type condition struct {
	name      string // of the operator, as written
	operator  operator
	qualifier qualifier
	ifExists  bool
	key       string
	derived   derivedKey
	operands  []operand
}

// operand is a value of the policy, prepared for its comparison. One that cannot be read never matches.
type operand struct {
	text   string
	valid  bool
	glob   glob
	arn    arnGlob
	number float64
	at     time.Time
	prefix netip.Prefix
	isTrue bool
}

// parseOperator splits a name such as "ForAnyValue:StringLikeIfExists"; false when there is no such operator.
func parseOperator(name string) (condition, bool) {
	c := condition{name: name}
	base := name
	if rest, found := strings.CutPrefix(base, "ForAllValues:"); found {
		c.qualifier, base = forAllValues, rest
	} else if rest, found := strings.CutPrefix(base, "ForAnyValue:"); found {
		c.qualifier, base = forAnyValue, rest
	}
	if rest, found := strings.CutSuffix(base, "IfExists"); found {
		c.ifExists, base = true, rest
	}
	op, found := operators[base]
	c.operator = op
	if c.operator.compare == compareNull && (c.ifExists || c.qualifier != unqualified) {
		return c, false
	}
	return c, found
}

// prepare reads a value of the policy.
func (c *condition) prepare(text string, options globOptions) operand {
	o := operand{text: text, valid: true}
	var err error
	options.wildcards = c.operator.compare == compareGlob || c.operator.compare == compareARN
	options.fold = c.operator.compare == compareStringFold
	switch c.operator.compare {
	case compareString, compareStringFold, compareGlob:
		o.glob = compileGlob(text, options)
	case compareARN:
		o.arn = compileARN(text, options)
	case compareNumber:
		o.number, err = parseNumber(text)
	case compareDate:
		o.at, err = parseDate(text)
	case compareBool, compareNull:
		o.isTrue, err = parseBool(text)
	case compareBinary:
		var decoded []byte
		decoded, err = base64.StdEncoding.DecodeString(text)
		o.text = string(decoded)
	case compareIP:
		o.prefix, err = parsePrefix(text)
	}
	o.valid = err == nil
	return o
}

var errOperand = errors.New("not a value of the operator's type")

func parseBool(text string) (bool, error) {
	isTrue := equalFoldASCII(text, "true")
	if !isTrue && !equalFoldASCII(text, "false") {
		return false, errOperand
	}
	return isTrue, nil
}

func parseNumber(text string) (float64, error) {
	number, err := strconv.ParseFloat(text, 64)
	if math.IsNaN(number) {
		return 0, errOperand
	}
	return number, err
}

// dateLayouts are the W3C profile of ISO 8601, and the basic form that AWS writes.
var dateLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "20060102T150405Z", time.DateOnly, "2006-01", "2006",
}

// parseDate reads a date in ISO 8601 or in epoch seconds. A number of four digits is a year.
func parseDate(text string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && len(text) != len("2006") {
		return time.Unix(seconds, 0), nil
	}
	var at time.Time
	var err error
	for _, layout := range dateLayouts {
		if at, err = time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return at, err
}

// parsePrefix reads an address or a CIDR block, IPv4 or IPv6. An address alone is a block of one.
func parsePrefix(text string) (netip.Prefix, error) {
	if strings.IndexByte(text, '/') >= 0 {
		prefix, err := netip.ParsePrefix(text)
		return prefix.Masked(), err
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return address.Prefix(address.BitLen())
}

// holds says whether the condition holds for the request.
//
// A key that is missing makes a condition false, and a negated one true; IfExists makes it true; ForAllValues is
// true of no values, and ForAnyValue false, whatever the operator. Unconfirmed: ForAnyValue:…IfExists of a
// missing key, which is false here.
func (c *condition) holds(req *Request) match {
	found, present := req.lookup(c.key, c.derived)
	if c.operator.compare == compareNull {
		return c.holdsNull(present && found.len() > 0)
	}
	count := found.len()
	if !present || c.qualifier != unqualified && c.isEmpty(&found) {
		count = 0
	}
	switch {
	case c.qualifier == forAllValues:
		return c.all(req, &found, count)
	case c.qualifier == forAnyValue:
		return c.any(req, &found, count)
	case count == 0:
		return matchIf(c.ifExists || c.operator.negated)
	case c.operator.negated: // no value of the request may equal any of the policy's
		return c.all(req, &found, count)
	default:
		return c.any(req, &found, count)
	}
}

// isEmpty says whether a key's only value is the empty string, which set operators take for no value.
func (c *condition) isEmpty(v *values) bool {
	return v.at.IsZero() && v.len() == 1 && v.get(0) == ""
}

func (c *condition) holdsNull(present bool) match {
	for i := range c.operands {
		if c.operands[i].valid && c.operands[i].isTrue != present {
			return matches
		}
	}
	return noMatch
}

// all says whether each value satisfies the operator, negation included.
func (c *condition) all(req *Request, found *values, count int) match {
	for i := range count {
		m := c.oneOf(req, found, i)
		if m == unresolved {
			return unresolved
		}
		if (m == matches) == c.operator.negated {
			return noMatch
		}
	}
	return matches
}

// any says whether some value satisfies the operator, negation included.
func (c *condition) any(req *Request, found *values, count int) match {
	for i := range count {
		m := c.oneOf(req, found, i)
		if m == unresolved {
			return unresolved
		}
		if (m == matches) != c.operator.negated {
			return matches
		}
	}
	return noMatch
}

// oneOf compares a value of the request with each of the policy's.
func (c *condition) oneOf(req *Request, found *values, index int) match {
	worst := noMatch
	for i := range c.operands {
		m := c.compare(req, found, index, &c.operands[i])
		if m == matches {
			return matches
		}
		if m == unresolved {
			worst = unresolved
		}
	}
	return worst
}

// compare applies the operator, without its negation.
func (c *condition) compare(req *Request, found *values, index int, o *operand) match {
	if !o.valid {
		return noMatch
	}
	if !found.at.IsZero() && c.operator.compare == compareDate {
		return matchIf(c.operator.order.accepts(found.at.Compare(o.at)))
	}
	var value string
	if found.at.IsZero() {
		value = found.get(index)
	} else {
		value = found.text(c.derived)
	}
	switch c.operator.compare {
	case compareString, compareStringFold, compareGlob:
		return o.glob.match(value, req)
	case compareARN:
		return o.arn.match(value, req)
	case compareNumber:
		number, err := parseNumber(value)
		return matchIf(err == nil && c.operator.order.accepts(compareFloats(number, o.number)))
	case compareDate:
		at, err := parseDate(value)
		return matchIf(err == nil && c.operator.order.accepts(at.Compare(o.at)))
	case compareBool:
		isTrue, err := parseBool(value)
		return matchIf(err == nil && isTrue == o.isTrue)
	case compareBinary:
		return matchIf(value == o.text)
	case compareIP:
		address, err := netip.ParseAddr(value)
		return matchIf(err == nil && o.prefix.Contains(address.Unmap().WithZone("")))
	}
	return noMatch
}

func (o order) accepts(sign int) bool {
	switch {
	case sign < 0:
		return o&less != 0
	case sign > 0:
		return o&greater != 0
	}
	return o&equal != 0
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
