package apis

import "testing"

func TestUnsupported_isAList(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range Unsupported() {
		if row.Noun == "" || row.Setting == "" || row.Reason == "" || seen[row.Message()] {
			t.Errorf("%+v", row)
		}
		seen[row.Message()] = true
	}
	if len(seen) < 10 {
		t.Errorf("%d settings are listed", len(seen))
	}
}
