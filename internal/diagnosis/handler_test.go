package diagnosis_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/logs"
)

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(url) //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// served makes an API with /pets, and requests of three kinds.
func served(t *testing.T) (w *world, good, missing, nowhere string) {
	t.Helper()
	w = newWorld(t)
	pets := w.resource(w.root, "pets")
	w.method(pets, "GET", mock(), "200")
	w.answer(pets, "GET", "200", nil)
	w.deploy()
	send := func(path string) string {
		response, _ := w.send(request{path: path, header: map[string]string{"X-Api-Key": "Bearer secret-token"}})
		id := response.Header.Get("x-amzn-RequestId")
		w.explain(id)
		return id
	}
	return w, send("/prod/pets?token=secret-token"), send("/prod/pet<b>s"), send("/nostage/pets")
}

func TestListAndExplanation(t *testing.T) {
	w, good, missing, nowhere := served(t)
	base := "http://" + w.address + "/_gatehouse/api/requests"
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"", []string{nowhere, missing, good}}, {"?status=200", []string{good}}, {"?status=4xx", []string{nowhere, missing}},
		{"?error=GH-R101", []string{missing}}, {"?limit=1", []string{nowhere}}, {"?api=other", nil}, {"?stage=prod", []string{missing, good}},
	} {
		_, body := get(t, base+c.query)
		var list struct{ Requests []diagnosis.Summary }
		if err := json.Unmarshal([]byte(body), &list); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, one := range list.Requests {
			ids = append(ids, one.RequestId)
		}
		if strings.Join(ids, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s: %v, want %v", c.query, ids, c.want)
		}
	}
	_, body := get(t, base+"/"+missing+"/explanation")
	for _, member := range []string{`"requestId":"` + missing, `"status":403`, `"errorId":"GH-R101"`, `"checked":"`, `"found":"`, `"nearest":[`, `"fix":{"text":"`, `"command":"`, `"article":"GH-R101"`, `"steps":[{"name":"find_method","milliseconds":0.`} {
		contains(t, body, member)
	}
	_, body = get(t, base+"/"+diagnosis.Latest+"/explanation")
	contains(t, body, `"requestId":"`+nowhere)
	response, body := get(t, base+"/unknown/explanation")
	if response.StatusCode != http.StatusNotFound || !strings.Contains(body, "No recent request") {
		t.Errorf("%s %s", response.Status, body)
	}
	if _, err := diagnosis.Fetch(t.Context(), http.DefaultClient, "http://"+w.address, "unknown"); err == nil {
		t.Error("Fetch of an unknown id")
	}
	for _, id := range []string{good, missing, nowhere} {
		if _, body := get(t, base+"/"+id+"/explanation"); strings.Contains(body, "secret-token") {
			t.Errorf("a secret is shown: %s", body)
		}
	}
}

func TestPages(t *testing.T) {
	w, good, missing, _ := served(t)
	base := "http://" + w.address + "/_gatehouse/requests/"
	for path, parts := range map[string][]string{
		"":          {"<title>Recent requests", missing, "GH-R101"},
		good:        {"Nothing went wrong", "map_response", "(19 characters)"},
		missing:     {"GH-R101", "GET /pet", "aws apigateway get-resources", "/_gatehouse/kb/GH-R101?request=" + missing},
		"unknown":   {"No such request"},
		"style.css": {"prefers-color-scheme: dark"},
	} {
		response, body := get(t, base+path)
		for _, part := range parts {
			contains(t, body, part)
		}
		if strings.Contains(body, "<b>") || strings.Count(body, "<script") != strings.Count(body, `<script src="/_gatehouse/requests/page.js" defer></script>`) {
			t.Errorf("%s is not escaped, or has a script of its own", path)
		}
		if path != "style.css" && !strings.Contains(response.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s has no policy", path)
		}
	}
}

