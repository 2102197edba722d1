package exchangetest

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

// Issuer is the identity provider of the fixtures; its Provider signs their tokens.
const Issuer = "https://issuer.example.com"

var tokenKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// Provider publishes the key that signs tokens. It implements authorizer.Documents.
type Provider struct{}

// Fetch answers the discovery of an issuer, and its keys.
func (Provider) Fetch(_ context.Context, url string) ([]byte, error) {
	if strings.HasSuffix(url, "/openid-configuration") {
		return []byte(`{"jwks_uri":"` + Issuer + `/keys"}`), nil
	}
	n := base64.RawURLEncoding.EncodeToString(tokenKey().N.Bytes())
	e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(tokenKey().E)).Bytes())
	return []byte(`{"keys":[{"kty":"RSA","kid":"k1","n":"` + n + `","e":"` + e + `"}]}`), nil
}

// SignToken signs claims, JSON; what defaults and exp they lack is added.
func SignToken(t *testing.T, content string, defaults map[string]any) string {
	t.Helper()
	claims := jwt.MapClaims{"exp": Now().Add(time.Hour).Unix()}
	for name, value := range defaults {
		claims[name] = value
	}
	if err := json.Unmarshal([]byte(content), &claims); err != nil {
		t.Fatal(err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = "k1"
	text, err := token.SignedString(tokenKey())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// ForeignAccount is not the account of the APIs.
const ForeignAccount = "999988887777"

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// Signer verifies signatures of the access keys that fixtures sign with, by a line
// "Sign: {id}". It implements the pipelines' Authenticator.
//
//	AKIAALLOWED        a user of the API's account who may invoke everything
//	AKIAREFRESHES      a user of the API's account who may do everything with APIs
//	AKIASILENT         a user of the API's account whose policies say nothing
//	AKIADENIED         a user of the API's account whom a policy denies everything
//	AKIAFOREIGN        a user of another account who may invoke everything
//	AKIAFOREIGNSILENT  a user of another account whose policies say nothing
//	AKIAFOREIGNDENIED  a user of another account whom a policy denies everything
//	AKIAWRONG          a user whose secret is another, so that the signature does not match
//	AKIAUNKNOWN        nobody
type Signer struct {
	keys     map[string]iam.AccessKey
	verifier *sigv4.Verifier
}

// NewSigner knows the keys.
func NewSigner() *Signer {
	s := &Signer{keys: map[string]iam.AccessKey{}}
	s.add("AKIAALLOWED", Account, "Allow", "execute-api:Invoke")
	s.add("AKIAREFRESHES", Account, "Allow", "execute-api:*")
	s.add("AKIASILENT", Account, "", "")
	s.add("AKIADENIED", Account, "Deny", "execute-api:Invoke")
	s.add("AKIAFOREIGN", ForeignAccount, "Allow", "execute-api:Invoke")
	s.add("AKIAFOREIGNSILENT", ForeignAccount, "", "")
	s.add("AKIAFOREIGNDENIED", ForeignAccount, "Deny", "execute-api:Invoke")
	s.add("AKIAWRONG", Account, "Allow", "execute-api:Invoke")
	s.verifier = sigv4.NewVerifier(sigv4.Options{
		Keys: func(_ context.Context, id string) (sigv4.Key, bool) {
			key, ok := s.keys[id]
			return sigv4.Key{Secret: key.Secret}, ok
		},
		Now: Now,
	})
	return s
}

func (s *Signer) add(id, account, effect, action string) {
	key := iam.AccessKey{ID: id, Secret: secret, Principal: &iam.Principal{
		Type: iam.User, Account: account, ARN: "arn:aws:iam::" + account + ":user/sam", UserID: "AIDASAM", UserName: "sam",
	}}
	if id == "AKIAWRONG" {
		key.Secret = "another"
	}
	if effect != "" {
		document := `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Action":"` + action + `","Resource":"*"}]}`
		policy, err := iam.Compile([]byte(document), iam.IdentityPolicy, "policy of sam")
		if err != nil {
			panic(err)
		}
		key.Policies.Identity = []*iam.Policy{policy}
	}
	s.keys[id] = key
}

// Authenticate says who signed.
func (s *Signer) Authenticate(ctx context.Context, request *sigv4.Request, scope sigv4.Scope) (iam.AccessKey, error) {
	verified, err := s.verifier.Verify(ctx, request, scope)
	return s.keys[verified.AccessKeyID], err
}

// signLines replaces a line "Sign: {access key}" by a signature of the request, with the
// session token of a line "Session-Token: {token}".
func signLines(lines []string, body []byte) []string {
	method, rest, _ := strings.Cut(lines[0], " ")
	target, _, _ := strings.Cut(rest, " ")
	path, query, _ := strings.Cut(target, "?")
	request := &sigv4.Request{Method: method, Path: path, RawQuery: query, Body: body}
	id, sessionToken, kept := "", "", lines[:1:1]
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case name == "Sign":
			id = value
			continue
		case name == "Session-Token":
			sessionToken = value
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
		Credentials: sigv4.Credentials{AccessKeyID: id, Secret: secret, SessionToken: sessionToken},
		Scope:       sigv4.Scope{Region: Region, Service: "execute-api"},
	}
	signer.Sign(request, Now())
	for _, header := range request.Headers[before:] {
		kept = append(kept, header.Name+": "+header.Value)
	}
	return kept
}
