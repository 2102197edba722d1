package filterpattern

import (
	"regexp"
	"strconv"
	"strings"
)

// subject is what a condition is evaluated on: a JSON document or the fields of a line.
type subject interface {
	// values are what a selector finds; kind tells them apart.
	values(selector string) []found
}

// found is one value of a selector.
type found struct {
	text   string
	kind   foundKind
	number float64 // for numbers
}

type foundKind uint8

const (
	foundText foundKind = iota
	foundNumber
	foundTrue
	foundFalse
	foundNull
	foundOther // an object or an array
)

// condition is a parsed condition.
type condition func(subject) bool

// maxNesting bounds parentheses.
const maxNesting = 32

// conditionParser reads conditions; selector reads what stands on the left side.
type conditionParser struct {
	scanner
	selector func(*scanner) (string, error)
	// closing ends the unquoted value on the right side.
	closing string
	depth   int
}

// or reads a || b; && binds closer.
func (p *conditionParser) or() (condition, error) {
	left, err := p.and()
	for err == nil && p.take("||") {
		var right condition
		if right, err = p.and(); err == nil {
			first := left
			left = func(s subject) bool { return first(s) || right(s) }
		}
	}
	return left, err
}

func (p *conditionParser) and() (condition, error) {
	left, err := p.primary()
	for err == nil && p.take("&&") {
		var right condition
		if right, err = p.primary(); err == nil {
			first := left
			left = func(s subject) bool { return first(s) && right(s) }
		}
	}
	return left, err
}

func (p *conditionParser) primary() (condition, error) {
	if !p.take("(") {
		return p.comparison()
	}
	if p.depth++; p.depth > maxNesting {
		return nil, invalid("more than %d parentheses inside each other", maxNesting)
	}
	inner, err := p.or()
	if err != nil {
		return nil, err
	}
	p.depth--
	if !p.take(")") {
		return nil, invalid("a parenthesis is not closed")
	}
	return inner, nil
}

// operators, the longer before those they begin with.
var operators = []string{"!=", "<=", ">=", "=", "<", ">"}

func (p *conditionParser) comparison() (condition, error) {
	p.skipSpace()
	selector, err := p.selector(&p.scanner)
	if err != nil {
		return nil, err
	}
	if p.takeWord("NOT") {
		if !p.takeWord("EXISTS") {
			return nil, invalid("EXISTS is missing after NOT")
		}
		return func(s subject) bool { return len(s.values(selector)) == 0 }, nil
	}
	if p.takeWord("EXISTS") {
		return func(s subject) bool { return len(s.values(selector)) > 0 }, nil
	}
	if p.takeWord("IS") {
		return p.is(selector)
	}
	for _, operator := range operators {
		if p.take(operator) {
			return p.compared(selector, operator)
		}
	}
	return nil, invalid("an operator is missing after %s", selector)
}

func (p *conditionParser) is(selector string) (condition, error) {
	for word, kind := range map[string]foundKind{"NULL": foundNull, "TRUE": foundTrue, "FALSE": foundFalse} {
		if p.takeWord(word) {
			return anyValue(selector, func(v found) bool { return v.kind == kind }), nil
		}
	}
	return nil, invalid("IS needs NULL, TRUE or FALSE")
}

func anyValue(selector string, holds func(found) bool) condition {
	return func(s subject) bool {
		for _, value := range s.values(selector) {
			if holds(value) {
				return true
			}
		}
		return false
	}
}

// compared reads the right side: a number, a text with wildcards, or %…%.
func (p *conditionParser) compared(selector, operator string) (condition, error) {
	p.skipSpace()
	if p.done() {
		return nil, invalid("a value is missing at the end")
	}
	quoted := p.peek() == '"'
	equal, number, isNumber, err := p.value()
	if err != nil {
		return nil, err
	}
	switch {
	case operator == "=":
		return anyValue(selector, equal), nil
	case operator == "!=":
		return anyValue(selector, func(v found) bool { return !equal(v) }), nil
	case quoted || !isNumber:
		return nil, invalid("%s needs a number", operator)
	}
	return anyValue(selector, func(v found) bool { return v.isNumber() && ordered(operator, v.number, number) }), nil
}

func (v found) isNumber() bool { return v.kind == foundNumber }

func ordered(operator string, a, b float64) bool {
	switch operator {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	default:
		return a >= b
	}
}

// value reads a value and makes the function that compares with it.
func (p *conditionParser) value() (equal func(found) bool, number float64, isNumber bool, err error) {
	switch p.peek() {
	case '%':
		pattern, err := p.regularExpression()
		return func(v found) bool { return v.isScalar() && pattern.MatchString(v.text) }, 0, false, err
	case '"':
		text, err := p.quoted()
		return textEquals(text), 0, false, err
	}
	start := p.pos
	for !p.done() && !isSpace(p.peek()) && !strings.ContainsRune(p.closing, rune(p.peek())) {
		p.pos++
	}
	text := p.text[start:p.pos]
	if text == "" {
		return nil, 0, false, invalid("a value is missing at %q", p.rest())
	}
	number, isNumber = parseNumber(text)
	if !isNumber {
		return textEquals(text), 0, false, nil
	}
	return func(v found) bool {
		return v.isNumber() && v.number == number || v.kind == foundText && v.text == text
	}, number, true, nil
}

// parseNumber reads a decimal number: not what Go takes for one besides, such as "nan",
// "inf" and "0x10", which are words of log lines.
func parseNumber(text string) (number float64, ok bool) {
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, err == nil
}

func (v found) isScalar() bool { return v.kind == foundText || v.kind == foundNumber }

// textEquals compares with a text in which * stands for anything.
func textEquals(text string) func(found) bool {
	if !strings.Contains(text, "*") {
		return func(v found) bool { return v.isScalar() && v.text == text }
	}
	parts := strings.Split(text, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	pattern := regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$")
	return func(v found) bool { return v.isScalar() && pattern.MatchString(v.text) }
}
