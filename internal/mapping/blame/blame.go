// Package blame finds out why what a mapping template rendered is not JSON: where it
// stops being JSON, which reference of the template printed what stands there, what that
// reference looked for in vain, and which change of the template would give JSON.
//
// It renders the template again, watched, so it is for requests that have failed and for
// explanations that somebody asked for, never for a request that passes. Nothing it says
// shows a value of the payload: excerpts have "…" in the place of what references
// printed, and of the payload only names of keys are told.
//
// It does not decide that a request fails; the pipelines do.
//
// Begin at Explain; cause.go says what is wrong with a reference, payload.go follows its
// path, mend.go tries changes.
package blame

import (
	"encoding/json"
	"errors"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gatehouse/internal/mapping"
	"gatehouse/internal/vtl"
)

// Rendering is a template and what it is given.
type Rendering struct {
	Template string
	// Input makes the input of one rendering, anew each time: renderings change it.
	Input func() *mapping.Input
}

// Blame is why an output is not JSON.
type Blame struct {
	// Line and Column are where the output stops being JSON, from 1; columns are bytes.
	Line, Column int
	// Excerpt is the output there, with "…" for what references printed.
	Excerpt string
	// Source is the reference that is to blame; empty where the template's own text is.
	Source string
	// Reason says what is wrong, in a sentence without its full stop.
	Reason string
	// Nearest is a key that is there and may have been meant, with its path; empty without one.
	Nearest string
	// Mend is a change after which the template gives JSON for the same input; nil where
	// none was found.
	Mend *Mend
}

// Bounds of what is looked into: longer templates and payloads are explained without a
// mend, which takes some renderings.
const (
	maxTemplate = 16 * 1024
	maxPayload  = 64 * 1024
)

// Explain explains an output; ok is false if it is JSON.
func Explain(r Rendering, output []byte) (blame *Blame, ok bool) {
	at := SyntaxError(output)
	if at < 0 {
		return nil, false
	}
	x := &explanation{Rendering: r, output: output}
	if again, prints, err := x.watch(r.Template); err == nil && SyntaxError(again) >= 0 {
		x.output, x.prints, x.inQuotes = again, prints, quoted(again, prints)
		at = SyntaxError(again)
	}
	b := &Blame{Line: 1 + strings.Count(string(x.output[:at]), "\n"), Column: at - strings.LastIndexByte(string(x.output[:at]), '\n')}
	b.Excerpt = x.excerpt(at)
	if blamed := x.blamed(at); blamed != nil {
		b.Source = blamed.Source
		x.blameReference(b, blamed, at)
	} else {
		b.Reason = x.ownText(at)
	}
	if len(r.Template) <= maxTemplate && len(output) <= maxPayload {
		b.Mend = x.mend(b, at)
	}
	return b, true
}

// SyntaxError is where a text stops being JSON, bytes; its length at a text that ends too
// early, -1 for JSON.
func SyntaxError(text []byte) int {
	var parsed json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(text, &parsed); {
	case err == nil:
		return -1
	case !errors.As(err, &syntax) || strings.Contains(syntax.Error(), "unexpected end"):
		return len(text)
	default:
		return min(max(0, int(syntax.Offset)-1), len(text))
	}
}

// explanation is one output while it is explained.
type explanation struct {
	Rendering
	output []byte
	prints []vtl.Print // in order of From; none lies in another
	// inQuotes says which of prints stand in a string of the output.
	inQuotes []bool
}

// watch renders a template and notes what each reference printed.
func (x *explanation) watch(template string) (output []byte, prints []vtl.Print, err error) {
	compiled, err := mapping.Watch("template", template, func(p vtl.Print) { prints = append(prints, p) })
	if err != nil {
		return nil, nil, err // only that there is one counts
	}
	input := x.Input()
	defer input.Context.Release()
	if output, err = compiled.Render(input, nil); err != nil {
		return nil, nil, err // only that there is one counts
	}
	slices.SortStableFunc(prints, func(a, b vtl.Print) int { return a.From - b.From })
	return output, apart(prints), nil
}

// apart leaves out what was printed within another reference: a #define block's.
func apart(prints []vtl.Print) []vtl.Print {
	end := 0
	return slices.DeleteFunc(prints, func(p vtl.Print) bool {
		inner := p.From < end
		end = max(end, p.To)
		return inner
	})
}

// Bounds of an excerpt, bytes.
const (
	excerptBefore = 30
	excerptBehind = 20
)

// excerpt is the line of a place, with what references printed left out.
func (x *explanation) excerpt(at int) string {
	var line strings.Builder
	from := 1 + strings.LastIndexByte(string(x.output[:at]), '\n')
	end := len(x.output)
	if length := strings.IndexByte(string(x.output[at:]), '\n'); length >= 0 {
		end = at + length
	}
	mark := 0 // where the place is in the excerpt
	for i := from; i < end; {
		if i <= at {
			mark = line.Len()
		}
		if p := x.printAt(i); p != nil {
			line.WriteString("…")
			i = p.To
			continue
		}
		line.WriteByte(x.output[i])
		i++
	}
	text := line.String()
	begin, stop := max(0, mark-excerptBefore), min(len(text), mark+excerptBehind)
	return strings.TrimSpace(strings.ToValidUTF8(text[begin:stop], ""))
}

// printAt is what printed a byte of the output; nil if the template's own text did.
func (x *explanation) printAt(i int) *vtl.Print {
	k := sort.Search(len(x.prints), func(k int) bool { return x.prints[k].To > i })
	if k < len(x.prints) && x.prints[k].From <= i {
		return &x.prints[k]
	}
	return nil
}

// ownText says what is wrong with the text of the template itself.
func (x *explanation) ownText(at int) string {
	before := strings.TrimRight(string(x.output[:at]), " \t\r\n")
	switch {
	case at >= len(x.output):
		return "the text ends too early: a quote or a bracket is not closed"
	case strings.HasSuffix(before, ",") && strings.IndexByte("]},", x.output[at]) >= 0:
		return "there is a comma too many before " + strconv.Quote(string(x.output[at]))
	default:
		return "the template's own text is not JSON there"
	}
}
