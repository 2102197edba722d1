package inbound

import "testing"

// Source: DataBiosphere/azul#4348 (2024) for quotes and backslashes of a User-Agent; ours for
// the rest.
func TestLogged(t *testing.T) {
	for _, c := range [][3]string{
		{"identity.userAgent", `""\"This is special\"""`, `\"\"\\\"This is special\\\"\"\"`},
		{"path", "/a\nb\t\x00", `/a\nb\t\u0000`},
		{"path", "/<ü&>", "/<ü&>"},
		{"path", "/<\">", `/<\">`},
		{"identity.user", "", "-"},
		{"error.messageString", `"a \"b\""`, `"a \"b\""`},
		{"error.message", `a "b"`, `a \"b\"`},
	} {
		if got := Logged(c[0], c[1]); got != c[2] {
			t.Errorf("%s %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
