package record

import (
	"slices"
	"strconv"
	"strings"
)

// LengthText stands for a value that is not shown.
func LengthText(value string) string { return lengthText(len(value)) }

func lengthText(length int) string { return "(" + strconv.Itoa(length) + " characters)" }

// secretHeaders are masked even in a data trace. AWS masks the first three (unconfirmed
// for the third); cookies are our own caution.
var secretHeaders = []string{"Authorization", "x-api-key", "X-Amz-Security-Token", "Proxy-Authorization", "Cookie", "Set-Cookie"}

// shownOfSecret is how many characters at the end of a masked value AWS shows.
const shownOfSecret = 6

// Masked is the value of a header or parameter as logs show it: of a credential its last
// characters alone. What is masked already stays as it is.
func Masked(name, value string) string {
	if !slices.ContainsFunc(secretHeaders, func(secret string) bool { return strings.EqualFold(secret, name) }) {
		return value
	}
	return masked(value)
}

// WithoutPassword is a URL whose user and password, where it has them, are "***".
func WithoutPassword(url string) string {
	const scheme, hidden = "://", "***"
	at := strings.IndexByte(url, '@')
	if at < 0 {
		return url
	}
	begin := strings.Index(url[:at], scheme)
	if begin < 0 {
		return url
	}
	begin += len(scheme)
	authority := url[begin:]
	if end := strings.IndexAny(authority, "/?# "); end >= 0 {
		authority = authority[:end]
	}
	if at = strings.LastIndexByte(authority, '@'); at < 0 {
		return url
	}
	return url[:begin] + hidden + url[begin+at:]
}

// Mask is a secret as logs show it, whatever it is the value of.
func Mask(value string) string { return masked(value) }

func masked(value string) string {
	if len(value) <= 2*shownOfSecret {
		return strings.Repeat("*", len(value))
	}
	return strings.Repeat("*", len(value)-shownOfSecret) + value[len(value)-shownOfSecret:]
}
