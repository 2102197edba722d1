package apigw

import (
	"fmt"
	"io"
)

// Lengths of the ids that API Gateway makes (observed on AWS).
const (
	apiIdLength        = 10
	resourceIdLength   = 10
	shortIdLength      = 6
	routeIdLength      = 7
	idAlphabet         = "abcdefghijklmnopqrstuvwxyz0123456789"
	biasFreeByteBound  = 256 - 256%len(idAlphabet)
	idReadBufferLength = 16
)

// Ids makes ids as API Gateway does, from a source of randomness.
type Ids struct {
	Random io.Reader // crypto/rand.Reader outside of tests
}

// Api returns the id of a RestApi or Api: 10 lower-case letters and digits.
func (ids Ids) Api() (string, error) { return ids.text(apiIdLength) }

// Root returns the id of a root resource: 10 characters.
func (ids Ids) Root() (string, error) { return ids.text(resourceIdLength) }

// Resource returns the id of a child resource, model, validator, authorizer or
// deployment: 6 characters.
func (ids Ids) Resource() (string, error) { return ids.text(shortIdLength) }

// Route returns the id of a Route, Integration or their responses: 7 characters.
func (ids Ids) Route() (string, error) { return ids.text(routeIdLength) }

func (ids Ids) text(length int) (string, error) {
	id := make([]byte, 0, length)
	var buffer [idReadBufferLength]byte
	for len(id) < length {
		if _, err := io.ReadFull(ids.Random, buffer[:]); err != nil {
			return "", fmt.Errorf("reading randomness for an id: %w", err)
		}
		for _, b := range buffer {
			if int(b) < biasFreeByteBound && len(id) < length {
				id = append(id, idAlphabet[int(b)%len(idAlphabet)])
			}
		}
	}
	return string(id), nil
}
