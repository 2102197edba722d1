package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Values of X-Amz-Content-Sha256 that are not a hash.
const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	streamingPrefix = "STREAMING-"
)

// emptySHA256 is the hash of no bytes.
const emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// pathForm is a way to write the path into the canonical request.
type pathForm uint8

const (
	// pathNormalised encodes the path as sent once more, after removing dot segments and empty segments: the
	// rule for every service but S3.
	pathNormalised pathForm = iota
	// pathEncodedTwice is the same without normalisation; several signers skip that.
	pathEncodedTwice
	// pathEncodedOnce decodes the path and encodes it once: S3's rule.
	pathEncodedOnce
	// pathAsSent copies the path.
	pathAsSent
)

// form is one way to write a canonical request. Services agree on one; explaining a mismatch tries others.
type form struct {
	path        pathForm
	host        string
	payload     string
	omitToken   bool // leave X-Amz-Security-Token out of the query: it was added after signing
	queryAsSent bool // do not sort the query
	// queryVerbatim neither encodes nor completes the query's parameters.
	queryVerbatim bool
}

// param is one encoded query parameter inside a buffer: name=value, with where the "=" is.
type param struct {
	start, equals, end int
}

// scratch holds the buffers of one verification, so that many can share them.
type scratch struct {
	canonical []byte
	message   []byte
	query     []byte
	params    []param
}

// appendCanonical writes the canonical request.
func (s *scratch) appendCanonical(dst []byte, req *Request, auth *authorization, f form) []byte {
	dst = append(dst, req.Method...)
	dst = append(dst, '\n')
	dst = appendPath(dst, req.Path, f.path)
	dst = append(dst, '\n')
	dst = s.appendQuery(dst, req.RawQuery, auth, f)
	dst = append(dst, '\n')
	for rest := auth.signedHeaders; rest != ""; {
		var name string
		name, rest, _ = strings.Cut(rest, ";")
		dst = appendHeader(dst, req, name, f.host)
	}
	dst = append(dst, '\n')
	dst = append(dst, auth.signedHeaders...)
	dst = append(dst, '\n')
	return append(dst, f.payload...)
}

// appendHeader writes one canonical header line: all values of the name in the order received, joined by
// commas, each trimmed and with inner white space folded.
func appendHeader(dst []byte, req *Request, name, host string) []byte {
	dst = append(dst, name...)
	dst = append(dst, ':')
	if strings.EqualFold(name, "host") {
		return append(append(dst, host...), '\n')
	}
	found := false
	for i := range req.Headers {
		if !strings.EqualFold(req.Headers[i].Name, name) {
			continue
		}
		if found {
			dst = append(dst, ',')
		}
		dst, found = appendFolded(dst, req.Headers[i].Value), true
	}
	return append(dst, '\n')
}

// appendFolded writes a header value with outer white space removed and inner runs of it made one space.
func appendFolded(dst []byte, value string) []byte {
	pending, started := false, false
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			pending = started
			continue
		}
		if pending {
			dst, pending = append(dst, ' '), false
		}
		dst, started = append(dst, c), true
	}
	return dst
}

// appendPath writes the canonical path.
func appendPath(dst []byte, path string, how pathForm) []byte {
	if path == "" {
		path = "/"
	}
	switch how {
	case pathAsSent:
		return append(dst, path...)
	case pathEncodedOnce:
		for i := 0; i < len(path); i++ {
			c, width := path[i], 1
			if c == '%' {
				c, width = decodeAt(path, i)
			}
			if width > 1 {
				dst = appendEncoded(dst, c) // an escaped slash stays escaped
			} else {
				dst = appendPathByte(dst, c)
			}
			i += width - 1
		}
		return dst
	case pathNormalised:
		if strings.Contains(path, "//") || strings.Contains(path, "/.") {
			path = normalise(path)
		}
	case pathEncodedTwice:
	}
	for i := 0; i < len(path); i++ {
		dst = appendPathByte(dst, path[i])
	}
	return dst
}

func appendPathByte(dst []byte, c byte) []byte {
	if c == '/' {
		return append(dst, c)
	}
	return appendEncoded(dst, c)
}

// normalise removes "." and empty segments and resolves "..", keeping a trailing slash (RFC 3986, 5.2.4).
func normalise(path string) string {
	var kept []string
	segments := strings.Split(path, "/")
	for _, segment := range segments {
		switch segment {
		case "", ".":
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
		default:
			kept = append(kept, segment)
		}
	}
	last := segments[len(segments)-1]
	if len(kept) == 0 {
		return "/"
	}
	if last == "" || last == "." || last == ".." {
		return "/" + strings.Join(kept, "/") + "/"
	}
	return "/" + strings.Join(kept, "/")
}

// appendQuery writes the canonical query: each name and value decoded and encoded anew, sorted by name and
// then by value. A presigned query leaves out its signature.
func (s *scratch) appendQuery(dst []byte, raw string, auth *authorization, f form) []byte {
	if raw == "" {
		return dst
	}
	s.query, s.params = s.query[:0], s.params[:0]
	for rest := raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if auth.presigned && (name == "X-Amz-Signature" || f.omitToken && name == "X-Amz-Security-Token") {
			continue
		}
		if f.queryVerbatim {
			s.addAsSent(pair, len(name))
			continue
		}
		s.addParam(name, value)
	}
	if !f.queryAsSent {
		s.sortParams()
	}
	for i, p := range s.params {
		if i > 0 {
			dst = append(dst, '&')
		}
		dst = append(dst, s.query[p.start:p.end]...)
	}
	return dst
}

func (s *scratch) addParam(name, value string) {
	start := len(s.query)
	s.query = appendQueryEncoded(s.query, name)
	equals := len(s.query)
	s.query = append(s.query, '=')
	s.query = appendQueryEncoded(s.query, value)
	s.params = append(s.params, param{start, equals, len(s.query)})
}

func (s *scratch) addAsSent(pair string, equals int) {
	start := len(s.query)
	s.query = append(s.query, pair...)
	s.params = append(s.params, param{start, start + equals, len(s.query)})
}

func (s *scratch) sortParams() {
	query := s.query
	slices.SortStableFunc(s.params, func(a, b param) int {
		if c := bytes.Compare(query[a.start:a.equals], query[b.start:b.equals]); c != 0 {
			return c
		}
		return bytes.Compare(query[a.equals:a.end], query[b.equals:b.end])
	})
}

func appendQueryEncoded(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c, width := decodeAt(s, i)
		dst = appendEncoded(dst, c)
		i += width - 1
	}
	return dst
}

const upperHex = "0123456789ABCDEF"

// appendEncoded writes a byte by AWS's URI encoding: RFC 3986 unreserved characters stay, the rest become %XX.
func appendEncoded(dst []byte, c byte) []byte {
	if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~' {
		return append(dst, c)
	}
	return append(dst, '%', upperHex[c>>4], upperHex[c&15])
}

// appendStringToSign writes the string to sign for a canonical request.
func appendStringToSign(dst []byte, auth *authorization, canonical []byte) []byte {
	dst = append(dst, algorithm...)
	dst = append(dst, '\n')
	dst = append(dst, auth.amzDate...)
	dst = append(dst, '\n')
	dst = append(dst, auth.scope()...)
	dst = append(dst, '\n')
	sum := sha256.Sum256(canonical)
	return hex.AppendEncode(dst, sum[:])
}
