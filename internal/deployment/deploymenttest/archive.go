package deploymenttest

import (
	"bytes"
	"os"
	"strings"
)

// Archive is a fixture in the txtar form: a comment, then sections under lines
// "-- name --".
type Archive struct {
	Comment  string
	Sections []Section
}

// Section is one named text of an Archive.
type Section struct{ Name, Text string }

// ReadArchive reads a file.
func ReadArchive(path string) (*Archive, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseArchive(string(text)), nil
}

// ParseArchive reads a text.
func ParseArchive(text string) *Archive {
	archive := &Archive{}
	current := &archive.Comment
	for line := range strings.Lines(text) {
		name, begins := strings.CutPrefix(strings.TrimRight(line, "\n"), "-- ")
		if name, ends := strings.CutSuffix(name, " --"); begins && ends {
			archive.Sections = append(archive.Sections, Section{Name: name})
			current = &archive.Sections[len(archive.Sections)-1].Text
			continue
		}
		*current += line
	}
	return archive
}

// Get returns a section's text.
func (a *Archive) Get(name string) (string, bool) {
	for _, section := range a.Sections {
		if section.Name == name {
			return section.Text, true
		}
	}
	return "", false
}

// Set replaces a section's text, or adds the section at the end.
func (a *Archive) Set(name, text string) {
	for i := range a.Sections {
		if a.Sections[i].Name == name {
			a.Sections[i].Text = text
			return
		}
	}
	a.Sections = append(a.Sections, Section{Name: name, Text: text})
}

// Write writes the archive to a file.
func (a *Archive) Write(path string) error {
	var b bytes.Buffer
	b.WriteString(a.Comment)
	for _, section := range a.Sections {
		b.WriteString("-- " + section.Name + " --\n" + section.Text)
		if section.Text != "" && !strings.HasSuffix(section.Text, "\n") {
			b.WriteByte('\n')
		}
	}
	return os.WriteFile(path, b.Bytes(), 0o644) //nolint:gosec // a fixture of the tree
}
