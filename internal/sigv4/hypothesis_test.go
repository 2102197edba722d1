package sigv4

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// sdkSigned is a request that AWS's SDK for Go signs, made ready before and changed behind.
type sdkSigned struct {
	target, body string // "" is /prod/pets?type=dog
	// before runs before signing; what it returns is signed as the payload, "" for the body's hash.
	before func(r *http.Request) (payload string)
	secret string // "" is the right one
	s3     bool   // sign the path by S3's rule
	after  func(r *http.Request, req *Request)
}

func (s *sdkSigned) explain(t *testing.T) *Explanation {
	t.Helper()
	target := s.target
	if target == "" {
		target = "/prod/pets?type=dog"
	}
	r := httptest.NewRequest("POST", "http://a1b2c3d4e5.execute-api.localhost:4566"+target, strings.NewReader(s.body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Tenant", "acme-tenant-42")
	r.Header.Set("X-Forwarded-For", "10.0.0.1")
	hash := ""
	if s.before != nil {
		hash = s.before(r)
	}
	if hash == "" {
		hash = (&Request{Body: []byte(s.body)}).bodySHA256()
	}
	secret := exampleSecret
	if s.secret != "" {
		secret = s.secret
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = s.s3 })
	credentials := aws.Credentials{AccessKeyID: exampleID, SecretAccessKey: secret}
	if err := signer.SignHTTP(t.Context(), credentials, r, hash, exampleScope.Service, exampleScope.Region, exampleTime); err != nil {
		t.Fatal(err)
	}
	r.RequestURI = target
	body, _ := io.ReadAll(r.Body)
	req := FromHTTP(r, body)
	if s.after != nil {
		s.after(r, &req)
	}
	_, err := exampleVerifier("").Verify(context.Background(), &req, exampleScope)
	var failed *Error
	if !errors.As(err, &failed) {
		t.Fatalf("accepted: %v", err)
	}
	return &failed.Explanation
}

func addHeader(name, value string) func(*http.Request, *Request) {
	return func(_ *http.Request, req *Request) { req.Headers = append(req.Headers, Header{name, value}) }
}

func changeHeader(name, value string) func(*http.Request, *Request) {
	return func(_ *http.Request, req *Request) { setHeader(name, value)(req) }
}

// What clients do wrong and what proxies change, each with the SDK's own signer.
func TestExplanation_ofSdkSigner(t *testing.T) {
	payload := func(hash string) func(*http.Request) string { return func(*http.Request) string { return hash } }
	sha := func(body string) string { return (&Request{Body: []byte(body)}).bodySHA256() }
	for _, c := range []struct {
		name   string
		signed sdkSigned
		cause  Cause
		also   Cause
		detail string
		want   Difference
	}{
		{"path signed by S3's rule", sdkSigned{target: "/prod/a%20b", s3: true}, PathEncodedOnce, NoCause, "",
			Difference{2, "path", "/prod/a%20b", "/prod/a%2520b"}},
		{"a proxy adds the stage", sdkSigned{target: "/pets", after: func(_ *http.Request, req *Request) { req.Path = "/prod/pets" }}, PathPrefixAdded, NoCause, "/prod",
			Difference{2, "path", "/pets", "/prod/pets"}},
		{"a proxy takes a prefix", sdkSigned{after: func(_ *http.Request, req *Request) {
			req.Path = "/pets"
			req.Headers = append(req.Headers, Header{"X-Forwarded-Prefix", "/prod/"})
		}}, PathPrefixRemoved, NoCause, "X-Forwarded-Prefix", Difference{2, "path", "/prod/pets", "/pets"}},
		{"a proxy adds a slash", sdkSigned{after: func(_ *http.Request, req *Request) { req.Path += "/" }}, PathSlashChanged, NoCause, "",
			Difference{2, "path", "/prod/pets", "/prod/pets/"}},
		{"a proxy turns POST into GET", sdkSigned{after: func(_ *http.Request, req *Request) { req.Method = "GET" }}, MethodChanged, NoCause, "POST",
			Difference{1, "method", "POST", "GET"}},
		{"a proxy sets Host", sdkSigned{after: func(_ *http.Request, req *Request) {
			req.Host = "backend:8080"
			req.Headers = append(req.Headers, Header{"X-Forwarded-Host", "a1b2c3d4e5.execute-api.localhost:4566"})
		}}, HostChanged, NoCause, "a1b2c3d4e5.execute-api.localhost:4566 of X-Forwarded-Host",
			Difference{5, "header host", "host:a1b2c3d4e5.execute-api.localhost:4566", "host:backend:8080"}},
		{"signed for AWS's host", sdkSigned{before: func(r *http.Request) string {
			r.Host = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
			return ""
		}, after: func(_ *http.Request, req *Request) { req.Host = "a1b2c3d4e5.execute-api.localhost:4566" }}, HostChanged, NoCause,
			"a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
			Difference{5, "header host", "host:a1b2c3d4e5.execute-api.us-east-1.amazonaws.com", "host:a1b2c3d4e5.execute-api.localhost:4566"}},
		{"another host and prefix", sdkSigned{target: "/pets", after: func(_ *http.Request, req *Request) {
			req.Host, req.Path = "backend:8080", "/prod/pets"
			req.Headers = append(req.Headers, Header{"Forwarded", `for=1.2.3.4;host="a1b2c3d4e5.execute-api.localhost:4566";proto=https`})
		}}, PathPrefixAdded, HostChanged, "/prod; a1b2c3d4e5.execute-api.localhost:4566 of Forwarded",
			Difference{2, "path", "/pets", "/prod/pets"}},
		{"the query is not signed", sdkSigned{target: "/prod/pets", after: func(_ *http.Request, req *Request) { req.RawQuery = "type=dog" }}, QueryNotSigned, NoCause, "",
			Difference{3, "query", "", "type=(3 characters)"}},
		{"a plus is signed as a plus", sdkSigned{target: "/prod/pets?q=a%2Bb", after: func(_ *http.Request, req *Request) { req.RawQuery = "q=a+b" }}, QueryPlus, NoCause, "",
			Difference{3, "query", "q=(5 characters)", "q=(5 characters)"}},
		{"the query is encoded twice", sdkSigned{target: "/prod/pets?q=a%2520b", after: func(_ *http.Request, req *Request) { req.RawQuery = "q=a%20b" }}, QueryEncodedTwice, NoCause, "",
			Difference{3, "query", "q=(7 characters)", "q=(5 characters)"}},
		{"UNSIGNED-PAYLOAD", sdkSigned{body: "{}", before: payload(unsignedPayload)}, PayloadUnsigned, NoCause, "",
			Difference{12, "payload hash", unsignedPayload, sha("{}")}},
		{"the body is not signed", sdkSigned{body: "{}", before: payload(emptySHA256)}, BodyNotSigned, NoCause, "",
			Difference{12, "payload hash", emptySHA256, sha("{}")}},
		{"curl -d drops the newline", sdkSigned{body: "{}", before: payload(sha("{}\n"))}, BodyNewlineChanged, NoCause, "",
			Difference{12, "payload hash", sha("{}\n"), sha("{}")}},
		{"the body is changed", sdkSigned{body: `{"a":1}`, before: func(r *http.Request) string {
			r.Header.Set("X-Amz-Content-Sha256", sha(`{"a": 1}`))
			return sha(`{"a": 1}`)
		}}, BodyChanged, NoCause, "", Difference{13, "payload hash", sha(`{"a": 1}`), sha(`{"a":1}`)}},
		{"a client adds a charset", sdkSigned{after: changeHeader("Content-Type", "application/json; charset=utf-8")}, HeaderChanged, NoCause, "content-type",
			Difference{4, "header content-type", "content-type:application/json", "content-type:application/json; charset=utf-8"}},
		{"a proxy appends", sdkSigned{after: changeHeader("X-Forwarded-For", "10.0.0.1, 10.0.0.2")}, HeaderChanged, NoCause, "x-forwarded-for",
			Difference{7, "header x-forwarded-for", "x-forwarded-for:(8 characters)", "x-forwarded-for:(18 characters, SHA-256 806a…)"}},
		{"a header does not arrive", sdkSigned{after: func(_ *http.Request, req *Request) { without("X-Tenant")(req) }}, SignedHeaderMissing, NoCause, "x-tenant",
			Difference{8, "header x-tenant", "x-tenant:(a value that did not arrive)", "x-tenant:"}},
		{"a secret with a newline", sdkSigned{secret: exampleSecret + "\n"}, SecretPadded, NoCause, "a newline behind it", Difference{}},
		{"another secret", sdkSigned{secret: "another"}, WrongSecretOrChanged, NoCause, "", Difference{}},
		{"another secret and a header less", sdkSigned{secret: "another", after: addHeader("X-Other", "x")}, WrongSecretOrChanged, NoCause, "", Difference{}},
		{"another secret and body", sdkSigned{secret: "another", body: "{}", before: func(r *http.Request) string {
			r.Header.Set("X-Amz-Content-Sha256", sha(`{"a": 1}`))
			return sha(`{"a": 1}`)
		}}, WrongSecretOrChanged, NoCause, "X-Amz-Content-Sha256 is not the hash of the body that arrived", Difference{13, "payload hash", sha(`{"a": 1}`), sha(`{}`)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := c.signed.explain(t)
			if e.Cause != c.cause || e.Also != c.also || e.Detail != c.detail {
				t.Errorf("cause %q and %q, detail %q", e.Cause, e.Also, e.Detail)
			}
			if got := e.Difference; got != c.want {
				t.Errorf("got  %+v\nwant %+v\nin\n%s", got, c.want, e.Canonical)
			}
			if strings.Contains(e.Canonical+e.SignerCanonical+e.String(), "acme") {
				t.Errorf("tells a header: %s", e.Canonical)
			}
		})
	}
}

// A signer that mixes up its scopes derives the key for another one than its credential names.
func TestExplanation_keyForOtherScope(t *testing.T) {
	req := signed(nil)
	auth, _ := parse(&req)
	auth.splitCredential()
	key := deriveKey(exampleSecret, auth.date, Scope{"eu-west-1", exampleScope.Service})
	try := attempt{scratch: new(scratch), req: &req, auth: &auth, key: &key}
	try.matches(form{host: req.Host, payload: req.bodySHA256()})
	sum := key.sign(nil, try.scratch.message)
	replaceInAuthorization(auth.signature, hexOf(sum[:]))(&req)
	_, err := exampleVerifier("").Verify(context.Background(), &req, exampleScope)
	var failed *Error
	if !errors.As(err, &failed) || failed.Explanation.Cause != KeyForOtherScope || failed.Explanation.Detail != "region eu-west-1" {
		t.Errorf("%v: %+v", err, failed)
	}
}

// What is shown of a canonical request tells neither a secret nor what could be found by trying.
func TestRedactCanonical(t *testing.T) {
	lines := []string{
		"GET", "/prod/pets", "X-Amz-Credential=AKID%2F20150830&X-Amz-Date=20150830T123600Z&X-Amz-Security-Token=t0k3n&code=123456&empty=&q=longer%20than%20twelve",
		"accept:a/b", "cookie:session=0123456789abcdef", "host:h", "x-api-key:0123456789abcdef", "x-empty:", "x-pin:1234", "x-tenant:longer than twelve", "",
		"accept;cookie;host;x-api-key;x-empty;x-pin;x-tenant", emptySHA256,
	}
	want := []string{
		"GET", "/prod/pets", "X-Amz-Credential=(15 characters)&X-Amz-Date=20150830T123600Z&X-Amz-Security-Token=(5 characters)&code=(6 characters)&empty=&q=(22 characters, SHA-256 1370…)",
		"accept:a/b", "cookie:(24 characters)", "host:h", "x-api-key:(16 characters)", "x-empty:", "x-pin:(4 characters)", "x-tenant:(18 characters, SHA-256 b2ee…)", "",
		"accept;cookie;host;x-api-key;x-empty;x-pin;x-tenant", emptySHA256,
	}
	if got := redactCanonical(strings.Join(lines, "\n")); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
