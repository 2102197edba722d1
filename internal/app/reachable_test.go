package app

import "testing"

// The link of a failed request leads somewhere, where the server listens on all addresses too.
func TestReachable(t *testing.T) {
	for address, want := range map[string]string{
		"http://[::]:4566": "http://127.0.0.1:4566", "http://0.0.0.0:4566": "http://127.0.0.1:4566",
		"http://127.0.0.1:4566": "http://127.0.0.1:4566", "http://[::1]:4566": "http://[::1]:4566",
	} {
		if got := reachable(address); got != want {
			t.Errorf("%s: got %s", address, got)
		}
	}
}
