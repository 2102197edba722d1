package authorizer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/integration"
)

// claims are a token's, with numbers as they were written.
type claims map[string]any

// scopes are the token's scopes: scope, a text with spaces, else scp, a text or a list.
func (c claims) scopes() []string {
	for _, name := range []string{"scope", "scp"} {
		switch scope := c[name].(type) {
		case string:
			return strings.Fields(scope)
		case []any:
			var list []string
			for _, item := range scope {
				if text, ok := item.(string); ok {
					list = append(list, text)
				}
			}
			return list
		}
	}
	return nil
}

// claimText shows one claim as text.
type claimText func(name string, value any) string

// text returns the claims as text, in order of names; null is left out (seen on AWS).
func (c claims) text(print claimText) []integration.Field {
	fields := make([]integration.Field, 0, len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		if c[name] != nil {
			fields = append(fields, integration.Field{Name: name, Value: print(name, c[name])})
		}
	}
	return fields
}

// goText is how HTTP APIs show a claim: a list as [a b] (seen on AWS), an object as
// JSON (unconfirmed).
func goText(_ string, value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = goText("", item)
		}
		return "[" + strings.Join(items, " ") + "]"
	case map[string]any:
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	default:
		return fmt.Sprint(value)
	}
}
