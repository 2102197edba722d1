package mapping

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/value"
	"gatehouse/internal/vtl"
)

// util is $util. There is no toJson, no quiet: those are AppSync's (quirk no-tojson).
type util struct{}

// AppendString appends nothing (quirk objects-print-empty).
func (util) AppendString(dst []byte) []byte { return dst }

// Property gives nothing: method names without parentheses are no properties.
func (util) Property(*vtl.Execution, string) (value.Value, error) { return value.Value{}, nil }

// errNull is Java's NullPointerException.
var errNull = errors.New("the argument is null")

// Call calls a function with one argument, of which the text counts whatever it is (quirk base64-map; for the others unconfirmed).
func (u util) Call(ex *vtl.Execution, site *vtl.CallSite, a []value.Value) (value.Value, error) {
	if site.Method == "parseJson" && len(a) == 1 {
		return parseJSON(ex, a[0])
	}
	text, ok, err := u.AppendCall(ex, nil, site, a)
	if err != nil || !ok {
		return value.Value{}, err
	}
	return value.OfString(string(text)), nil
}

// AppendCall appends what a function gives; ok is false if there is no such function or it gives null.
func (util) AppendCall(ex *vtl.Execution, dst []byte, site *vtl.CallSite, a []value.Value) (out []byte, ok bool, err error) {
	if len(a) != 1 {
		return dst, false, nil
	}
	switch site.Method {
	case "escapeJavaScript", "urlEncode", "urlDecode":
		if a[0].IsNull() {
			return dst, false, nil
		}
	case "base64Encode", "base64Decode":
		if a[0].IsNull() {
			return dst, true, errNull
		}
	default:
		return dst, false, nil
	}
	text := ex.Text(a[0])
	switch site.Method {
	case "escapeJavaScript":
		return appendJavaScript(dst, text), true, nil
	case "urlEncode":
		return appendURLEncoded(dst, text), true, nil
	case "urlDecode":
		out, err = appendURLDecoded(dst, text)
	case "base64Encode":
		return appendBase64(dst, text), true, nil
	default:
		out, err = appendBase64Decoded(dst, text)
	}
	return out, true, err
}

// parseJSON is $util.parseJson: read like a payload (quirk parse-json). A text that begins like JSON and is not fails; unconfirmed.
func parseJSON(ex *vtl.Execution, v value.Value) (value.Value, error) {
	if v.IsNull() {
		return value.Value{}, errNull
	}
	parsed, err := value.Read(ex.Arena(), ex.Text(v))
	if err != nil {
		return value.Value{}, fmt.Errorf("$util.parseJson: %w", err)
	}
	return parsed, nil
}

const upperHex = "0123456789ABCDEF"

// appendJavaScript escapes as commons-lang's escapeJavaScript does (quirk escape-javascript): ' " \ / with a backslash, controls as \b \t
// \n \f \r or \u00XX, everything above U+007F as \uXXXX.
func appendJavaScript(dst []byte, s string) []byte {
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			dst = append(dst, s[from:i]...)
			r, n := decodeRune(s[i:])
			if r > 0xFFFF {
				r -= 0x10000
				dst = appendUnicode(dst, 0xD800|uint16(r>>10))
				r = 0xDC00 | r&0x3FF
			}
			dst = appendUnicode(dst, uint16(r))
			i += n
			from = i
			continue
		}
		if !needsEscape[c] {
			i++
			continue
		}
		dst = append(dst, s[from:i]...)
		dst = appendEscaped(dst, c)
		i++
		from = i
	}
	return append(dst, s[from:]...)
}

// needsEscape are the ASCII characters escapeJavaScript escapes.
var needsEscape = func() (table [utf8.RuneSelf]bool) {
	for c := range 0x20 {
		table[c] = true
	}
	for _, c := range `"'\/` {
		table[c] = true
	}
	return table
}()

func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '\b':
		c = 'b'
	case '\t':
		c = 't'
	case '\n':
		c = 'n'
	case '\f':
		c = 'f'
	case '\r':
		c = 'r'
	case '"', '\'', '\\', '/':
	default:
		return appendUnicode(dst, uint16(c))
	}
	return append(dst, '\\', c)
}

func appendUnicode(dst []byte, u uint16) []byte {
	return append(dst, '\\', 'u', upperHex[u>>12], upperHex[u>>8&15], upperHex[u>>4&15], upperHex[u&15])
}

// decodeRune decodes a character, or half a surrogate pair in three bytes.
func decodeRune(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && len(s) > 2 && s[0] == 0xED {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, n
}

// appendURLEncoded is java.net.URLEncoder in UTF-8 (quirk url-encode).
func appendURLEncoded(dst []byte, s string) []byte {
	if strings.IndexByte(s, 0xED) >= 0 {
		s = string(value.AppendUTF8(nil, s))
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9', c == '.', c == '-', c == '*', c == '_':
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// appendURLDecoded is java.net.URLDecoder in UTF-8; a broken escape fails.
func appendURLDecoded(dst []byte, s string) ([]byte, error) {
	from := len(dst)
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '+':
			dst = append(dst, ' ')
		case '%':
			if i+2 >= len(s) {
				return dst[:from], errors.New("URLDecoder: Incomplete trailing escape (%) pattern")
			}
			high, ok := hexDigit(s[i+1])
			low, ok2 := hexDigit(s[i+2])
			if !ok || !ok2 {
				return dst[:from], fmt.Errorf("URLDecoder: Illegal hex characters in escape (%%) pattern: %q", s[i+1:i+3])
			}
			dst = append(dst, high<<4|low)
			i += 2
		default:
			dst = append(dst, s[i])
		}
	}
	if !utf8.Valid(dst[from:]) && strings.IndexByte(s, '%') >= 0 {
		return append(dst[:from], decodeUTF8(dst[from:])...), nil
	}
	return dst, nil
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10, true
	}
	return 0, false
}

func appendBase64(dst []byte, s string) []byte {
	return base64.StdEncoding.AppendEncode(dst, value.AppendUTF8(nil, s))
}

// appendBase64Decoded is java.util.Base64's basic decoder: no line ends, padding may be missing. Which decoder AWS uses is unconfirmed.
func appendBase64Decoded(dst []byte, s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") {
		return dst, errors.New("Illegal base64 character") //nolint:staticcheck,revive // Java's words
	}
	encoding := base64.StdEncoding
	if strings.IndexByte(s, '=') < 0 {
		encoding = base64.RawStdEncoding
	}
	from := len(dst)
	dst, err := encoding.AppendDecode(dst, []byte(s))
	if err != nil {
		return dst[:from], fmt.Errorf("decoding base64: %w", err)
	}
	if !utf8.Valid(dst[from:]) {
		return append(dst[:from], decodeUTF8(dst[from:])...), nil
	}
	return dst, nil
}
