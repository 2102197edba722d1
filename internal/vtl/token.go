package vtl

// tokenKind is one kind of token of Velocity 1.7's grammar. Where two kinds match equally long text, the one that stands first here wins,
// as it does in the generated lexer; the match functions in lex_match.go follow this order.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota // the end of the template
	tokenIndexLeft
	tokenIndexRight
	tokenLeftBracket
	tokenRightBracket
	tokenComma
	tokenDoubleDot
	tokenColon
	tokenLeftCurly  // { of a map literal
	tokenRightCurly // } of a map literal
	tokenLeftParen
	tokenRightParen     // ")" of a directive, with the blanks and the one newline behind it
	tokenCallRightParen // ")" of a method call, alone
	tokenEscapeDirective
	tokenSetDirective // "#set(" with the blanks before it
	tokenDollar
	tokenDollarBang
	tokenTextblockStart
	tokenFormalCommentStart
	tokenMultiLineCommentStart
	tokenHash
	tokenLineCommentStart
	tokenDoubleEscape
	tokenEscape
	tokenText
	tokenLineCommentEnd
	tokenFormalComment
	tokenMultiLineComment
	tokenTextblock
	tokenSkip // one character of a comment
	tokenMore // one character of a text block
	tokenWhitespace
	tokenString
	tokenTrue
	tokenFalse
	tokenMinus
	tokenPlus
	tokenMultiply
	tokenDivide
	tokenModulus
	tokenAnd
	tokenOr
	tokenLess
	tokenLessEqual
	tokenGreater
	tokenGreaterEqual
	tokenEqual
	tokenNotEqual
	tokenNot
	tokenAssign
	tokenEndDirective
	tokenIf
	tokenElseIf
	tokenElse
	tokenInteger
	tokenFloat
	tokenWord
	tokenBracketedWord
	tokenIdentifier
	tokenDot
	tokenReferenceLeft  // { of ${…}
	tokenReferenceRight // } of ${…}
	tokenReferenceTerminator
	tokenDirectiveTerminator
	tokenEmptyIndex
)

// token is one token. A "$" or "#" is no token of its own: it is the beginning of the image of the token that follows it.
type token struct {
	kind  tokenKind
	image string // the text, or what the lexer made of it
	pos   int    // offset of the image in the template
	// special holds the images of the terminators that ended a reference or directive just before this token. A lone "$" or "#" in text
	// is found there and nowhere else.
	special []string
}

// literal gives the token as text that was not understood is printed: with the "$" and "#" that led to nothing before it.
func (t *token) literal() string {
	if t.kind == tokenMultiLineComment {
		return ""
	}
	n := len(t.special)
	if n == 0 || hasPrefix(t.special[n-1], "##") {
		return t.image
	}
	var text []byte
	for _, s := range t.special {
		text = appendSpecial(text, s)
	}
	return string(text) + t.image
}

// appendSpecial appends what of a terminator is text: "#", "$" and the backslashes directly before a "$". Velocity appends the backslashes
// together with the "$" and goes on after it.
func appendSpecial(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '#', '$':
			dst = append(dst, s[i])
		case '\\':
			j := i
			for j < len(s) && s[j] == '\\' {
				j++
			}
			if j < len(s) && s[j] == '$' {
				dst = append(dst, s[i:j+1]...)
				i = j + 1
			}
		}
	}
	return dst
}
