package lambda

import (
	"os"
	"strings"
)

// archive is a text archive: a comment, then files, each after "-- name --".
type archive struct {
	comment string
	files   []archiveFile
}

type archiveFile struct{ name, text string }

func readArchive(path string) (*archive, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var a archive
	for _, line := range strings.SplitAfter(string(text), "\n") {
		name, ok := strings.CutPrefix(strings.TrimSuffix(line, " --\n"), "-- ")
		switch {
		case ok && strings.HasSuffix(line, " --\n"):
			a.files = append(a.files, archiveFile{name: name})
		case len(a.files) == 0:
			a.comment += line
		default:
			a.files[len(a.files)-1].text += line
		}
	}
	return &a, nil
}

func (a *archive) String() string {
	var b strings.Builder
	b.WriteString(a.comment)
	for _, file := range a.files {
		b.WriteString("-- " + file.name + " --\n" + file.text)
		if file.text != "" && !strings.HasSuffix(file.text, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}