func TestTerminal(t *testing.T) {
	w, good, missing, _ := served(t)
	for id, parts := range map[string][]string{
		good:    {"200 GET /pets", "Nothing went wrong", "ms  map_request", "–     find_method", "– is a step too short to be timed"},
		missing: {"403 GET /pet", "GH-R101 no-route", "  checked     the deployed methods of stage prod", "  fix         Correct the path", "    aws apigateway get-resources", "http://h/kb/GH-R101"},
	} {
		var b strings.Builder
		if err := (diagnosis.Print{HelpBase: "http://h/kb/"}).Write(&b, w.explain(id)); err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			contains(t, b.String(), part)
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Error("escape sequences without a terminal")
		}
		b.Reset()
		_ = (diagnosis.Print{Color: true}).Write(&b, w.explain(id))
		contains(t, b.String(), "\x1b[1m")
	}
}

// TestHelpHeaders: with a knowledge base, failed requests say which article explains them.
func TestHelpHeaders(t *testing.T) {
	w, _, _, _ := served(t)
	for path, id := range map[string]string{"/prod/none": "GH-R101", "/none/": "GH-R102", "/prod/pets": ""} {
		response, _ := w.send(request{path: path})
		if got := response.Header.Get("X-Gatehouse-Error"); got != id {
			t.Errorf("%s: error %q, want %q", path, got, id)
		}
		want := ""
		if id != "" {
			want = "<http://localhost:4566/_gatehouse/kb/" + id + "?request=" + response.Header.Get("x-amzn-RequestId") + `>; rel="help"`
		}
		if got := response.Header.Get("Link"); got != want {
			t.Errorf("%s: link %q, want %q", path, got, want)
		}
	}
}

// TestExecutionLog reads what a stage at level INFO writes for a request that fails.
func TestExecutionLog(t *testing.T) {
	w, _, _, _ := served(t)
	setting := func(name, value string) {
		w.run("aws apigateway update-stage --rest-api-id " + w.apiId + " --stage-name prod --patch-operations op=replace,path=/*/*/logging/" + name + ",value=" + value)
	}
	w.run("aws apigateway update-account --patch-operations op=replace,path=/cloudwatchRoleArn,value=arn:aws:iam::000000000000:role/logs")
	setting("loglevel", "INFO")
	first, _ := w.send(request{path: "/prod/pets"})
	second, _ := w.send(request{path: "/prod/none"})
	lines := w.logLines("  Help: ")
	one, two := "("+first.Header.Get("x-amzn-RequestId")+") ", "("+second.Header.Get("x-amzn-RequestId")+") "
	want := []string{
		one + "Extended Request Id: " + first.Header.Get("x-amz-apigw-id"),
		one + "Verifying Usage Plan for request: " + first.Header.Get("x-amzn-RequestId") + ". API Key:  API Stage: " + w.apiId + "/prod",
		one + "API Key  authorized because method 'GET /pets' does not require API Key. Request will not contribute to throttle or quota limits",
		one + "Usage Plan check succeeded for API Key  and API Stage " + w.apiId + "/prod",
		one + "Starting execution for request: " + first.Header.Get("x-amzn-RequestId"),
		one + "HTTP Method: GET, Resource Path: /pets",
		one + "Successfully completed execution",
		one + "Method completed with status: 200",
		two + "Method completed with status: 403",
		two + "Diagnosis GH-R101 no-route: nothing in stage prod matches GET /none; authentication was not evaluated. Checked: the deployed methods of stage prod",
		two + "  Fix: ",
		two + "  Help: http://localhost:4566/_gatehouse/kb/GH-R101?request=",
	}
	text := strings.Join(lines, "\n")
	at := 0
	for _, line := range want {
		found := strings.Index(text[at:], line)
		if found < 0 {
			t.Fatalf("%q does not follow in:\n%s", line, text)
		}
		at += found
	}
}

// logLines waits until the log group of the stage has a line with last in it.
func (w *world) logLines(last string) []string {
	w.t.Helper()
	group := logs.StreamId{Account: account, Region: region, Group: "API-Gateway-Execution-Logs_" + w.apiId + "/prod"}
	var lines []string
	for deadline := time.Now().Add(time.Minute); !strings.Contains(strings.Join(lines, "\n"), last) && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
		events, _, err := w.logs.Events(w.t.Context(), logs.Query{Group: group, Limit: 1000, MaxBytes: 1 << 20})
		if err != nil && !logs.IsMissing(err) {
			w.t.Fatal(err)
		}
		lines = lines[:0]
		for _, event := range events {
			lines = append(lines, event.Message)
		}
	}
	return lines
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q is not in:\n%s", part, text)
	}
}
