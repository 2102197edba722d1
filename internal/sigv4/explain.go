package sigv4

import (
	"fmt"
	"strings"
	"time"
)

// Cause is what a mismatch was traced to.
type Cause uint8

// The causes. All but WrongSecretOrChanged, SignedHeaderMissing and StreamingPayload are proven: with that change
// the signature matches.
const (
	// NoCause: the failure says all there is.
	NoCause Cause = iota
	// WrongSecretOrChanged: no usual mistake explains it, so the secret differs or something signed was changed.
	WrongSecretOrChanged
	// PathEncodedOnce: the signer encoded the path once, as S3 wants it; this service wants it encoded twice.
	PathEncodedOnce
	// PathNotNormalised: the signer kept "//" or "/./".
	PathNotNormalised
	// PathAsSent: the signer used the path as it stands in the request line.
	PathAsSent
	// PathDecoded: the signer used the path without any encoding.
	PathDecoded
	// PathPrefixAdded: the path had a part more in front when it arrived than when it was signed.
	PathPrefixAdded
	// PathPrefixRemoved: the path lost a part in front, which one of the request's headers still has.
	PathPrefixRemoved
	// PathSlashChanged: the slash at the path's end was added or removed.
	PathSlashChanged
	// MethodChanged: the signer signed another HTTP method.
	MethodChanged
	// BodyChanged: the signer's X-Amz-Content-Sha256 is covered by the signature, and is not the body's hash.
	BodyChanged
	// BodyNotSigned: the signer signed an empty body.
	BodyNotSigned
	// BodyNewlineChanged: a newline at the body's end was added or removed.
	BodyNewlineChanged
	// PayloadUnsigned: the signer used UNSIGNED-PAYLOAD, which this service does not take.
	PayloadUnsigned
	// HostChanged: the signer signed another host.
	HostChanged
	// QueryNotSorted: the signer did not sort the query.
	QueryNotSorted
	// QueryNotSigned: the signer left the query out.
	QueryNotSigned
	// QueryNotEncoded: the signer used the query as it stands in the request line.
	QueryNotEncoded
	// QueryPlus: the signer took "+" for a plus; it stands for a space.
	QueryPlus
	// QueryEncodedTwice: the signer encoded the query twice.
	QueryEncodedTwice
	// HeaderChanged: a signed header arrived with another value.
	HeaderChanged
	// SignedHeaderMissing: a header that was signed did not arrive.
	SignedHeaderMissing
	// SecretPadded: the signer's secret has white space around it.
	SecretPadded
	// KeyForOtherScope: the signing key was derived for another region or service than the credential names.
	KeyForOtherScope
	// StreamingPayload: a STREAMING-… payload form, refused.
	StreamingPayload
)

var causeNames = [...]string{
	NoCause: "", WrongSecretOrChanged: "wrong-secret-or-changed", PathEncodedOnce: "path-encoded-once",
	PathNotNormalised: "path-not-normalised", PathAsSent: "path-as-sent", PathDecoded: "path-decoded",
	PathPrefixAdded: "path-prefix-added", PathPrefixRemoved: "path-prefix-removed", PathSlashChanged: "path-slash-changed",
	MethodChanged: "method-changed", BodyChanged: "body-changed", BodyNotSigned: "body-not-signed",
	BodyNewlineChanged: "body-newline-changed", PayloadUnsigned: "payload-unsigned", HostChanged: "host-changed",
	QueryNotSorted: "query-not-sorted", QueryNotSigned: "query-not-signed", QueryNotEncoded: "query-not-encoded",
	QueryPlus: "query-plus", QueryEncodedTwice: "query-encoded-twice", HeaderChanged: "header-changed",
	SignedHeaderMissing: "signed-header-missing", SecretPadded: "secret-padded", KeyForOtherScope: "key-for-other-scope",
	StreamingPayload: "streaming-payload",
}

// String returns the cause in words joined by hyphens, "" for NoCause.
func (c Cause) String() string { return causeNames[c] }

