package wire_test

import (
	"os"
	"strings"
	"testing"
)

// archive is a text fixture: a comment, then sections that each begin with a line "-- name --".
type archive struct {
	comment  string
	sections []section
}

type section struct{ name, text string }

func readArchive(t *testing.T, file string) *archive {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{}
	for _, line := range strings.SplitAfter(string(content), "\n") {
		name, marked := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		name, ended := strings.CutSuffix(name, " --")
		switch {
		case marked && ended:
			a.sections = append(a.sections, section{name: name})
		case len(a.sections) == 0:
			a.comment += line
		default:
			a.sections[len(a.sections)-1].text += line
		}
	}
	return a
}

func (a *archive) section(name string) string {
	for _, s := range a.sections {
		if s.name == name {
			return s.text
		}
	}
	return ""
}

func (a *archive) set(name, text string) {
	for i := range a.sections {
		if a.sections[i].name == name {
			a.sections[i].text = text
			return
		}
	}
	if text != "" {
		a.sections = append(a.sections, section{name, text})
	}
}

func (a *archive) format() []byte {
	out := a.comment
	for _, s := range a.sections {
		out += "-- " + s.name + " --\n" + s.text
	}
	return []byte(out)
}
