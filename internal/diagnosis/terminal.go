package diagnosis

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Print is how an explanation is printed.
type Print struct {
	// Color allows escape sequences; set it for terminals.
	Color bool
	// Width is where text is broken, in characters; 0 breaks nothing. Commands are never
	// broken: they are copied.
	Width int
	// HelpBase is the URL of the knowledge base, ending in a slash; empty leaves it out.
	HelpBase string
}

// Escape sequences.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	green  = "\x1b[32m"
	faint  = "\x1b[2m"
	plain  = "\x1b[0m"
)

// The columns of what a finding says.
const (
	labelWidth = 12
	labelLead  = "  "
	// deeper is how much further two lines that are compared stand.
	deeper = 2
)

// untimed stands for the time of a step that has none, and untimedSays for what it means.
const (
	untimed     = "–"
	untimedSays = untimed + " is a step too short to be timed."
)

// Write prints an explanation for people.
func (p Print) Write(w io.Writer, e *Explanation) error {
	var b strings.Builder
	color := green
	switch {
	case e.Status >= firstServerError:
		color = red
	case e.ErrorId != "":
		color = yellow
	}
	if e.Status != 0 { // the end of a connection has none
		b.WriteString(p.paint(color+bold, itoa(e.Status)) + " ")
	}
	b.WriteString(p.paint(bold, printable(strings.TrimSpace(e.HttpMethod+" "+e.Path))) + "\n")
	var place []string
	if e.Operation != "" {
		place = append(place, "operation "+e.Operation)
	}
	if e.ApiId != "" {
		place = append(place, "API "+e.ApiId)
	}
	if e.Stage != "" {
		place = append(place, "stage "+e.Stage)
	}
	if e.Node != "" {
		place = append(place, "node "+e.Node)
	}
	place = append(place, e.Received.Format("2006-01-02 15:04:05 MST"), fmt.Sprintf("%g ms", e.Milliseconds), "request "+e.RequestId)
	p.paragraph(&b, "", faint, strings.Join(place, ", "))
	if e.ErrorId == "" {
		b.WriteString("\n")
		p.paragraph(&b, "", "", e.NothingWrong())
	} else {
		p.finding(&b, &e.Finding)
	}
	for i := range e.Also {
		p.finding(&b, &e.Also[i])
	}
	p.remarks(&b, e)
	p.steps(&b, e)
	for _, one := range e.Unanswered {
		fmt.Fprintf(&b, "\n%s; a later failure may be there.\n", capitalized(one.String()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func capitalized(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

func (p Print) paint(sequence, text string) string {
	if !p.Color || sequence == "" || text == "" {
		return text
	}
	return sequence + text + plain
}

func (p Print) steps(b *strings.Builder, e *Explanation) {
	steps := e.Steps
	if len(steps) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", p.paint(bold, "Steps"))
	for i := range steps {
		unit := "ms"
		if steps[i].Milliseconds == nil {
			unit = "  "
		}
		ended := ""
		if steps[i].Failed {
			ended = "  " + p.paint(bold, "ended here")
		}
		fmt.Fprintf(b, "  %10s %s  %s%s\n", steps[i].Time(), unit, steps[i].Name, ended)
	}
	if e.SomeUntimed() {
		fmt.Fprintf(b, "  %s\n", p.paint(faint, untimedSays))
	}
}

// remarks print what was before and since.
func (p Print) remarks(b *strings.Builder, e *Explanation) {
	list := e.Remarks()
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", p.paint(bold, "Before and since"))
	for _, one := range list {
		end := one.End
		if one.RequestId != "" {
			end = ", request " + one.RequestId + end
		}
		sequence := ""
		switch {
		case one.Good:
			sequence = green
		case one.Soft:
			sequence = faint
		}
		p.paragraph(b, labelLead, sequence, one.Begin+one.Linked+end)
	}
}

func (p Print) finding(b *strings.Builder, f *Finding) {
	fmt.Fprintf(b, "\n%s\n", p.paint(bold, f.ErrorId+" "+f.Name))
	p.paragraph(b, labelLead, "", f.Summary)
	b.WriteByte('\n')
	p.labelled(b, "checked", f.Checked)
	p.labelled(b, "found", f.Found)
	p.signature(b, f.Signature)
	p.labelled(b, "would pass", f.Wanted)
	p.labelled(b, "nearest", f.Nearest...)
	p.labelled(b, "fix", f.Fix.Text)
	if f.Fix.Command != "" {
		b.WriteByte('\n')
		for line := range strings.SplitSeq(f.Fix.Command, "\n") {
			fmt.Fprintf(b, "    %s\n", p.paint(bold, printable(line)))
		}
		b.WriteByte('\n')
	}
	help := "gatehouse kb show " + f.Article
	if p.HelpBase != "" {
		help = p.HelpBase + f.Article
	}
	fmt.Fprintf(b, "%s%s%s\n", labelLead, p.label("article"), help)
}

func (p Print) label(text string) string {
	return p.paint(faint, text) + strings.Repeat(" ", labelWidth-len(text))
}

// labelled prints texts behind a label, each on lines of its own; nothing for none.
func (p Print) labelled(b *strings.Builder, label string, texts ...string) {
	lead := p.label(label)
	for _, text := range texts {
		for _, line := range p.wrap(text, len(labelLead)+labelWidth) {
			b.WriteString(labelLead + lead + line + "\n")
			lead = strings.Repeat(" ", labelWidth)
		}
	}
}

// signature prints the line that differs, or the whole canonical request to compare with.
func (p Print) signature(b *strings.Builder, s *Signature) {
	switch {
	case s == nil:
	case s.Line > 0:
		p.labelled(b, "differs", "line "+itoa(s.Line)+" of the canonical request, the "+s.Part)
		for _, side := range []struct{ name, line string }{{"client", s.Client}, {"server", s.Server}} {
			b.WriteString(labelLead + strings.Repeat(" ", labelWidth+deeper) + p.paint(faint, side.name) + "  " + printable(side.line) + "\n")
		}
	default:
		p.labelled(b, "compare", "the server's canonical request, and its string to sign:")
		indent := labelLead + strings.Repeat(" ", labelWidth+deeper)
		for _, line := range append(append(slices.Clone(s.CanonicalRequest), ""), s.StringToSign...) {
			b.WriteString(strings.TrimRight(indent+printable(line), " ") + "\n")
		}
	}
}

// paragraph prints text, all of it behind an indent.
func (p Print) paragraph(b *strings.Builder, indent, sequence, text string) {
	for _, line := range p.wrap(text, len(indent)) {
		b.WriteString(indent + p.paint(sequence, line) + "\n")
	}
}

// wrap breaks text between words, for what is left of a line behind an indent.
func (p Print) wrap(text string, indent int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range strings.Fields(printable(paragraph)) {
			if line != "" && p.Width > 0 && indent+utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > p.Width {
				lines, line = append(lines, line), ""
			}
			line += strings.Repeat(" ", min(len(line), 1)) + word
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// printable shows what would move a terminal's cursor or turn its writing as an escape: a
// client may have sent it.
func printable(text string) string {
	isPlain := func(r rune) bool { return r != utf8.RuneError && (unicode.IsPrint(r) || r == ' ') }
	if strings.IndexFunc(text, func(r rune) bool { return !isPlain(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if isPlain(r) {
			b.WriteRune(r)
			continue
		}
		escaped := strconv.QuoteRuneToASCII(r)
		b.WriteString(escaped[1 : len(escaped)-1])
	}
	return b.String()
}
