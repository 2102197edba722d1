// Package sessions makes and reads session tokens: the third part of temporary
// credentials. A token is self-contained: who it stands for, its secret access key, its
// session policies and tags and when it runs out are sealed inside, so no record is
// kept for a session and any node can verify one.
//
// It does not decide who may have a session (control/identity does) or what one may do
// (package iam). It knows no store: what a session's role may do is read from the
// role's record at each use, so that changing or deleting the role takes effect at once.
//
// Begin at Sealer.Seal.
package sessions

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/secret"
)

// Kind is who a session was made for.
type Kind string

// The kinds.
const (
	// OfRole is a session of AssumeRole and its siblings.
	OfRole Kind = "role"
	// OfUser is a session of GetSessionToken by a user.
	OfUser Kind = "user"
	// OfRoot is a session of GetSessionToken by the root user.
	OfRoot Kind = "root"
)

// Session is what is sealed inside a token.
type Session struct {
	AccessKeyId     string `json:"k"`
	SecretAccessKey string `json:"s"`
	Kind            Kind   `json:"t"`
	Account         string `json:"a"`
	// Name and Id are the user's or the role's. The id makes a session die with its
	// user or role, also when another of the same name is made.
	Name        string `json:"n,omitempty"`
	Id          string `json:"i,omitempty"`
	SessionName string `json:"r,omitempty"`
	// Issued and Expires are in seconds since 1970.
	Issued  int64 `json:"b"`
	Expires int64 `json:"e"`
	// Policies are documents of session policies; PolicyArns managed ones.
	Policies          []string  `json:"p,omitempty"`
	PolicyArns        []string  `json:"q,omitempty"`
	Tags              []iam.Tag `json:"g,omitempty"`
	TransitiveTagKeys []string  `json:"h,omitempty"`
	SourceIdentity    string    `json:"o,omitempty"`
	// FederatedProvider is the ARN of the identity provider of a web identity.
	FederatedProvider string `json:"f,omitempty"`
}

// ExpiresAt is when the session runs out.
func (s *Session) ExpiresAt() time.Time { return time.Unix(s.Expires, 0).UTC() }

// IssuedAt is when the session was made.
func (s *Session) IssuedAt() time.Time { return time.Unix(s.Issued, 0).UTC() }

// String returns the access key id alone, so that printing a session tells no secret.
func (s *Session) String() string { return s.AccessKeyId }

const (
	// maxTokenBytes bounds a token that is read. AWS names no limit; ten session policies
	// and fifty tags stay below it.
	maxTokenBytes = 32 << 10
	// maxContentBytes bounds what a token may unpack to.
	maxContentBytes = 128 << 10
	purpose         = "session token"
)

// Sealer makes and reads tokens.
type Sealer struct {
	box    *secret.Box
	random io.Reader
}

// NewSealer returns a Sealer; random gives access keys.
func NewSealer(keeper *secret.Keeper, random io.Reader) *Sealer {
	return &Sealer{box: keeper.Box(purpose), random: random}
}

// Issue gives a session its access key and seals it; it returns the token.
func (s *Sealer) Issue(session *Session) (token string, err error) {
	if session.AccessKeyId, err = iam.NewID(iam.TemporaryAccessKeyPrefix, s.random); err != nil {
		return "", err
	}
	if session.SecretAccessKey, err = iam.NewSecret(s.random); err != nil {
		return "", err
	}
	content, err := json.Marshal(session)
	if err != nil {
		return "", fmt.Errorf("encoding a session: %w", err)
	}
	packed, err := pack(content)
	if err != nil {
		return "", err
	}
	return s.box.Seal(packed, purpose)
}

// Open reads a token; false when it is none of ours. Whether it has run out is not asked.
func (s *Sealer) Open(token string) (*Session, bool) {
	if token == "" || len(token) > maxTokenBytes {
		return nil, false
	}
	packed, err := s.box.Open(token, purpose)
	if err != nil {
		return nil, false
	}
	content, err := unpack(packed)
	if err != nil {
		return nil, false
	}
	var session Session
	if err := json.Unmarshal(content, &session); err != nil {
		return nil, false
	}
	return &session, true
}

// PackedSize is the size of session policies and tags as AWS counts it: compressed.
func PackedSize(session *Session) (int, error) {
	content, err := json.Marshal(&Session{Policies: session.Policies, PolicyArns: session.PolicyArns, Tags: session.Tags})
	if err != nil {
		return 0, fmt.Errorf("encoding a session: %w", err)
	}
	packed, err := pack(content)
	return len(packed), err
}

// A packed content begins with how it is packed: small ones are not worth a compressor.
const (
	packedPlain = 0
	packedFlate = 1
	leastToPack = 1 << 10 // bytes
)

func pack(content []byte) ([]byte, error) {
	if len(content) < leastToPack {
		return append([]byte{packedPlain}, content...), nil
	}
	var packed bytes.Buffer
	packed.WriteByte(packedFlate)
	writer, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("packing a session: %w", err)
	}
	if _, err := writer.Write(content); err != nil {
		return nil, fmt.Errorf("packing a session: %w", err)
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("packing a session: %w", err)
	}
	return packed.Bytes(), nil
}

func unpack(packed []byte) ([]byte, error) {
	if len(packed) > 0 && packed[0] == packedPlain {
		return packed[1:], nil
	}
	if len(packed) == 0 || packed[0] != packedFlate {
		return nil, errors.New("not a packed session")
	}
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed[1:])), maxContentBytes))
}
