package restapi_test

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

	"gatehouse/internal/authorizer"
	"gatehouse/internal/integration"
)

func fixedNow() time.Time { return fixedTime }

// testIssuerOf is who issues the tokens of a fixture's user pools.
func testIssuerOf(pool authorizer.UserPool) string {
	return "https://issuer.example.com/" + pool.UserPoolId
}

var testTokenKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// provider is the identity provider of every user pool.
type provider struct{}

// Fetch implements authorizer.Documents.
func (provider) Fetch(context.Context, string) ([]byte, error) {
	n := base64.RawURLEncoding.EncodeToString(testTokenKey().N.Bytes())
	e := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(testTokenKey().E)).Bytes())
	return []byte(`{"keys":[{"kty":"RSA","kid":"k1","n":"` + n + `","e":"` + e + `"}]}`), nil
}

// tokenLines replaces a line "Token: {claims}" by a token of user pool eu-west-1_pool.
func (w *world) tokenLines(t *testing.T, lines []string) []string {
	t.Helper()
	for i, line := range lines {
		content, ok := strings.CutPrefix(line, "Token: ")
		if !ok {
			continue
		}
		claims := jwt.MapClaims{"iss": "https://issuer.example.com/eu-west-1_pool", "token_use": "id", "exp": fixedTime.Add(time.Hour).Unix()}
		if err := json.Unmarshal([]byte(content), &claims); err != nil {
			t.Fatal(err)
		}
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
		token.Header["kid"] = "k1"
		var err error
		if w.token, err = token.SignedString(testTokenKey()); err != nil {
			t.Fatal(err)
		}
		lines[i] = "Authorization: " + w.token
	}
	return lines
}

// hideToken keeps the fixtures the same whatever the key.
func (w *world) hideToken(got map[string]string) {
	if w.token == "" {
		return
	}
	for name := range got {
		got[name] = strings.ReplaceAll(got[name], w.token, "(the token)")
	}
}

// answerAuthorizer is called with w.mu held.
func (w *world) answerAuthorizer(invocation *integration.Invocation) *integration.InvocationResult {
	w.asked = "invoke " + invocation.FunctionArn + "\nsource " + invocation.SourceArn + "\n"
	if w.wholeEvent {
		w.asked += "\n" + indentJSON(invocation.Payload) + "\n"
	}
	result := &integration.InvocationResult{StatusCode: 200, Latency: 12 * time.Millisecond}
	answer := w.authorizerAnswer
	if rest, ok := strings.CutPrefix(answer, "FunctionError\n"); ok {
		answer, result.FunctionError = rest, "Unhandled"
	}
	result.Payload = []byte(strings.TrimSuffix(answer, "\n"))
	return result
}
