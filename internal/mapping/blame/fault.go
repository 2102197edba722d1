package blame

import (
	"strconv"

	"gatehouse/internal/fault"
)

// String says where the output stops being JSON, and why.
func (b *Blame) String() string {
	text := "line " + strconv.Itoa(b.Line) + " column " + strconv.Itoa(b.Column)
	if b.Excerpt != "" {
		text += ", at `" + b.Excerpt + "`"
	}
	if b.Source != "" {
		text += " from " + b.Source
	}
	return text + ": " + b.Reason
}

// Tell completes the fault of an output that is not JSON. template is what rendered it.
func (b *Blame) Tell(f *fault.Fault, template string) {
	f.Checked, f.Found, f.Nearest = "the output of "+template, b.String(), b.Nearest
	f.Wanted = "JSON"
	if b.Mend != nil {
		f.Fix = "Write " + b.Mend.New + " in the place of " + b.Mend.Old + " in the template, and deploy."
	}
}
