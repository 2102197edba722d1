package telemetry_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/telemetry"
)

var refusedStatus = map[fault.Id]int{fault.IdentityMissing: 401, fault.AuthorizerDenied: 403, fault.AuthorizerUnreachable: 500}

// guarded is what an exchange behind a TOKEN authorizer leaves behind: all of it, or as
// much as a fault lets come.
func guarded(level string, traced bool, id fault.Id) *record.Notes {
	r := record.NewNotes(&record.Method{AccountId: "123456789012", Region: "us-east-1", ApiId: "a1b2c3", StageName: "prod"}, record.Exchange{RequestId: "id-1", ExtendedRequestId: "ext=", HttpMethod: "GET", Path: "/pets", Received: received})
	r.Redacted, r.Method.DataTraceEnabled, r.Method.LoggingLevel, r.Method.ResourcePath, r.StatusCode = true, traced, level, "/pets", 200
	r.BeginStep(record.NameStep("find_method"), 0)
	r.BeginStep(record.NameStep("authorize"), 0)
	if id != "" {
		r.Fault, r.StatusCode = fault.New(id), refusedStatus[id]
	}
	if !r.Verbose() {
		return r
	}
	r.Note(record.Authorizer, "elkw5b")
	if id == fault.IdentityMissing {
		return r
	}
	r.Note(record.AuthorizerIdentity, record.Mask("Bearer 0123456789aI1BUdE"))
	r.Note(record.AuthorizerUri, "arn:aws:lambda:us-east-1:123456789012:function:authorize")
	if traced {
		r.NoteBody(record.AuthorizerBody, []byte(`{"type":"TOKEN"}`))
		r.NoteBody(record.AuthorizerReply, []byte(`{"principalId":"user"}`))
	}
	if id != fault.AuthorizerUnreachable {
		r.Note(record.AuthorizerPolicy, record.Mask("user|1234bkwef5"))
	}
	if id == "" {
		r.BeginStep(record.NameStep("call_integration"), 0)
	}
	return r
}

func TestExecutionLines_authorizer(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/authorizer.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range archive.Files {
		level, outcome, _ := strings.Cut(section.Name, ", ")
		level, trace, _ := strings.Cut(level, " with ")
		id := fault.Id(outcome)
		if outcome == "allowed" {
			id = ""
		}
		got := strings.Join(telemetry.ExecutionLines(guarded(level, trace != "", id).Record()), "\n") + "\n"
		if diff := cmp.Diff(string(section.Data), got); diff != "" {
			t.Errorf("%s:\n%s", section.Name, diff)
		}
	}
}
