package inbound

import (
	"encoding/json"
	"strings"
)

// messageString is the one variable of $context whose value is JSON already, quotes included.
const messageString = "error.messageString"

// Logged is the value of a variable of $context, by its name, as access logs show it: "-"
// where there is none, and else escaped for a string of JSON whatever the format is (observed
// by others in logs of REST APIs in 2024, DataBiosphere/azul#4348), so that what a client
// sends cannot look like more members, or more lines.
func Logged(name, value string) string {
	switch {
	case value == "":
		return "-"
	case name == messageString, !strings.ContainsFunc(value, isEscaped):
		return value
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "-" // a string always encodes
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(b.String(), "\n"), `"`), `"`)
}

func isEscaped(r rune) bool { return r == '"' || r == '\\' || r < ' ' }
