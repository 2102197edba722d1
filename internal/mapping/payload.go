package mapping

import (
	"errors"
	"unicode/utf8"
	"unsafe"

	"gatehouse/internal/jsonpath"
	"gatehouse/internal/value"
)

// emptyPayload stands for a payload that is not there (quirk empty-body).
const emptyPayload = "{}"

// Payload is the body of a request or of a backend's response. It is parsed when it is first asked for a value, and not again; templates
// and parameter mappings of one request share it. The zero Payload is empty. It is not safe for concurrent use.
type Payload struct {
	text   string
	parsed bool
	root   value.Value
	err    error
}

// PayloadError says that a payload begins like JSON and is not: API Gateway answers 400 (quirk bad-payload).
type PayloadError struct{ Err error }

// Error gives API Gateway's message with json-smart's reason.
func (e *PayloadError) Error() string { return "Could not process payload: " + e.Err.Error() }

// Unwrap gives json-smart's error.
func (e *PayloadError) Unwrap() error { return e.Err }

// ErrPayload is what every PayloadError is.
var ErrPayload = errors.New("could not process payload")

// Is makes errors.Is(err, ErrPayload) true.
func (*PayloadError) Is(target error) bool { return target == ErrPayload }

// NewPayload makes a payload of a body, which must not be changed while the payload's values are in use.
func NewPayload(body []byte) Payload {
	if !utf8.Valid(body) {
		body = decodeUTF8(body)
	}
	return Payload{text: unsafe.String(unsafe.SliceData(body), len(body))}
}

// Text gives the body as $input.body does: "{}" if there is none.
func (p *Payload) Text() string {
	if p.text == "" {
		return emptyPayload
	}
	return p.text
}

// value gives the parsed payload, permissively read (quirk permissive-payload). Its containers live in the arena of the first call.
func (p *Payload) value(a *value.Arena) (value.Value, error) {
	if !p.parsed {
		p.parsed = true
		root, err := value.Read(a, p.Text())
		if err != nil {
			p.err = &PayloadError{err}
		}
		p.root = root
	}
	return p.root, p.err
}

// errNullRoot is Jayway's refusal of a document that is null.
var errNullRoot = errors.New("json object can not be null")

// find evaluates a path; found is false if it finds nothing.
func (p *Payload) find(a *value.Arena, path *jsonpath.Path) (v value.Value, found bool, err error) {
	root, err := p.value(a)
	switch {
	case err != nil:
		return value.Value{}, false, err
	case root.IsNull():
		return value.Value{}, false, errNullRoot
	}
	return path.Eval(a, root)
}

// decodeUTF8 reads bytes as Java does: what is no UTF-8 becomes U+FFFD, once for as many bytes as could have begun a character.
func decodeUTF8(b []byte) []byte {
	out := make([]byte, 0, len(b)+8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n <= 1 {
			out = append(out, "\uFFFD"...)
			b = b[brokenLength(b):]
			continue
		}
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return out
}

// brokenLength gives the length of the longest beginning of a character that b begins with, at least 1.
func brokenLength(b []byte) int {
	for n := min(len(b), utf8.UTFMax-1); n > 1; n-- {
		if !utf8.FullRune(b[:n]) {
			return n
		}
	}
	return 1
}
