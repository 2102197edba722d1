package connections

import (
	"encoding/json"
	"errors"
	"fmt"
)

// The operations, as nodes name them to each other.
const (
	operationPost   = "post"
	operationGet    = "get"
	operationDelete = "delete"
)

// request is what one node asks another. Nodes of different versions may meet: members
// are added, never changed.
type request struct {
	Operation string `json:"operation"`
	Target    Target `json:"target"`
	Message   []byte `json:"message,omitempty"`
}

// reply is the answer. At most one of Gone and Refused is set.
type reply struct {
	Info    Info   `json:"info"`
	Gone    *Gone  `json:"gone,omitempty"`
	Refused string `json:"refused,omitempty"`
}

const refusedForbidden = "forbidden"

func (r request) encode() ([]byte, error) {
	encoded, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding a request to another node: %w", err)
	}
	return encoded, nil
}

// Answer serves what another node asked through Peers.
func (d *Directory) Answer(encoded []byte) ([]byte, error) {
	var asked request
	if err := json.Unmarshal(encoded, &asked); err != nil {
		return nil, fmt.Errorf("reading a request of another node: %w", err)
	}
	var answer reply
	info, err := d.Registry.serve(asked)
	var gone *Gone
	switch {
	case err == nil:
		answer.Info = info
	case errors.As(err, &gone):
		answer.Gone = gone
	case errors.Is(err, ErrForbidden):
		answer.Refused = refusedForbidden
	default:
		return nil, err
	}
	reply, err := json.Marshal(answer)
	if err != nil {
		return nil, fmt.Errorf("encoding an answer to another node: %w", err)
	}
	return reply, nil
}

func decodeReply(encoded []byte) (Info, error) {
	var answer reply
	if err := json.Unmarshal(encoded, &answer); err != nil {
		return Info{}, fmt.Errorf("reading the answer of another node: %w", err)
	}
	switch {
	case answer.Gone != nil:
		return Info{}, answer.Gone
	case answer.Refused == refusedForbidden:
		return Info{}, ErrForbidden
	case answer.Refused != "":
		return Info{}, fmt.Errorf("another node refused: %s", answer.Refused)
	}
	return answer.Info, nil
}
