package restapi

import (
	"strings"
	"unicode/utf8"

	"gatehouse/internal/dataplane/record"
)

// noteDamagedBody notes a body that went on as text and is none: each byte that is not
// UTF-8 became the replacement character, three bytes. kind says whether it is the
// request's or the response's.
func (e *exchange) noteDamagedBody(kind record.Kind, contentType string, body []byte) {
	if !e.record.Enabled() || utf8.Valid(body) {
		return
	}
	damaged := 0
	for rest := body; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			damaged++
		}
		rest = rest[size:]
	}
	e.record.Note(kind, mediaType(contentType)+": "+itoa(damaged)+" of its "+itoa(len(body))+" bytes are not UTF-8 text, and each became the character U+FFFD; binaryMediaTypes are ["+
		strings.Join(e.stage.Api.BinaryMediaTypeList, ", ")+"]")
}
