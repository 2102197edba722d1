package blame

import (
	"encoding/json"
	"strconv"
	"strings"

	"gatehouse/internal/vtl"
)

// blamed is the reference that made a place what it is; nil for the template's own text.
func (x *explanation) blamed(at int) *vtl.Print {
	if p := x.printAt(at); p != nil {
		return p
	}
	before := strings.TrimRight(string(x.output[:at]), " \t\r\n")
	for k := len(x.prints) - 1; k >= 0; k-- {
		p := &x.prints[k]
		if p.From > at {
			continue
		}
		if p.From == p.To {
			if p.From >= len(before) && needsValue(before) {
				return p // nothing stands where a value must
			}
			continue
		}
		if printed := x.output[p.From:p.To]; p.To == at && !json.Valid(printed) || x.inQuotes[k] && breaksText(printed) {
			return p
		}
	}
	return nil
}

// needsValue says whether JSON goes on with a value.
func needsValue(before string) bool {
	return before == "" || strings.IndexByte(":[,", before[len(before)-1]) >= 0
}

// breaksText says whether a value ends or breaks the quotes around it.
func breaksText(printed []byte) bool {
	for _, c := range printed {
		if c == '"' || c == '\\' || c < ' ' {
			return true
		}
	}
	return false
}

// blameReference says what is wrong with what a reference printed.
func (x *explanation) blameReference(b *Blame, p *vtl.Print, at int) {
	printed := x.output[p.From:p.To]
	switch {
	case len(printed) == 0:
		x.blameEmpty(b, p)
	case at < len(x.output) && at > 0 && x.output[at] == '\'' && x.output[at-1] == '\\':
		b.Reason = `it prints \' for an apostrophe, as JavaScript has it; JSON has no such escape`
	case printed[0] == '{' || printed[0] == '[':
		b.Reason = "it prints a map or a list as Velocity does, {a=b}, and not as JSON"
	case x.standsInQuotes(p):
		b.Reason = "it puts text between quotes as it is, and in the text there is " + whatBreaks(printed)
	default:
		b.Reason = "it puts text in without quotes around it"
	}
}

func (x *explanation) standsInQuotes(p *vtl.Print) bool {
	for k := range x.prints {
		if &x.prints[k] == p {
			return x.inQuotes[k]
		}
	}
	return false
}

// quoted says of each print whether it stands in a string of the output: an odd number of
// quotes stands before it.
func quoted(output []byte, prints []vtl.Print) []bool {
	list := make([]bool, len(prints))
	inside, i := false, 0
	for k := range prints {
		for ; i < prints[k].From; i++ {
			switch {
			case output[i] == '\\' && inside:
				i++
			case output[i] == '"':
				inside = !inside
			}
		}
		list[k] = inside
	}
	return list
}

func whatBreaks(printed []byte) string {
	for _, c := range printed {
		switch {
		case c == '"':
			return `a quote "`
		case c == '\\':
			return `a backslash`
		case c == '\n' || c == '\r':
			return "a line end"
		case c < ' ':
			return "a control character"
		}
	}
	return "what ends them"
}

// blameEmpty says what a reference that printed nothing looked for.
func (x *explanation) blameEmpty(b *Blame, p *vtl.Print) {
	b.Reason = "it gives nothing"
	path := x.pathOf(p.Source, p.Offset, 0).text
	if path == "" {
		x.blameParameter(b, p.Source)
		return
	}
	found := x.follow(path)
	if path != constantPath(p.Source) {
		b.Reason += ", being " + path + " of the payload"
	}
	switch {
	case found.missing == "":
		b.Reason += ": what is there is " + found.is
		return
	case found.inText:
		b.Reason += ": " + strconv.Quote(found.missing) + " is asked of " + found.is
		return
	}
	b.Reason += ": the payload has no key " + strconv.Quote(found.missing)
	if found.at != "$" {
		b.Reason += " at " + found.at
	}
	b.Reason += keysText(found.keys)
	if found.nearest != "" {
		b.Nearest = `did you mean "` + found.nearest + `"?`
	}
}

// blameParameter is for $input.params('name').
func (x *explanation) blameParameter(b *Blame, source string) {
	match := parameterCall.FindStringSubmatch(source)
	if match == nil {
		return
	}
	input := x.Input()
	defer input.Context.Release()
	var names []string
	for _, group := range [][]string{namesOf(input.Path), namesOf(input.Querystring), namesOf(input.Header)} {
		names = append(names, group...)
	}
	b.Reason += ": the request has no parameter " + strconv.Quote(match[1]) + " in its path, query string or headers"
	if nearest := nearestOf(match[1], names); nearest != "" {
		b.Nearest = `did you mean "` + nearest + `"? Names are compared letter by letter`
	}
}
