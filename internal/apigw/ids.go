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
	apiKeyAlphabet     = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
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

// ApiKey returns the id of an ApiKey: 10 characters.
func (ids Ids) ApiKey() (string, error) { return ids.text(apiIdLength) }

// ApiKeyValue returns a value for an ApiKey: ApiKeyValueLength letters, capital ones too,
// and digits.
func (ids Ids) ApiKeyValue() (string, error) { return ids.textOf(apiKeyAlphabet, ApiKeyValueLength) }

func (ids Ids) text(length int) (string, error) { return ids.textOf(idAlphabet, length) }

func (ids Ids) textOf(alphabet string, length int) (string, error) {
	biasFreeByteBound := 256 - 256%len(alphabet)
	id := make([]byte, 0, length)
	var buffer [idReadBufferLength]byte
	for len(id) < length {
		if _, err := io.ReadFull(ids.Random, buffer[:]); err != nil {
			return "", fmt.Errorf("reading randomness for an id: %w", err)
		}
		for _, b := range buffer {
			if int(b) < biasFreeByteBound && len(id) < length {
				id = append(id, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(id), nil
}
