package websocketapi_test

import (
	"bytes"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// BenchmarkEcho sends messages over loopback and waits for each answer, which a MOCK
// integration gives through a template. cpu-µs/op is the process's, the client included.
func BenchmarkEcho(b *testing.B) {
	w := newWorld(b, `{"Routes": {"echo": {"Answers": true, "Integration": {"IntegrationType": "MOCK", "RequestTemplates": {"$default": "{\"statusCode\":200}"}},
		"IntegrationResponses": {"$default": {"ResponseTemplates": {"$default": "{\"echo\":\"$context.routeKey\"}"}}}}}}`)
	p := w.connect()
	_ = p.SetDeadline(time.Time{})
	message := ws.MustCompileFrame(ws.MaskFrame(ws.NewTextFrame([]byte(`{"action":"echo","data":"` + string(bytes.Repeat([]byte("x"), 64)) + `"}`))))
	answer := make([]byte, len(`{"echo":"echo"}`)+2)
	before := cpuTime(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Write(message); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(p.reader, answer); err != nil {
			b.Fatal(err)
		}
	}
	used := cpuTime(b) - before
	b.ReportMetric(float64(used)/float64(b.N)/1e3, "cpu-µs/op")
	b.ReportMetric(float64(b.N)/used.Seconds(), "messages/cpu-s")
}

func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
