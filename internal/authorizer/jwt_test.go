package authorizer

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

const issuerUrl = "https://issuer.example.com/pool"

// issuer is an identity provider with keys, some of which it publishes.
type issuer struct {
	mu        sync.Mutex
	published map[string]*rsa.PrivateKey
	fetched   []string
	err       error
}

var testKeys = sync.OnceValue(func() [2]*rsa.PrivateKey {
	var keys [2]*rsa.PrivateKey
	for i := range keys {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = key
	}
	return keys
})

func newIssuer() *issuer {
	return &issuer{published: map[string]*rsa.PrivateKey{"k1": testKeys()[0]}}
}

func (i *issuer) Fetch(_ context.Context, url string) ([]byte, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetched = append(i.fetched, url)
	if i.err != nil {
		return nil, i.err
	}
	if url == issuerUrl+discoveryPath {
		return []byte(`{"issuer":"` + issuerUrl + `","jwks_uri":"` + issuerUrl + `/keys"}`), nil
	}
	var set struct{ Keys []map[string]string }
	set.Keys = append(set.Keys, map[string]string{"kty": "EC", "kid": "elliptic"})
	for kid, key := range i.published {
		set.Keys = append(set.Keys, map[string]string{
			"kty": "RSA", "kid": kid, "n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		})
	}
	text, err := json.Marshal(map[string]any{"keys": set.Keys})
	return text, err
}

func sign(t testing.TB, key *rsa.PrivateKey, kid string, content map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(content))
	if kid != "" {
		token.Header["kid"] = kid
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func goodClaims(change map[string]any) map[string]any {
	now := newClock().Now().Unix()
	content := map[string]any{"iss": issuerUrl, "aud": "app", "sub": "user", "exp": now + 600, "iat": now - 10}
	for name, value := range change {
		if value == nil {
			delete(content, name)
		} else {
			content[name] = value
		}
	}
	return content
}

func jwtSettings() *Jwt {
	return &Jwt{AuthorizerId: "jwt", Issuer: issuerUrl, Audiences: []string{"other", "app"},
		Source: IdentitySource{Location: LocationHeader, Name: "Authorization", Text: "$request.header.Authorization"}}
}

// Source: guide, http-api-jwt-authorizer.md; the audience's text from
// http-api-troubleshooting-jwt.md; the other texts are unconfirmed.
func TestJwtClaims(t *testing.T) {
	now := newClock().Now().Unix()
	for _, test := range []struct {
		name      string
		change    map[string]any
		scopes    []string
		want      fault.Id
		challenge string
	}{
		{name: "good"},
		{name: "audience in a list", change: map[string]any{"aud": []string{"x", "app"}}},
		{name: "client_id for aud", change: map[string]any{"aud": nil, "client_id": "app"}},
		{name: "aud before client_id", change: map[string]any{"aud": "x", "client_id": "app"}, want: fault.JwtRejected,
			challenge: `Bearer scope="" error="invalid_token" error_description="the token does not have a valid audience"`},
		{name: "no audience", change: map[string]any{"aud": nil}, want: fault.JwtRejected},
		{name: "issuer with a slash", change: map[string]any{"iss": issuerUrl + "/"}, want: fault.JwtRejected},
		{name: "expired", change: map[string]any{"exp": now}, want: fault.JwtRejected},
		{name: "never expires", change: map[string]any{"exp": nil}, want: fault.JwtRejected},
		{name: "not yet", change: map[string]any{"nbf": now + 5}, want: fault.JwtRejected},
		{name: "already", change: map[string]any{"nbf": now}},
		{name: "issued in the future", change: map[string]any{"iat": now + 60}, want: fault.JwtRejected},
		{name: "scope", change: map[string]any{"scope": "a read:pets"}, scopes: []string{"write:pets", "read:pets"}},
		{name: "scp", change: map[string]any{"scp": []string{"a", "read:pets"}}, scopes: []string{"read:pets"}},
		{name: "no scope", scopes: []string{"read:pets", "b"}, want: fault.JwtScopeMissing,
			challenge: `Bearer scope="read:pets b" error="insufficient_scope" error_description="the token does not have a required scope"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
			token := sign(t, testKeys()[0], "k1", goodClaims(test.change))
			grant, refused := tokens.Authorize(t.Context(), jwtSettings(), "Bearer "+token, test.scopes)
			if test.want == "" {
				if refused != nil || grant == nil {
					t.Fatalf("refused: %v", refused)
				}
				return
			}
			if refused == nil || refused.Id() != test.want {
				t.Fatalf("got %v, want %s", refused, test.want)
			}
			var cause *TokenError
			if !errors.As(refused, &cause) {
				t.Fatal("the fault has no TokenError")
			}
			if test.challenge != "" && cause.Challenge() != test.challenge {
				t.Errorf("challenge %s", cause.Challenge())
			}
		})
	}
}

func TestJwtGrant(t *testing.T) {
	tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
	token := sign(t, testKeys()[0], "k1", goodClaims(map[string]any{
		"iat": nil, "groups": []any{"a", "b", 1}, "verified": true, "nothing": json.RawMessage("null"), "scope": "x y",
		"address": map[string]any{"city": "Bern"},
	}))
	grant, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil)
	if refused != nil {
		t.Fatal(refused)
	}
	want := []integration.Field{
		{Name: "address", Value: `{"city":"Bern"}`}, {Name: "aud", Value: "app"}, {Name: "exp", Value: "1700000600"}, {Name: "groups", Value: "[a b 1]"},
		{Name: "iss", Value: issuerUrl}, {Name: "scope", Value: "x y"}, {Name: "sub", Value: "user"}, {Name: "verified", Value: "true"},
	}
	if diff := cmp.Diff(want, grant.Claims); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"x", "y"}, grant.Scopes); diff != "" {
		t.Error(diff)
	}
}

func TestJwtForgeries(t *testing.T) {
	other := testKeys()[1]
	hmac, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(goodClaims(nil))).SignedString([]byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims(goodClaims(nil))).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	good := sign(t, testKeys()[0], "k1", goodClaims(nil))
	for name, token := range map[string]string{
		"signed by another key": sign(t, other, "k1", goodClaims(nil)), "no kid": sign(t, testKeys()[0], "", goodClaims(nil)),
		"unknown kid": sign(t, testKeys()[0], "k9", goodClaims(nil)), "HS256": hmac, "none": none, "text": "abc", "two parts": "a.b",
		"changed": good[:len(good)-4] + "AAAA", "not base64": "a.b.c", "too long": string(make([]byte, maxToken+1)),
	} {
		tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
		if _, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil); refused == nil || refused.Id() != fault.JwtRejected {
			t.Errorf("%s: got %v", name, refused)
		}
	}
	tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
	if _, refused := tokens.Authorize(t.Context(), jwtSettings(), "Bearer ", nil); refused == nil || refused.Id() != fault.IdentityMissing {
		t.Errorf("no token: %v", refused)
	}
}

func TestKeysAreCachedAndRefreshed(t *testing.T) {
	now, provider := newClock(), newIssuer()
	tokens := NewTokens(NewKeySets(provider, now.Now), now.Now)
	ask := func(kid string, key *rsa.PrivateKey) bool {
		t.Helper()
		content := goodClaims(map[string]any{"exp": now.Now().Add(time.Hour).Unix(), "jti": strconv.FormatInt(now.Now().UnixNano(), 10)})
		_, refused := tokens.Authorize(t.Context(), jwtSettings(), sign(t, key, kid, content), nil)
		return refused == nil
	}
	keys := testKeys()
	expect := func(what string, got, want bool, fetches int) {
		t.Helper()
		if got != want || len(provider.fetched) != fetches {
			t.Errorf("%s: accepted %v, want %v; %d documents fetched, want %d", what, got, want, len(provider.fetched), fetches)
		}
	}
	expect("first token", ask("k1", keys[0]), true, 2)
	expect("second token", ask("k1", keys[0]), true, 2)
	provider.published["k2"] = keys[1]
	expect("rotated at once", ask("k2", keys[1]), false, 2)
	now.pass(unknownKeyPause)
	expect("rotated later", ask("k2", keys[1]), true, 4)
	expect("unknown key at once", ask("k3", keys[1]), false, 4)
	now.pass(unknownKeyPause)
	expect("unknown key later", ask("k3", keys[1]), false, 6)
	provider.err = errors.New("unreachable")
	now.pass(keysTtl)
	expect("old keys while the issuer is away", ask("k1", keys[0]), true, 7)
	expect("and it is not asked again at once", ask("k1", keys[0]), true, 7)
	provider.err = nil
	delete(provider.published, "k1")
	now.pass(FailurePause)
	expect("a revoked key", ask("k1", keys[0]), false, 9)
}

func TestRevokedKeyForgetsVerifiedTokens(t *testing.T) {
	now, provider := newClock(), newIssuer()
	tokens := NewTokens(NewKeySets(provider, now.Now), now.Now)
	token := sign(t, testKeys()[0], "k1", goodClaims(map[string]any{"exp": now.Now().Add(4 * time.Hour).Unix()}))
	for range 2 {
		if _, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil); refused != nil {
			t.Fatal(refused)
		}
	}
	provider.published = map[string]*rsa.PrivateKey{"k1": testKeys()[1]}
	now.pass(keysTtl)
	if _, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil); refused == nil {
		t.Error("a token of a replaced key is still accepted")
	}
}

// Many requests at once ask an issuer once, and known keys do not wait for unknown ones.
func TestKeysAreAskedForOnce(t *testing.T) {
	now, provider := newClock(), newIssuer()
	tokens := NewTokens(NewKeySets(provider, now.Now), now.Now)
	token := sign(t, testKeys()[0], "k1", goodClaims(nil))
	unknown := sign(t, testKeys()[1], "k9", goodClaims(nil))
	var requests sync.WaitGroup
	for i := range 32 {
		requests.Go(func() {
			if i%4 == 0 {
				if _, refused := tokens.Authorize(t.Context(), jwtSettings(), unknown, nil); refused == nil {
					t.Error("an unknown key is accepted")
				}
				return
			}
			if _, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil); refused != nil {
				t.Error(refused)
			}
		})
	}
	requests.Wait()
	if len(provider.fetched) != 2 {
		t.Errorf("%d documents fetched", len(provider.fetched))
	}
}

// Source: public reports of the two texts in authorizer errors of access logs.
func TestIssuerCannotBeReached(t *testing.T) {
	now, provider := newClock(), newIssuer()
	provider.err = errors.New("refused")
	tokens := NewTokens(NewKeySets(provider, now.Now), now.Now)
	token := sign(t, testKeys()[0], "k1", goodClaims(nil))
	for range 3 {
		_, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil)
		var cause *TokenError
		if !errors.As(refused, &cause) || refused.Id() != fault.JwksUnreachable || cause.Error() != "invalid_token: OIDC discovery endpoint communication error" {
			t.Errorf("got %v", refused)
		}
	}
	if len(provider.fetched) != 1 {
		t.Errorf("%d documents fetched", len(provider.fetched))
	}
}

// Source: guide, apigateway-integrate-with-cognito.md; the forms of claims from public reports.
func TestUserPools(t *testing.T) {
	pool, err := ParseUserPoolArn("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc")
	if err != nil {
		t.Fatal(err)
	}
	settings := &UserPools{AuthorizerId: "pool", Pools: []UserPool{{Region: "x", UserPoolId: "other"}, pool}}
	issuerOf := func(p UserPool) string {
		if p.UserPoolId == pool.UserPoolId {
			return issuerUrl
		}
		return "https://elsewhere.example.com"
	}
	for _, test := range []struct {
		name   string
		change map[string]any
		scopes []string
		want   fault.Id
	}{
		{"identity token", map[string]any{"token_use": "id"}, nil, ""},
		{"access token without scopes", map[string]any{"token_use": "access"}, nil, fault.JwtRejected},
		{"access token with a scope", map[string]any{"token_use": "access", "scope": "a b"}, []string{"b"}, ""},
		{"access token without the scope", map[string]any{"token_use": "access", "scope": "a"}, []string{"b"}, fault.JwtRejected},
		{"identity token where scopes are set", map[string]any{"token_use": "id"}, []string{"b"}, fault.JwtRejected},
		{"another pool", map[string]any{"token_use": "id", "iss": "https://third.example.com"}, nil, fault.JwtRejected},
		{"expired", map[string]any{"token_use": "id", "exp": 1}, nil, fault.JwtRejected},
	} {
		tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
		token := sign(t, testKeys()[0], "k1", goodClaims(test.change))
		_, refused := tokens.AuthorizeUserPool(t.Context(), settings, token, UserPoolCall{Scopes: test.scopes, Issuer: issuerOf})
		if (refused == nil) != (test.want == "") || refused != nil && refused.Id() != test.want {
			t.Errorf("%s: got %v, want %q", test.name, refused, test.want)
		}
	}
	tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
	token := sign(t, testKeys()[0], "k1", goodClaims(map[string]any{"token_use": "id", "cognito:groups": []any{"a", "b"}}))
	grant, refused := tokens.AuthorizeUserPool(t.Context(), settings, "Bearer "+token, UserPoolCall{Issuer: issuerOf})
	if refused != nil {
		t.Fatal(refused)
	}
	groups, _ := grant.Claim("cognito:groups")
	expires, _ := grant.Claim("exp")
	if groups != "a,b" || expires != "Tue Nov 14 22:23:20 UTC 2023" {
		t.Errorf("groups %q, exp %q", groups, expires)
	}
	if got := AwsIssuer(pool); got != "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc" {
		t.Error(got)
	}
	if _, err := ParseUserPoolArn("arn:aws:iam::1:role/x"); err == nil {
		t.Error("a role is taken for a user pool")
	}
}

func TestChallengeKeepsToItsLine(t *testing.T) {
	e := &TokenError{Code: "invalid_token", Description: "a \"b\"\r\nSet-Cookie: x\\"}
	if got, want := e.Challenge(), `Bearer scope="" error="invalid_token" error_description="a 'b'Set-Cookie: x'"`; got != want {
		t.Errorf("got %s", got)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("Bearer a.b.c")
	f.Add("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.e30.AA")
	tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
	f.Fuzz(func(t *testing.T, token string) {
		if grant, refused := tokens.Authorize(t.Context(), jwtSettings(), token, nil); grant != nil || refused == nil {
			t.Fatalf("%q is accepted", token)
		}
	})
}

// BenchmarkJwtKnown is a token that was seen before, BenchmarkJwtNew one that was not.
func BenchmarkJwtKnown(b *testing.B) {
	tokens := NewTokens(NewKeySets(newIssuer(), newClock().Now), newClock().Now)
	token := sign(b, testKeys()[0], "k1", goodClaims(nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, refused := tokens.Authorize(b.Context(), jwtSettings(), token, nil); refused != nil {
			b.Fatal(refused)
		}
	}
}

func BenchmarkJwtNew(b *testing.B) {
	keys := NewKeySets(newIssuer(), newClock().Now)
	token := sign(b, testKeys()[0], "k1", goodClaims(nil))
	b.ReportAllocs()
	for b.Loop() {
		if _, refused := NewTokens(keys, newClock().Now).Authorize(b.Context(), jwtSettings(), token, nil); refused != nil {
			b.Fatal(refused)
		}
	}
}

func BenchmarkFunctionCached(b *testing.B) {
	functions := &Functions{Invoker: &fakeFunction{payload: policyAnswer("")}, Cache: NewCache(newClock().Now)}
	asked, call := settings(FormRequest), callWith("Bearer token")
	b.ReportAllocs()
	for b.Loop() {
		if _, refused := functions.Authorize(b.Context(), asked, call); refused != nil {
			b.Fatal(refused)
		}
	}
}
