package app

import (
	"log/slog"
	"os"
	"syscall"
	"testing"
	"time"

	"gatehouse/internal/config"
	"gatehouse/internal/integration"
)

// BenchmarkInvokeFunction measures one warm invocation by an integration, the part of
// this process: authorization, the records, the Runtime API. The function's own process
// does next to nothing.
func BenchmarkInvokeFunction(b *testing.B) {
	settings := config.Default()
	settings.Listen, settings.Data = "127.0.0.1:0", b.TempDir()
	server := New(Options{Config: settings, Version: "bench", Log: slog.New(slog.DiscardHandler), Path: os.Getenv("PATH")})
	if err := server.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = server.Stop(b.Context()) }()
	arn := makeFunction(b, server, "echo", "nodejs20.x", "index.js", "exports.handler = async (event) => ({ statusCode: 200, body: 'fine' });")
	parts, err := server.openParts(b.Context()) // the server's own are out of reach; these stand on the same store
	if err != nil {
		b.Fatal(err)
	}
	call := &integration.Invocation{
		FunctionArn: arn, SourceArn: "arn:aws:execute-api:us-east-1:000000000000:abcdefghij/prod/GET/pets", SourceAccount: "000000000000",
		Payload: []byte(`{"path":"/pets","httpMethod":"GET"}`), Timeout: 20 * time.Second,
	}
	b.ReportAllocs()
	before := ownCPU(b)
	for b.Loop() {
		if result, err := parts.invoker.Invoke(b.Context(), call); err != nil || result.FunctionError != "" {
			b.Fatal(result, err)
		}
	}
	b.ReportMetric(float64((ownCPU(b)-before).Nanoseconds())/float64(b.N)/1000, "cpu-µs/op") // without the function's process
}

// ownCPU is the CPU time of this process, user and system.
func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
