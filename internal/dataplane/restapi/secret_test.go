package restapi_test

import (
	"strings"
	"testing"

	"gatehouse/internal/fixture"
)

// What a signature mismatch repeats to its client, session token included, reaches
// nothing that is kept: not the record, from which diagnosis and the execution log are
// made, nor the access log.
func TestSessionTokenReachesNoLog(t *testing.T) {
	const token = "TOKENthatNoLogShows"
	archive, err := fixture.Read("testdata/iam-mismatch-keeps-session-token-from-logs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	world := newWorld(t, archive)
	world.Redacts = true
	request, _ := archive.Get("request")
	got := world.Exchange(t, request)
	if !strings.Contains(got["response"], strings.ToLower(token)) && !strings.Contains(got["response"], token) {
		t.Fatalf("the response does not repeat the canonical request, so this test shows nothing:\n%s", got["response"])
	}
	for name, text := range map[string]string{
		"access log": got["access log"], "fault": got["fault"], "record": got["record"], "encoded record": string(world.Encoded), "cause": world.Last.Fault.Cause.Error(),
	} {
		if text == "" || strings.Contains(text, token) {
			t.Errorf("%s is empty or holds the session token:\n%s", name, text)
		}
	}
}
