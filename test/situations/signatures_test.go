package situations

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
)

// signatureSituations are requests that the SDK signs and that arrive changed, or that are
// signed by its rules for another service: the explanation has the line that differs, and
// the printed command signs right.
func signatureSituations() []situation {
	mismatch := func(name string, signed *signing, says ...string) situation {
		return situation{
			name: "E15 " + name, errorId: "GH-A401", status: http.StatusForbidden, sends: true, says: says,
			arrange: func(w *world) *request {
				w.signedApi()
				return w.sdkSigned(signed)
			},
			before: func(w *world) {
				w.setenv("HEADER_X_TENANT", "acme")
				w.setenv("QUERY_PAGE", "1")
				w.setenv("QUERY_SIZE", "2")
				w.file("body", signed.body)
			},
		}
	}
	return []situation{
		mismatch("the path is encoded as for S3", &signing{path: "/prod/a%20b", forS3: true},
			"the client encoded the path once", "line 2 path: client /prod/a%20b, server /prod/a%2520b", "python3 -c"),
		mismatch("a proxy adds the stage to the path", &signing{path: "/pets", arrives: func(r *request) { r.path = "/prod/pets" }},
			"the path arrived with /prod in front", "\nline 2 path: client /pets, server /prod/pets"),
		mismatch("a proxy sets another Host", &signing{path: "/prod/pets", host: "api.example.com", arrives: func(r *request) {
			r.header["X-Forwarded-Host"] = "api.example.com"
		}}, "the client signed the host api.example.com of X-Forwarded-Host", "header host: client host:api.example.com, server host:{api}.execute-api.localhost"),
		mismatch("the query is not signed", &signing{path: "/prod/pets", arrives: func(r *request) { r.path += "?size=2&page=1" }},
			"the client left the query out", "line 3 query: client , server page=(1 character)&size=(1 character)", "?page=$QUERY_PAGE&size=$QUERY_SIZE", "Set $QUERY_"),
		mismatch("the body is not signed", &signing{method: "POST", path: "/prod/pets", body: `{"name":"rex"}`, payload: hashOf("")},
			"the client signed an empty body", "payload hash: client "+hashOf("")+", server "+hashOf(`{"name":"rex"}`), "-X POST", "--data-binary @body", "Put the body into the file body"),
		mismatch("UNSIGNED-PAYLOAD", &signing{method: "POST", path: "/prod/pets", body: `{"name":"rex"}`, payload: "UNSIGNED-PAYLOAD"},
			"Amazon S3 alone", "payload hash: client UNSIGNED-PAYLOAD, server "+hashOf(`{"name":"rex"}`)),
		mismatch("the body loses its newline", &signing{method: "POST", path: "/prod/pets", body: `{"name":"rex"}`, payload: hashOf("{\"name\":\"rex\"}\n")},
			"another end of line", "--data-binary"),
		mismatch("a library adds a charset", &signing{path: "/prod/pets", header: map[string]string{"Content-Type": "application/json"}, arrives: func(r *request) {
			r.header["Content-Type"] = "application/json; charset=utf-8"
		}}, "header content-type: client content-type:application/json, server content-type:application/json; charset=utf-8", `-H "Content-Type: application/json; charset=utf-8"`),
		mismatch("a signed header does not arrive", &signing{path: "/prod/pets", header: map[string]string{"X-Trace": "1"}, arrives: func(r *request) {
			delete(r.header, "X-Trace")
		}}, "signed headers did not arrive: x-trace", "header x-trace: client x-trace:(a value that did not arrive), server x-trace:"),
		mismatch("a secret with a newline", &signing{path: "/prod/pets", secret: func(secret string) string { return secret + "\n" }},
			"the secret that signed has a newline behind it", "Take white space off"),
		mismatch("another secret", &signing{path: "/prod/pets", header: map[string]string{"X-Tenant": "acme"}, secret: func(string) string { return "another" }},
			"another secret signed, or something that is signed was changed", "compare GET /prod/pets", "x-tenant:(4 characters)", `"X-Tenant: $HEADER_X_TENANT"`, "Set $HEADER_X_TENANT first"),
		mismatch("another secret and a path that curl signs wrong", &signing{path: "/prod/it's%20$(touch%20pwned)", secret: func(string) string { return "another" }},
			"python3 -c", "curl does not sign a path with such characters right"),
	}
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// signing is how a request is signed, and how it arrives.
type signing struct {
	method, path, body string
	host               string // that is signed; "" is the API's
	payload            string // that is signed; "" is the body's hash
	header             map[string]string
	forS3              bool                // encodes the path once
	secret             func(string) string // from the right one
	arrives            func(r *request)
}

// signedApi makes ANY /{any+} with AWS_IAM, beside what iamOrders makes.
func (w *world) signedApi() {
	w.t.Helper()
	w.iamOrders(true)
	proxy := w.resource(w.root, "{any+}")
	w.authorized(proxy, apigateway.PutMethodInput{HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("AWS_IAM")}, mock(), "200")
	w.answer(proxy, "ANY", "200", "")
	w.deploy()
}

// sdkSigned is a request that the SDK signs with the key of the user.
func (w *world) sdkSigned(s *signing) *request {
	w.t.Helper()
	id, secret, _ := strings.Cut(w.user, ":")
	if s.secret != nil {
		secret = s.secret(secret)
	}
	host, payload := s.host, s.payload
	if host == "" {
		host = w.host()
	}
	if payload == "" {
		payload = hashOf(s.body)
	}
	signed, err := http.NewRequestWithContext(w.ctx(), s.method, "http://"+host+s.path, strings.NewReader(s.body))
	w.check(err)
	for name, value := range s.header {
		signed.Header.Set(name, value)
	}
	w.check(v4.NewSigner().SignHTTP(w.ctx(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: w.token}, signed, payload, "execute-api", region, time.Now(), func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = s.forS3
	}))
	sent := &request{method: s.method, path: s.path, body: s.body, header: map[string]string{}}
	for name := range signed.Header {
		sent.header[name] = signed.Header.Get(name)
	}
	if s.arrives != nil {
		s.arrives(sent)
	}
	return sent
}
