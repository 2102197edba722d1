package jwks

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

type issuer struct {
	*httptest.Server
	keys    []map[string]string
	name    string
	fetches int
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.fetches++
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.name, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": i.keys})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	i.name = i.URL
	return i
}

func encode(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }

func TestKeys(t *testing.T) {
	i := newIssuer(t)
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := curve.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	i.keys = []map[string]string{
		{"kty": "RSA", "kid": "r", "use": "sig", "n": encode(private.N), "e": "AQAB"},
		{"kty": "EC", "kid": "e", "crv": "P-256", "x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:])},
		{"kty": "RSA", "kid": "small", "n": encode(big.NewInt(12345)), "e": "AQAB"},
		{"kty": "RSA", "kid": "encryption", "use": "enc", "n": encode(private.N), "e": "AQAB"},
		{"kty": "oct", "kid": "secret"},
	}
	now := time.Unix(1_000_000, 0)
	client := NewClient(func() time.Time { return now })
	if got, err := client.Key(context.Background(), i.URL, "r"); err != nil || !private.PublicKey.Equal(got) {
		t.Errorf("RSA: %v", err)
	}
	if got, err := client.Key(context.Background(), i.URL, "e"); err != nil || !curve.PublicKey.Equal(got) {
		t.Errorf("EC: %v", err)
	}
	for _, id := range []string{"small", "encryption", "secret", "none", ""} {
		if _, err := client.Key(context.Background(), i.URL, id); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if i.fetches != 1 {
		t.Errorf("asked %d times", i.fetches)
	}
	i.keys[4] = map[string]string{"kty": "RSA", "kid": "new", "n": encode(private.N), "e": "AQAB"}
	now = now.Add(askAgainAfter + time.Second)
	if _, err := client.Key(context.Background(), i.URL, "new"); err != nil || i.fetches != 2 {
		t.Errorf("a new key: %v after %d times", err, i.fetches)
	}
	i.name = "https://other.example.com"
	now = now.Add(askAgainAfter + time.Second)
	if _, err := client.Key(context.Background(), i.URL, "newer"); !errors.Is(err, ErrNoKey) {
		t.Errorf("got %v", err)
	}
	if _, err := client.Key(context.Background(), i.URL, "r"); err != nil {
		t.Errorf("keys were lost while the issuer was away: %v", err)
	}
	now = now.Add(freshFor + time.Second)
	if _, err := client.Key(context.Background(), i.URL, "r"); !errors.Is(err, ErrFetch) {
		t.Errorf("old keys of an issuer with another name: %v", err)
	}
}

func TestOnlyHttpsOrThisMachineIsAsked(t *testing.T) {
	client := NewClient(time.Now)
	for _, bad := range []string{"http://issuer.invalid", "ftp://localhost", "", "file:///etc/passwd"} {
		if _, err := client.Key(context.Background(), bad, "k"); !errors.Is(err, ErrFetch) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
