package apikey

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/secret"
)

func values(t testing.TB, key byte) *Values {
	t.Helper()
	keeper, err := secret.New(bytes.Repeat([]byte{key}, 32), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return New(keeper)
}

func TestSealedValueTellsNothing(t *testing.T) {
	const value = "apikey1234abcdefghij0123456789"
	v := values(t, 1)
	sealed, err := v.Seal(value, "k1")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, value) || strings.Contains(v.Digest(value).String(), value) {
		t.Error("the value is to be read")
	}
	if opened, err := v.Open(sealed, "k1"); err != nil || opened != value {
		t.Errorf("got %q, %v", opened, err)
	}
	if _, err := v.Open(sealed, "k2"); !errors.Is(err, secret.ErrDamaged) {
		t.Errorf("another key's value opened: %v", err)
	}
	if _, err := values(t, 2).Open(sealed, "k1"); !errors.Is(err, secret.ErrOtherKey) {
		t.Errorf("another server's value opened: %v", err)
	}
	if values(t, 2).Digest(value) == v.Digest(value) {
		t.Error("two servers have the same digest")
	}
}

func TestParseDigest(t *testing.T) {
	digest := values(t, 1).Digest("x")
	if read, ok := ParseDigest(digest.String()); !ok || read != digest {
		t.Error("a digest is not read back")
	}
	for _, text := range []string{"", "00", "zz", digest.String() + "00"} {
		if _, ok := ParseDigest(text); ok {
			t.Errorf("%q was read", text)
		}
	}
}

// The long one is AWS's (re:Post, api-gateway-429-limit).
func TestMask(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "short": "*****", "0123456789ab": "************", "apikey1234abcdefghij0123F0yrv6": "************************F0yrv6",
	} {
		if got := Mask(value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
}
