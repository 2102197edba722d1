package restapi

import (
	"testing"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment/deploymenttest"
)

// Source: ours. Requests that no method gets must not be traced because one method is.
func TestRecorded_ofNoMethod(t *testing.T) {
	snapshot, err := deploymenttest.Parse([]byte(`{"Methods":{"GET /a":{"MethodIntegration":{"Type":"MOCK"}},"GET /b":{"MethodIntegration":{"Type":"MOCK"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		settings map[string]apigw.MethodSetting
		level    string
		traced   bool
	}{
		{nil, "OFF", false},
		{map[string]apigw.MethodSetting{"~1a/GET": {LoggingLevel: "INFO", DataTraceEnabled: true}}, "OFF", false},
		{map[string]apigw.MethodSetting{"~1b/GET": {LoggingLevel: "INFO", DataTraceEnabled: true}}, "OFF", false},
		{map[string]apigw.MethodSetting{"~1a/GET": {LoggingLevel: "INFO", DataTraceEnabled: true}, "*/*": {LoggingLevel: "ERROR"}}, "ERROR", false},
		{map[string]apigw.MethodSetting{"~1a/GET": {LoggingLevel: "OFF"}, "*/*": {LoggingLevel: "INFO", DataTraceEnabled: true}}, "INFO", true},
	} {
		compiled, _ := Compile(&snapshot, &apigw.Stage{StageName: "prod", MethodSettings: c.settings}, Options{})
		if got := compiled.Recorded; got.LoggingLevel != c.level || got.DataTraceEnabled != c.traced || got.ResourcePath != "" {
			t.Errorf("%v: %+v", c.settings, got)
		}
	}
}
