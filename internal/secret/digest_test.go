package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"testing"
)

// The digest is the standard library's HMAC, for texts shorter and longer than the room.
func TestDigestIsHmac(t *testing.T) {
	keeper, err := New(make([]byte, keySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	digester := keeper.Digester("test")
	for _, length := range []int{0, 1, 40, digestRoom, digestRoom + 1, 1000} {
		text := strings.Repeat("x", length)
		standard := hmac.New(sha256.New, keeper.derive("gatehouse digest: test", keySize))
		standard.Write([]byte(text))
		if got := digester.Digest(text); string(got[:]) != string(standard.Sum(nil)) {
			t.Errorf("the digest of %d characters is not HMAC-SHA256", length)
		}
	}
	if keeper.Digester("other").Digest("x") == digester.Digest("x") {
		t.Error("two purposes share a key")
	}
}

func TestDigestDoesNotAllocate(t *testing.T) {
	keeper, err := New(make([]byte, keySize), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	digester, text := keeper.Digester("test"), strings.Repeat("x", 40)
	if allocations := testing.AllocsPerRun(100, func() { digester.Digest(text) }); allocations != 0 {
		t.Errorf("%g allocations", allocations)
	}
}
