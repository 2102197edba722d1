package diagnosis_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/usageplan"
	"gatehouse/internal/deployment"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/fault"
)

// hostile is what a client may send where it would like a shell to run it.
const hostile = `it's "$(touch pwned)" ` + "`touch pwned`" + ` ;touch pwned; & | < > $HOME {a,b} [x]* ?~#!\`

// hostileRecord is a request whose every value is hostile.
func hostileRecord(f *fault.Fault, protocolType, httpMethod string) *record.Record {
	n := record.NewNotes(&record.Method{AccountId: account, Region: region, ApiId: "a1b2c3d4e5", StageName: "prod", DeploymentId: "d1", ProtocolType: protocolType}, record.Exchange{RequestId: "id", HttpMethod: httpMethod, Path: "/a/" + hostile, Received: time.Unix(1700000000, 0)})
	n.Method.ResourcePath, n.Method.ResourceId, n.StatusCode, n.Fault = "/a/{id}", "r1", 403, f
	n.BeginStep(record.NameStep("find_method"), 0)
	n.Note(record.Route, "GET /a/{id}")
	n.NoteFields(record.RequestQuery, []record.Field{{Name: hostile, Value: hostile}, {Name: "q", Value: "v"}})
	n.NoteFields(record.RequestHeaders, []record.Field{
		{Name: "Host", Value: hostile}, {Name: "X-Forwarded-Proto", Value: hostile}, {Name: "Origin", Value: "https://" + hostile}, {Name: "Content-Type", Value: hostile},
		{Name: "X-" + hostile, Value: hostile}, {Name: "Accept", Value: hostile}, {Name: "X-Tenant", Value: "t"}, {Name: "Access-Control-Request-Method", Value: hostile},
	})
	n.NoteBody(record.RequestBody, []byte(hostile))
	n.Note(record.Principal, "arn:aws:iam::"+account+":user/u")
	n.Note(record.Sending, "arn:aws:lambda:"+region+":"+account+":function:f")
	n.Note(record.ApiKeyReason, usageplan.ReasonNoPlan)
	n.EndStep(time.Millisecond)
	return n.Record()
}

// hostileDefinitions has an API with one method and route.
type hostileDefinitions struct{ isHttp bool }

func (d hostileDefinitions) Definition(apigw.Scope, string) (*diagnosis.Definition, bool) {
	found := &diagnosis.Definition{Scope: apigw.Scope{Account: account, Region: region}, Stages: map[string]diagnosis.Deployment{"prod": {Id: "d1"}}}
	if d.isHttp {
		found.Http = &apigwv2.Snapshot{
			Routes:       []apigwv2.Route{{RouteId: "r1", RouteKey: "GET /a/{id}", Target: "integrations/i1"}},
			Integrations: []apigwv2.Integration{{IntegrationId: "i1", IntegrationType: "HTTP_PROXY", IntegrationUri: "https://b/"}},
		}
	} else {
		found.Rest = &deployment.Snapshot{Resources: []apigw.Resource{{
			Id: "r1", Path: "/a/{id}",
			Methods: map[string]apigw.Method{"GET": {HttpMethod: "GET", MethodIntegration: &apigw.Integration{Type: "HTTP_PROXY", Uri: "https://b/"}}},
		}}}
	}
	deployed := *found
	found.Snapshot = func(string) *diagnosis.Definition { return &deployed }
	return found, true
}

func (hostileDefinitions) FunctionTimeout(string) time.Duration { return 0 }

func (hostileDefinitions) UsagePlans(apigw.Scope, string) []diagnosis.UsagePlan { return nil }

// No command that is printed runs what a client sent: each is run by a shell in which the
// programs only say what they were given.
func TestCommands_runNothingOfTheClients(t *testing.T) {
	programs, work := t.TempDir(), t.TempDir()
	for _, name := range []string{"aws", "curl", "python3", "gatehouse"} {
		if err := os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\nprintf '%s' \"${0##*/}\"\nprintf ' <%s>' \"$@\"\necho\n"), 0o700); err != nil { //nolint:gosec // it is run
			t.Fatal(err)
		}
	}
	var script strings.Builder
	sends := 0
	for _, entry := range fault.Registry() {
		for _, kind := range []struct{ protocolType, httpMethod string }{
			{"", "GET"}, {"", "POST`touch${IFS}pwned`"}, {"", "OPTIONS"}, {record.ProtocolHttp, "GET"}, {record.ProtocolWebSocket, "CONNECT"}, {record.ProtocolWebSocket, "MESSAGE"},
		} {
			f := faultOf(&entry)
			f.Checked, f.Found, f.Wanted = "the thing "+hostile+" from 127.0.0.1", `the route key "`+hostile+`"`, "a statement for SourceArn arn:aws:execute-api:us-east-1:1:a/prod/GET/"+hostile
			for _, definitions := range []diagnosis.Definitions{nil, hostileDefinitions{isHttp: kind.protocolType != ""}} {
				e := (&diagnosis.Explainer{Definitions: definitions, HelpBase: "http://127.0.0.1:4566/_gatehouse/kb/"}).Explain(hostileRecord(f, kind.protocolType, kind.httpMethod))
				for _, finding := range append([]diagnosis.Finding{e.Finding}, e.Also...) {
					if finding.Fix.Text == "" {
						t.Errorf("%s has no fix", finding.ErrorId)
					}
					if strings.Contains(finding.Fix.Command, "curl -i") {
						sends++
					}
					script.WriteString(finding.Fix.Command + "\n")
				}
			}
		}
	}
	const enough = 20
	if sends < enough {
		t.Errorf("%d commands send a request", sends)
	}
	file := filepath.Join(programs, "script") // too long for an argument
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	shell := exec.CommandContext(t.Context(), "bash", "-e", "-u", file)
	shell.Dir = work
	shell.Env = append(os.Environ(), "PATH="+programs+":"+os.Getenv("PATH"))
	for _, name := range variablesOf(script.String()) {
		shell.Env = append(shell.Env, name+"=$(touch pwned)")
	}
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s", err, output[max(0, len(output)-2000):])
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("something ran: %v", left)
	}
	if !strings.Contains(string(output), hostile) {
		t.Error("nothing has the client's values")
	}
	for line := range strings.Lines(string(output)) { // no value became a word of its own
		if !slices.ContainsFunc([]string{"aws <", "curl <", "python3 <", "gatehouse <"}, func(begin string) bool { return strings.HasPrefix(line, begin) }) {
			t.Errorf("ran %s", line)
		}
	}
}

// variablesOf are the names of a script's variables.
func variablesOf(script string) []string {
	var names []string
	for i, part := range strings.Split(script, "$") {
		end := strings.IndexFunc(part, func(r rune) bool { return r != '_' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
		if i > 0 && end > 0 && part[:end] != "HOME" && !slices.Contains(names, part[:end]) {
			names = append(names, part[:end])
		}
	}
	return names
}
