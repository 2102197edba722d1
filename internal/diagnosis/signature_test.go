package diagnosis_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	iamapi "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/diagnosis"
)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// signedApi makes GET /{any+} with AWS_IAM, and a user who may call it.
func signedApi(t *testing.T) (w *world, credentials aws.Credentials) {
	t.Helper()
	w = newWorld(t)
	proxy := w.resource(w.root, "{any+}")
	w.authorized(proxy, "GET", "AWS_IAM", mock(), "200")
	w.answer(proxy, "GET", "200", nil)
	w.deploy()
	name := "caller"
	_, err := w.iam.CreateUser(w.ctx, &iamapi.CreateUserInput{UserName: name})
	w.check(err)
	_, err = w.iam.PutUserPolicy(w.ctx, &iamapi.PutUserPolicyInput{
		UserName: name, PolicyName: "all", PolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
	})
	w.check(err)
	made, err := w.iam.CreateAccessKey(w.ctx, &iamapi.CreateAccessKeyInput{UserName: &name})
	w.check(err)
	return w, aws.Credentials{AccessKeyID: made.AccessKey.AccessKeyId, SecretAccessKey: made.AccessKey.SecretAccessKey}
}

// sendSigned signs with the SDK, lets change the request, and explains what comes of it.
func (w *world) sendSigned(credentials aws.Credentials, target string, change func(*http.Request)) *diagnosis.Explanation {
	w.t.Helper()
	_, port, _ := strings.Cut(w.address, ":")
	host := w.apiId + ".execute-api.localhost:" + port
	request, err := http.NewRequest(http.MethodGet, "http://"+host+target, http.NoBody)
	w.check(err)
	request.Header.Set("X-Tenant", "acme-tenant-42")
	w.check(v4.NewSigner().SignHTTP(w.t.Context(), credentials, request, emptyHash, "execute-api", region, time.Now()))
	if change != nil {
		change(request)
	}
	request.URL.Host, request.Host = w.address, host
	response, err := http.DefaultClient.Do(request)
	w.check(err)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		w.t.Fatalf("answered %s: %+v", response.Status, w.explain(response.Header.Get("x-amzn-RequestId")).Finding)
	}
	return w.explain(response.Header.Get("x-amzn-RequestId"))
}

// The line that differs is shown where it is known, the canonical request where not, and
// no value that may be secret.
func TestSignature(t *testing.T) {
	w, credentials := signedApi(t)
	wrong := credentials
	wrong.SecretAccessKey = "another"
	for name, c := range map[string]struct {
		explanation *diagnosis.Explanation
		want, never []string
	}{
		"a proxy adds a prefix": {
			w.sendSigned(credentials, "/pets?code=123456", func(r *http.Request) { r.URL.Path = "/prod/pets" }),
			[]string{"differs     line 2 of the canonical request, the path\n                client  /pets\n                server  /prod/pets\n", "the path arrived with /prod in front, which was not signed", "QUERY_CODE"},
			[]string{"compare"},
		},
		"another secret": {
			w.sendSigned(wrong, "/prod/pets?code=123456", nil),
			[]string{"compare     the server's canonical request, and its string to sign:\n                GET\n                /prod/pets\n                code=(6 characters)\n", "x-tenant:(14 characters, SHA-256 ", "AWS4-HMAC-SHA256", "boto3.set_stream_logger"},
			[]string{"differs"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			w.check((diagnosis.Print{HelpBase: "http://h/kb/"}).Write(&b, c.explanation))
			text, err := json.Marshal(c.explanation)
			w.check(err)
			for _, part := range c.want {
				contains(t, b.String(), part)
			}
			for _, part := range append(c.never, "acme", "123456", credentials.SecretAccessKey) {
				if strings.Contains(b.String(), part) || part != "differs" && part != "compare" && bytes.Contains(text, []byte(part)) {
					t.Errorf("%q is in %s\n%s", part, b.String(), text)
				}
			}
			if c.explanation.ErrorId != "GH-A401" || c.explanation.Signature == nil || len(c.explanation.Signature.CanonicalRequest) < 9 {
				t.Errorf("%s", text)
			}
			contains(t, string(text), `"signature":{`)
		})
	}
}

// Text is broken for a terminal's width; commands are not, and lines that are compared.
func TestTerminal_width(t *testing.T) {
	w, credentials := signedApi(t)
	explanation := w.sendSigned(credentials, "/a", func(r *http.Request) { r.URL.Path = "/prod/" + strings.Repeat("long", 30) })
	for _, width := range []int{40, 80, 110} {
		var b strings.Builder
		w.check((diagnosis.Print{Width: width, HelpBase: "http://h/kb/"}).Write(&b, explanation))
		for line := range strings.Lines(b.String()) {
			if len([]rune(strings.TrimSuffix(line, "\n"))) > width && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "longlong") && !strings.Contains(line, "SHA-256") {
				t.Errorf("%d: %s", width, line)
			}
		}
	}
}

// What a client sent moves no cursor: escapes are shown as such.
func TestTerminal_escapes(t *testing.T) {
	var b strings.Builder
	e := &diagnosis.Explanation{HttpMethod: "GET", Path: "/\x1b[2J", Finding: diagnosis.Finding{
		ErrorId: "GH-W202", Found: "the key \x1b]0;title\a\u202e", Fix: diagnosis.Fix{Text: "x", Command: "aws 'a\x1b[1mb'"},
	}}
	if err := (diagnosis.Print{}).Write(&b, e); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\a\u202e") {
		t.Errorf("%q", b.String())
	}
	contains(t, b.String(), `/\x1b[2J`)
	contains(t, b.String(), `\x1b]0;title\a\u202e`)
}
