package authenticator

import (
	"net/url"
	"strings"
)

// queryToken is the session token in a query, false when there is none.
func queryToken(rawQuery string) (string, bool) {
	for rawQuery != "" {
		var pair string
		pair, rawQuery, _ = strings.Cut(rawQuery, "&")
		name, value, _ := strings.Cut(pair, "=")
		if name == tokenHeader {
			token, err := url.QueryUnescape(strings.ReplaceAll(value, "+", "%2B"))
			return token, err == nil
		}
	}
	return "", false
}
