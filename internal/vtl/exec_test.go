package vtl_test

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// execTests are templates and their output. How known: each was seen on Velocity 1.7 with the settings of DESIGN.md.
var execTests = []struct{ text, want string }{
	// References.
	{"$nope ${nope} $!nope [$nope.a.b()]", "   []"},
	{`#set($a = "x")$a ${a}y $!a $a.length() $a.class.simpleName`, "x xy x 1 String"},
	{`#set(${x} = 1)[$x]#set($!x = 1)[$x]`, "[][]"},
	{"#set($foo = 1)$foo{bar} $$foo $!$foo", "1{ $1 $!1"},
	{"#set($m = {})$m.a## x", "## x"},
	{`#set($m = {"class": 1, "a-b": 2, "empty": 3})$m.class.name $m.a-b $m.empty`, "java.util.LinkedHashMap 2 3"},
	{`#set($s = "x")[$s.concat(abc)]`, "ERROR"},
	{`#set($s = "x")[$s.nope()][$s.nope().length()][$s[0]]`, "[][][]"},
	{`#set($s = "x")$s[-1]`, "ERROR"},
	{`#set($l = [1, 2, 3])$l[-1] $l.get(0) $l[1].intValue()`, "3 1 2"},
	{`#set($l = [1])$l[1]`, "ERROR"},
	// Escapes.
	{`#set($x = 1)\$x \\$x \\\$x \$nope`, `$x \1 \$x $nope`},
	{`\#if \\#if(true)x#end \#unknown \\#unknown`, `#if \x \#unknown \\#unknown`},
	{`#set($y = $\!foo)[$y] $\!foo`, "[] "},
	// White space.
	{"a\n  #set($x = 1)\n  b", "a\n    b"},
	{"a  #set($x = 1)  b", "a    b"},
	{"#if(true)\n  a\n#end\nb", "  a\nb"},
	// Expressions.
	{"#set($x = 2147483647 + 1)$x #set($x = 9223372036854775807 + 1)$x", "21474836489223372036854775808"},
	{"#set($x = 7 / 2)$x #set($x = -7 % 3)$x #set($x = 7.0 / 2)$x #set($x = 1 / 0)$x", "3-13.53.5"},
	{`#set($x = "a" + 1 / 0)$x #set($x = 1 + "b" + 2.0)$x`, "a 01b2.0"},
	{`#if("1" == 1)a#end#if(1 == 1.0)b#end#if("a" < "b")c#end#if($nope == "")d#end#if(!$nope)e#end`, "abd"},
	{`#if(1)a#end#if("x")b#end#if([])c#end#if($n)d#end#if(true && $n)e#end#if(false || !false)f#end`, "def"},
	{`#set($x = [1..3])$x #set($x = [3..1])$x #set($x = ["a", $nope, {"k": [1]}])$x`, "[1, 2, 3][3, 2, 1][a, , {k=[1]}]"},
	{`#set($a = 1)#set($s = "$a ${a}0 #if($a == 1)one#end ""q"" \$a")$s`, `1 10 one "q" $a`},
	{`#set($s = 'it''s $a')$s #set($s = "\u0041\u00e9")$s`, "it's $aAé"},
	{`#set($s = "a$")$s.#set($s = "## c")`, "a$."}, {`#set($s = "a$")$s #set($s = "## c")[$s]`, "ERROR"},
	// #foreach.
	{`#foreach($i in [1..2])$i$foreach.index$velocityCount$foreach.hasNext #end[$i][$foreach]`, "101true 212false [][]"},
	{`#foreach($i in [1, 2])#foreach($j in ["a"])$i$j$foreach.parent.count#end#end`, "1a12a2"},
	{`#foreach($v in {"a": 1, "b": 2})$v#end#foreach($c in "abc")x#end#foreach($x in $nope)y#end`, "12"},
	{`#foreach($i in [1..5])#if($i == 3)#break#end$i#end.`, "12."},
	{`#foreach($i in [1..2])#foreach($j in [1..2])#break($foreach.parent)#end x#end.`, "."},
	{`#foreach($i in [1..2000])#set($n = $i)#end$n`, "1000"},
	{`#set($l = [1, 2])#foreach($i in $l)#set($ok = $l.add(3))#end`, "ERROR"},
	{`#set($foreach = "f")#foreach($i in [1])$foreach.count#end$foreach`, "1f"},
	// #define, #stop, text directives.
	{`#define($b)<$x>#end#set($x = 1)$b#set($x = 2)$b`, "<1><2>"},
	{`#define($b)a$b#end$b`, "aa$b"},
	{`a#stop b`, "a"},
	{`#macro(m $a)x#end#m("$a") #evaluate("$a") #@m()b#end #nope`, `#m("$a") #evaluate("$a") #@m()b#end #nope`},
	{`#literal()$x #foo#end`, "$x #foo"},
	{`#include("a")`, "ERROR"}, {`#if(false)#parse("a")#end.`, "."},
	// Assignment.
	{`#set($m = {})#set($m.a = 1)#set($m["b"] = 2)#set($m[$m.a] = 3)$m`, "{a=1, b=2, 1=3}"},
	{`#set($l = [1, 2])#set($l[-1] = 9)#set($l[0] = "z")$l#set($s = "x")#set($s.y = 1)#set($nope.y = 1)$s`, "[z, 9]x"},
	// Methods and overloads.
	{`#set($s = "a,b,,")$s.split(",").size() $s.split(",", -1).size() $s.indexOf("b") $s.indexOf(98) $s.replace("a", "x")`, "2 4 2 2 x,b,,"},
	{`#set($s = "x")$s.valueOf(5) $s.valueOf(1.5) $s.join("-", "a", "b") $s.format("%03d|%s|%.2f", 7, "q", 2.345)`, "5 1.5 a-b 007|q|2.35"},
	{`#set($s = "x")$s.length("y")`, "ERROR"},
	{`#set($s = "héllo😀")$s.length() $s.substring(1, 3) $s.charAt(1) $s.toUpperCase() $s.hashCode()`, "7 él é HÉLLO😀 291564465"},
	{`#set($s = "a1b22")$s.replaceAll("([a-z])(\d)", "$2$1") $s.matches("[a-z0-9]+") $s.replaceAll("\d", "\\")`, `1a2b2 true a\b\\`},
	{`#set($m = {"a": 1})#foreach($e in $m.entrySet())$e.key=$e.value$e#end $m.keySet() $m.getOrDefault("z", 5) $m.remove("a") $m`, "a=1a=1 [a] 5 1 {}"},
	{`#set($l = [3, 1])$l.add(2)$l.remove(0)$l.contains(1)$l.indexOf(2)$l.subList(0, 1)$l.isEmpty()$l`, "true3true1[1]false[1, 2]"},
	{`#set($n = 5)$n.compareTo(6) $n.toString().length() $n.parseInt("12") $n.toHexString(255) $n.equals(5)`, "-1 1 12 ff true"},
}

