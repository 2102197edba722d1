package sessions

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/secret"

	"github.com/google/go-cmp/cmp"
)

func newSealer(t testing.TB) *Sealer {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	keeper, err := secret.New(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return NewSealer(keeper, rand.Reader)
}

func TestTokenHoldsItsSession(t *testing.T) {
	sealer := newSealer(t)
	want := &Session{
		Kind: OfRole, Account: "111122223333", Name: "caller", Id: "AROAEXAMPLE", SessionName: "s", Issued: 1, Expires: 2,
		Policies: []string{`{"Version":"2012-10-17"}`}, Tags: []iam.Tag{{Key: "team", Value: "a"}}, TransitiveTagKeys: []string{"team"},
	}
	token, err := sealer.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(want.AccessKeyId, "ASIA") || len(want.AccessKeyId) != 20 || len(want.SecretAccessKey) != 40 {
		t.Errorf("credentials %q of %d and %d characters", want.AccessKeyId, len(want.AccessKeyId), len(want.SecretAccessKey))
	}
	got, ok := sealer.Open(token)
	if !ok {
		t.Fatal("the token does not open")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	raw, _ := base64.StdEncoding.DecodeString(token)
	if strings.Contains(string(raw), want.SecretAccessKey) || strings.Contains(string(raw), "111122223333") {
		t.Error("the token can be read")
	}
	if text := fmt.Sprintf("%v %s", got, got); strings.Contains(text, want.SecretAccessKey) {
		t.Error("printing a session tells its secret")
	}
	if !got.ExpiresAt().Equal(time.Unix(2, 0)) || !got.IssuedAt().Equal(time.Unix(1, 0)) {
		t.Error("times are wrong")
	}
}

func TestLargeSessionsArePacked(t *testing.T) {
	sealer := newSealer(t)
	want := &Session{Kind: OfRole, Policies: []string{strings.Repeat(`{"Effect":"Allow"},`, 1000)}}
	token, err := sealer.Issue(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := sealer.Open(token); !ok || !cmp.Equal(want, got) || len(token) > 2000 {
		t.Errorf("a token of %d characters, which opens: %v", len(token), ok)
	}
}

func TestTokenOfAnotherServerDoesNotOpen(t *testing.T) {
	token, err := newSealer(t).Issue(&Session{Kind: OfRoot})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := newSealer(t).Open(token); ok {
		t.Error("it opened")
	}
}

func TestLargeTokensAreRefused(t *testing.T) {
	if _, ok := newSealer(t).Open(strings.Repeat("A", maxTokenBytes+1)); ok {
		t.Error("it opened")
	}
}

func BenchmarkOpen(b *testing.B) {
	sealer := newSealer(b)
	token, err := sealer.Issue(&Session{Kind: OfRole, Account: "111122223333", Name: "caller", Id: "AROAEXAMPLE", SessionName: "s"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := sealer.Open(token); !ok {
			b.Fatal("the token does not open")
		}
	}
}
