package httpapi_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gatehouse/internal/iam"
	"gatehouse/internal/sigv4"
)

// testIssuer signs the tokens of fixtures.
const testIssuer = "https://issuer.example.com"

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// provider is the identity provider of fixtures.
type provider struct{}

// Fetch implements authorizer.Documents.
func (provider) Fetch(_ context.Context, url string) ([]byte, error) {
	if strings.HasSuffix(url, "/openid-configuration") {
		return []byte(`{"jwks_uri":"` + testIssuer + `/keys"}`), nil
	}
	n := base64.RawURLEncoding.EncodeToString(testKey().N.Bytes())
	e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(testKey().E)).Bytes())
	return []byte(`{"keys":[{"kty":"RSA","kid":"k1","n":"` + n + `","e":"` + e + `"}]}`), nil
}

// signToken signs claims. iss, aud and exp are added where they are missing.
func signToken(t *testing.T, content string) string {
	t.Helper()
	claims := jwt.MapClaims{"iss": testIssuer, "aud": "app", "exp": fixedTime.Add(time.Hour).Unix()}
	if err := json.Unmarshal([]byte(content), &claims); err != nil {
		t.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = "k1"
	text, err := token.SignedString(testKey())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const testSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// signer knows AKIAALLOWED, which may invoke everything, and AKIASILENT, which may not.
type signer struct{ verifier *sigv4.Verifier }

func testSigner() signer {
	return signer{sigv4.NewVerifier(sigv4.Options{
		Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
			return sigv4.Key{Secret: testSecret}, id == "AKIAALLOWED" || id == "AKIASILENT"
		},
		Now: fixedNow,
	})}
}

// Authenticate implements httpapi.Authenticator.
func (s signer) Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error) {
	verified, err := s.verifier.Verify(ctx, request, scope)
	if err != nil {
		return iam.AccessKey{}, err
	}
	key := iam.AccessKey{ID: verified.AccessKeyID, Principal: &iam.Principal{
		Type: iam.User, Account: testAccount, ARN: "arn:aws:iam::" + testAccount + ":user/sam", UserID: "AIDASAM", UserName: "sam",
	}}
	if key.ID == "AKIAALLOWED" {
		policy, err := iam.Compile([]byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}]}`), iam.IdentityPolicy, "policy of sam")
		if err != nil {
			return iam.AccessKey{}, err
		}
		key.Policies.Identity = []*iam.Policy{policy}
	}
	return key, nil
}

// signLines replaces a line "Sign: {access key}" by a signature of the request.
func signLines(t *testing.T, lines []string, body []byte) []string {
	t.Helper()
	method, rest, _ := strings.Cut(lines[0], " ")
	target, _, _ := strings.Cut(rest, " ")
	path, query, _ := strings.Cut(target, "?")
	request := &sigv4.Request{Method: method, Path: path, RawQuery: query, Body: body}
	id, kept := "", lines[:1:1]
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case name == "Sign":
			id = value
			continue
		case strings.EqualFold(name, "Host"):
			request.Host = value
		default:
			request.Headers = append(request.Headers, sigv4.Header{Name: name, Value: value})
		}
		kept = append(kept, line)
	}
	if id == "" {
		return kept
	}
	before := len(request.Headers)
	signer := sigv4.Signer{
		Credentials: sigv4.Credentials{AccessKeyID: id, Secret: testSecret}, Scope: sigv4.Scope{Region: testRegion, Service: "execute-api"},
	}
	signer.Sign(request, fixedTime)
	for _, header := range request.Headers[before:] {
		kept = append(kept, header.Name+": "+header.Value)
	}
	return kept
}
