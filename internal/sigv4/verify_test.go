package sigv4

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// signed returns a small signed request, after edits.
func signed(edit func(*Request)) Request {
	req := Request{
		Method: "POST", Path: "/prod/pets", RawQuery: "type=dog&page=1", Host: "a1b2c3.execute-api.us-east-1.amazonaws.com",
		Headers: []Header{{"Content-Type", "application/json"}}, Body: []byte(`{"name":"rex"}`),
	}
	signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
	signer.Sign(&req, exampleTime)
	if edit != nil {
		edit(&req)
	}
	return req
}

func setHeader(name, value string) func(*Request) {
	return func(req *Request) {
		for i := range req.Headers {
			if strings.EqualFold(req.Headers[i].Name, name) {
				req.Headers[i].Value = value
			}
		}
	}
}

func replaceInAuthorization(old, with string) func(*Request) {
	return func(req *Request) {
		value, _ := req.header("Authorization")
		setHeader("Authorization", strings.Replace(value, old, with, 1))(req)
	}
}

func without(name string) func(*Request) {
	return func(req *Request) {
		var kept []Header
		for _, h := range req.Headers {
			if !strings.EqualFold(h.Name, name) {
				kept = append(kept, h)
			}
		}
		req.Headers = kept
	}
}

// The texts are AWS's, from public reports; see error.go for which are unconfirmed.
func TestVerify_failures(t *testing.T) {
	at := func(d time.Duration) func(*Verifier) {
		return func(v *Verifier) { v.options.Now = func() time.Time { return exampleTime.Add(d) } }
	}
	tests := []struct {
		name    string
		edit    func(*Request)
		set     func(*Verifier)
		want    Scope
		kind    Kind
		message string
	}{
		{"Unsigned", without("Authorization"), nil, Scope{}, MissingAuthenticationToken, "Missing Authentication Token"},
		{"BothForms", func(r *Request) { r.RawQuery += "&X-Amz-Algorithm=AWS4-HMAC-SHA256" }, nil, Scope{}, InvalidSignature,
			"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."},
		{"BearerToken", setHeader("Authorization", "Bearer abcdef"), nil, Scope{}, IncompleteSignature,
			"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '" +
				hashText("Bearer abcdef") + "'."},
		{"TokenWithoutScheme", func(r *Request) {
			setHeader("Authorization", "eyJ0eXAiOiJKV1QifQ")(r)
			without("X-Amz-Date")(r)
		}, nil, Scope{}, IncompleteSignature,
			"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
				"Authorization header requires 'SignedHeaders' parameter. " +
				"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
				"(Hashed with SHA-256 and encoded with Base64) Authorization=" + hashText("eyJ0eXAiOiJKV1QifQ")},
		{"SpaceAfterCredential", replaceInAuthorization("Credential=", "Credential= "), nil, Scope{}, IncompleteSignature, "Invalid key=value pair"},
		{"NoDate", without("X-Amz-Date"), nil, Scope{}, IncompleteSignature,
			"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed"},
		{"BadDate", setHeader("X-Amz-Date", "201"), nil, Scope{}, IncompleteSignature,
			"Date must be in ISO-8601 'basic format'. Got '201'. See http://en.wikipedia.org/wiki/ISO_8601"},
		{"Expired", nil, at(5*time.Minute + time.Second), Scope{}, InvalidSignature,
			"Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"},
		{"NotYet", nil, at(-5*time.Minute - time.Second), Scope{}, InvalidSignature,
			"Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"},
		{"HostNotSigned", replaceInAuthorization("host;", ""), nil, Scope{}, InvalidSignature,
			"'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."},
		{"SigV4a", replaceInAuthorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"), nil, Scope{}, IncompleteSignature,
			"Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). "},
		{"ShortCredential", replaceInAuthorization("/us-east-1/service", ""), nil, Scope{}, IncompleteSignature,
			"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20150830/aws4_request'"},
		{"OtherRegionAndService", nil, nil, Scope{"eu-west-1", "execute-api"}, InvalidSignature,
			"Credential should be scoped to a valid region. Credential should be scoped to correct service: 'execute-api'. "},
		{"Terminator", replaceInAuthorization("aws4_request", "aws5_request"), nil, Scope{}, InvalidSignature,
			"Credential should be scoped with a valid terminator: 'aws4_request'. "},
		{"ScopeDate", replaceInAuthorization("/20150830/", "/20150829/"), nil, Scope{}, InvalidSignature,
			"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != '20150830', from '20150830T123600Z'. "},
		{"UnknownKey", replaceInAuthorization(exampleID, "AKIDOTHER"), nil, Scope{}, UnrecognizedClient,
			"The security token included in the request is invalid."},
		{"TokenForLongTermKey", func(r *Request) { r.Headers = append(r.Headers, Header{"X-Amz-Security-Token", "x"}) }, nil, Scope{},
			UnrecognizedClient, "The security token included in the request is invalid."},
		{"Streaming", func(r *Request) {
			r.Headers = append(r.Headers, Header{"X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
		}, nil, Scope{}, InvalidSignature, "The payload form 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' is not supported."},
		{"Mismatch", func(r *Request) { r.Method = "PUT" }, nil, Scope{}, InvalidSignature,
			"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key " +
				"and signing method. Consult the service documentation for details.\n\n" +
				"The Canonical String for this request should have been\n'PUT\n/prod/pets\npage=1&type=dog\n" +
				"content-type:application/json\nhost:a1b2c3.execute-api.us-east-1.amazonaws.com\nx-amz-date:20150830T123600Z\n\n" +
				"content-type;host;x-amz-date\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req, v := signed(test.edit), exampleVerifier("")
			if test.set != nil {
				test.set(v)
			}
			_, err := v.Verify(context.Background(), &req, test.want)
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("got %v, want an *Error", err)
			}
			if failed.Kind != test.kind || !strings.HasPrefix(failed.Message, test.message) {
				t.Errorf("got kind %d %s\nwant kind %d %s", failed.Kind, failed.Message, test.kind, test.message)
			}
			if text := failed.Explanation.String() + failed.Error(); strings.Contains(text, exampleSecret) {
				t.Errorf("tells the secret: %s", text)
			}
		})
	}
}

