package vtl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error kinds, to be found with errors.Is.
var (
	// ErrSyntax: the template cannot be parsed.
	ErrSyntax = errors.New("syntax error")
	// ErrRuntime: a template that parses failed while it was executed.
	ErrRuntime = errors.New("execution error")
	// ErrLimit: an execution was ended because it exceeded one of the limits; it is an ErrRuntime too.
	ErrLimit = errors.New("limit exceeded")
)

// Error is what went wrong in a template, and where.
type Error struct {
	Template string // the name the template was compiled under
	Line     int    // 1 is the first
	Column   int    // in characters; 1 is the first
	Message  string
	Source   string // the line of the template
	Err      error  // ErrSyntax, ErrRuntime or the host's error; never nil
}

// Error gives one line: template, line, column, message.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Template, e.Line, e.Column, e.Message)
}

// Unwrap gives the kind, and the host's error if there was one.
func (e *Error) Unwrap() error { return e.Err }

// maxCaretLine bounds the part of a long line that Caret shows before and after the column, in characters.
const maxCaretLine = 60

// Caret gives the source line with a caret under the place, in two lines without a final newline.
func (e *Error) Caret() string {
	line := []rune(strings.ReplaceAll(e.Source, "\t", " "))
	at := min(max(e.Column-1, 0), len(line))
	from, to := max(at-maxCaretLine, 0), min(at+maxCaretLine, len(line))
	return string(line[from:to]) + "\n" + strings.Repeat(" ", at-from) + "^"
}

// syntaxError is an error at an offset; the edge of the package makes an Error of it.
type syntaxError struct {
	pos     int
	message string
}

func (e *syntaxError) Error() string { return e.message }

// errorAt makes an Error for an offset of the source.
func errorAt(name, source string, pos int, message string, err error) *Error {
	pos = min(max(pos, 0), len(source))
	line := 1 + strings.Count(source[:pos], "\n")
	from := strings.LastIndexByte(source[:pos], '\n') + 1
	text := source[from:]
	if i := strings.IndexAny(text, "\r\n"); i >= 0 {
		text = text[:i]
	}
	return &Error{
		Template: name, Line: line, Column: 1 + utf8.RuneCountInString(source[from:pos]),
		Message: message, Source: text, Err: err,
	}
}

// quote shortens a piece of a template for a message.
func quote(s string) string {
	const most = 20
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}
