package integration_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gatehouse/internal/integration"
)

func benchmarkCall(b *testing.B, change func(*integration.Request, string)) {
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	defer backend.Close()
	client := integration.NewClient(1<<20, time.Now)
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	for b.Loop() {
		request := &integration.Request{Method: "GET", URL: backend.URL + "/", Timeout: time.Minute}
		change(request, backend.Listener.Addr().String())
		if _, err := client.Call(context.Background(), request); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCall(b *testing.B) { benchmarkCall(b, func(*integration.Request, string) {}) }

func BenchmarkCall_dial(b *testing.B) {
	benchmarkCall(b, func(r *integration.Request, address string) {
		r.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}
	})
}

func BenchmarkCall_addresses(b *testing.B) {
	benchmarkCall(b, func(r *integration.Request, address string) { r.Addresses = []string{address, "127.0.0.1:1"} })
}
