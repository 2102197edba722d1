package inbound

import (
	"net/url"
	"strings"

	"gatehouse/internal/integration"
)

// maxQueryParameters bounds how many query parameters are read; a URL within API
// Gateway's limit cannot hold more.
const maxQueryParameters = 5200

// ParseQuery reads a query string into parameters, decoded, in order. A semicolon
// separates as "&" does (guide: api-gateway-known-issues.md). What is not
// percent-encoded text is kept as it came.
func ParseQuery(raw string) []integration.Field {
	if raw == "" {
		return nil
	}
	fields := make([]integration.Field, 0, 4)
	for raw != "" && len(fields) < maxQueryParameters {
		var pair string
		if i := strings.IndexAny(raw, "&;"); i >= 0 {
			pair, raw = raw[:i], raw[i+1:]
		} else {
			pair, raw = raw, ""
		}
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, integration.Field{Name: decodeQuery(name), Value: decodeQuery(value)})
	}
	return fields
}

func decodeQuery(text string) string {
	if strings.IndexByte(text, '%') < 0 && strings.IndexByte(text, '+') < 0 {
		return text
	}
	decoded, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return decoded
}
