package record

import (
	"slices"
	"strconv"
	"strings"
)

// shownHeaders are the headers whose values a diagnosis needs and that hold no secret,
// by the length of their names and their first letter. Of every other header only the
// length of the value is kept.
var shownHeaders = byShape(
	"Accept", "Accept-Encoding", "Accept-Language", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Access-Control-Request-Headers",
	"Access-Control-Request-Method", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Host",
	"Origin", "User-Agent", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Http-Method-Override",
	"x-amzn-ErrorType", "x-amzn-RequestId", "Connection", "Server", "Via",
)

// Sizes of the table: longer names are shown of no header; letters differ in five bits.
const (
	maxHeaderName = 64
	letters       = 32
)

type headerTable [maxHeaderName * letters][]string

func shapeOf(name string) int { return len(name)*letters + int(name[0])%letters }

func byShape(names ...string) *headerTable {
	var table headerTable
	for _, name := range names {
		table[shapeOf(name)] = append(table[shapeOf(name)], name)
	}
	return &table
}

func showsHeader(name string) bool {
	if len(name) >= maxHeaderName || name == "" {
		return false
	}
	for _, shown := range shownHeaders[shapeOf(name)] {
		if shown == name || strings.EqualFold(shown, name) {
			return true
		}
	}
	return false
}

// lengths are the texts that stand for redacted values.
var lengths = lengthTexts()

const longestLength = 256

func lengthTexts() [longestLength]string {
	var texts [longestLength]string
	for i := range texts {
		texts[i] = "(" + strconv.Itoa(i) + " characters)"
	}
	return texts
}

// LengthText stands for a value that is not shown.
func LengthText(value string) string {
	if len(value) < longestLength {
		return lengths[len(value)]
	}
	return "(" + strconv.Itoa(len(value)) + " characters)"
}

// redact replaces values that may be secret by their lengths.
func redact(kind Kind, fields []Field) {
	for i := range fields {
		if kind == RequestQuery || !showsHeader(fields[i].Name) {
			fields[i].Value = LengthText(fields[i].Value)
		}
	}
}

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

func maskSecrets(fields []Field) {
	for i := range fields {
		fields[i].Value = Masked(fields[i].Name, fields[i].Value)
	}
}