func TestVerify_presignedFailures(t *testing.T) {
	presigned := func(edit func(string) string) Request {
		req := Request{Method: "GET", Path: "/", Host: "example.com"}
		signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
		signer.Presign(&req, exampleTime, time.Minute)
		req.RawQuery = edit(req.RawQuery)
		return req
	}
	tests := []struct{ name, old, with, message string }{
		{"NoCredential", "X-Amz-Credential=", "Other=",
			"AWS query-string parameters must include 'X-Amz-Credential'. Re-examine the query-string parameters."},
		{"ExpiresTooLong", "Expires=60", "Expires=604801", textExpires},
		{"ExpiresNotANumber", "Expires=60", "Expires=soon", textExpires},
		{"HTTPDate", "X-Amz-Date=20150830T123600Z", "X-Amz-Date=Sun, 30 Aug 2015 12:36:00 GMT", "Date must be in ISO-8601 'basic format'."},
		{"Changed", "X-Amz-Expires=60", "X-Amz-Expires=61", textMismatch},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := presigned(func(q string) string { return strings.Replace(q, test.old, test.with, 1) })
			_, err := exampleVerifier("").Verify(context.Background(), &req, Scope{})
			if err == nil || !strings.HasPrefix(err.(*Error).Message, test.message) {
				t.Errorf("got %v\nwant %s", err, test.message)
			}
		})
	}
}

