package loadbalancer

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Request is what rules look at.
type Request struct {
	Method   string
	Scheme   string // http or https
	Host     string // the Host header, with or without a port
	Path     string // as it is sent, escaped
	RawQuery string
	Header   http.Header
	// SourceIp is the address that calls the load balancer.
	SourceIp netip.Addr
}

// matches says whether a request meets all conditions of the rule.
func (r *Rule) matches(request *Request) bool {
	for i := range r.Conditions {
		if !r.Conditions[i].matches(request) {
			return false
		}
	}
	return true
}

func (c *Condition) matches(request *Request) bool {
	switch c.Field {
	case FieldHostHeader:
		return anyFolded(c.Values, hostOf(request.Host))
	case FieldPathPattern:
		return slices.ContainsFunc(c.Values, func(pattern string) bool { return fits(pattern, request.Path) })
	case FieldHttpHeader:
		return slices.ContainsFunc(request.Header.Values(c.HttpHeaderName), func(value string) bool { return anyFolded(c.Values, value) })
	case FieldHttpRequestMethod:
		return slices.Contains(c.Values, request.Method)
	case FieldSourceIp:
		return slices.ContainsFunc(c.Values, func(block string) bool {
			prefix, err := netip.ParsePrefix(block)
			return err == nil && prefix.Contains(request.SourceIp.Unmap())
		})
	case FieldQueryString:
		return c.matchesQuery(request.RawQuery)
	default:
		return false
	}
}

func (c *Condition) matchesQuery(rawQuery string) bool {
	for part := range strings.SplitSeq(rawQuery, "&") {
		key, value, _ := strings.Cut(part, "=")
		key, value = unescapeQuery(key), unescapeQuery(value)
		for _, pair := range c.QueryString {
			if (pair.Key == "" || fitsFolded(pair.Key, key)) && fitsFolded(pair.Value, value) && part != "" {
				return true
			}
		}
	}
	return false
}

func unescapeQuery(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

func hostOf(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		return host[:i]
	}
	return host
}

func anyFolded(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return fitsFolded(pattern, text) })
}

func fitsFolded(pattern, text string) bool {
	return fits(strings.ToLower(pattern), strings.ToLower(text))
}

// fits says whether a text fits a pattern with * (any text) and ? (one byte); a
// backslash takes the next byte as it is. It takes time in proportion to both lengths.
func fits(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0
	for t < len(text) {
		literal, width := patternByte(pattern, p)
		switch {
		case width == 1 && pattern[p] == '*':
			star, resume = p, t
			p++
		case width > 0 && (width == 1 && pattern[p] == '?' || literal == text[t]):
			p += width
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// patternByte returns the byte at p and how many bytes of the pattern it takes; 0 at
// the end.
func patternByte(pattern string, p int) (literal byte, width int) {
	if p >= len(pattern) {
		return 0, 0
	}
	if pattern[p] == '\\' && p+1 < len(pattern) {
		return pattern[p+1], 2
	}
	return pattern[p], 1
}
