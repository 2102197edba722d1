package authenticator

import (
	"context"
	"strings"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/sigv4"
)

// tokenHeader and tokenParameter are where a session token is: the header's name
// compares without regard to case, the parameter's does not.
const tokenHeader = "X-Amz-Security-Token"

// Signatures verifies Signature Version 4 with the keys of a Keyring. It implements the
// data plane's Authenticator. It is safe for concurrent use.
type Signatures struct {
	keyring  *Keyring
	verifier *sigv4.Verifier
	uses     lastUses
}

// NewSignatures returns a Signatures; now is the clock.
func NewSignatures(keyring *Keyring, now func() time.Time) *Signatures {
	s := &Signatures{keyring: keyring}
	s.verifier = sigv4.NewVerifier(sigv4.Options{Keys: s.find, Now: now, Explain: true})
	return s
}

// attempt travels in the context of one verification: it brings the session token to
// where keys are looked up, and the key that was found back.
type attempt struct {
	token string
	id    string // that was looked up
	found iam.AccessKey
}

type attemptKey struct{}

// Authenticate says who signed a request for a scope, an empty field of which accepts
// any value. The access key comes back without its secret and its session token. A
// refusal is a *sigv4.Error; a key of twelve digits, which developer mode takes for an
// account on the control plane, is nobody's here.
func (s *Signatures) Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error) {
	key, _, err := s.verify(ctx, request, scope)
	return key, err
}

func (s *Signatures) verify(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, sigv4.Verified, error) {
	try := &attempt{token: sessionToken(request)}
	verified, err := s.verifier.Verify(context.WithValue(ctx, attemptKey{}, try), request, scope)
	if err != nil {
		return iam.AccessKey{}, verified, s.keyring.explainInactive(try.id, err)
	}
	s.uses.note(verified.AccessKeyID, verified.Scope, verified.SignedAt)
	key := try.found
	key.Secret, key.SessionToken = "", ""
	return key, verified, nil
}

// find is sigv4's Keys.
func (s *Signatures) find(ctx context.Context, accessKeyID string) (sigv4.Key, bool) {
	try, ok := ctx.Value(attemptKey{}).(*attempt)
	if !ok {
		return sigv4.Key{}, false
	}
	try.id = accessKeyID
	if try.found, ok = s.keyring.Find(accessKeyID, try.token); !ok {
		return sigv4.Key{}, false
	}
	return sigv4.Key{Secret: try.found.Secret, SessionToken: try.found.SessionToken, Expires: try.found.Expires}, true
}

// sessionToken is the session token that a request claims: in its header, or in its
// query when it is presigned, which is when it has no Authorization header.
func sessionToken(request *sigv4.Request) string {
	token, signed := "", false
	for _, header := range request.Headers {
		switch {
		case strings.EqualFold(header.Name, tokenHeader):
			token = strings.TrimSpace(header.Value)
		case strings.EqualFold(header.Name, "Authorization"):
			signed = true
		}
	}
	if signed {
		return token
	}
	if inQuery, ok := queryToken(request.RawQuery); ok {
		return inQuery
	}
	return token
}
