package sigv4

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	exampleID     = "AKIDEXAMPLE"
	exampleSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
)

var (
	exampleTime  = time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	exampleScope = Scope{Region: "us-east-1", Service: "service"}
)

// exampleVerifier knows the one key, with the session token given.
func exampleVerifier(token string) *Verifier {
	return NewVerifier(Options{
		Now:     func() time.Time { return exampleTime },
		Explain: true,
		Keys: func(_ context.Context, id string) (Key, bool) {
			return Key{Secret: exampleSecret, SessionToken: token}, id == exampleID
		},
	})
}

// parseRequest reads a request as the suite writes it: raw bytes in the path, folded headers.
func parseRequest(text string) Request {
	head, body, _ := strings.Cut(strings.TrimSuffix(text, "\n"), "\n\n")
	lines := strings.Split(head, "\n")
	first, last := strings.Index(lines[0], " "), strings.LastIndex(lines[0], " ")
	path, query, _ := strings.Cut(lines[0][first+1:last], "?")
	req := Request{Method: lines[0][:first], Path: path, RawQuery: query, Body: []byte(body)}
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, " ") {
			req.Headers[len(req.Headers)-1].Value += "\n" + line
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		if strings.EqualFold(name, "host") {
			req.Host = value
			continue
		}
		req.Headers = append(req.Headers, Header{name, value})
	}
	return req
}

// tokenOf finds the session token of a request, wherever it stands.
func tokenOf(req *Request) string {
	if token, found := req.header("X-Amz-Security-Token"); found {
		return token
	}
	token, _ := req.queryValue("X-Amz-Security-Token")
	return token
}

// file is a section of a txtar archive.
type file struct {
	Name, Data string
}

func suite(t testing.TB) []file {
	t.Helper()
	data, err := os.ReadFile("testdata/signature-v4-test-suite.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var files []file
	for _, section := range strings.Split(string(data), "\n-- ")[1:] {
		name, text, _ := strings.Cut(section, " --\n")
		files = append(files, file{name, text})
	}
	if len(files) < 70 {
		t.Fatalf("the suite has %d cases, want at least 70", len(files))
	}
	return files
}

func TestSuite(t *testing.T) {
	for _, file := range suite(t) {
		t.Run(file.Name, func(t *testing.T) {
			req := parseRequest(file.Data)
			if strings.Contains(file.Name, "-unnormalized/") {
				testUnnormalised(t, &req)
				return
			}
			got, err := exampleVerifier(tokenOf(&req)).Verify(context.Background(), &req, exampleScope)
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != exampleID || got.Scope != exampleScope || !got.SignedAt.Equal(exampleTime) ||
				got.Presigned != strings.HasSuffix(file.Name, "/query") {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// testUnnormalised checks the form without normalisation, and that a mismatch is traced to it.
func testUnnormalised(t *testing.T, req *Request) {
	t.Helper()
	auth, failed := parse(req)
	if failed != nil || !auth.splitCredential() {
		t.Fatal(failed)
	}
	key := deriveKey(exampleSecret, auth.date, exampleScope)
	try := attempt{scratch: new(scratch), req: req, auth: &auth, key: &key}
	if !try.matches(form{path: pathEncodedTwice, host: req.Host, payload: req.bodySHA256()}) {
		t.Errorf("does not match:\n%s", try.scratch.canonical)
	}
	_, err := exampleVerifier("").Verify(context.Background(), req, exampleScope)
	if normalise(req.Path) == req.Path {
		if err != nil {
			t.Error(err)
		}
		return
	}
	if err == nil {
		t.Fatal("accepted a path that was not normalised")
	}
	if cause := err.(*Error).Explanation.Cause; cause != PathNotNormalised {
		t.Errorf("cause %q, want %q", cause, PathNotNormalised)
	}
}

// TestSuite_sign makes each signature of the suite anew.
func TestSuite_sign(t *testing.T) {
	for _, file := range suite(t) {
		if strings.Contains(file.Name, "unnormalized") || strings.Contains(file.Name, "post-sts-header-after") {
			continue // signed by other rules than ours
		}
		name, isHeader := strings.CutSuffix(file.Name, "/header")
		if !isHeader {
			continue
		}
		t.Run(name, func(t *testing.T) {
			req := parseRequest(file.Data)
			want, _ := req.header("Authorization")
			signer := Signer{
				Credentials:    Credentials{exampleID, exampleSecret, tokenOf(&req)},
				Scope:          exampleScope,
				SignAllHeaders: true,
			}
			signer.Sign(&req, exampleTime)
			if got, _ := req.header("Authorization"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestSigner_Presign(t *testing.T) {
	for _, token := range []string{"", "to/ken+=="} {
		req := Request{Method: "GET", Path: "/prod/pets", RawQuery: "b=2&a=1", Host: "api.example.com:4566"}
		signer := Signer{Credentials: Credentials{exampleID, exampleSecret, token}, Scope: exampleScope}
		signer.Presign(&req, exampleTime, time.Hour)
		v := exampleVerifier(token)
		if _, err := v.Verify(context.Background(), &req, exampleScope); err != nil {
			t.Error(err)
		}
		v.options.Now = func() time.Time { return exampleTime.Add(time.Hour + time.Second) }
		_, err := v.Verify(context.Background(), &req, exampleScope)
		const want = "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T133601Z - 60 min.)"
		if err == nil || err.(*Error).Message != want {
			t.Errorf("got %v\nwant %s", err, want)
		}
	}
}
