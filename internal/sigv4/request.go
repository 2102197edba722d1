package sigv4

import "strings"

// Header is one header line, as received. Names compare without regard to case.
type Header struct {
	Name, Value string
}

// Request is what a signature covers: the request as it stood on the wire, before anything was decoded.
type Request struct {
	// Method is the HTTP method, for example "GET".
	Method string
	// Path is the path of the request line, still percent-encoded; "" means "/".
	Path string
	// RawQuery is the query string without its "?", still percent-encoded.
	RawQuery string
	// Host is the Host header (or :authority), with its port when it had one.
	Host string
	// Headers are the header lines in the order received. A Host line among them is ignored.
	Headers []Header
	// Body is the whole body. It is hashed unless BodySHA256 is set.
	Body []byte
	// BodySHA256 is the lower-case hexadecimal SHA-256 of the body, for callers that have it already. It must
	// come from hashing what arrived, never from a header of the request.
	BodySHA256 string
}

// Scope is what a credential is scoped to. In a request to Verify, an empty field accepts any value.
type Scope struct {
	// Region is a region name, for example "us-east-1".
	Region string
	// Service is the signing name, for example "apigateway" or "execute-api".
	Service string
}

// header returns the first header line of the name.
func (r *Request) header(name string) (string, bool) {
	for i := range r.Headers {
		if strings.EqualFold(r.Headers[i].Name, name) {
			return r.Headers[i].Value, true
		}
	}
	return "", false
}

// queryValue returns the decoded value of the first query parameter of that exact name.
func (r *Request) queryValue(name string) (string, bool) {
	for rest := r.RawQuery; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		key, value, _ := strings.Cut(pair, "=")
		if key == name {
			return unescape(value), true
		}
	}
	return "", false
}

// unescape decodes percent escapes and "+"; a broken escape stays as it is.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c, width := decodeAt(s, i)
		out = append(out, c)
		i += width - 1
	}
	return string(out)
}

// decodeAt decodes the byte of a query string at i and says how many bytes it took.
func decodeAt(s string, i int) (decoded byte, width int) {
	switch c := s[i]; {
	case c == '+':
		// Unconfirmed: whether every AWS service reads "+" as a space here; the SDKs never send one.
		return ' ', 1
	case c == '%' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0:
		return byte(unhex(s[i+1])<<4 | unhex(s[i+2])), 3
	default:
		return c, 1
	}
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
