package sigv4

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
)

// smallRequest is a GET as an SDK sends it: nine headers, three of them signed.
func smallRequest() Request {
	req := signed(nil)
	for _, name := range []string{"Accept", "User-Agent", "Accept-Encoding", "X-Forwarded-For", "X-Amzn-Trace-Id"} {
		req.Headers = append([]Header{{name, "some value"}}, req.Headers...)
	}
	return req
}

func BenchmarkVerify(b *testing.B) {
	v, req := exampleVerifier(""), smallRequest()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(context.Background(), &req, exampleScope); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify_presigned(b *testing.B) {
	req := Request{Method: "GET", Path: "/prod/pets", RawQuery: "b=2&a=1", Host: "example.com"}
	signer := Signer{Credentials: Credentials{AccessKeyID: exampleID, Secret: exampleSecret}, Scope: exampleScope}
	signer.Presign(&req, exampleTime, 60e9)
	v := exampleVerifier("")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(context.Background(), &req, exampleScope); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify_mismatchExplained(b *testing.B) {
	v, req := exampleVerifier(""), smallRequest()
	req.Method = "PUT"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(context.Background(), &req, exampleScope); err == nil {
			b.Fatal("accepted")
		}
	}
}

func BenchmarkFromHTTP(b *testing.B) {
	small := smallRequest()
	r := httptest.NewRequest(small.Method, small.Path+"?"+small.RawQuery, strings.NewReader(string(small.Body)))
	for _, h := range small.Headers {
		r.Header.Add(h.Name, h.Value)
	}
	b.ReportAllocs()
	for b.Loop() {
		FromHTTP(r, small.Body)
	}
}

func BenchmarkSign(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		signed(nil)
	}
}
