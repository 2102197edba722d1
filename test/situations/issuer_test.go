package situations

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// userPool is the id of the user pool whose tokens the issuer signs.
const userPool = "us-east-1_situations"

// issuer is an identity provider, a user pool too.
type issuer struct {
	url string
	key *rsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	const bits = 2048
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	server := httptest.NewServer(i.handler())
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

const keyId = "k1"

func (i *issuer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		here := "http://" + r.Host
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": here, "jwks_uri": here + "/.well-known/jwks.json"})
	})
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, _ *http.Request) {
		exponent := big.NewInt(int64(i.key.E)).Bytes()
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "kid": keyId, "n": base64.RawURLEncoding.EncodeToString(i.key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(exponent),
		}}})
	})
	return mux
}

// claims are a token's; those given here are added to good ones, nil takes one away.
type claims map[string]any

// token signs good claims, changed.
func (i *issuer) token(t *testing.T, changed claims) string {
	t.Helper()
	now := time.Now()
	content := jwt.MapClaims{"iss": i.url, "aud": "app", "sub": "user", "iat": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix()}
	maps.Copy(content, jwt.MapClaims(changed))
	for name, value := range content {
		if value == nil {
			delete(content, name)
		}
	}
	made := jwt.NewWithClaims(jwt.SigningMethodRS256, content)
	made.Header["kid"] = keyId
	text, err := made.SignedString(i.key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
