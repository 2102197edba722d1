package vtl

import (
	"errors"
	"testing"
	"unicode/utf8"

	"gatehouse/internal/value"
)

// seeds are pieces of templates that lead into every state.
var seeds = []string{
	"", "text", "$a", "$!{a}", "$a.b(1, \"$c\").d[0]", "#set($x = {\"k\": [1..3]})$x.k[-1]", "#if($a == 1 && !$b)x#elseif(true)y#{else}z#end",
	"#foreach($i in [1..3])$i$foreach.hasNext#break#end", "#define($b)$b#end$b", "## c\n#* c *##[[ $x ]]#", `\\\$a \\#if \#foo`, "$ # $1 #1 $[ $.",
	"#macro(m)x#end#m()", "#set($s = \"a$s.replaceAll('(a)', '$1')\")$s", "#literal()$x#end", "$a.b## x", "$foo{bar}", "é😀\u2028", "#set($x = 1 + 2.5 * -3 / 0 % 4)$x",
	"#set($x = \"\\u0041\")$x.matches(\"[a-z&&[^b]]+\").format(\"%5d\", 1)", "#stop", "#break($foreach)", "#include(\"a\")", "$\\!a", "#@m()x#end",
	"#set($m = {})#set($m.m = $m.values())$m $m.hashCode()", "\ufeff\x00\xff\xed\xa0\x80",
}

// FuzzLexer checks that lexing ends, and that tokens lie in the text one behind the other.
func FuzzLexer(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := lexer{source: text}
		for n := 0; ; n++ {
			token, err := l.next()
			if err != nil || token.kind == tokenEnd {
				return
			}
			if token.pos < 0 || token.pos > len(text) || l.pos > len(text) {
				t.Fatalf("token %q at %d, lexer at %d of %d", token.image, token.pos, l.pos, len(text))
			}
			if n > 2*len(text)+2 {
				t.Fatalf("%d tokens in %d bytes", n, len(text))
			}
		}
	})
}

// FuzzCompile checks that parsing ends in a template or in an error with a place in the text.
func FuzzCompile(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Compile("t", text, Options{})
		if err == nil {
			return
		}
		var e *Error
		if !errors.As(err, &e) || !errors.Is(err, ErrSyntax) || e.Line < 1 || e.Column < 1 {
			t.Fatalf("%v", err)
		}
		_ = e.Caret()
	})
}

// FuzzExecute checks that an execution ends within its limits and prints the same twice.
func FuzzExecute(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := Compile("t", text, Options{})
		if err != nil {
			return
		}
		first, errFirst := template.Execute(nil, nil, value.NewArena())
		second, errSecond := template.Execute(nil, nil, nil)
		if (errFirst == nil) != (errSecond == nil) && !errors.Is(errFirst, ErrLimit) && !errors.Is(errSecond, ErrLimit) {
			t.Fatalf("%v, then %v", errFirst, errSecond)
		}
		if errFirst == nil && errSecond == nil && string(first) != string(second) {
			t.Fatalf("%q, then %q", first, second)
		}
		if len(first) > MaxOutput+value.MaxText {
			t.Fatalf("%d bytes", len(first))
		}
		if utf8.ValidString(text) && errFirst == nil && !utf8.Valid(value.MendUTF8(first)) {
			t.Fatalf("%q is not UTF-8", first)
		}
	})
}

// FuzzPattern checks that a pattern compiles for the engine that runs it, or is refused, and that using it ends.
func FuzzPattern(f *testing.F) {
	for _, s := range []string{"a", "[a-z&&[^b]]+", "(a|b)*?c{2,3}", "(?i)\\bx\\d+$", "(?<=a)b(?!c)", "\\Q.\\E", "\\p{Lu}", "(?<n>a)\\k<n>", "a++", "{2}"} {
		f.Add(s, "aabbc1", "$0")
	}
	f.Fuzz(func(t *testing.T, source, text, replacement string) {
		if len(source) > 200 || len(text) > 200 {
			return
		}
		p, err := compilePattern(source)
		if err != nil {
			return
		}
		if _, err := p.matches(text); err != nil && !errors.Is(err, ErrLimit) {
			t.Fatalf("%q: %v", source, err)
		}
		_, _ = p.replace(text, replacement, 0)
		parts, err := p.split(text, 0)
		if err == nil && len(parts) > len(text)+1 {
			t.Fatalf("%q: %d parts of %q", source, len(parts), text)
		}
	})
}
