package apigw

import "testing"

// Source: AWS command line's get-stages example (~1resource~1subresource/POST),
// Terraform's documentation of method_path; "/GET" unconfirmed.
func TestMethodSettingKey(t *testing.T) {
	for _, row := range []struct {
		key, path, httpMethod string
		ok                    bool
	}{
		{"*/*", "*", "*", true},
		{"~1resource~1subresource/POST", "/resource/subresource", "POST", true},
		{"pets/{id}/GET", "/pets/{id}", "GET", true},
		{"~1/GET", "/", "GET", true},
		{"/GET", "/", "GET", true},
		{"{proxy+}/ANY", "/{proxy+}", "ANY", true},
		{"*/GET", "*", "GET", true},
		{"pets", "", "", false},
		{"pets/FETCH", "", "", false},
	} {
		path, httpMethod, ok := MethodSettingKey(row.key)
		if path != row.path || httpMethod != row.httpMethod || ok != row.ok {
			t.Errorf("%q: %q %q %v", row.key, path, httpMethod, ok)
		}
	}
}

// Source: the guide says that a method's setting overrides the stage's; the rank of ANY is unconfirmed.
func TestMethodSettingFor(t *testing.T) {
	stage := Stage{MethodSettings: map[string]MethodSetting{
		"*/*": {LoggingLevel: "all"}, "~1pets/GET": {LoggingLevel: "own"}, "dogs/ANY": {LoggingLevel: "any"},
	}}
	for _, row := range []struct{ path, httpMethod, want string }{
		{"/pets", "GET", "own"}, {"/pets", "POST", "all"}, {"/dogs", "PUT", "any"}, {"/", "GET", "all"},
	} {
		got, ok := stage.MethodSettingFor(row.path, row.httpMethod)
		if !ok || got.LoggingLevel != row.want {
			t.Errorf("%s %s: %q %v, want %q", row.httpMethod, row.path, got.LoggingLevel, ok, row.want)
		}
	}
	if _, ok := (Stage{}).MethodSettingFor("/", "GET"); ok {
		t.Error("a stage without settings has one")
	}
}

// Source: AWS's message of an invalid path part; guide api-gateway-known-issues.md for the comma.
func TestValidPathPart(t *testing.T) {
	for part, want := range map[string]bool{
		"pets": true, "a.b-c_d:e": true, "a,b": true, "{id}": true, "{proxy+}": true, "{a.b}": true,
		"": false, "a b": false, "a{b}": false, "{}": false, "{+}": false, "{a": false, "a/b": false, "{a}b": false, "ä": false, "%20": false,
	} {
		if got := ValidPathPart(part); got != want {
			t.Errorf("%q: %v", part, got)
		}
	}
}

// Source: guide api-gateway-known-issues.md, limits.md and the API reference's pattern of stage variables.
func TestStageNamesAndVariables(t *testing.T) {
	if !ValidStageName("v1_test-A") || ValidStageName("v1.2") || ValidStageName("$default") || ValidStageName("") {
		t.Error("stage names")
	}
	if !ValidStageVariableName("a_1") || ValidStageVariableName("a-1") || ValidStageVariableName("") {
		t.Error("stage variable names")
	}
	if !ValidStageVariableValue("https://a.b/c?d=e,f&g#~") || ValidStageVariableValue("") || ValidStageVariableValue(`"`) {
		t.Error("stage variable values")
	}
}
