package restapi

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
)

// Content codings (guide: api-gateway-enable-compression.md).
const (
	codingGzip     = "gzip"
	codingDeflate  = "deflate"
	codingIdentity = "identity"
)

// compressResponse compresses the body where the API's minimumCompressionSize and the
// client's Accept-Encoding ask for it. A body that has a Content-Encoding is left.
func compressResponse(e *exchange) {
	minimum := e.stage.Api.MinimumCompressionSize
	body := e.response.body
	if minimum < 0 || len(body) == 0 || len(body) < minimum || !bodyAllowed(e.response.statusCode) {
		return
	}
	if e.fault != nil || e.response.get(headerContentEncoding) != "" {
		return
	}
	coding := chooseCoding(e.in.HTTP.Header.Get("Accept-Encoding"))
	if coding == "" {
		return
	}
	if compressed, err := compress(body, coding); err == nil {
		e.response.body = compressed
		e.response.set(headerContentEncoding, coding)
	}
}

// chooseCoding returns the coding of highest priority, and nothing unless that is one
// we have and that the client named: "*" alone compresses nothing (guide:
// api-gateway-receive-response-with-compressed-payload.md).
func chooseCoding(acceptEncoding string) string {
	best, bestQuality := "", 0.0
	for acceptEncoding != "" {
		var item string
		item, acceptEncoding, _ = strings.Cut(acceptEncoding, ",")
		name, parameters, _ := strings.Cut(item, ";")
		if quality := qualityOf(parameters); quality > bestQuality {
			best, bestQuality = strings.ToLower(strings.TrimSpace(name)), quality
		}
	}
	if best == codingGzip || best == codingDeflate {
		return best
	}
	return ""
}

func qualityOf(parameters string) float64 {
	_, value, ok := strings.Cut(parameters, "q=")
	if !ok {
		return 1
	}
	quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return quality
}

func compress(body []byte, coding string) ([]byte, error) {
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if coding == codingDeflate {
		w = zlib.NewWriter(&b)
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
