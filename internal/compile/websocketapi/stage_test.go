package websocketapi

import (
	"testing"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/compile/websocketapi/snapshottest"
)

// Source: ours. A message that no route gets is logged as the stage says for all routes.
func TestRecorded_ofNoRoute(t *testing.T) {
	snapshot, err := snapshottest.Parse([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	stage := apigwv2.Stage{
		StageName: "prod", DefaultRouteSettings: apigwv2.RouteSettings{LoggingLevel: "ERROR"},
		RouteSettings: map[string]apigwv2.RouteSettings{"hello": {LoggingLevel: "INFO", DataTraceEnabled: &yes}},
	}
	compiled, _ := Compile(&snapshot, &stage, Options{})
	if got := compiled.Recorded; got.LoggingLevel != "ERROR" || got.DataTraceEnabled || got.ResourcePath != "" {
		t.Errorf("%+v", got)
	}
}
