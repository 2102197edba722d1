package dataplane

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
)

// decodeBody undoes the Content-Encoding of a request, within the payload limit. What
// is not gzip or deflate is 415 (guide: api-gateway-make-request-with-compressed-payload.md).
func decodeBody(in *inbound.Request, header http.Header) *fault.Fault {
	coding := strings.ToLower(strings.TrimSpace(firstValue(header, "Content-Encoding")))
	if coding == "" || coding == "identity" || len(in.SentBody) == 0 {
		return nil
	}
	decoder, err := newDecoder(in.SentBody, coding)
	if err != nil {
		return undecodable(coding, err)
	}
	body, err := io.ReadAll(io.LimitReader(decoder, apigw.PayloadSizeLimit+1))
	switch {
	case err != nil:
		return undecodable(coding, err)
	case len(body) > apigw.PayloadSizeLimit:
		return tooLarge("a compressed body of more bytes")
	}
	in.Body = body
	return nil
}

func newDecoder(body []byte, coding string) (io.Reader, error) {
	switch coding {
	case "gzip":
		return gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		return zlib.NewReader(bytes.NewReader(body))
	default:
		return nil, http.ErrNotSupported
	}
}

func undecodable(coding string, err error) *fault.Fault {
	f := fault.New(fault.UnsupportedMediaType)
	f.Checked, f.Found, f.Cause = "the body's Content-Encoding", coding, err
	f.Wanted = "gzip, deflate or identity"
	if !errors.Is(err, http.ErrNotSupported) {
		f.Found, f.Wanted = coding+", and a body that is not: "+err.Error(), "a body in "+coding
	}
	return f
}
