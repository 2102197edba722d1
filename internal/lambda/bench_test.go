package lambda

import (
	"testing"
)

const pythonEcho = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'ok'}\n"

const nodeEcho = "exports.handler = async () => ({ statusCode: 200, body: 'ok' })"

func benchmarkWarm(b *testing.B, f Function) {
	r, _ := newTestRunner(b, func(o *Options) { o.LogSink = nil })
	call := Invocation{Payload: []byte(`{"path":"/pets","httpMethod":"GET"}`)}
	if _, err := r.Invoke(b.Context(), f, call); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		result, err := r.Invoke(b.Context(), f, call)
		if err != nil || result.FunctionError != "" {
			b.Fatalf("%s %v", result.Payload, err)
		}
	}
	if s := r.Statistics(); s.Environments != 1 {
		b.Errorf("one caller in a row used %d environments, want 1", s.Environments)
	}
}

func BenchmarkInvokeWarm_python(b *testing.B) { benchmarkWarm(b, pythonFunction(b, pythonEcho)) }

func BenchmarkInvokeWarm_node(b *testing.B) { benchmarkWarm(b, nodeFunction(b, nodeEcho)) }

func benchmarkCold(b *testing.B, f Function) {
	r, _ := newTestRunner(b, func(o *Options) { o.LogSink = nil })
	if _, err := r.Invoke(b.Context(), f, Invocation{}); err != nil { // extracts the code, finds the interpreter
		b.Fatal(err)
	}
	for b.Loop() {
		r.Reset()
		if _, err := r.Invoke(b.Context(), f, Invocation{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeCold_python(b *testing.B) { benchmarkCold(b, pythonFunction(b, pythonEcho)) }

func BenchmarkInvokeCold_node(b *testing.B) { benchmarkCold(b, nodeFunction(b, nodeEcho)) }

func BenchmarkInvokeParallel_python(b *testing.B) {
	r, _ := newTestRunner(b, func(o *Options) { o.LogSink = nil })
	f := pythonFunction(b, pythonEcho)
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.Invoke(b.Context(), f, Invocation{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(r.Statistics().Environments), "environments")
}
