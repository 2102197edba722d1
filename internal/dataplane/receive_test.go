package dataplane

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/fault"
)

// zeros is a reader of as many zero bytes as asked for.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func chunked(body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(body))
	r.ContentLength = -1
	return r
}

func TestReadBody(t *testing.T) {
	known := func(body string, length int64) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.ContentLength = length
		return r
	}
	for name, test := range map[string]struct {
		request *http.Request
		length  int
		id      fault.Id
	}{
		"Empty":               {httptest.NewRequest(http.MethodGet, "/", http.NoBody), 0, ""},
		"Known":               {known("hello", 5), 5, ""},
		"KnownEndsEarly":      {known("hel", 5), 0, fault.RequestMalformed},
		"KnownTooLarge":       {known("", apigw.PayloadSizeLimit+1), 0, fault.RequestTooLarge},
		"LargeKnown":          {known(strings.Repeat("x", 3<<20), 3<<20), 3 << 20, ""},
		"LargeKnownEndsEarly": {known(strings.Repeat("x", 2<<20), 3<<20), 0, fault.RequestMalformed},
		"Chunked":             {chunked(zeros(1000)), 1000, ""},
		"ChunkedAtTheLimit":   {chunked(zeros(apigw.PayloadSizeLimit)), apigw.PayloadSizeLimit, ""},
		"ChunkedTooLarge":     {chunked(zeros(apigw.PayloadSizeLimit + 1)), 0, fault.RequestTooLarge},
		"ChunkedBroken":       {chunked(io.MultiReader(zeros(10), brokenReader{})), 0, fault.RequestMalformed},
	} {
		body, f := readBody(test.request)
		if got := idOf(f); got != test.id || len(body) != test.length {
			t.Errorf("%s: %d bytes, fault %q; want %d, %q", name, len(body), got, test.length, test.id)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("malformed chunked encoding") }

func idOf(f *fault.Fault) fault.Id {
	if f == nil {
		return ""
	}
	return f.Id()
}

// A small body that unpacks to more than the payload limit is refused.
func TestDecodeBodyIsBounded(t *testing.T) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.Copy(w, zeros(apigw.PayloadSizeLimit+1)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	in := &inbound.Request{SentBody: packed.Bytes(), Body: packed.Bytes()}
	if f := decodeBody(in, http.Header{"Content-Encoding": {"gzip"}}); idOf(f) != fault.RequestTooLarge {
		t.Errorf("%d bytes of gzip: fault %q", packed.Len(), idOf(f))
	}
	in = &inbound.Request{SentBody: []byte("no gzip"), Body: []byte("no gzip")}
	if f := decodeBody(in, http.Header{"Content-Encoding": {"gzip"}}); idOf(f) != fault.UnsupportedMediaType || f.Wanted != "a body in gzip" {
		t.Errorf("what is no gzip: %v", f)
	}
}
