package vtl

import (
	"strings"
	"unicode/utf8"
)

// longest keeps the longest match; of equally long ones the first stays.
type longest struct {
	kind tokenKind
	n    int
	// slashes is the number of backslashes at the position.
	slashes int
}

func (b *longest) offer(kind tokenKind, n int) {
	if n > b.n {
		b.kind, b.n = kind, n
	}
}

// match gives the token that begins at the position and its length, 0 if there is none.
func (l *lexer) match() (tokenKind, int) {
	s := l.source[l.pos:]
	b := longest{slashes: l.slashes()}
	switch l.state {
	case stateText:
		matchText(&b, s)
	case stateDirective:
		matchDirective(&b, s)
	case statePreDirective:
		matchPreDirective(&b, s)
	case stateReference, stateModifier:
		matchReference(&b, s, l.state)
	case stateArguments:
		matchArguments(&b, s)
	case stateIndex:
		matchIndex(&b, s)
	default:
		matchComment(&b, s, l.state)
	}
	return b.kind, b.n
}

func matchText(b *longest, s string) {
	if n := plainText(s); n > 0 {
		// Only "#set(" reaches back over the blanks before it; anything else begins with "$", "#" or "\".
		if s[0] == ' ' || s[0] == '\t' {
			b.offer(tokenSetDirective, setDirective(s))
		}
		b.offer(tokenText, n)
		return
	}
	b.offer(tokenEscapeDirective, escapeDirective(s, b.slashes))
	b.offer(tokenSetDirective, setDirective(s))
	matchBeginning(b, s)
	b.offer(tokenLineCommentStart, prefix(s, "##"))
	b.offer(tokenDoubleEscape, prefix(s, `\\`))
	b.offer(tokenEscape, prefix(s, `\`))
	b.offer(tokenEmptyIndex, emptyIndex(s))
}

// matchBeginning offers what may begin a token in every state.
func matchBeginning(b *longest, s string) {
	if s[0] != '$' && s[0] != '\\' && s[0] != '#' {
		return
	}
	n := b.slashes
	if n < len(s) && s[n] == '$' {
		b.offer(tokenDollar, n+1)
		m := n + 1 + backslashes(s[n+1:])
		if m < len(s) && s[m] == '!' {
			b.offer(tokenDollarBang, m+1)
		}
	}
	b.offer(tokenTextblockStart, prefix(s, "#[["))
	if hasPrefix(s, "#**") && len(s) > 3 && s[3] != '#' {
		_, size := utf8.DecodeRuneInString(s[3:])
		b.offer(tokenFormalCommentStart, 3+size)
	}
	b.offer(tokenMultiLineCommentStart, prefix(s, "#*"))
	b.offer(tokenHash, prefix(s, "#"))
}

func matchDirective(b *longest, s string) {
	b.offer(tokenLeftBracket, prefix(s, "["))
	b.offer(tokenRightBracket, prefix(s, "]"))
	b.offer(tokenComma, prefix(s, ","))
	b.offer(tokenDoubleDot, prefix(s, ".."))
	b.offer(tokenColon, prefix(s, ":"))
	b.offer(tokenLeftCurly, prefix(s, "{"))
	b.offer(tokenRightCurly, prefix(s, "}"))
	b.offer(tokenLeftParen, prefix(s, "("))
	if s[0] == ')' {
		b.offer(tokenRightParen, 1+restOfLine(s[1:]))
	}
	matchBeginning(b, s)
	b.offer(tokenLineCommentStart, prefix(s, "##"))
	b.offer(tokenWhitespace, whitespace(s))
	b.offer(tokenString, stringLiteral(s))
	b.offer(tokenTrue, prefix(s, "true"))
	b.offer(tokenFalse, prefix(s, "false"))
	matchOperator(b, s)
	matchNumber(b, s)
	matchWord(b, s)
}

// operators in the order of the grammar, each with its word.
var operators = [...]struct {
	kind         tokenKind
	symbol, word string
}{
	{tokenMinus, "-", ""}, {tokenPlus, "+", ""}, {tokenMultiply, "*", ""}, {tokenDivide, "/", ""}, {tokenModulus, "%", ""},
	{tokenAnd, "&&", "and"}, {tokenOr, "||", "or"}, {tokenLess, "<", "lt"}, {tokenLessEqual, "<=", "le"}, {tokenGreater, ">", "gt"},
	{tokenGreaterEqual, ">=", "ge"}, {tokenEqual, "==", "eq"}, {tokenNotEqual, "!=", "ne"}, {tokenNot, "!", "not"}, {tokenAssign, "=", ""},
}

func matchOperator(b *longest, s string) {
	for i := range operators {
		o := &operators[i]
		b.offer(o.kind, prefix(s, o.symbol))
		if o.word != "" {
			b.offer(o.kind, prefix(s, o.word))
		}
	}
}

func matchPreDirective(b *longest, s string) {
	matchBeginning(b, s)
	b.offer(tokenLineCommentStart, prefix(s, "##"))
	for _, word := range [...]string{"end", "{end}"} {
		if n := prefix(s, word); n > 0 {
			b.offer(tokenEndDirective, n+restOfLine(s[n:]))
		}
	}
	b.offer(tokenIf, max(prefix(s, "if"), prefix(s, "{if}")))
	b.offer(tokenElseIf, max(prefix(s, "elseif"), prefix(s, "{elseif}")))
	for _, word := range [...]string{"else", "{else}"} {
		if n := prefix(s, word); n > 0 {
			b.offer(tokenElse, n+restOfLine(s[n:]))
		}
	}
	matchNumber(b, s)
	matchWord(b, s)
	_, n := utf8.DecodeRuneInString(s)
	b.offer(tokenDirectiveTerminator, n)
}

func matchReference(b *longest, s string, state lexState) {
	b.offer(tokenIndexLeft, prefix(s, "["))
	if state == stateModifier {
		b.offer(tokenLeftParen, prefix(s, "("))
	}
	b.offer(tokenSetDirective, setDirective(s))
	matchBeginning(b, s)
	if state == stateReference {
		b.offer(tokenLineCommentStart, prefix(s, "##"))
	}
	b.offer(tokenTrue, prefix(s, "true"))
	b.offer(tokenFalse, prefix(s, "false"))
	matchIdentifier(b, s)
	b.offer(tokenReferenceLeft, prefix(s, "{"))
	b.offer(tokenReferenceRight, prefix(s, "}"))
	_, n := utf8.DecodeRuneInString(s)
	b.offer(tokenReferenceTerminator, n)
	if state == stateReference {
		b.offer(tokenEmptyIndex, emptyIndex(s))
	}
}

func matchIdentifier(b *longest, s string) {
	b.offer(tokenIdentifier, identifier(s))
	if len(s) > 1 && s[0] == '.' && isLetter(s[1]) {
		b.offer(tokenDot, 2)
	}
}

func matchArguments(b *longest, s string) {
	b.offer(tokenLeftBracket, prefix(s, "["))
	b.offer(tokenRightBracket, prefix(s, "]"))
	b.offer(tokenComma, prefix(s, ","))
	b.offer(tokenDoubleDot, prefix(s, ".."))
	b.offer(tokenColon, prefix(s, ":"))
	b.offer(tokenLeftCurly, prefix(s, "{"))
	b.offer(tokenRightCurly, prefix(s, "}"))
	b.offer(tokenCallRightParen, prefix(s, ")"))
	b.offer(tokenSetDirective, setDirective(s))
	matchBeginning(b, s)
	b.offer(tokenWhitespace, whitespace(s))
	b.offer(tokenString, stringLiteral(s))
	b.offer(tokenTrue, prefix(s, "true"))
	b.offer(tokenFalse, prefix(s, "false"))
	matchNumber(b, s)
	matchIdentifier(b, s)
}

func matchIndex(b *longest, s string) {
	b.offer(tokenIndexRight, prefix(s, "]"))
	matchBeginning(b, s)
	b.offer(tokenWhitespace, whitespace(s))
	b.offer(tokenString, stringLiteral(s))
	b.offer(tokenTrue, prefix(s, "true"))
	b.offer(tokenFalse, prefix(s, "false"))
	matchNumber(b, s)
}

func matchComment(b *longest, s string, state lexState) {
	matchBeginning(b, s)
	switch state {
	case stateLineComment:
		b.offer(tokenLineCommentEnd, newline(s))
	case stateFormalComment:
		b.offer(tokenFormalComment, prefix(s, "*#"))
	case stateMultiLineComment:
		b.offer(tokenMultiLineComment, prefix(s, "*#"))
	case stateTextblock:
		b.offer(tokenTextblock, prefix(s, "]]#"))
		_, n := utf8.DecodeRuneInString(s)
		b.offer(tokenMore, n)
		return
	}
	_, n := utf8.DecodeRuneInString(s)
	b.offer(tokenSkip, n)
}

func matchNumber(b *longest, s string) {
	sign := prefix(s, "-")
	digits := sign + digitRun(s[sign:])
	if digits > sign {
		// An integer takes ".." with it, so that 1..3 is no "1." followed by ".3".
		if hasPrefix(s[digits:], "..") {
			b.offer(tokenInteger, digits+2)
		}
		b.offer(tokenInteger, digits)
		if e := exponent(s[digits:]); e > 0 {
			b.offer(tokenFloat, digits+e)
		}
	}
	if digits >= len(s) || s[digits] != '.' {
		return
	}
	fraction := digitRun(s[digits+1:])
	if digits > sign || fraction > 0 {
		n := digits + 1 + fraction
		b.offer(tokenFloat, n+exponent(s[n:]))
	}
}

func matchWord(b *longest, s string) {
	b.offer(tokenWord, word(s))
	b.offer(tokenBracketedWord, bracketedWord(s))
}

func hasPrefix(s, p string) bool { return len(s) >= len(p) && s[:len(p)] == p }

// prefix gives the length of p if s begins with it, else 0.
func prefix(s, p string) int {
	if hasPrefix(s, p) {
		return len(p)
	}
	return 0
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func plainText(s string) int {
	if n := strings.IndexAny(s, `$#\`); n >= 0 {
		return n
	}
	return len(s)
}

func backslashes(s string) int {
	n := 0
	for n < len(s) && s[n] == '\\' {
		n++
	}
	return n
}

// newline gives the length of the newline s begins with.
func newline(s string) int {
	switch {
	case hasPrefix(s, "\r\n"):
		return 2
	case s != "" && (s[0] == '\n' || s[0] == '\r'):
		return 1
	}
	return 0
}

// restOfLine gives the length of blanks and one newline, 0 if anything else is on the line (quirk whitespace-1.7).
func restOfLine(s string) int {
	n := 0
	for n < len(s) && (s[n] == ' ' || s[n] == '\t') {
		n++
	}
	if m := newline(s[n:]); m > 0 {
		return n + m
	}
	return 0
}

func whitespace(s string) int {
	n := 0
	for n < len(s) && (s[n] == ' ' || s[n] == '\t' || s[n] == '\n' || s[n] == '\r') {
		n++
	}
	return n
}

// setDirective matches blanks, "#set" or "#{set}", spaces and "(". The blanks before it are part of it (quirk whitespace-1.7).
func setDirective(s string) int {
	n := 0
	for n < len(s) && (s[n] == ' ' || s[n] == '\t') {
		n++
	}
	m := max(prefix(s[n:], "#set"), prefix(s[n:], "#{set}"))
	if m == 0 {
		return 0
	}
	n += m
	for n < len(s) && s[n] == ' ' {
		n++
	}
	if n < len(s) && s[n] == '(' {
		return n + 1
	}
	return 0
}

// escapeDirective matches an odd number of backslashes, of which there are n, before "#word" or "#{word}".
func escapeDirective(s string, n int) int {
	if n%2 == 0 || n >= len(s) || s[n] != '#' {
		return 0
	}
	m := max(word(s[n+1:]), bracketedWord(s[n+1:]))
	if m == 0 {
		return 0
	}
	return n + 1 + m
}

// emptyIndex matches what looks like a reference and has no name.
func emptyIndex(s string) int {
	for _, p := range [...]string{"$[", "$![", `$\![`, "$."} {
		if hasPrefix(s, p) {
			return len(p)
		}
	}
	return 0
}

func identifier(s string) int {
	if s == "" || !isLetter(s[0]) && s[0] != '_' {
		return 0
	}
	n := 1
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n]) || s[n] == '-' || s[n] == '_') {
		n++
	}
	return n
}

