// Known from: STS API Reference, AssumeRoleWithWebIdentity; IAM User Guide, reference_policies_iam-condition-keys.md
// (keys of web identity federation); messages as in public reports.

package sts

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/golang-jwt/jwt/v5"
)

// issuer is an OpenID Connect issuer on this machine.
type issuer struct {
	*httptest.Server
	key *rsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{
			{"kty": "RSA", "kid": "k", "use": "sig", "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": "AQAB"},
		}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// token is a token of the issuer; change may spoil it.
func (i *issuer) token(t *testing.T, change func(claims jwt.MapClaims)) string {
	t.Helper()
	claims := jwt.MapClaims{"iss": i.URL, "aud": "app", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix()}
	if change != nil {
		change(claims)
	}
	made := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	made.Header["kid"] = "k"
	text, err := made.SignedString(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// federated trusts the issuer, for subject alice.
func (f *fixture) federated(i *issuer) {
	f.Helper()
	made, err := f.other.CreateOpenIDConnectProvider(f.ctx, &iam.CreateOpenIDConnectProviderInput{Url: &i.URL, ClientIDList: []string{"app"}})
	arn := *must(f, made, err).OpenIDConnectProviderArn
	host := strings.TrimPrefix(i.URL, "http://")
	f.setTrust(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + arn + `"},"Action":"sts:AssumeRoleWithWebIdentity",` +
		`"Condition":{"StringEquals":{"` + host + `:aud":"app","` + host + `:sub":"alice"}}}]}`)
}

func (f *fixture) withToken(token string) (*sts.AssumeRoleWithWebIdentityOutput, error) {
	anonymous := f.server.Sts(f, aws.AnonymousCredentials{})
	return anonymous.AssumeRoleWithWebIdentity(f.ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn: f.roleArn, RoleSessionName: aws.String("web"), WebIdentityToken: &token,
	})
}

func TestAssumeRoleWithWebIdentity_good(t *testing.T) {
	f, i := newFixture(t), newIssuer(t)
	f.federated(i)
	out, err := f.withToken(i.token(t, nil))
	must(t, out, err)
	if *out.SubjectFromWebIdentityToken != "alice" || *out.Audience != "app" || !strings.Contains(*out.Provider, ":oidc-provider/127.0.0.1:") {
		t.Errorf("got %s %s %s", *out.SubjectFromWebIdentityToken, *out.Audience, *out.Provider)
	}
	who, err := f.server.Sts(t, provider(out.Credentials)).GetCallerIdentity(f.ctx, nil)
	if must(t, who, err); *who.Arn != "arn:aws:sts::"+otherAccount+":assumed-role/"+*f.roleName+"/web" {
		t.Errorf("got %s", *who.Arn)
	}
}

func TestAssumeRoleWithWebIdentity_bad(t *testing.T) {
	f, i, stranger := newFixture(t), newIssuer(t), newIssuer(t)
	_, err := f.withToken(i.token(t, nil))
	wantError(t, err, "InvalidIdentityToken", "No OpenIDConnect provider found in your account for "+i.URL)
	f.federated(i)
	unsigned, noneErr := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": i.URL, "aud": "app", "sub": "alice", "exp": time.Now().Add(time.Hour).Unix()}).
		SignedString(jwt.UnsafeAllowNoneSignatureType)
	must(t, 0, noneErr)
	cases := map[string]struct{ token, code, message string }{
		"another subject":  {i.token(t, func(c jwt.MapClaims) { c["sub"] = "mallory" }), "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"},
		"another audience": {i.token(t, func(c jwt.MapClaims) { c["aud"] = "other" }), "InvalidIdentityToken", "Incorrect token audience"},
		"another party":    {i.token(t, func(c jwt.MapClaims) { c["azp"] = "other" }), "InvalidIdentityToken", "Incorrect token audience"},
		"expired":          {i.token(t, func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() }), "ExpiredTokenException", ""},
		"never expires":    {i.token(t, func(c jwt.MapClaims) { delete(c, "exp") }), "InvalidIdentityToken", "Missing a required claim: exp"},
		"not yet":          {i.token(t, func(c jwt.MapClaims) { c["nbf"] = time.Now().Add(time.Hour).Unix() }), "InvalidIdentityToken", ""},
		"another's key":    {stranger.token(t, func(c jwt.MapClaims) { c["iss"] = i.URL }), "InvalidIdentityToken", "Couldn't verify the signature of the ID Token"},
		"no signature":     {unsigned, "InvalidIdentityToken", "Couldn't verify the signature of the ID Token"},
		"no token":         {"not-a-token", "InvalidIdentityToken", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := f.withToken(c.token)
			wantError(t, err, c.code, c.message)
			if strings.Contains(f.server.Log.String(), c.token) {
				t.Error("the log holds the token")
			}
		})
	}
}

func TestAssumeRoleWithWebIdentity_issuerAway(t *testing.T) {
	f, i := newFixture(t), newIssuer(t)
	f.federated(i)
	i.Close()
	_, err := f.withToken(i.token(t, nil))
	wantError(t, err, "IDPCommunicationError", "")
}

// Without a token of an issuer nothing is open.
func TestAssumeRoleWithWebIdentity_onlyItIsUnsigned(t *testing.T) {
	f := newFixture(t)
	anonymous := f.server.Sts(t, aws.AnonymousCredentials{})
	_, err := anonymous.GetCallerIdentity(f.ctx, nil)
	wantError(t, err, "MissingAuthenticationToken", "Request is missing Authentication Token")
	_, err = anonymous.AssumeRole(f.ctx, &sts.AssumeRoleInput{RoleArn: f.roleArn, RoleSessionName: aws.String("session")})
	wantError(t, err, "MissingAuthenticationToken", "")
	f.setTrust(strings.Replace(f.trust(nil), `{"AWS":"`+*f.user.Arn+`"}`, `"*"`, 1))
	form := url.Values{"Action": {"AssumeRole"}, "Version": {"2011-06-15"}, "RoleArn": {*f.roleArn}, "RoleSessionName": {"session"}}
	for _, query := range []string{"?Action=AssumeRoleWithWebIdentity", "?Action=AssumeRoleWithWebIdentity&Version=2011-06-15", ""} {
		form["Action"] = []string{"AssumeRole"}
		if query == "" {
			form["Action"] = []string{"AssumeRoleWithWebIdentity", "AssumeRole"}
		}
		response, err := http.PostForm(f.server.URL+"/"+query, form)
		body, _ := io.ReadAll(must(t, response, err).Body)
		if response.StatusCode == http.StatusOK || strings.Contains(string(body), "SecretAccessKey") {
			t.Errorf("with %q: %d %s", query, response.StatusCode, body)
		}
		_ = response.Body.Close()
	}
}
