package deployment

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
)

// Snapshot is a RestApi as it stood when a Deployment was created. It is never changed.
type Snapshot struct {
	RestApi           apigw.RestApi
	Resources         []apigw.Resource         `json:",omitempty"` // in order of Path
	Models            []apigw.Model            `json:",omitempty"` // in order of Name
	RequestValidators []apigw.RequestValidator `json:",omitempty"` // in order of Id
	Authorizers       []apigw.Authorizer       `json:",omitempty"` // in order of Id
	GatewayResponses  []apigw.GatewayResponse  `json:",omitempty"` // in order of ResponseType
	// Hash is the SHA-256 of the content, in hexadecimal, without what cannot be seen
	// by a client (description, tags, the warnings of an import).
	Hash string
}

// Freeze returns content as a Snapshot: a deep copy, in a fixed order, with its hash.
// The Hash of content is not read. The error is that of a value that JSON cannot
// write, which the nouns do not have.
func Freeze(content Snapshot) (Snapshot, error) {
	frozen, err := deepCopy(content)
	if err != nil {
		return Snapshot{}, fmt.Errorf("freezing API %s: %w", content.RestApi.Id, err)
	}
	frozen.sort()
	frozen.Hash, err = hash(frozen)
	if err != nil {
		return Snapshot{}, fmt.Errorf("hashing API %s: %w", content.RestApi.Id, err)
	}
	return frozen, nil
}

// deepCopy goes through JSON, which is also how a Snapshot is kept: what JSON would
// lose is lost here already, not at the next start.
func deepCopy(content Snapshot) (Snapshot, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return Snapshot{}, err
	}
	var frozen Snapshot
	err = json.Unmarshal(text, &frozen)
	return frozen, err
}

func (s *Snapshot) sort() {
	slices.SortFunc(s.Resources, func(a, b apigw.Resource) int { return strings.Compare(a.Path+" "+a.Id, b.Path+" "+b.Id) })
	slices.SortFunc(s.Models, func(a, b apigw.Model) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(s.RequestValidators, func(a, b apigw.RequestValidator) int { return strings.Compare(a.Id, b.Id) })
	slices.SortFunc(s.Authorizers, func(a, b apigw.Authorizer) int { return strings.Compare(a.Id, b.Id) })
	slices.SortFunc(s.GatewayResponses, func(a, b apigw.GatewayResponse) int {
		return strings.Compare(a.ResponseType, b.ResponseType)
	})
}

// hash relies on encoding/json writing maps in order of their keys.
func hash(s Snapshot) (string, error) {
	s.Hash = ""
	s.RestApi.Description, s.RestApi.Tags, s.RestApi.Warnings = "", nil, nil
	text, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
