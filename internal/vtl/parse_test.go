package vtl_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/vtl"
)

// How known: the message is ours; that each of these templates is refused was seen on Velocity 1.7.
func TestCompile_refused(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a$", `t:1:2: the template ends here, inside "$"`},
		{"line 1\nline 2 #", `t:2:8: the template ends here, inside "#"`},
		{"#if(true)a", "t:1:11: unexpected end of the template"},
		{"a#end", `t:1:2: unexpected "#end"`},
		{"#if()a#end", `t:1:5: unexpected ")"`},
		{"#if($x = 1)#end", `t:1:8: unexpected "="`},
		{"${a|'b'}", `t:1:4: unexpected`},
		{"#set($x = )", `t:1:11: unexpected ")"`},
		{"#set($x = null)", `t:1:11: unexpected "null"`},
		{"#set($x = [ ])", `t:1:13: unexpected "]"`},
		{"#set($x 'a')", `t:1:9: unexpected`},
		{"#foreach\n", "t:1:1: #foreach needs parentheses"},
		{"#define()a#end", "t:1:1: #define needs one reference"},
		{"#macro()a#end", "t:1:1: #macro needs a name"},
		{"#macro($a)a#end", "t:1:8: the first argument of #macro must be a name"},
		{"#include(a)", "t:1:10: a word is no argument of #include"},
		{"é#set($x = 1", "t:1:13: unexpected end of the template"},
		{`#set($x = "${a|}")`, "t:1:11: unexpected"},
		{`#set($x = "\u12")`, `t:1:11: \u needs four hexadecimal digits`},
		{"$x.y(1", "t:1:7: unexpected end of the template"},
		{"$x[]", `t:1:4: unexpected "]"`},
		{"$true", `t:1:1: unexpected "$true"`},
	} {
		_, err := vtl.Compile("t", test.text, vtl.Options{})
		if !errors.Is(err, vtl.ErrSyntax) {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
			continue
		}
		if test.want != "" && !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
		}
	}
}

func TestError_caret(t *testing.T) {
	_, err := vtl.Compile("t", "first\n\tab#end\nlast", vtl.Options{})
	var e *vtl.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if want := " ab#end\n   ^"; e.Caret() != want || e.Line != 2 || e.Column != 4 || e.Source != "\tab#end" {
		t.Errorf("%+v\n%s", e, e.Caret())
	}
	long := &vtl.Error{Column: 151, Source: strings.Repeat("x", 300)}
	if lines := strings.Split(long.Caret(), "\n"); len(lines[0]) != 120 || lines[1] != strings.Repeat(" ", 60)+"^" {
		t.Errorf("%s", long.Caret())
	}
}
