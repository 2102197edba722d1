package vtl

import (
	"fmt"
	"strings"
	"testing"
)

// tokensOf lexes a text that no parser steers.
func tokensOf(text string) string {
	l := lexer{source: text}
	var b strings.Builder
	for {
		t, err := l.next()
		if err != nil {
			return b.String() + "error"
		}
		if t.kind == tokenEnd {
			return strings.TrimSpace(b.String())
		}
		for _, s := range t.special {
			fmt.Fprintf(&b, "(%s)", s)
		}
		fmt.Fprintf(&b, "%d:%q ", t.kind, t.image)
	}
}

// How known: the states and tokens of Velocity 1.7's grammar; every row prints in Velocity as its tokens say.
func TestLexer(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		// Text and references.
		{"abc", tokens(tokenText, "abc")},
		{"$a", tokens(tokenIdentifier, "$a")},
		{"$!a-b_1", tokens(tokenIdentifier, "$!a-b_1")},
		{"${a}b", tokens(tokenReferenceLeft, "${", tokenIdentifier, "a", tokenReferenceRight, "}", tokenText, "b")},
		{"$a.b", tokens(tokenIdentifier, "$a", tokenDot, ".", tokenIdentifier, "b")},
		{"$a.1", tokens(tokenIdentifier, "$a") + " (.)" + tokens(tokenText, ".1")},
		{"$a.b(1)", tokens(tokenIdentifier, "$a", tokenDot, ".", tokenIdentifier, "b", tokenLeftParen, "(", tokenInteger, "1", tokenCallRightParen, ")")},
		{"$true", tokens(tokenTrue, "$true")},
		{"$trues", tokens(tokenIdentifier, "$trues")},
		// A "$" or "#" that leads to nothing.
		{"$ a", "($ )" + tokens(tokenText, " a")},
		{"# a", "(# )" + tokens(tokenText, " a")},
		{"$1", "($1)" + tokens(tokenText, "1")},
		{"$[", tokens(tokenEmptyIndex, "$[")},
		{"a$", tokens(tokenText, "a") + " error"},
		{"#", "error"},
		// Backslashes belong to what follows.
		{`\$a`, tokens(tokenIdentifier, `\$a`)},
		{`\\\$a`, tokens(tokenIdentifier, `\\\$a`)},
		{`\#if`, tokens(tokenEscapeDirective, `\#if`)},
		{`\\#if`, tokens(tokenDoubleEscape, `\\`, tokenIf, "#if")},
		{`\a`, tokens(tokenEscape, `\`, tokenText, "a")},
		// #set reaches back over blanks, directives over the rest of their line.
		{"  #set ( ", tokens(tokenSetDirective, "  #set (", tokenWhitespace, " ")},
		{"#end  \n a", tokens(tokenEndDirective, "#end  \n", tokenText, " a")},
		{"#end a", tokens(tokenEndDirective, "#end", tokenText, " a")},
		{"#else\r\nb", tokens(tokenElse, "#else\r\n", tokenText, "b")},
		{"#endif", tokens(tokenWord, "#endif")},
		{"#{else}x", tokens(tokenElse, "#{else}", tokenText, "x")},
		// Comments.
		{"a##b\nc", tokens(tokenText, "a", tokenLineCommentStart, "##", tokenLineCommentEnd, "\n", tokenText, "c")},
		{"a#*b*#c", tokens(tokenText, "a", tokenMultiLineComment, "*#", tokenText, "c")},
		{"#**b*#", tokens(tokenFormalComment, "*#")},
		{"$##", tokens(tokenLineCommentStart, "$##")},
		{"#[[$a]]#b", tokens(tokenTextblock, "#[[$a]]#", tokenText, "b")},
		{"#[[$a", "error"},
		// Numbers and strings.
		{"#if(1..3", tokens(tokenIf, "#if", tokenLeftParen, "(", tokenInteger, "1", tokenDoubleDot, "..", tokenInteger, "3")},
		{"#if(1.5e3", tokens(tokenIf, "#if", tokenLeftParen, "(", tokenFloat, "1.5e3")},
		{"#if(-1", tokens(tokenIf, "#if", tokenLeftParen, "(", tokenInteger, "-1")},
		{`#if("a""b"`, tokens(tokenIf, "#if", tokenLeftParen, "(", tokenString, `"a""b"`)},
		{`#if("a""b`, tokens(tokenIf, "#if", tokenLeftParen, "(", tokenString, `"a"`) + " error"},
		{`#if('it''s'`, tokens(tokenIf, "#if", tokenLeftParen, "(", tokenString, `'it''s'`)},
		{"#1", tokens(tokenInteger, "#1")},
		{"#if($a ", tokens(tokenIf, "#if", tokenLeftParen, "(", tokenIdentifier, "$a") + " ( )" + tokens(tokenWhitespace, " ")},
	} {
		if got, want := tokensOf(test.text), test.want; got != want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, want)
		}
	}
}

// tokens writes kinds and images as tokensOf does.
func tokens(parts ...any) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		fmt.Fprintf(&b, "%d:%q ", parts[i], parts[i+1])
	}
	return strings.TrimSpace(b.String())
}