func TestError_Answer(t *testing.T) {
	e := failure(MissingAuthenticationToken, textMissing)
	got := []Answer{e.Answer(RESTJSON), e.Answer(ExecuteAPI), e.Answer(JSON), e.Answer(Query),
		failure(InvalidSignature, "m").Answer(Query), failure(UnrecognizedClient, "m").Answer(Query)}
	want := []Answer{
		{"MissingAuthenticationTokenException", 403, "Missing Authentication Token"},
		{"MissingAuthenticationTokenException", 403, "Missing Authentication Token"},
		{"MissingAuthenticationTokenException", 400, "Request is missing Authentication Token"},
		{"MissingAuthenticationToken", 403, "Request is missing Authentication Token"},
		{"SignatureDoesNotMatch", 403, "m"},
		{"InvalidClientTokenId", 403, "m"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestVerify_temporaryCredentials(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjEA//+token=="
	verify := func(sent string, expires time.Time) error {
		v := NewVerifier(Options{
			Now: func() time.Time { return exampleTime },
			Keys: func(context.Context, string) (Key, bool) {
				return Key{Secret: exampleSecret, SessionToken: token, Expires: expires}, true
			},
			Explain: true,
		})
		req := Request{Method: "GET", Host: "example.com"}
		signer := Signer{Credentials: Credentials{exampleID, exampleSecret, sent}, Scope: exampleScope}
		signer.Sign(&req, exampleTime)
		got, err := v.Verify(context.Background(), &req, Scope{})
		if err == nil && got.SessionToken != token {
			t.Errorf("got token %q", got.SessionToken)
		}
		return err
	}
	if err := verify(token, exampleTime.Add(time.Second)); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		sent    string
		expires time.Time
		kind    Kind
	}{
		{token, exampleTime, ExpiredToken},
		{"other", exampleTime.Add(time.Hour), UnrecognizedClient},
		{"", exampleTime.Add(time.Hour), UnrecognizedClient},
	} {
		if err := verify(test.sent, test.expires); err == nil || err.(*Error).Kind != test.kind {
			t.Errorf("sent %q: got %v, want kind %d", test.sent, err, test.kind)
		}
	}
}

func TestVerify_dateHeader(t *testing.T) {
	auth := authorization{}
	if failed := auth.readDate("Sun, 30 Aug 2015 12:36:00 GMT"); failed != nil || auth.amzDate != "20150830T123600Z" {
		t.Errorf("got %q, %v", auth.amzDate, failed)
	}
	req := Request{Method: "GET", Host: "example.com"}
	signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
	signer.Sign(&req, exampleTime)
	// Sign again, by hand, over Date in place of X-Amz-Date.
	without("X-Amz-Date")(&req)
	req.Headers = append(req.Headers, Header{"Date", "Sun, 30 Aug 2015 12:36:00 GMT"})
	auth = signer.authorization(exampleTime)
	auth.signedHeaders = "date;host"
	setHeader("Authorization", "AWS4-HMAC-SHA256 Credential="+auth.credential+",SignedHeaders=date;host,Signature="+
		signer.signature(&req, &auth))(&req)
	if _, err := exampleVerifier("").Verify(context.Background(), &req, exampleScope); err != nil {
		t.Error(err)
	}
}

// TestVerify_hostPort: AWS has no ports, so a signature over the bare host is as good.
func TestVerify_hostPort(t *testing.T) {
	for sent, want := range map[string]bool{
		"localhost:4566": true, "localhost": true, "localhost:80": false, "other:4566": false, "[::1]:4566": false,
	} {
		req := Request{Method: "GET", Host: sent}
		signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
		signer.Sign(&req, exampleTime)
		req.Host = "localhost:4566"
		if _, err := exampleVerifier("").Verify(context.Background(), &req, exampleScope); (err == nil) != want {
			t.Errorf("signed for %s: got %v, want accepted %v", sent, err, want)
		}
	}
	if host, cut := withoutPort("[::1]"); cut {
		t.Errorf("cut %q", host)
	}
}

func TestVerify_secretRotates(t *testing.T) {
	secret := exampleSecret
	v := NewVerifier(Options{
		Now:  func() time.Time { return exampleTime },
		Keys: func(context.Context, string) (Key, bool) { return Key{Secret: secret}, true },
	})
	req := signed(nil)
	if _, err := v.Verify(context.Background(), &req, Scope{}); err != nil {
		t.Fatal(err)
	}
	secret = "another"
	if _, err := v.Verify(context.Background(), &req, Scope{}); err == nil {
		t.Error("the old secret still signs")
	}
}

func TestExplanation_cause(t *testing.T) {
	resign := func(f form, edit func(*Request)) Request {
		req := signed(nil)
		auth, _ := parse(&req)
		auth.splitCredential()
		if edit != nil {
			edit(&req)
		}
		signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
		if f.host == "" {
			f.host = req.Host
		}
		if f.payload == "" {
			f.payload = req.bodySHA256()
		}
		key := deriveKey(signer.Credentials.Secret, auth.date, exampleScope)
		try := attempt{scratch: new(scratch), req: &req, auth: &auth, key: &key}
		try.matches(f)
		sum := key.sign(nil, try.scratch.message)
		replaceInAuthorization(auth.signature, hexOf(sum[:]))(&req)
		return req
	}
	tests := []struct {
		want Cause
		req  Request
	}{
		{PathEncodedOnce, resign(form{path: pathEncodedOnce}, func(r *Request) { r.Path = "/prod/a%20b" })},
		{PathNotNormalised, resign(form{path: pathEncodedTwice}, func(r *Request) { r.Path = "/prod//b" })},
		{QueryNotSorted, resign(form{queryAsSent: true}, nil)},
		{HostChanged, resign(form{host: "api.example.com"}, func(r *Request) {
			r.Headers = append(r.Headers, Header{"X-Forwarded-Host", "api.example.com"})
		})},
		{PayloadUnsigned, resign(form{payload: unsignedPayload}, nil)},
		{BodyNotSigned, resign(form{payload: emptySHA256}, nil)},
		{BodyChanged, resign(form{payload: strings.Repeat("a", 64)}, func(r *Request) {
			r.Headers = append(r.Headers, Header{"X-Amz-Content-Sha256", strings.Repeat("a", 64)})
		})},
		{SignedHeaderMissing, signed(without("Content-Type"))},
		{WrongSecretOrChanged, signed(func(r *Request) { r.Path = "/prod/other" })},
	}
	for _, test := range tests {
		t.Run(test.want.String(), func(t *testing.T) {
			_, err := exampleVerifier("").Verify(context.Background(), &test.req, exampleScope)
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatal("accepted")
			}
			if failed.Explanation.Cause != test.want {
				t.Errorf("cause %q, want %q: %s", failed.Explanation.Cause, test.want, failed.Explanation.String())
			}
			if known := test.want != WrongSecretOrChanged; known != (failed.Explanation.Difference.Line > 0) {
				t.Errorf("differs at %+v", failed.Explanation.Difference)
			}
		})
	}
}

func TestExplanation_hidesToken(t *testing.T) {
	const token = "VERYSECRETTOKEN"
	v := exampleVerifier(token)
	for _, presign := range []bool{false, true} {
		req := Request{Method: "GET", Host: "example.com"}
		signer := Signer{Credentials: Credentials{exampleID, "wrong", token}, Scope: exampleScope}
		if presign {
			signer.Presign(&req, exampleTime, time.Minute)
		} else {
			signer.Sign(&req, exampleTime)
		}
		_, err := v.Verify(context.Background(), &req, Scope{})
		if err == nil {
			t.Fatal("accepted")
		}
		e := err.(*Error).Explanation
		if strings.Contains(e.Canonical+e.StringToSign+e.SignerCanonical+e.String(), token) {
			t.Errorf("tells the token: %+v", e)
		}
	}
}

// TestVerify_concurrent: one Verifier serves everybody at once, whatever slots of the cache their keys share.
func TestVerify_concurrent(t *testing.T) {
	v := NewVerifier(Options{
		Now:  func() time.Time { return exampleTime },
		Keys: func(_ context.Context, id string) (Key, bool) { return Key{Secret: "secret of " + id}, true },
	})
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range 300 {
				id := fmt.Sprintf("AKIA%d-%d", worker, i)
				req := Request{Method: "GET", Path: "/" + id, RawQuery: "b=2&a=1", Host: "example.com"}
				signer := Signer{Credentials: Credentials{AccessKeyID: id, Secret: "secret of " + id}, Scope: exampleScope}
				signer.Sign(&req, exampleTime)
				if got, err := v.Verify(context.Background(), &req, exampleScope); err != nil || got.AccessKeyID != id {
					t.Errorf("%s: %+v, %v", id, got, err)
				}
			}
		})
	}
	group.Wait()
}