func TestExecute(t *testing.T) {
	for _, test := range execTests {
		got, err := execute(test.text)
		if err != nil {
			got = "ERROR"
		}
		if got != test.want {
			t.Errorf("%s\n got %q %v\nwant %q", test.text, got, err, test.want)
		}
	}
}

// host is an object with one method, which fails for "fail".
type host struct{}

func (host) AppendString(dst []byte) []byte { return dst }

func (host) Property(_ *vtl.Execution, name string) (value.Value, error) {
	if name == "name" {
		return value.OfString("host"), nil
	}
	return value.Value{}, nil
}

var errHost = errors.New("host failed")

func (host) Call(ex *vtl.Execution, site *vtl.CallSite, a []value.Value) (value.Value, error) {
	if site.Method != "echo" || len(a) != 1 {
		return value.Value{}, nil
	}
	if ex.Text(a[0]) == "fail" {
		return value.Value{}, errHost
	}
	return value.OfString(site.Method + ex.Text(a[0])), nil
}

func TestExecute_receiver(t *testing.T) {
	var prepared []string
	options := vtl.Options{Globals: []string{"host", "unused"}, Prepare: func(s *vtl.CallSite) { prepared = append(prepared, s.Root+"."+s.Method) }}
	text := "$host.name [$host.nope] [$host.nope(1)] $host.echo('a') $host.echo($host.name)\n  $host.echo('fail')"
	template, err := vtl.Compile("t", text, options)
	if err != nil {
		t.Fatal(err)
	}
	if !template.Uses(0) || template.Uses(1) {
		t.Error("the template does not know what it uses")
	}
	if want := "host.nope host.echo host.echo"; strings.Join(prepared, " ") != want {
		t.Errorf("prepared %v", prepared)
	}
	out, err := template.Execute([]byte("before"), []value.Value{value.OfObject(host{})}, nil)
	if string(out) != "before" {
		t.Errorf("output %q after an error", out)
	}
	var e *vtl.Error
	if !errors.Is(err, errHost) || !errors.Is(err, vtl.ErrRuntime) || !errors.As(err, &e) || e.Line != 2 || e.Column != 9 {
		t.Errorf("%v", err)
	}
}

// Executions of one template do not see one another.
func TestExecute_twice(t *testing.T) {
	template, err := vtl.Compile("t", "[$x]#set($x = 1)[$x]", vtl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if out, err := template.Execute(nil, nil, nil); err != nil || string(out) != "[][1]" {
			t.Errorf("%q %v", out, err)
		}
	}
}
