package sigv4

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzParseHeader: no Authorization header breaks the parser, and none that was not made with the secret passes.
func FuzzParseHeader(f *testing.F) {
	req := signed(nil)
	good, _ := req.header("Authorization")
	for _, seed := range []string{good, "Bearer x", "AWS4-HMAC-SHA256 ", "a=b,c=d", good[:60], "AWS4-HMAC-SHA256 Credential=////,SignedHeaders=;host;,Signature=="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		req := signed(setHeader("Authorization", header))
		got, err := exampleVerifier("").Verify(context.Background(), &req, Scope{})
		if err == nil && got.AccessKeyID != exampleID {
			t.Errorf("accepted %q from %q", header, got.AccessKeyID)
		}
		_, signature, _ := strings.Cut(good, "Signature=")
		if err == nil && !strings.Contains(header, signature) {
			t.Errorf("accepted %q", header)
		}
	})
}

// FuzzCanonicalQuery: canonicalising is idempotent, does not depend on the order of parameters, and keeps
// what net/url reads.
func FuzzCanonicalQuery(f *testing.F) {
	for _, seed := range []string{"b=2&a=1", "a&a=&=a&&", "%E1%88%B4=bar", "a=%zz%&b=+", "a-b=1&a=2&a%2Db=0", "a=1&a=0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		canonical := func(q string) string { return string(new(scratch).appendQuery(nil, q, &authorization{}, form{})) }
		once := canonical(raw)
		if twice := canonical(once); twice != once {
			t.Errorf("%q: once %q, twice %q", raw, once, twice)
		}
		parts := strings.Split(raw, "&")
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
		if reversed := canonical(strings.Join(parts, "&")); reversed != once {
			t.Errorf("%q: %q, reversed %q", raw, once, reversed)
		}
		if want, err := url.ParseQuery(raw); err == nil {
			got, err := url.ParseQuery(once)
			for _, values := range []url.Values{got, want} {
				for name := range values {
					slices.Sort(values[name])
				}
			}
			if err != nil || got.Encode() != want.Encode() {
				t.Errorf("%q: %q means %v, want %v", raw, once, got, want)
			}
		}
	})
}
