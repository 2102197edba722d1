package diagnosis_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/diagnosis"
)

// passedOn is an exchange whose backend chose the status.
func passedOn(statusCode, length int, headers ...record.Field) *record.Record {
	n := record.NewNotes(&record.Method{AccountId: account, Region: region, ApiId: "a1b2c3d4e5", StageName: "prod"}, record.Exchange{RequestId: "id", HttpMethod: "GET", Path: "/orders", Received: time.Unix(1700000000, 0)})
	n.Method.ResourcePath, n.StatusCode, n.ResponseLength, n.Called, n.IntegrationLatency = "/orders", statusCode, length, true, time.Millisecond
	n.BeginStep(record.NameStep("find_method"), 0)
	n.Note(record.Route, "GET /orders")
	n.Note(record.Sending, "https://user:secret@backend.example/orders?key=secret")
	n.NoteFields(record.MethodResponseHeaders, headers)
	n.EndStep(time.Millisecond)
	return n.Record()
}

// An error that the backend sent in the gateway's words is said to be the backend's, in the
// explanation and in the execution log; any other error of a backend is no finding, and
// the terminal says whose it is.
func TestExplain_backendsOwnError(t *testing.T) {
	json := record.Field{Name: "Content-Type", Value: "application/json"}
	kind := record.Field{Name: "X-Amzn-Errortype", Value: "MissingAuthenticationTokenException"}
	remapped := record.Field{Name: "x-amzn-Remapped-x-amzn-RequestId", Value: "1"}
	for name, c := range map[string]struct {
		record *record.Record
		found  string // empty for no finding
	}{
		"with AWS's header":    {passedOn(403, 99, json, kind, remapped), "the backend said it, not this gateway: 403 with x-amzn-ErrorType MissingAuthenticationTokenException from https://***@backend.example/orders?…"},
		"as long as Forbidden": {passedOn(403, len(`{"message":"Forbidden"}`), json), `as long as {"message":"Forbidden"}`},
		"with a blank":         {passedOn(502, len(`{"message": "Internal server error"}`), json), `as long as {"message":"Internal server error"}`},
		"another status":       {passedOn(404, len(`{"message":"Missing Authentication Token"}`), json), ""},
		"another length":       {passedOn(403, 1000, json), ""},
		"no JSON":              {passedOn(403, len(`{"message":"Forbidden"}`), record.Field{Name: "Content-Type", Value: "text/plain"}), ""},
		"a success":            {passedOn(200, len(`{"message":"Forbidden"}`), json), ""},
	} {
		explainer := &diagnosis.Explainer{HelpBase: "http://127.0.0.1:4566/kb/"}
		e := explainer.Explain(c.record)
		lines := strings.Join(explainer.Lines(c.record), "\n")
		var printed strings.Builder
		if err := (diagnosis.Print{}).Write(&printed, e); err != nil {
			t.Fatal(err)
		}
		if c.found == "" {
			if e.ErrorId != "" || lines != "" || c.record.StatusCode >= 400 && !strings.Contains(printed.String(), "the backend itself chose the status") {
				t.Errorf("%s: %s, %q, %s", name, e.ErrorId, lines, printed.String())
			}
			continue
		}
		if e.ErrorId != "GH-I106" || strings.Contains(printed.String(), "secret") || strings.Contains(e.Fix.Command, "secret") {
			t.Errorf("%s: %s\n%s", name, e.ErrorId, printed.String())
		}
		contains(t, e.Found, c.found)
		contains(t, lines, "Diagnosis GH-I106 backend-answer: the backend said it")
	}
}
