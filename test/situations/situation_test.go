package situations

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gatehouse/internal/diagnosis"
	"gatehouse/test/awscli"
	"gatehouse/test/server"
)

// situation is one way to meet an error.
type situation struct {
	name string
	// arrange makes the situation and returns the request that fails.
	arrange func(w *world) *request
	// refused is in place of arrange for an operation of AWS's API.
	refused func(w *world) func() error
	status  int
	errorId string
	// says are texts of the explanation, with the request's own values; {api} and
	// {account} stand for the world's.
	says []string
	// also is the id of a finding beside errorId, whose fix is applied in its place.
	also string
	// before prepares what the command needs, a file say.
	before func(w *world)
	// fixed is the status afterwards; 0 is 200.
	fixed int
	// sends says that the command itself sends the corrected request, as curl does.
	sends bool
	// passes replaces sending the same request again.
	passes func(w *world, output string)
}

func TestSituations(t *testing.T) {
	issuer, aws := newIssuer(t), awscli.Start(t)
	running := server.Run(t, "--user-pool-issuer", userPool+"="+issuer.url)
	for _, s := range allSituations(issuer) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.test(newWorld(t, running, aws))
		})
	}
}

// allSituations are those that share a server.
func allSituations(issuer *issuer) []situation {
	return slices.Concat(routingSituations(), functionSituations(), authorizationSituations(), mappingSituations(), templateSituations(), limitSituations(),
		tokenSituations(issuer), httpSituations(issuer), deploymentSituations(), undeployedSituations(), accountSituations(), keySituations(), cacheSituations(),
		signatureSituations(), handshakeSituations(), validationSituations(), mistakeSituations(), wrongRequestSituations(), settingSituations())
}

func (s *situation) test(w *world) {
	if s.refused != nil {
		s.testRefusal(w)
		return
	}
	sent := s.arrange(w)
	got := w.send(sent)
	if got.statusCode != s.status {
		w.t.Errorf("answered %d %s, want %d", got.statusCode, got.body, s.status)
	}
	explanation := w.explain(got.requestId)
	if explanation.ErrorId != s.errorId || explanation.Status != s.status || explanation.Article == "" {
		w.t.Errorf("explained as %s (%d), article %q", explanation.ErrorId, explanation.Status, explanation.Article)
	}
	found := s.finding(w, explanation)
	var printed strings.Builder
	w.check(diagnosis.Print{}.Write(&printed, explanation))
	contains(w.t, printed.String(), found.Fix.Text)
	if s.before != nil {
		s.before(w)
	}
	output := w.run(found.Fix.Command)
	switch {
	case s.passes != nil:
		s.passes(w, output)
	case s.sends:
		contains(w.t, output, "HTTP/1.1 "+strconv.Itoa(s.passing()))
	default:
		s.sendAgain(w, sent)
	}
}

// testRefusal calls an operation that is refused, applies the fix and calls it again.
func (s *situation) testRefusal(w *world) {
	call := s.refused(w)
	requestId, errorId := refusalOf(call())
	explanation := w.explain(requestId)
	if explanation.ErrorId != s.errorId || errorId != s.errorId || explanation.Status != max(s.status, http.StatusBadRequest) {
		w.t.Errorf("explained as %s (%d), the answer says %s", explanation.ErrorId, explanation.Status, errorId)
	}
	w.run(s.finding(w, explanation).Fix.Command)
	w.check(call())
}

// finding is the one whose fix is applied, after a look at what it says.
func (s *situation) finding(w *world, explanation *diagnosis.Explanation) *diagnosis.Finding {
	found := &explanation.Finding
	text := textOf(found)
	if s.also != "" {
		i := slices.IndexFunc(explanation.Also, func(f diagnosis.Finding) bool { return f.ErrorId == s.also })
		if i < 0 {
			w.t.Fatalf("also %+v", explanation.Also)
		}
		found = &explanation.Also[i]
		text += textOf(found)
	}
	for _, part := range s.says {
		contains(w.t, text, strings.NewReplacer("{api}", w.apiId, "{account}", w.account, "{other}", w.other).Replace(part))
	}
	if found.Checked == "" || found.Found == "" || found.Fix.Text == "" || found.Fix.Command == "" || w.t.Failed() {
		w.t.Fatal(text)
	}
	return found
}

// passing is the status of a request that passes.
func (s *situation) passing() int { return cmp.Or(s.fixed, http.StatusOK) }

// sendAgain sees the same request pass.
func (s *situation) sendAgain(w *world, sent *request) {
	want := s.passing()
	got := w.send(sent)
	again := &diagnosis.Explanation{}
	if got.requestId != "" { // a handshake that is let in names none
		again = w.explain(got.requestId)
	}
	if got.statusCode != want || again.ErrorId == s.errorId {
		w.t.Errorf("after the fix: %d %s\n%s", got.statusCode, got.body, textOf(&again.Finding))
	}
}

func textOf(f *diagnosis.Finding) string {
	said := append([]string{f.ErrorId, f.Checked, f.Found, f.Wanted, f.Fix.Text, f.Fix.Command}, f.Nearest...)
	if s := f.Signature; s != nil {
		said = append(said, "line "+strconv.Itoa(s.Line)+" "+s.Part+": client "+s.Client+", server "+s.Server, "compare "+strings.Join(s.CanonicalRequest, " "))
	}
	return strings.Join(said, "\n")
}

func contains(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q is not in:\n%s", part, text)
	}
}
