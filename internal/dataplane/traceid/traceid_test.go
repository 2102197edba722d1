package traceid

import (
	"regexp"
	"testing"
	"time"
)

func TestOf(t *testing.T) {
	now, random := time.Unix(0x67760225, 0), func() uint64 { return 0xfedcba9876543210 }
	if got := Of("", now, random); !regexp.MustCompile(`^Root=1-67760225-[0-9a-f]{24}$`).MatchString(got) {
		t.Errorf("got %q", got)
	}
	if got := Of("Self=1-2-3", now, random); !regexp.MustCompile(`^Root=1-67760225-[0-9a-f]{24}$`).MatchString(got) {
		t.Errorf("without a root: %q", got)
	}
	const sent = "Root=1-5-6;Parent=7;Sampled=1"
	if got := Of(sent, now, random); got != sent {
		t.Errorf("kept: %q", got)
	}
}
