package sigv4

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"
)

// ClockSkew is how far the signer's clock may be from ours (AWS: 5 minutes on API Gateway and most services).
const ClockSkew = 5 * time.Minute

// Key is what a Keys function knows of an access key id.
type Key struct {
	// Secret is the secret access key.
	Secret string
	// SessionToken must come with the request when it is set; temporary credentials have one.
	SessionToken string
	// Expires is when temporary credentials run out; zero is never.
	Expires time.Time
}

// String tells nothing, so that printing a key tells no secret.
func (k Key) String() string { return "access key" }

// Keys finds an access key. False means that nobody has it, or that it is inactive.
type Keys func(ctx context.Context, accessKeyID string) (Key, bool)

// Options is what a Verifier needs.
type Options struct {
	// Keys finds access keys. Required.
	Keys Keys
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// AllowUnsignedPayload accepts X-Amz-Content-Sha256: UNSIGNED-PAYLOAD for every service. It is always
	// accepted for S3. Unconfirmed: whether execute-api takes it; AWS documents it for S3 alone.
	AllowUnsignedPayload bool
	// Explain lets a mismatch be explained by trying the mistakes that signers make, up to maxTries of them. It
	// costs about a microsecond each, on failing requests with a known access key only.
	Explain bool
}

// Verifier checks signatures. It is safe for concurrent use.
type Verifier struct {
	options Options
	cache   *keyCache
	scratch sync.Pool
}

// NewVerifier returns a Verifier.
func NewVerifier(options Options) *Verifier {
	if options.Now == nil {
		options.Now = time.Now //nolint:forbidigo // the default of a field
	}
	v := &Verifier{options: options, cache: newKeyCache()}
	v.scratch.New = func() any { return new(scratch) }
	return v
}

// Verified is a request whose signature is good.
type Verified struct {
	// AccessKeyID is whose key signed.
	AccessKeyID string
	// Scope is the region and the service that were signed for.
	Scope Scope
	// SignedAt is the date that was signed.
	SignedAt time.Time
	// Presigned says that the signature came in the query.
	Presigned bool
	// SessionToken is set when temporary credentials signed.
	SessionToken string
	// UnsignedPayload says that the signature does not cover the body.
	UnsignedPayload bool
}

// Verify says who signed a request that is meant for the scope. A failure is an *Error.
//
// The checks are in AWS's order, as one sees it from outside: form, date, signed host, algorithm, credential and
// scope, access key, signature, session token.
func (v *Verifier) Verify(ctx context.Context, req *Request, want Scope) (Verified, error) {
	auth, failed := parse(req)
	if failed == nil {
		failed = v.checkClaims(&auth, want)
	}
	if failed != nil {
		failed.Explanation.addClaims(&auth, v.options.Now())
		return Verified{}, failed
	}
	key, found := v.options.Keys(ctx, auth.accessKeyID)
	if !found || key.SessionToken != "" && auth.token == "" {
		failed = failure(UnrecognizedClient, textUnrecognized)
	} else {
		auth.payload = v.payload(req, &auth)
		failed = v.checkSignature(req, &auth, key)
	}
	if failed != nil {
		failed.Explanation.addClaims(&auth, v.options.Now())
		failed.Explanation.KeyChecked, failed.Explanation.KeyKnown = true, found
		return Verified{}, failed
	}
	return Verified{
		AccessKeyID: auth.accessKeyID, Scope: Scope{auth.region, auth.service}, SignedAt: auth.at,
		Presigned: auth.presigned, SessionToken: key.SessionToken,
		UnsignedPayload: auth.payload == unsignedPayload,
	}, nil
}

// checkClaims checks everything that needs no key.
func (v *Verifier) checkClaims(auth *authorization, want Scope) *Error {
	if failed := v.checkDate(auth); failed != nil {
		return failed
	}
	if !auth.signs("host") && !auth.signs(":authority") {
		return failure(InvalidSignature, textHostUnsigned)
	}
	if auth.algorithm != algorithm {
		return failuref(IncompleteSignature, textAlgorithm, auth.algorithm)
	}
	if !auth.splitCredential() {
		return failuref(IncompleteSignature, textCredentialParts, auth.credential)
	}
	return checkScope(auth, want)
}

// checkDate compares the signed date with the clock. A presigned request lives until its X-Amz-Expires, or as long
// as the clocks may differ if it has none. Unconfirmed: some services are said to ignore X-Amz-Expires.
func (v *Verifier) checkDate(auth *authorization) *Error {
	now := v.options.Now().UTC()
	life := ClockSkew
	if auth.expires != 0 {
		life = auth.expires
	}
	format := func(t time.Time) string { return t.Format(dateLayout) }
	switch {
	case auth.at.Before(now.Add(-life)):
		return failuref(InvalidSignature, textExpired, auth.amzDate, format(now.Add(-life)), format(now), minutes(life))
	case auth.at.After(now.Add(ClockSkew)):
		return failuref(InvalidSignature, textNotYet, auth.amzDate, format(now.Add(ClockSkew)), format(now), minutes(ClockSkew))
	}
	return nil
}

