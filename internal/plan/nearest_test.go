package plan

import "testing"

// Source: ours; no client sees it. A typo is found, another word is not.
func TestIsTypo(t *testing.T) {
	for _, row := range []struct {
		meant, written string
		want           bool
	}{
		{"mock", "mok", true}, {"users", "userz", true}, {"users", "user", true}, {"orders", "oders", true}, {"inventory", "inventroy", true},
		{"pets", "cats", false}, {"orders", "users", false}, {"a", "b", false}, {"mock", "", false},
	} {
		if got := isTypo(row.meant, row.written); got != row.want {
			t.Errorf("%q written %q: got %v", row.meant, row.written, got)
		}
	}
	if got := editDistance("kitten", "sitting"); got != 3 {
		t.Errorf("kitten and sitting differ by %d", got)
	}
}
