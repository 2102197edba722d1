package unserved

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"gatehouse/internal/rawheader"
)

// head is what could be read of the request line and headers.
type head struct {
	bytes   []byte // the first of them
	size    int64  // how many came
	isFirst bool   // bytes is surely where the request begins
	http2   bool   // the client speaks HTTP/2
	tls     bool   // the client speaks TLS

	line                      string // the request line
	httpMethod, target, proto string // its words, where they are valid
	headers                   []rawheader.Field
	broken                    string // what is wrong with the first header that cannot be read
	isLineWhole, isWhole      bool   // the line, and the empty line behind the headers, came
	isKnown                   bool   // bytes is where the request begins, as far as one can tell
}

var (
	requestLine  = regexp.MustCompile(`^([!#$%&'*+.^_|~0-9A-Za-z` + "`" + `-]+) (\S+) (HTTP/\d\.\d)$`)
	openRequest  = regexp.MustCompile(`^([A-Z]{3,16}) (/\S*)$`)
	http2Preface = []byte("PRI * HTTP/2.0\r\n")
	tlsHandshake = []byte{0x16, 0x03} // record type and major version
)

// read reads a head. It never fails.
func read(unserved rawheader.Unserved) *head {
	h := &head{bytes: unserved.Head, size: unserved.Size, isFirst: unserved.First}
	h.http2 = bytes.HasPrefix(h.bytes, http2Preface)
	h.tls = h.isFirst && bytes.HasPrefix(h.bytes, tlsHandshake)
	line, rest, found := bytes.Cut(h.bytes, []byte("\n"))
	h.line, h.isLineWhole = strings.TrimSuffix(string(line), "\r"), found
	h.readLine()
	if h.isKnown && found {
		h.readHeaders(rest)
	}
	return h
}

// readLine reads the request line. Of what may begin in the middle of a request it takes
// nothing that does not look like one: it could be part of a secret.
func (h *head) readLine() {
	words := requestLine.FindStringSubmatch(h.line)
	open := openRequest.FindStringSubmatch(h.line)
	switch {
	case words != nil:
		h.httpMethod, h.target, h.proto = words[1], words[2], words[3]
	case open != nil:
		h.httpMethod, h.target = open[1], open[2]
	case h.isFirst && methodFirst.MatchString(h.line):
		malformed := strings.Fields(h.line)
		h.httpMethod = malformed[0]
		if strings.HasPrefix(malformed[1], "/") {
			h.target = malformed[1]
		}
	}
	h.isKnown = h.isFirst || words != nil || open != nil && !h.isLineWhole
}

// readHeaders reads the headers up to the first that is not valid, and on behind it.
func (h *head) readHeaders(rest []byte) {
	for number := 2; ; number++ {
		line, next, found := bytes.Cut(rest, []byte("\n"))
		if !found {
			return
		}
		rest = next
		text := strings.TrimSuffix(string(line), "\r")
		if text == "" {
			h.isWhole = true
			return
		}
		if problem := h.readHeader(text); problem != "" && h.broken == "" {
			h.broken = "line " + strconv.Itoa(number) + " " + problem
		}
	}
}

func (h *head) readHeader(text string) (problem string) {
	if text[0] == ' ' || text[0] == '\t' {
		if len(h.headers) == 0 {
			return "begins with a space, and there is no header that it could continue"
		}
		return "" // a header goes on, as once was allowed
	}
	name, value, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		return "has no colon, in " + strconv.Itoa(len(text)) + " characters"
	case name == "":
		return "has no name before its colon"
	case isToken(strings.TrimSpace(name)) && !isToken(name):
		return "has a space between the name " + shown(strings.TrimSpace(name)) + " and the colon"
	}
	if at := strings.IndexFunc(name, isNoTokenRune); at >= 0 {
		return "has a character in the header's name that no name has: " + strconv.QuoteToASCII(string([]rune(name[at:])[0])) + ", the " + ordinal(at+1)
	}
	if at := strings.IndexFunc(value, isControl); at >= 0 {
		return "has a control character in the value of " + shown(name) + ": " + strconv.QuoteToASCII(value[at:at+1]) + ", its " + ordinal(at+1)
	}
	h.headers = append(h.headers, rawheader.Field{Name: name, Value: strings.TrimSpace(value)})
	return ""
}

func ordinal(number int) string { return "character number " + strconv.Itoa(number) }

func isToken(text string) bool { return text != "" && strings.IndexFunc(text, isNoTokenRune) < 0 }

func isNoTokenRune(r rune) bool {
	isWord := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !isWord && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// isControl says whether a character is none for a value, tabs aside.
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// firstLine is the request line for people, without what may be secret.
func (h *head) firstLine() string {
	switch {
	case !h.isKnown:
		return "a request that came together with the one before it"
	case h.httpMethod == "":
		return "no request line"
	}
	return h.httpMethod + " " + shown(PathOf(h.target))
}

// PathOf is a request's target without query string, user and password.
func PathOf(target string) string {
	target, _, _ = strings.Cut(target, "?")
	if strings.HasPrefix(target, "/") || !strings.Contains(target, "@") {
		return target
	}
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		scheme, rest = "", target
	} else {
		scheme += "://"
	}
	return scheme + "***" + rest[strings.LastIndexByte(rest, '@'):]
}

// maxShown bounds what is repeated of what a client sent, bytes.
const maxShown = 128

// shown is a text of the client's for people.
func shown(text string) string {
	if len(text) > maxShown {
		return strconv.QuoteToASCII(text[:maxShown]) + "…"
	}
	return strconv.QuoteToASCII(text)
}

// first finds the first header of a name.
func first(headers []rawheader.Field, name string) (string, bool) {
	values := all(headers, name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

func all(headers []rawheader.Field, name string) (values []string) {
	for _, header := range headers {
		if strings.EqualFold(header.Name, name) {
			values = append(values, header.Value)
		}
	}
	return values
}
