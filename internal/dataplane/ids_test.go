package dataplane

import (
	"regexp"
	"testing"
)

func TestIds(t *testing.T) {
	minted := ids{func() uint64 { return 0xfedcba9876543210 }}
	for name, test := range map[string]struct{ got, form string }{
		"uuid":     {minted.uuid(), `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		"extended": {minted.extended(), `^[A-Za-z0-9_-]{15}=$`},
	} {
		if !regexp.MustCompile(test.form).MatchString(test.got) {
			t.Errorf("%s: %q", name, test.got)
		}
	}
	if !isUuid(minted.uuid()) {
		t.Error("our own UUID is none")
	}
}

func TestIsUuid(t *testing.T) {
	for text, want := range map[string]bool{
		"0f0e0d0c-0b0a-4908-8706-050403020100": true, "0F0E0D0C-0B0A-4908-8706-050403020100": true,
		"": false, "mine": false, "0f0e0d0c-0b0a-4908-8706-05040302010g": false, "0f0e0d0c00b0a-4908-8706-050403020100": false,
	} {
		if isUuid(text) != want {
			t.Errorf("%q: want %v", text, want)
		}
	}
}
