package telemetry_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

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

// Of the successes of a second the first are kept whole, and all failures.
func TestRecorder_brief(t *testing.T) {
	recorder := &telemetry.Recorder{Recent: telemetry.NewRecent(4*telemetry.MaxWholeSuccesses, telemetry.MaxRecentBytes)}
	add := func(id string, second int64, statusCode int) {
		n := record.NewNotes(&record.Method{}, record.Exchange{RequestId: id, Received: time.Unix(second, 0), StatusCode: statusCode})
		recorder.Begin(n)
		n.BeginStep(record.NameStep("find_method"), 0)
		n.NoteRequest(record.Request{Headers: []record.Field{{Name: "Host", Value: "h"}}})
		recorder.End(n)
	}
	for range telemetry.MaxWholeSuccesses {
		add("first", 1, http.StatusOK)
	}
	add("over", 1, http.StatusOK)
	add("failed", 1, http.StatusNotFound)
	add("next", 2, http.StatusOK)
	for id, want := range map[string]record.Kind{
		"first": record.RequestHeaders, "over": record.LeftOut, "failed": record.RequestHeaders, "next": record.RequestHeaders,
	} {
		found, _ := recorder.Recent.Find(id)
		if found == nil || len(found.Steps) != 1 || len(found.Steps[0].Facts) != 1 || found.Steps[0].Facts[0].Kind != want {
			t.Errorf("%s: %+v", id, found)
		}
	}
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
