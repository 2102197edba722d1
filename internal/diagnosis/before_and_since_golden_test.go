package diagnosis

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/deployment"
	"gatehouse/internal/fault"
	"gatehouse/internal/fixture"
)

var update = flag.Bool("update", false, "write the golden files anew")

// at is a moment of the day on which everything here happens.
func at(clock string) time.Time {
	moment, err := time.Parse(time.DateTime, "2026-11-20 "+clock)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return moment
}

// redeployed is an API whose stage got deployment d2 after d1, and whose authorizer was
// changed since.
type redeployed struct{ Definitions }

func (redeployed) Definition(apigw.Scope, string) (*Definition, bool) {
	pets := func(uri string) deployment.Snapshot {
		return deployment.Snapshot{
			Resources: []apigw.Resource{{Id: "r1", Path: "/pets", Methods: map[string]apigw.Method{"GET": {
				HttpMethod: "GET", AuthorizationType: "CUSTOM", AuthorizerId: "a1", MethodIntegration: &apigw.Integration{Type: "HTTP_PROXY", Uri: uri},
			}}}},
			Authorizers: []apigw.Authorizer{{Id: "a1", Name: "tokens", IdentitySource: "method.request.header.Authorization"}},
		}
	}
	first, second, now := pets("http://old.example.com/"), pets("http://new.example.com/"), pets("http://new.example.com/")
	now.Authorizers = []apigw.Authorizer{{Id: "a1", Name: "tokens", IdentitySource: "method.request.header.X-Token"}}
	return &Definition{
		Scope: apigw.Scope{Account: "000000000000", Region: "us-east-1"}, Rest: &now,
		Stages:  map[string]Deployment{"prod": {Id: "d2", Created: at("10:05:00")}},
		Changed: map[Noun]time.Time{{NounAuthorizer, "a1"}: at("10:07:30")},
		Snapshot: func(id string) *Definition {
			return map[string]*Definition{"d1": {Rest: &first}, "d2": {Rest: &second}}[id]
		},
	}, true
}

func petRequest(requestId string, received time.Time, failed bool) *record.Record {
	r := &record.Record{Summary: record.Summary{
		Method: record.Method{AccountId: "000000000000", Region: "us-east-1", ApiId: "api1", StageName: "prod", DeploymentId: "d1", ResourceId: "r1", ResourcePath: "/pets"},
		Exchange: record.Exchange{
			RequestId: requestId, ExtendedRequestId: requestId + "=", HttpMethod: "GET", Path: "/pets", Received: received, StatusCode: 200, Duration: 3 * time.Millisecond,
		},
	}, Steps: []record.Step{{Name: "find_method", Facts: []record.Fact{{Kind: record.Route, Text: "GET /pets"}}}}}
	if failed {
		f := fault.New(fault.EndpointUnreachable)
		f.Checked, f.Found, f.Wanted = "http://old.example.com/", "connection refused", "a connection"
		r.Fault, r.StatusCode = f, 504
	}
	return r
}

func wasBeforeAndSince() *Handler {
	day := time.Hour * 24
	return NewHandler(served{
		petRequest("after", at("10:06:00"), false), petRequest("failed", at("10:01:00"), true), petRequest("before", at("10:00:00"), false),
		petRequest("yesterday", at("09:00:00").Add(-day), true),
	}, &Explainer{Definitions: redeployed{}})
}

// What was before a request and since is the same in the API's answer and on a terminal.
func TestBeforeAndSince(t *testing.T) {
	answer := httptest.NewRecorder()
	wasBeforeAndSince().ServeHTTP(answer, httptest.NewRequest("GET", apiPath+"/failed/explanation", nil))
	var indented bytes.Buffer
	if err := json.Indent(&indented, answer.Body.Bytes(), "", "  "); err != nil {
		t.Fatal(err)
	}
	e := &Explanation{}
	if err := json.Unmarshal(answer.Body.Bytes(), e); err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	if err := (Print{Width: 80, HelpBase: "http://127.0.0.1:4566/_gatehouse/kb/"}).Write(&printed, e); err != nil {
		t.Fatal(err)
	}
	archive, err := fixture.Read("testdata/before-and-since.txtar")
	if err != nil {
		t.Fatal(err)
	}
	archive.Check(t, update, fixture.Section{Name: "json", Text: indented.String()}, fixture.Section{Name: "terminal, 80 columns", Text: printed.String()})

	page := httptest.NewRecorder()
	wasBeforeAndSince().ServeHTTP(page, httptest.NewRequest("GET", pagesPath+"/failed", nil))
	for _, one := range e.Remarks() {
		for _, text := range []string{one.Begin, one.Linked, one.End} {
			if !strings.Contains(page.Body.String(), text) {
				t.Errorf("the page does not say %q", text)
			}
		}
	}
}
