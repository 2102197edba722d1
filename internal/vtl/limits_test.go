package vtl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// hostile templates end soon, with an error or without. What each of them attacks is its name.
var hostile = map[string]string{
	"loops":           `#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])$a#end#end#end`,
	"empty loops":     `#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])#end#end#end`,
	"doubled string":  `#set($s = "aaaaaaaaaaaaaaaa")#foreach($i in [1..100])#set($s = $s + $s)#end$s.length()`,
	"doubled literal": `#set($s = "aaaaaaaaaaaaaaaa")#foreach($i in [1..100])#set($s = "$s$s")#end$s.length()`,
	"repeat":          `#set($s = "ab".repeat(2000000000))#set($t = "x")$t.repeat(2000000000)`,
	"doubled list":    `#set($l = [1, 2])#foreach($i in [1..100])#set($ok = $l.addAll($l))#end$l.size()`,
	"range":           `#foreach($i in [-2000000000..2000000000])#end`,
	"ranges":          `#set($l = [])#foreach($i in [1..1000])#set($ok = $l.add([1..1000000]))#end`,
	"big numbers":     `#set($n = 99999999999999999999)#foreach($i in [1..1000])#set($n = $n * $n)#end$n`,
	"power":           `#set($n = 99999999999999999999)$n.pow(2000000000)`,
	"shift":           `#set($n = 99999999999999999999)$n.shiftLeft(2000000000)`,
	"define":          `#define($a)$a$a$a#end$a`,
	"two defines":     `#define($a)$b$b$b#end#define($b)$a$a$a#end$a`,
	"many defines":    `#define($a)$b$b$c#end#define($b)$c$c$a#end#define($c)$a$b$a#end$a`,
	"map in itself":   `#set($m = {})#set($m.m = $m)#set($l = [$m])#set($m.l = $l)$m $m.equals($l) $m.hashCode() #if($m == $l)#end`,
	"list in itself":  `#set($l = [1])#set($ok = $l.add($l))$l $l.hashCode()`,
	"views in themselves": `#set($m = {"a": 1})#set($v = $m.values())$m.put("v", $v)$m.put("e", $m.entrySet())$m.put("k", $m.keySet())$m $v ` +
		`$v.equals($m.values()) $m.hashCode() $v.hashCode() $m.entrySet()`,
	"loop in itself":   `#foreach($i in [1..3])#set($foreach.l = [$foreach])#set($foreach.f = $foreach)$foreach $foreach.hashCode()#end`,
	"sublists":         `#set($l = [1])#foreach($i in [1..1000])#foreach($j in [1..1000])#set($l = [$l.subList(0, 1)])#end#end$l`,
	"views":            `#set($m = {})#foreach($i in [1..1000])#foreach($j in [1..1000])#set($n = {"a": $m.values(), "b": $m.entrySet()})#set($m = $n)#end#end$m`,
	"blocks":           `#set($l = [])#foreach($i in [1..1000])#define($b)$l $l.hashCode()#end#set($ok = $l.add($b))#end$l`,
	"keys":             `#set($m = {})#foreach($i in [1..1000])#set($ok = $m.put([$m.values(), $i], $m.keySet()))#end$m`,
	"nested list":      `#set($l = [])#foreach($i in [1..1000])#set($l = [$l, $l])#end$l`,
	"nested hash":      `#set($l = [])#foreach($i in [1..1000])#set($l = [$l, $l])#end$l.hashCode() $l.equals($l)`,
	"pattern":          `#set($s = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")$s.matches("(a+)+(?=b)") $s.replaceAll("(a|aa)+(?!c)b", "")`,
	"pattern loop":     `#set($s = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")#foreach($i in [1..1000])$s.matches("(a+)+(?=b)")#end`,
	"split":            `#set($s = "a".repeat(10))#set($s = "a")#foreach($i in [1..20])#set($s = $s + $s)#end#foreach($i in [1..1000])#set($p = $s.split(""))#end`,
	"replace":          `#set($s = "aaaaaaaaaa")#foreach($i in [1..100])#set($s = $s.replace("a", "aaaaaaaaaa"))#end`,
	"format":           `#set($s = "%2000000000d")$s.format($s, 1) $s.format("%.2000000000f", 1.5)`,
	"indent":           `#set($s = "a")$s.indent(2000000000)`,
	"contains":         `#set($l = [1..1000000])#foreach($i in [1..1000])$l.contains(-1)#end`,
	"output":           `#set($s = "aaaaaaaaaaaaaaaa")#foreach($i in [1..15])#set($s = $s + $s)#end#foreach($i in [1..1000])$s#end`,
	"brackets":         `#set($x = ` + strings.Repeat("[", 100_000) + `)`,
	"parentheses":      `#set($x = ` + strings.Repeat("(", 100_000) + `)`,
	"nots":             `#if(` + strings.Repeat("!", 100_000) + `true)#end`,
	"ifs":              strings.Repeat("#if(true)", 30_000),
	"calls":            strings.Repeat("$x.f(", 50_000),
	"indexes":          strings.Repeat("$x[", 90_000),
	"maps":             `#set($x = ` + strings.Repeat(`{"a":`, 50_000) + `)`,
	"lookahead":        `#set($x = ` + strings.Repeat(`[$x.f(`, 180) + strings.Repeat(`)]`, 180) + `)`,
	"range lookahead":  `#set($x = ` + strings.Repeat(`[$x.f([1..`, 90) + `)`,
	"backslashes":      strings.Repeat(`\`, 300_000),
	"dollars":          strings.Repeat(`$`, 299_000) + "a",
	"hashes":           strings.Repeat(`#`, 299_000),
	"hash words":       strings.Repeat(`\#`, 149_000),
	"comments":         strings.Repeat(`#*`, 149_000),
	"quotes":           `#set($x = "` + strings.Repeat(`""`, 149_000) + `")$x.length()`,
	"string in string": `#set($x = "` + strings.Repeat(`#set($y = ""`, 1000) + `")`,
}

// mostTime is generous: the machine of a test may be busy.
const mostTime = 20 * time.Second

func TestHostile(t *testing.T) {
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			out, err := execute(text)
			if took := time.Since(began); took > mostTime {
				t.Errorf("took %s", took)
			} else {
				t.Logf("%s: %d bytes, %v", took.Round(time.Millisecond), len(out), err)
			}
			if len(out) > 2*vtl.MaxOutput {
				t.Errorf("%d bytes of output", len(out))
			}
			var e *vtl.Error
			if err != nil && !errors.As(err, &e) {
				t.Errorf("an error without a place: %v", err)
			}
		})
	}
}

func TestCompile_size(t *testing.T) {
	if _, err := vtl.Compile("t", strings.Repeat("x", vtl.MaxTemplateSize+1), vtl.Options{}); !errors.Is(err, vtl.ErrSyntax) {
		t.Errorf("%v", err)
	}
	if _, err := vtl.Compile("t", strings.Repeat("x", vtl.MaxTemplateSize), vtl.Options{}); err != nil {
		t.Error(err)
	}
}

// execute compiles and executes a template without a host.
func execute(text string) (string, error) {
	template, err := vtl.Compile("t", text, vtl.Options{})
	if err != nil {
		return "", err
	}
	arena := value.NewArena()
	out, err := template.Execute(nil, nil, arena)
	return string(value.MendUTF8(out)), err
}