// minutes is a duration as AWS prints it, "5 min.". Unconfirmed for lives that are not whole minutes.
func minutes(d time.Duration) string {
	if d%time.Minute != 0 {
		return fmt.Sprintf("%d sec.", int(d/time.Second))
	}
	return fmt.Sprintf("%d min.", int(d/time.Minute))
}

// checkScope collects every complaint about the scope, as AWS does, each with its trailing space.
func checkScope(auth *authorization, want Scope) *Error {
	var text strings.Builder
	if want.Region != "" && auth.region != want.Region {
		text.WriteString(textScopeRegion)
	}
	if want.Service != "" && auth.service != want.Service {
		fmt.Fprintf(&text, textScopeService, want.Service)
	}
	if auth.terminator != terminator {
		text.WriteString(textScopeTerminator)
	}
	if day := auth.amzDate[:len("20060102")]; auth.date != day {
		fmt.Fprintf(&text, textScopeDate, auth.date, day, auth.amzDate)
	}
	if text.Len() == 0 {
		return nil
	}
	failed := failure(InvalidSignature, text.String())
	failed.Explanation.WantScope = want
	return failed
}

// checkSignature compares the signature with ours, then the session token.
func (v *Verifier) checkSignature(req *Request, auth *authorization, key Key) *Error {
	if strings.HasPrefix(auth.payload, streamingPrefix) {
		failed := failuref(InvalidSignature, textStreaming, auth.payload)
		failed.Explanation.Cause = StreamingPayload
		return failed
	}
	s := v.scratch.Get().(*scratch)
	defer v.scratch.Put(s)
	signing := v.cache.get(auth, key.Secret)
	try := attempt{scratch: s, req: req, auth: auth, key: &signing, secret: key.Secret}

	served := form{host: req.Host, payload: auth.payload}
	if auth.service == "s3" {
		served.path = pathEncodedOnce
	}
	if !v.accepts(&try, served) {
		return v.mismatch(&try, served)
	}
	if subtle.ConstantTimeCompare([]byte(auth.token), []byte(key.SessionToken)) != 1 {
		return failure(UnrecognizedClient, textUnrecognized)
	}
	if !key.Expires.IsZero() && !v.options.Now().Before(key.Expires) {
		return failure(ExpiredToken, textExpiredToken)
	}
	return nil
}

// accepts tries the canonical request of the rules, and two that are as good: a session token that joined the
// query after signing (as some signers do), and the host without its port, because AWS has no ports and some
// signers therefore leave it out.
func (v *Verifier) accepts(try *attempt, served form) bool {
	if try.matches(served) {
		return true
	}
	if try.auth.presigned && try.auth.token != "" {
		late := served
		if late.omitToken = true; try.matches(late) {
			return true
		}
	}
	if host, cut := withoutPort(served.host); cut {
		bare := served
		if bare.host = host; try.matches(bare) {
			return true
		}
	}
	return false
}

// withoutPort cuts a port off a host; false when there is none.
func withoutPort(host string) (string, bool) {
	colon := strings.LastIndexByte(host, ':')
	if colon < 0 || strings.IndexByte(host[colon:], ']') >= 0 {
		return host, false
	}
	return host[:colon], true
}

// attempt compares the request's signature with the one a form gives.
type attempt struct {
	scratch *scratch
	req     *Request
	auth    *authorization
	key     *signingKey
	secret  string // of the key
	tries   int    // of explaining a mismatch
}

func (t *attempt) matches(f form) bool {
	s := t.scratch
	s.canonical = s.appendCanonical(s.canonical[:0], t.req, t.auth, f)
	s.message = appendStringToSign(s.message[:0], t.auth, s.canonical)
	length := len(s.message)
	s.message = append(s.message, make([]byte, 2*sha256.BlockSize+length)...) // room for sign's buffer
	sum := t.key.sign(s.message[length:length], s.message[:length])
	s.message = s.message[:length]
	var want [2 * sha256.Size]byte
	hex.Encode(want[:], sum[:])
	return subtle.ConstantTimeCompare(want[:], []byte(t.auth.signature)) == 1
}

// payload is the last line of the canonical request: the hash of the body, or the word that stands for it.
func (v *Verifier) payload(req *Request, auth *authorization) string {
	claimed := claimedPayload(req)
	switch {
	case strings.HasPrefix(claimed, streamingPrefix):
		return claimed
	case claimed == unsignedPayload && (auth.service == "s3" || v.options.AllowUnsignedPayload):
		return unsignedPayload
	case claimed == "" && auth.presigned && auth.service == "s3":
		return unsignedPayload
	}
	return req.bodySHA256()
}

// claimedPayload is what the request says of its own payload.
func claimedPayload(req *Request) string {
	if value, found := req.header("X-Amz-Content-Sha256"); found {
		return value
	}
	value, _ := req.queryValue("X-Amz-Content-Sha256")
	return value
}

func (r *Request) bodySHA256() string {
	switch {
	case r.BodySHA256 != "":
		return r.BodySHA256
	case len(r.Body) == 0:
		return emptySHA256
	}
	sum := sha256.Sum256(r.Body)
	return hex.EncodeToString(sum[:])
}