// Explanation holds facts about a failure for the people who run the server. It holds no secret, no session
// token and no signature.
type Explanation struct {
	// AccessKeyID is shortened: first four and last two characters.
	AccessKeyID string
	// KeyChecked says that the access key was looked up, KeyKnown that somebody has it, and HasToken that a session
	// token came along.
	KeyChecked, KeyKnown, HasToken bool
	// KeyInactive says that the key exists and is inactive; who looks keys up sets it.
	KeyInactive bool
	// Presigned says that the signature is in the query.
	Presigned bool
	// SignedFor is the scope that was signed for.
	SignedFor Scope
	// WantScope is the scope that was wanted, when the two differ.
	WantScope Scope
	// Skew is our clock minus the signed date.
	Skew time.Duration
	// Cause is what explains a mismatch; Also is a second cause, without which the first does not.
	Cause, Also Cause
	// Detail is the difference: for example the host that was signed, or the names of missing headers.
	Detail string
	// Canonical and StringToSign are ours; set for a mismatch. Values of the query and of most headers stand in
	// Canonical as their length and a short hash: redactCanonical says how.
	Canonical, StringToSign string
	// SignerCanonical is the canonical request with which the signature matches, when one was found; redacted as
	// Canonical is.
	SignerCanonical string
	// Difference is the first line in which the two differ, as far as it is known.
	Difference Difference
}

// Difference is a line in which the signer's canonical request and ours differ.
type Difference struct {
	// Line is its number, from 1; 0 where no line is known.
	Line int
	// Part says what the line is: "method", "path", "query", "header host", "signed headers" or "payload hash".
	Part string
	// Signer and Server are the two lines, redacted.
	Signer, Server string
}

// addClaims notes what the request says of itself.
func (e *Explanation) addClaims(auth *authorization, now time.Time) {
	id := auth.accessKeyID
	if id == "" {
		id, _, _ = strings.Cut(auth.credential, "/")
	}
	e.AccessKeyID, e.Presigned, e.HasToken = shorten(id), auth.presigned, auth.token != ""
	e.SignedFor = Scope{auth.region, auth.service}
	if !auth.at.IsZero() {
		e.Skew = now.Sub(auth.at)
	}
}

// shorten keeps enough of an access key id to recognise it.
func shorten(id string) string {
	if len(id) <= 8 {
		return id
	}
	return id[:4] + "…" + id[len(id)-2:]
}

// Claims says who signed for what, and when.
func (e *Explanation) Claims() string {
	if e.AccessKeyID == "" {
		return "no signature that can be read"
	}
	var b strings.Builder
	b.WriteString("key " + e.AccessKeyID)
	switch {
	case e.KeyKnown:
		b.WriteString(" known")
	case e.KeyInactive:
		b.WriteString(" inactive")
	case e.KeyChecked:
		b.WriteString(" unknown")
	}
	if e.SignedFor != (Scope{}) {
		fmt.Fprintf(&b, ", signed for %s/%s", e.SignedFor.Region, e.SignedFor.Service)
	}
	fmt.Fprintf(&b, ", skew %s", e.Skew.Round(time.Second))
	if e.WantScope != (Scope{}) {
		fmt.Fprintf(&b, ", wanted %s/%s", e.WantScope.Region, e.WantScope.Service)
	}
	return b.String()
}

// String is one line for a log.
func (e *Explanation) String() string {
	var b strings.Builder
	b.WriteString(e.Claims())
	if e.Cause != NoCause {
		fmt.Fprintf(&b, ", %s", e.Cause)
	}
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if e.Also != NoCause {
		fmt.Fprintf(&b, " and %s", e.Also)
	}
	if d := e.Difference; d.Line > 0 {
		fmt.Fprintf(&b, "; canonical requests differ at line %d (%s): client %q, server %q", d.Line, d.Part, d.Signer, d.Server)
	}
	return b.String()
}
