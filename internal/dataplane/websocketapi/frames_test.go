package websocketapi

import (
	"errors"
	"testing"
)

// A limit that no server should have is not proposed.
func TestTooBig_remedy(t *testing.T) {
	for length, want := range map[int64]string{40_000: "gatehouse serve --limit 40000", 1 << 40: ""} {
		var broken *violation
		if err := tooBig("Frame", "--limit", length, 1); !errors.As(err, &broken) || broken.remedy.command != want {
			t.Errorf("%d: %+v", length, broken)
		}
	}
}
