package login

import (
	"net/url"
	"strings"
	"testing"
)

// Wherever a login leads, it is a page of this server's own.
func FuzzSafeNext(f *testing.F) {
	for _, seed := range []string{"/_gatehouse/requests/1?a=b", "//evil.example", "/_gatehouse/\\evil", "/_gatehouse/..//evil", "https:/_gatehouse/", "/_gatehouse/%2f%2e%2e/x#y", "/\t/evil"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://server.example/_gatehouse/login")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, next string) {
		// Browsers leave out these bytes and take a backslash for a slash.
		asBrowsersRead := strings.NewReplacer("\t", "", "\r", "", "\n", "", "\\", "/").Replace(strings.TrimSpace(safeNext(next)))
		led, err := base.Parse(asBrowsersRead)
		if err != nil {
			t.Fatalf("%q leads to %q: %v", next, asBrowsersRead, err)
		}
		if led.Scheme != "https" || led.Host != "server.example" || !strings.HasPrefix(led.Path, ownPages) {
			t.Fatalf("%q leads to %s", next, led)
		}
	})
}
