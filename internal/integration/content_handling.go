package integration

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// The values of contentHandling.
const (
	ConvertToBinary = "CONVERT_TO_BINARY"
	ConvertToText   = "CONVERT_TO_TEXT"
)

// BinaryMediaTypes is the compiled binaryMediaTypes list of an API.
type BinaryMediaTypes struct {
	all   bool
	exact map[string]bool
	kinds map[string]bool // "image" for image/*
}

// NewBinaryMediaTypes compiles a list. "image/*" and "*/*" are wildcards; "*/png" is
// not one and matches nothing (guide: lambda-proxy-binary-media.md).
func NewBinaryMediaTypes(list []string) BinaryMediaTypes {
	types := BinaryMediaTypes{exact: map[string]bool{}, kinds: map[string]bool{}}
	for _, entry := range list {
		entry = strings.ToLower(strings.TrimSpace(entry))
		kind, isWildcard := strings.CutSuffix(entry, "/*")
		switch {
		case entry == "*/*":
			types.all = true
		case isWildcard:
			types.kinds[kind] = true
		default:
			types.exact[entry] = true
		}
	}
	return types
}

// isEmpty reports whether the API declares no binary media type.
func (t BinaryMediaTypes) isEmpty() bool {
	return !t.all && len(t.exact) == 0 && len(t.kinds) == 0
}

// MatchesContentType reports whether a Content-Type header names binary content.
func (t BinaryMediaTypes) MatchesContentType(contentType string) bool {
	return t.matches(contentType)
}

// MatchesAccept reports whether an Accept header asks for binary content: only its
// first media type counts, and "*/*" asks for binary only where the list has it.
func (t BinaryMediaTypes) MatchesAccept(accept string) bool {
	first, _, _ := strings.Cut(accept, ",")
	return t.matches(first)
}

func (t BinaryMediaTypes) matches(mediaType string) bool {
	if t.all {
		return true
	}
	if mediaType == "" || t.isEmpty() {
		return false
	}
	mediaType, _, _ = strings.Cut(mediaType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	kind, _, _ := strings.Cut(mediaType, "/")
	return t.exact[mediaType] || t.kinds[kind]
}

// ConvertRequest applies the table of request conversions (guide:
// api-gateway-payload-encodings-workflow.md). It returns the payload and whether it
// is still binary; an error means that text was not base64, which is a 500.
func ConvertRequest(body []byte, binary bool, contentHandling string) (converted []byte, stillBinary bool, err error) {
	switch {
	case binary && contentHandling == ConvertToText:
		return encodeBase64(body), false, nil
	case binary:
		return body, true, nil
	case contentHandling == ConvertToBinary:
		converted, err = decodeBase64(body)
		return converted, true, err
	default:
		return validText(body), false, nil
	}
}

// ResponseConversion says what is known of a response before it is converted.
type ResponseConversion struct {
	PayloadBinary   bool   // the backend's Content-Type is a binary media type
	AcceptBinary    bool   // the client's Accept is a binary media type
	ContentHandling string // of the IntegrationResponse
}

// ConvertResponse applies the table of response conversions. An error means that
// text was not base64, which is a 500.
func ConvertResponse(body []byte, conversion ResponseConversion) ([]byte, error) {
	switch {
	case conversion.PayloadBinary && conversion.ContentHandling == ConvertToText:
		return encodeBase64(body), nil
	case conversion.PayloadBinary && conversion.ContentHandling == ConvertToBinary:
		return body, nil
	case conversion.PayloadBinary && conversion.AcceptBinary:
		return body, nil
	case conversion.PayloadBinary:
		return encodeBase64(body), nil
	case conversion.ContentHandling == ConvertToText:
		return validText(body), nil
	case conversion.ContentHandling == ConvertToBinary || conversion.AcceptBinary:
		return decodeBase64(body)
	default:
		return validText(body), nil
	}
}

func encodeBase64(body []byte) []byte {
	return base64.StdEncoding.AppendEncode(make([]byte, 0, base64.StdEncoding.EncodedLen(len(body))), body)
}

func decodeBase64(body []byte) ([]byte, error) {
	decoded, err := base64.StdEncoding.AppendDecode(nil, bytes.TrimSpace(body))
	if err != nil {
		return nil, fmt.Errorf("decoding a payload that should be base64: %w", err)
	}
	return decoded, nil
}

const replacementCharacter = "\uFFFD"

// validText is what a payload becomes on its way through a UTF-8 string: a byte
// that is not UTF-8 turns into the replacement character, which is how images break
// on an API that does not declare them as binary.
func validText(body []byte) []byte {
	if utf8.Valid(body) {
		return body
	}
	text := make([]byte, 0, len(body)+len(body)/2)
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			text = append(text, replacementCharacter...)
		} else {
			text = append(text, body[:size]...)
		}
		body = body[size:]
	}
	return text
}
