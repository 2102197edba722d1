package telemetry

import (
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// A refused operation is found by its request id and counted by its error id, and is no
// request of an API.
func TestRefuse(t *testing.T) {
	recorder := &Recorder{Recent: NewRecent(10, 1<<20), Metrics: NewMetrics()}
	notes := record.NewNotes(&record.Method{ProtocolType: record.ControlPlane}, record.Exchange{RequestId: "r1"})
	notes.Method.ResourcePath, notes.StatusCode, notes.Fault = "apigateway:DeleteVpcLink", 400, fault.New(fault.InUse)
	recorder.Refuse(notes)
	if found, ok := recorder.Recent.Find("r1"); !ok || found.Fault.Id() != fault.InUse || found.ResourcePath != "apigateway:DeleteVpcLink" {
		t.Errorf("found %v, %+v", ok, found)
	}
	response := httptest.NewRecorder()
	recorder.Metrics.ServeHTTP(response, httptest.NewRequest("GET", "/metrics", nil))
	text := response.Body.String()
	if !strings.Contains(text, `gatehouse_errors_total{api="",stage="",error_id="GH-C201"} 1`) {
		t.Errorf("not counted:\n%s", text)
	}
	if strings.Contains(text, "gatehouse_count_total{") {
		t.Errorf("counted as a request:\n%s", text)
	}
}
