package vtl

import (
	"strings"
	"unicode/utf8"
)

// lexState is a lexical state: which tokens can come next.
type lexState uint8

const (
	stateText         lexState = iota // outside of everything
	stateDirective                    // inside the parentheses of a directive
	statePreDirective                 // after "#"
	stateReference                    // after "$"
	stateModifier                     // after "." in a reference
	stateArguments                    // inside the parentheses of a method call
	stateIndex                        // inside the brackets of an index
	stateLineComment
	stateFormalComment
	stateMultiLineComment
	stateTextblock
)

// lexFrame is what is remembered of a state while another one is on.
type lexFrame struct {
	state          lexState
	lparen, rparen int
}

// lexer splits a template into tokens exactly as Velocity 1.7's generated lexer does: the longest match of the current state wins, each
// match may change the state, and some matches ("$", "#") only begin the image of the next token. It is driven by the parser token by
// token, because the parser changes the state too (see parser.directive).
type lexer struct {
	source         string
	pos            int
	state          lexState
	lparen, rparen int
	stack          []lexFrame
	inComment      bool
	inSet          bool
	slashesEnd     int // where the backslashes end that are being read
}

// slashes gives the number of backslashes at the position.
func (l *lexer) slashes() int {
	if l.pos >= l.slashesEnd {
		l.slashesEnd = l.pos + backslashes(l.source[l.pos:])
	}
	return l.slashesEnd - l.pos
}

// push remembers the state. The count of closing parentheses goes on, that of opening ones begins again.
func (l *lexer) push() {
	l.stack = append(l.stack, lexFrame{l.state, l.lparen, l.rparen})
	l.lparen = 0
}

// pop goes back to the state remembered last, or to text, and reports whether there was one.
func (l *lexer) pop() bool {
	n := len(l.stack)
	if n == 0 {
		l.lparen = 0
		l.state = stateText
		return false
	}
	f := l.stack[n-1]
	l.stack = l.stack[:n-1]
	l.state, l.lparen, l.rparen = f.state, f.lparen, f.rparen
	return true
}

// next gives the next token.
func (l *lexer) next() (token, error) {
	var special []string
	begin := l.pos
	more := false
	for {
		if !more {
			begin = l.pos
			if l.pos >= len(l.source) {
				return token{kind: tokenEnd, pos: l.pos, special: special}, nil
			}
		} else if l.pos >= len(l.source) {
			// A template that ends in "$" or "#" (quirk dollar-eof), or inside a text block.
			return token{}, &syntaxError{begin, "the template ends here, inside " + quote(l.source[begin:])}
		}
		kind, n := l.match()
		if n == 0 {
			return token{}, &syntaxError{l.pos, "unexpected " + quote(l.rest())}
		}
		l.pos += n
		image := l.source[begin:l.pos]
		switch kind {
		case tokenDollar, tokenDollarBang, tokenTextblockStart, tokenFormalCommentStart, tokenMultiLineCommentStart, tokenHash, tokenMore:
			l.begin(kind)
			more = true
		case tokenSkip:
			more = false
		case tokenReferenceTerminator, tokenDirectiveTerminator:
			special = append(special, image)
			l.pos -= n
			l.pop()
			more = false
		default:
			t := token{kind: kind, image: image, pos: begin, special: special}
			l.act(&t)
			return t, nil
		}
	}
}

// rest gives the character at the position, for a message.
func (l *lexer) rest() string {
	_, n := utf8.DecodeRuneInString(l.source[l.pos:])
	return l.source[l.pos : l.pos+n]
}

// begin changes the state for a match that is the beginning of a token.
func (l *lexer) begin(kind tokenKind) {
	if l.inComment || kind == tokenMore {
		return
	}
	switch kind {
	case tokenDollar, tokenDollarBang:
		l.beginReference()
	case tokenHash:
		if l.state == stateReference || l.state == stateModifier {
			l.pop()
		}
		l.enter(statePreDirective)
	case tokenTextblockStart:
		l.beginComment(stateTextblock)
	case tokenFormalCommentStart:
		l.pos-- // the character after "#**" belongs to the comment
		if !utf8.RuneStart(l.source[l.pos]) {
			l.pos = strings.LastIndexByte(l.source[:l.pos], '*') + 1
		}
		l.beginComment(stateFormalComment)
	case tokenMultiLineCommentStart:
		l.beginComment(stateMultiLineComment)
	}
}

func (l *lexer) enter(s lexState) {
	l.push()
	l.state = s
}

// beginReference ends a reference directly before this one.
func (l *lexer) beginReference() {
	if l.state == stateReference {
		l.pop()
	}
	l.enter(stateReference)
}

func (l *lexer) beginComment(s lexState) {
	l.inComment = true
	l.enter(s)
}

// act changes the state for a whole token, and its image where Velocity does.
func (l *lexer) act(t *token) {
	switch t.kind {
	case tokenIndexLeft:
		l.enter(stateIndex)
	case tokenIndexRight, tokenReferenceRight, tokenEndDirective, tokenElse:
		l.pop()
	case tokenLeftParen:
		l.lparen++
		if l.state == stateModifier {
			l.state = stateArguments
		}
	case tokenRightParen:
		l.closeDirective()
	case tokenCallRightParen:
		l.state = stateReference
	case tokenSetDirective:
		if !l.inComment {
			l.inSet = true
			l.enter(stateDirective)
			l.lparen++
		}
	case tokenLineCommentStart:
		l.actLineComment()
	case tokenLineCommentEnd, tokenFormalComment, tokenMultiLineComment, tokenTextblock:
		l.inComment = false
		l.pop()
	case tokenString:
		if l.state == stateDirective && !l.inSet && l.lparen == 0 {
			l.pop()
		}
	case tokenIf, tokenElseIf:
		l.state = stateDirective
	case tokenInteger, tokenFloat:
		l.actNumber(t)
	case tokenDot:
		// The letter behind the dot was only looked at; whatever stood before the dot is lost with the image.
		l.pos--
		t.image = "."
		l.state = stateModifier
	}
}

func (l *lexer) actLineComment() {
	if l.inComment {
		return
	}
	if l.state == stateReference {
		l.pop()
	}
	l.beginComment(stateLineComment)
}

// actNumber gives the ".." of a range back, and leaves a directive without parentheses ("#1").
func (l *lexer) actNumber(t *token) {
	if t.kind == tokenInteger && strings.HasSuffix(t.image, "..") {
		l.pos -= 2
		t.image = t.image[:len(t.image)-2]
	}
	inIndex := l.state == stateIndex && t.kind == tokenInteger
	if l.lparen == 0 && !l.inSet && l.state != stateArguments && !inIndex {
		l.pop()
	}
}

// closeDirective drops to the state below the one whose parenthesis this closes.
func (l *lexer) closeDirective() {
	for {
		if l.lparen == 0 {
			if !l.pop() {
				return
			}
			continue
		}
		if l.lparen == l.rparen+1 {
			l.pop()
		} else {
			l.rparen++
		}
		return
	}
}
