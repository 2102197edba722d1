package blame

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gatehouse/internal/vtl"
)

// Mend is a change of a template: Old, which stands at Offset, becomes New.
type Mend struct {
	Offset   int
	Old, New string
}

// String is the change in one line, which ParseMend reads.
func (m *Mend) String() string {
	return strconv.Itoa(m.Offset) + " " + strconv.Quote(m.Old) + " " + strconv.Quote(m.New)
}

// ParseMend reads a change that String wrote.
func ParseMend(text string) (*Mend, bool) {
	m := &Mend{}
	if n, err := fmt.Sscanf(text, "%d %q %q", &m.Offset, &m.Old, &m.New); err != nil || n != len("oon") {
		return nil, false
	}
	return m, m.Offset >= 0
}

// Apply makes the change; ok is false if the template has another text there.
func (m *Mend) Apply(template string) (mended string, ok bool) {
	if m.Offset+len(m.Old) > len(template) || template[m.Offset:m.Offset+len(m.Old)] != m.Old {
		return template, false
	}
	return template[:m.Offset] + m.New + template[m.Offset+len(m.Old):], true
}

// maxMend bounds the texts of a change, which explanations keep.
const maxMend = 512

// mend tries changes, the nearest to what was meant first, until one gives JSON.
func (x *explanation) mend(b *Blame, at int) *Mend {
	var tried []Mend
	if blamed := x.blamed(at); blamed != nil {
		tried = x.referenceMends(b, blamed)
	} else {
		tried = x.commaMends()
	}
	for i := range tried {
		one := &tried[i]
		mended, ok := one.Apply(x.Template)
		if !ok || len(one.Old)+len(one.New) > maxMend {
			continue
		}
		if output, _, err := x.watch(mended); err == nil && SyntaxError(output) < 0 {
			return one
		}
	}
	return nil
}

// unescape takes back what escapeJavaScript writes for an apostrophe.
const unescape = `.replaceAll("\\'", "'")`

// referenceMends are changes of a reference.
func (x *explanation) referenceMends(b *Blame, p *vtl.Print) []Mend {
	var list []Mend
	quoted := x.quotedAround(p)
	add := func(text string, withQuotes bool) {
		one := Mend{Offset: p.Offset, Old: p.Source, New: text}
		if withQuotes {
			one.Offset, one.Old = p.Offset-1, `"`+p.Source+`"`
		}
		list = append(list, one)
	}
	isEscaped := strings.Contains(p.Source, "escapeJavaScript")
	if isEscaped {
		add(bare(p.Source)+unescape, false)
	}
	switch path := x.pathOf(p.Source, p.Offset, 0); {
	case path.text == "" || strings.Contains(path.text, "'"):
	case path.isElement:
		if found := x.follow(path.text); found.mended != "" {
			element := strings.Replace(bare(p.Source), "."+found.missing, "."+found.nearest, 1)
			add(element, false)
			add(`"$util.escapeJavaScript(`+element+`)`+unescape+`"`, quoted)
		}
	default:
		if found := x.follow(path.text); found.mended != "" {
			add("$input.json('"+found.mended+"')", quoted)
		}
		add("$input.json('"+path.text+"')", quoted)
	}
	if b.Nearest != "" && parameterCall.MatchString(p.Source) {
		add(`"$util.escapeJavaScript($input.params('`+quotedName(b.Nearest)+`'))`+unescape+`"`, quoted)
	}
	if p.From == p.To {
		add(`#if("`+quiet(p.Source)+`" == "")null#{else}`+p.Source+`#end`, false)
		return list
	}
	if !isEscaped {
		add("$util.escapeJavaScript("+bare(p.Source)+")"+unescape, false)
		add(`"$util.escapeJavaScript(`+bare(p.Source)+`)`+unescape+`"`, quoted)
	}
	return list
}

func (x *explanation) quotedAround(p *vtl.Print) bool {
	end := p.Offset + len(p.Source)
	return p.Offset > 0 && end < len(x.Template) && x.Template[p.Offset-1] == '"' && x.Template[end] == '"'
}

// bare is a reference as an argument of a method, without "!" and braces.
func bare(source string) string {
	name := strings.TrimPrefix(strings.TrimPrefix(source, "$"), "!")
	if inner, ok := strings.CutPrefix(name, "{"); ok {
		name = strings.TrimSuffix(inner, "}")
	}
	return "$" + name
}

// quiet is a reference that prints nothing where it has no value, in a string.
func quiet(source string) string { return "$!" + strings.TrimPrefix(bare(source), "$") }

// quotedName is the first text in quotes.
func quotedName(text string) string {
	_, rest, _ := strings.Cut(text, `"`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

var commaOfLoop = regexp.MustCompile(`,(\s*#end)`)

// commaMends write a loop's commas between its elements alone.
func (x *explanation) commaMends() []Mend {
	const most = 5
	var list []Mend
	for _, at := range commaOfLoop.FindAllStringSubmatchIndex(x.Template, most) {
		list = append(list, Mend{Offset: at[0], Old: x.Template[at[0]:at[1]], New: "#if($foreach.hasNext),#end" + x.Template[at[2]:at[3]]})
	}
	return list
}
