package sigv4

import (
	"fmt"
	"strings"
	"time"
)

// Cause is what a mismatch was traced to.
type Cause uint8

// The causes. All but WrongSecretOrChanged and the two named refusals are proven: with that one change the
// signature matches.
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
	// BodyChanged: the signer's X-Amz-Content-Sha256 is covered by the signature, and is not the body's hash.
	BodyChanged
	// BodyNotSigned: the signer signed an empty body.
	BodyNotSigned
	// PayloadUnsigned: the signer used UNSIGNED-PAYLOAD, which this service does not take.
	PayloadUnsigned
	// HostChanged: the signer signed another host, which is in one of the request's headers.
	HostChanged
	// QueryNotSorted: the signer did not sort the query.
	QueryNotSorted
	// SignedHeaderMissing: a header that was signed did not arrive.
	SignedHeaderMissing
	// StreamingPayload: a STREAMING-… payload form, refused.
	StreamingPayload
)

var causeNames = [...]string{
	NoCause: "", WrongSecretOrChanged: "wrong-secret-or-changed", PathEncodedOnce: "path-encoded-once",
	PathNotNormalised: "path-not-normalised", PathAsSent: "path-as-sent", BodyChanged: "body-changed",
	BodyNotSigned: "body-not-signed", PayloadUnsigned: "payload-unsigned", HostChanged: "host-changed",
	QueryNotSorted: "query-not-sorted", SignedHeaderMissing: "signed-header-missing",
	StreamingPayload: "streaming-payload",
}

// String returns the cause in words joined by hyphens, "" for NoCause.
func (c Cause) String() string { return causeNames[c] }

// Explanation holds facts about a failure for the people who run the server. It holds no secret, no session
// token and no signature.
type Explanation struct {
	// AccessKeyID is shortened: first four and last two characters.
	AccessKeyID string
	// KeyKnown says that somebody has the access key.
	KeyKnown bool
	// Presigned says that the signature is in the query.
	Presigned bool
	// SignedFor is the scope that was signed for.
	SignedFor Scope
	// WantScope is the scope that was wanted, when the two differ.
	WantScope Scope
	// Skew is our clock minus the signed date.
	Skew time.Duration
	// Cause is what explains a mismatch.
	Cause Cause
	// Detail is the difference: for example the host that was signed, or the names of missing headers.
	Detail string
	// Canonical and StringToSign are ours, without the session token; set for a mismatch.
	Canonical, StringToSign string
	// SignerCanonical is the canonical request with which the signature matches, when one was found.
	SignerCanonical string
}

// addClaims notes what the request says of itself.
func (e *Explanation) addClaims(auth *authorization, now time.Time) {
	id := auth.accessKeyID
	if id == "" {
		id, _, _ = strings.Cut(auth.credential, "/")
	}
	e.AccessKeyID, e.Presigned = shorten(id), auth.presigned
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

// Differs names the first line on which the signer's canonical request and ours differ: line number (from 1),
// the signer's line, ours. Zero when there is nothing to compare.
func (e *Explanation) Differs() (line int, signer, server string) {
	if e.SignerCanonical == "" {
		return 0, "", ""
	}
	theirs, ours := strings.Split(e.SignerCanonical, "\n"), strings.Split(e.Canonical, "\n")
	for i := range min(len(theirs), len(ours)) {
		if theirs[i] != ours[i] {
			return i + 1, theirs[i], ours[i]
		}
	}
	return 0, "", ""
}

// String is one line for a log.
func (e *Explanation) String() string {
	var b strings.Builder
	known := "unknown"
	if e.KeyKnown {
		known = "known"
	}
	fmt.Fprintf(&b, "key %s %s, signed for %s/%s, skew %s", e.AccessKeyID, known,
		e.SignedFor.Region, e.SignedFor.Service, e.Skew.Round(time.Second))
	if e.WantScope != (Scope{}) {
		fmt.Fprintf(&b, ", wanted %s/%s", e.WantScope.Region, e.WantScope.Service)
	}
	if e.Cause != NoCause {
		fmt.Fprintf(&b, ", %s", e.Cause)
	}
	if e.Detail != "" {
		fmt.Fprintf(&b, " (%s)", e.Detail)
	}
	if line, signer, server := e.Differs(); line > 0 {
		fmt.Fprintf(&b, "; canonical requests differ at line %d: client %q, server %q", line, signer, server)
	}
	return b.String()
}

// mismatch is the failure of a wrong signature, explained if that is wanted.
func (v *Verifier) mismatch(try *attempt, served form) *Error {
	s := try.scratch
	canonical := string(s.appendCanonical(s.canonical[:0], try.req, try.auth, served))
	message := string(appendStringToSign(s.message[:0], try.auth, []byte(canonical)))
	failed := failure(InvalidSignature, textMismatch+fmt.Sprintf(textMismatchTail, canonical, message))
	failed.Explanation = Explanation{Canonical: redact(canonical), StringToSign: message}
	if v.options.Explain {
		failed.Explanation.findCause(try, served)
	}
	return failed
}

// redact removes the value of a signed session token from a canonical request.
func redact(canonical string) string {
	lines := strings.Split(canonical, "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.ToLower(line), "x-amz-security-token:") {
			lines[i] = "x-amz-security-token:…"
		}
		if before, after, found := strings.Cut(line, "X-Amz-Security-Token="); found {
			_, rest, _ := strings.Cut(after, "&")
			if lines[i] = before + "X-Amz-Security-Token=…"; rest != "" {
				lines[i] += "&" + rest
			}
		}
	}
	return strings.Join(lines, "\n")
}

