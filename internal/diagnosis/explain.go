package diagnosis

import (
	"cmp"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// Explainer explains recorded requests.
type Explainer struct {
	// Definitions may be nil: then nothing is said of what is defined and not deployed.
	Definitions Definitions
	// Published returns what is served now; nil says nothing of where custom domain names lead.
	Published func() *plan.Table
	// Latencies may be nil: then nothing is said of how long backends take.
	Latencies Latencies
	// IntegrationTimeoutMaximum is how long a REST API's integration may be given; 0 is AWS's
	// default.
	IntegrationTimeoutMaximum time.Duration
	// HelpBase is the URL of the knowledge base, ending in a slash, for log lines.
	HelpBase string
}

// Explain explains a request. r is only read.
func (x *Explainer) Explain(r *record.Record) *Explanation {
	e := &Explanation{
		RequestId: r.RequestId, ExtendedRequestId: r.ExtendedRequestId, Received: r.Received.UTC(), ApiId: r.ApiId, Stage: r.StageName,
		HttpMethod: r.HttpMethod, Path: r.Path, ResourcePath: r.ResourcePath, Status: r.StatusCode, Milliseconds: milliseconds(r.Duration),
		Finding: Finding{Nearest: []string{}}, Steps: []Step{},
	}
	if r.ProtocolType == record.ControlPlane {
		e.Operation, e.ResourcePath = r.ResourcePath, ""
	}
	if r.Called {
		e.IntegrationMilliseconds = milliseconds(r.IntegrationLatency)
	}
	c := newCase(x, r)
	c.helpBase = x.HelpBase
	if r.Fault != nil {
		e.Finding = c.explainFault(r.Fault)
	}
	e.Also = c.others()
	if r.Fault == nil && len(e.Also) > 0 {
		e.Finding, e.Also = e.Also[0], e.Also[1:]
	}
	for i := range r.Steps {
		e.Steps = append(e.Steps, stepOf(&r.Steps[i]))
	}
	if n := len(e.Steps); r.Fault != nil && n > 0 {
		e.Steps[n-1].Failed = true
	}
	return e
}

func milliseconds(d time.Duration) float64 {
	return float64(d.Microseconds()) / float64(time.Millisecond/time.Microsecond)
}

func stepOf(s *record.Step) Step {
	step := Step{Name: s.Name}
	if s.Duration > 0 { // a clock that was asked has moved on
		took := milliseconds(s.Duration)
		step.Milliseconds = &took
	}
	for i := range s.Facts {
		fact := Fact{Kind: s.Facts[i].Kind.String(), Text: s.Facts[i].Text, Bytes: s.Facts[i].Size, Body: string(s.Facts[i].Body)}
		if fact.Body == "" {
			fact.Text = hideInUrls(fact.Text)
		}
		for _, field := range s.Facts[i].Fields {
			fact.Fields = append(fact.Fields, Field(field))
		}
		step.Facts = append(step.Facts, fact)
	}
	return step
}

// urlUser and urlQuery find the user with a password and the query string of URLs, which
// may be secret.
var (
	urlUser  = regexp.MustCompile(`(https?://)[^\s/?#"']*@`)
	urlQuery = regexp.MustCompile(`(https?://[^\s?"']+)\?[^\s"']+`)
)

// hideInUrls leaves out of the URLs in a text what may be secret.
func hideInUrls(text string) string {
	return urlQuery.ReplaceAllString(urlUser.ReplaceAllString(text, "$1***@"), "$1?…")
}

// diagnosed is one request while it is explained.
type diagnosed struct {
	record      *record.Record
	published   *plan.Table // nil where it is not known
	definitions Definitions // nil where there are none
	definition  *Definition // nil where there is none
	latencies   Latencies   // nil where they are not known
	// longestTimeout is what a REST API's integration may be given.
	longestTimeout time.Duration
	scope          apigw.Scope // of the API; zero where it is not known
	// methodOfResource is the Method that served, a verb or ANY.
	methodOfResource string
	helpBase         string
	headers          []record.Field // the request's, as far as they are shown
	replied          []record.Field // the response's
}

func newCase(x *Explainer, r *record.Record) *diagnosed {
	c := &diagnosed{
		record: r, definitions: x.Definitions, scope: apigw.Scope{Account: r.AccountId, Region: r.Region},
		latencies: x.Latencies, longestTimeout: cmp.Or(x.IntegrationTimeoutMaximum, apigw.IntegrationTimeoutMaximum),
	}
	if x.Published != nil {
		c.published = x.Published()
	}
	if x.Definitions != nil && r.ApiId != "" {
		if found, ok := x.Definitions.Definition(apigw.Scope{Account: r.AccountId, Region: r.Region}, r.ApiId); ok {
			c.definition = found
			c.scope = found.Scope
		}
	}
	c.methodOfResource, _, _ = strings.Cut(c.fact(record.Route), " ")
	c.headers, c.replied = c.fields(record.RequestHeaders), c.fields(record.MethodResponseHeaders)
	return c
}

// fact is the text of the first fact of a kind.
func (c *diagnosed) fact(kind record.Kind) string {
	for i := range c.record.Steps {
		for j := range c.record.Steps[i].Facts {
			if fact := &c.record.Steps[i].Facts[j]; fact.Kind == kind {
				return fact.Text
			}
		}
	}
	return ""
}

// factOf is the text of the first fact of a kind in a step.
func (c *diagnosed) factOf(step string, kind record.Kind) string {
	for i := range c.record.Steps {
		for j := range c.record.Steps[i].Facts {
			if fact := &c.record.Steps[i].Facts[j]; c.record.Steps[i].Name == step && fact.Kind == kind {
				return fact.Text
			}
		}
	}
	return ""
}

// body is the payload of the first fact of a kind; complete is false where it was not
// kept, or not all of it.
func (c *diagnosed) body(kind record.Kind) (body []byte, complete bool) {
	for i := range c.record.Steps {
		for _, fact := range c.record.Steps[i].Facts {
			if fact.Kind == kind {
				return fact.Body, len(fact.Body) > 0 && len(fact.Body) == fact.Size
			}
		}
	}
	return nil, false
}

// fields are those of the last fact of a kind: a response may be made twice.
func (c *diagnosed) fields(kind record.Kind) (found []record.Field) {
	for i := range c.record.Steps {
		for j := range c.record.Steps[i].Facts {
			if fact := &c.record.Steps[i].Facts[j]; fact.Kind == kind {
				found = fact.Fields
			}
		}
	}
	return found
}

func valueOf(fields []record.Field, name string) string {
	for _, field := range fields {
		if strings.EqualFold(field.Name, name) {
			return field.Value
		}
	}
	return ""
}

// explainFault explains what ended the exchange.
func (c *diagnosed) explainFault(f *fault.Fault) Finding {
	finding := Finding{
		ErrorId: string(f.Id()), Name: f.Entry.Name, Summary: f.Entry.Sentence, Article: f.Entry.Article, Nearest: []string{},
		Checked: hideInUrls(f.Checked), Found: hideInUrls(f.Found), Wanted: hideInUrls(f.Wanted), Fix: Fix{Text: f.Fix, Command: f.Command},
	}
	if finding.Found == "" {
		finding.Found = f.Entry.Sentence
	}
	if f.Nearest != "" {
		finding.Nearest = append(finding.Nearest, f.Nearest)
	}
	if f.Cause != nil && finding.Found == f.Entry.Sentence {
		finding.Found = hideInUrls(f.Cause.Error())
	}
	if fix := c.fixOf(f.Id()); fix != nil {
		fix(c, f, &finding)
	}
	c.fixGuardedPreflight(f, &finding)
	if finding.Fix.Text == "" {
		finding.Fix.Text = fixTexts[f.Id()]
	}
	finding.Fix.Text = sentence(finding.Fix.Text)
	if finding.Fix.Text == "" {
		finding.Fix.Text = "Read the article " + finding.Article + " of the knowledge base."
	}
	return finding
}

// Lines are what an execution log says of a failed request after AWS's lines.
func (x *Explainer) Lines(r *record.Record) []string {
	if r.Fault == nil && !needsLines(r) {
		return nil
	}
	e := x.Explain(r)
	if e.ErrorId == "" {
		return nil
	}
	lines := x.linesOf(e, &e.Finding)
	for i := range e.Also {
		lines = append(lines, x.linesOf(e, &e.Also[i])...)
	}
	return lines
}

// needsLines says whether an exchange without a fault ended in an error that is taken for
// the gateway's, or hides one; or in an answer that its client cannot use.
func needsLines(r *record.Record) bool {
	c := &diagnosed{record: r}
	if c.fact(record.Base64AsText) != "" || c.blocked() {
		return true
	}
	if c.fact(record.RequestDamaged) != "" || c.fact(record.ResponseDamaged) != "" {
		return true
	}
	if r.Called && r.StatusCode >= http.StatusBadRequest {
		c.replied = c.fields(record.MethodResponseHeaders)
		return valueOf(c.replied, errorType) != "" || c.ownAnswer() != ""
	}
	return c.fact(record.ErrorAsSuccess) != "" || c.fact(record.ProxyAnswer) != ""
}

func (x *Explainer) linesOf(e *Explanation, f *Finding) []string {
	first := "Diagnosis " + f.ErrorId + " " + f.Name + ": " + f.Found + "."
	if f.Checked != "" {
		first += " Checked: " + f.Checked + "."
	}
	lines := []string{first}
	second := ""
	if f.Wanted != "" {
		second += " Wanted: " + f.Wanted + "."
	}
	if len(f.Nearest) > 0 {
		second += " Nearest: " + strings.Join(f.Nearest, "; ") + "."
	}
	if second != "" {
		lines = append(lines, "  "+second[1:])
	}
	if s := f.Signature; s != nil && s.Line > 0 {
		lines = append(lines, "  Canonical requests differ at line "+itoa(s.Line)+" ("+s.Part+"): client "+strconv.Quote(s.Client)+", server "+strconv.Quote(s.Server)+".")
	}
	fix := "  Fix: " + f.Fix.Text
	if f.Fix.Command != "" {
		fix += " " + strings.ReplaceAll(f.Fix.Command, "\n", " ")
	}
	lines = append(lines, fix)
	if x.HelpBase != "" {
		lines = append(lines, "  Help: "+x.HelpBase+f.Article+"?request="+e.RequestId)
	}
	return lines
}

func itoa(n int) string { return strconv.Itoa(n) }

func joined(list []string) string { return strings.Join(list, ", ") }