func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '_' || c == '@' }

func word(s string) int {
	if s == "" || !isLetter(s[0]) && s[0] != '_' && s[0] != '@' {
		return 0
	}
	n := 1
	for n < len(s) && isWordByte(s[n]) {
		n++
	}
	return n
}

func bracketedWord(s string) int {
	if len(s) < 2 || s[0] != '{' || !isLetter(s[1]) && s[1] != '_' {
		return 0
	}
	n := 2
	for n < len(s) && isWordByte(s[n]) {
		n++
	}
	if n < len(s) && s[n] == '}' {
		return n + 1
	}
	return 0
}

func digitRun(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func exponent(s string) int {
	if s == "" || s[0]|0x20 != 'e' {
		return 0
	}
	n := 1
	if n < len(s) && (s[n] == '+' || s[n] == '-') {
		n++
	}
	if d := digitRun(s[n:]); d > 0 {
		return n + d
	}
	return 0
}

// stringLiteral matches a string in quotes. There are no backslash escapes; a doubled quote stands for one (quirk string-literals). The
// longest match wins: a doubled quote ends the string only if no later quote does.
func stringLiteral(s string) int {
	if s[0] != '"' && s[0] != '\'' {
		return 0
	}
	accepted := 0
	for i := 1; i < len(s); i++ {
		if s[i] != s[0] {
			continue
		}
		accepted = i + 1
		if i+1 >= len(s) || s[i+1] != s[0] {
			return accepted
		}
		i++
	}
	return accepted
}
