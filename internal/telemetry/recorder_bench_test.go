package telemetry_test

import (
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
)

// BenchmarkRecorder is what recording adds to a request, without the pipeline: what an
// HTTP_PROXY exchange notes, the clock included.
func BenchmarkRecorder(b *testing.B) {
	recorder := newRecorder()
	headers := []record.Field{
		{Name: "Host", Value: "a1b2c3d4e5.execute-api.localhost"}, {Name: "Accept", Value: "*/*"}, {Name: "User-Agent", Value: "curl/8.5"},
		{Name: "Authorization", Value: "Bearer abcdefghijklmnopqrstuvwxyz"}, {Name: "X-Forwarded-For", Value: "127.0.0.1"},
		{Name: "X-Forwarded-Port", Value: "4566"}, {Name: "X-Forwarded-Proto", Value: "http"}, {Name: "X-Amzn-Trace-Id", Value: "Root=1-67760225-daa66d2c7ddf743f78dde6e5"},
	}
	reply := []record.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Mon, 01 Jan 2024 00:00:00 GMT"}}
	body := make([]byte, 512)
	at := time.Now()
	method := &record.Method{AccountId: "123456789012", Region: "us-east-1", ApiId: "a1b2c3d4e5", StageName: "prod", DeploymentId: "d1", ResourcePath: "/{proxy+}"}
	var r record.Notes
	b.ReportAllocs()
	for b.Loop() {
		r.Reset()
		r.Method, r.RequestId, r.ExtendedRequestId = method, "1715609f-7c74-4c69-b54c-da58fbbee87e", "njd5uX9KfBU8bvM="
		r.HttpMethod, r.Path, r.Received = "GET", "/pets/1", at
		recorder.Begin(&r)
		for i, name := range []string{"find_method", "check_resource_policy", "authorize", "throttle", "validate_request", "map_request", "call_integration", "select_integration_response", "map_response"} {
			since := time.Duration(0)
			if i == 6 {
				since = time.Since(at)
			}
			r.BeginStep(record.NameStep(name), since)
			switch i {
			case 0:
				r.Note(record.Route, "ANY /{proxy+}")
				r.NoteFields(record.RequestPath, headers[:1])
				r.NoteFields(record.RequestHeaders, headers)
			case 5:
				r.Note(record.EndpointUri, "http://127.0.0.1:34567/pets/1?a=b")
			case 6:
				r.Note(record.Sending, "http://127.0.0.1:34567/pets/1?a=b")
				r.NoteFields(record.EndpointReplyHeaders, reply)
				r.NoteBody(record.EndpointReplyBody, body)
			case 8:
				r.NoteBody(record.MethodResponseBody, body)
				r.NoteFields(record.MethodResponseHeaders, reply)
			}
			if i == 6 {
				since = time.Since(at)
			}
			r.EndStep(since)
		}
		r.StatusCode, r.Called = 200, true
		recorder.End(&r)
	}
}