// change is a mistake a signer can make.
type change struct {
	cause  Cause
	detail string
	apply  func(*form)
}

// maxTries bounds how many canonical requests a mismatch may cost.
const maxTries = 48

// findCause looks for the one change, or else the two, that make the signature match.
func (e *Explanation) findCause(try *attempt, served form) {
	changes := try.changes(served)
	for i, first := range changes {
		one := served
		first.apply(&one)
		if e.proven(try, one, first) {
			return
		}
		for _, second := range changes[:i] {
			two := one
			if second.apply(&two); two != one && e.proven(try, two, first) {
				e.Detail = strings.TrimPrefix(e.Detail+", and "+second.cause.String(), ", ")
				return
			}
		}
	}
	e.Cause = WrongSecretOrChanged
	if missing := try.missingHeaders(); missing != "" {
		e.Cause, e.Detail = SignedHeaderMissing, missing
	}
}

func (e *Explanation) proven(try *attempt, f form, c change) bool {
	if try.tries >= maxTries || !try.matches(f) {
		return false
	}
	e.Cause, e.Detail = c.cause, c.detail
	e.SignerCanonical = redact(string(try.scratch.canonical))
	return true
}

// changes lists the mistakes that are possible for the request.
func (t *attempt) changes(served form) []change {
	list := []change{
		{PathNotNormalised, "", func(f *form) { f.path = pathEncodedTwice }},
		{PathEncodedOnce, "", func(f *form) { f.path = pathEncodedOnce }},
		{PathAsSent, "", func(f *form) { f.path = pathAsSent }},
		{QueryNotSorted, "", func(f *form) { f.queryAsSent = true }},
	}
	for _, name := range [...]string{"X-Forwarded-Host", "X-Original-Host"} {
		if host, found := t.req.header(name); found && host != served.host {
			list = append(list, change{HostChanged, name + " " + host, func(f *form) { f.host = host }})
		}
	}
	if claimed := claimedPayload(t.req); claimed != "" && claimed != unsignedPayload && claimed != served.payload {
		list = append(list, change{BodyChanged, "", func(f *form) { f.payload = claimed }})
	}
	if served.payload != unsignedPayload {
		list = append(list, change{PayloadUnsigned, "", func(f *form) { f.payload = unsignedPayload }})
	}
	if served.payload != emptySHA256 {
		list = append(list, change{BodyNotSigned, "", func(f *form) { f.payload = emptySHA256 }})
	}
	return list
}

// missingHeaders names the signed headers that did not arrive.
func (t *attempt) missingHeaders() string {
	var missing []string
	for _, name := range strings.Split(t.auth.signedHeaders, ";") {
		if _, found := t.req.header(name); !found && !strings.EqualFold(name, "host") {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}
