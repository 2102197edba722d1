package telemetry_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/telemetry"
)

// A record keeps nothing alive of the request that it was made of: a host name is a part of
// all headers, which may be a megabyte.
func TestRecent_keepsNoRequest(t *testing.T) {
	recorder := &telemetry.Recorder{Recent: telemetry.NewRecent(1000, telemetry.MaxRecentBytes), Metrics: telemetry.NewMetrics()}
	before := heap()
	const requests, size = 200, 1 << 20
	for range requests {
		head := strings.Repeat("a", size)
		n := record.NewNotes(&record.Method{ApiId: head[:10], StageName: head[:4]}, record.Exchange{RequestId: "1", HttpMethod: head, Path: head[:20]})
		recorder.Begin(n)
		recorder.End(n)
	}
	if grown := heap() - before; grown > requests*size/4 {
		t.Errorf("%d records keep %d bytes", requests, grown)
	}
	runtime.KeepAlive(recorder)
}

func heap() int64 {
	runtime.GC()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.HeapAlloc)
}

// What a client made up names no method of what is kept.
func TestNewNotes_bounds(t *testing.T) {
	n := record.NewNotes(&record.Method{ApiId: strings.Repeat("a", 1<<20)}, record.Exchange{})
	if got := len(n.Method.ApiId); got > record.MaxName {
		t.Errorf("%d bytes of a name", got)
	}
}

// Requests with several methods to one ANY find their series without making anything.
func TestMetrics_anyMethod(t *testing.T) {
	m := telemetry.NewMetrics()
	any := &record.Method{AccountId: "123456789012", ApiId: "a1b2c3", StageName: "prod", ResourcePath: "/pets"}
	methods := []string{http.MethodGet, http.MethodPut, http.MethodPost, http.MethodHead}
	observe := func() {
		for _, httpMethod := range methods {
			m.Observe(any, &record.Exchange{HttpMethod: httpMethod, StatusCode: 200})
		}
	}
	observe()
	if made := testing.AllocsPerRun(100, observe); made > 0 {
		t.Errorf("%v allocations", made)
	}
}
