package templatetest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gatehouse/internal/mapping/templatetest"
)

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cases.json")
	text := `[
  {"name": "good", "template": "$input.json('$.a')", "input": {"body": "{\"a\": 1}"}, "want": {"output": "1"}, "evidence": {"level": "velocity"}},
  {"name": "bad", "template": "a$input.path('$.a')", "input": {"body": "{\"a\": 1}"}, "want": {"output": "2"}, "evidence": {"level": "velocity"}},
  {"name": "fails", "template": "#if", "input": {}, "want": {"output": ""}, "evidence": {"level": "velocity"}},
  {"name": "does not fail", "template": "", "input": {}, "want": {"error": true, "kind": "template"}, "evidence": {"level": "velocity"}},
  {"name": "alternative", "template": "x", "input": {}, "want": {"error": true},
   "evidence": {"level": "ambiguous", "alternatives": {"one": {"error": true}, "other": "x"}}},
  {"name": "override", "template": "#set($context.responseOverride.status = 400)", "input": {},
   "want": {"output": "", "responseOverride": {"status": 401}}, "evidence": {"level": "velocity"}}
]`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	passed, failed, err := templatetest.Run([]string{file}, &out)
	if err != nil || passed != 2 || failed != 4 {
		t.Errorf("%d passed, %d failed, %v", passed, failed, err)
	}
	for _, want := range []string{
		file + ": bad\n  want: \"2\"\n  got:  \"a1\"\n",
		": fails\n  want: \"\"\n  got:  failure: fails:1:",
		": does not fail\n  want: failure (template)\n  got:  \"\"\n",
		": override\n  want responseOverride: {\"status\":401}\n  got  responseOverride: {\"status\":400}\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s\nlacks %s", out.String(), want)
		}
	}
	if !strings.HasSuffix(out.String(), "\n2 passed, 4 failed\n") {
		t.Errorf("%s", out.String())
	}
	if _, _, err := templatetest.Run([]string{"nowhere.json"}, &out); err == nil {
		t.Error("a file that is not there")
	}
}

func TestEval(t *testing.T) {
	var out bytes.Buffer
	err := templatetest.Eval(templatetest.Evaluation{
		Name: "t", Template: `$input.json('$.a') $input.params('id') $context.stage $stageVariables.env`, Body: `{"a": "é"}`,
		Parameters: `{"params": {"path": {"id": "5"}}, "context": {"stage": "prod"}, "stageVariables": {"env": "e"}}`,
	}, &out)
	if err != nil || out.String() != `"é" 5 prod e` {
		t.Errorf("%q %v", out.String(), err)
	}
	err = templatetest.Eval(templatetest.Evaluation{Name: "t", Template: "a\nb $input.path('$[')"}, &out)
	if err == nil || !strings.HasSuffix(templatetest.Describe(err), "\nb $input.path('$[')\n         ^") {
		t.Errorf("%s", templatetest.Describe(err))
	}
	if err := templatetest.Eval(templatetest.Evaluation{Parameters: "{"}, &out); err == nil {
		t.Error("parameters that are no JSON")
	}
}
