package value

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ReadStrict reads a text as RFC 8259 says, into the same values as Read; anything else is an error. Containers may nest 400 deep.
func ReadStrict(a *Arena, text string) (Value, error) {
	if !json.Valid(bytesOf(text)) {
		var ignored json.RawMessage
		if err := json.Unmarshal(bytesOf(text), &ignored); err != nil {
			return Value{}, fmt.Errorf("reading JSON: %w", err)
		}
		return Value{}, errNotJSON
	}
	r := newReader(a, text)
	r.keepDelete = true
	v, ok := r.first()
	if !ok {
		r.arena.abandon()
		return Value{}, r.err
	}
	return v, nil
}

// errNotJSON is for a text that the JSON library refuses without saying why.
var errNotJSON = errors.New("the text is not JSON")
