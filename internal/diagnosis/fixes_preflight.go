package diagnosis

import (
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// guards are the faults of who asks without credentials, which a browser's preflight
// never has.
var guards = []fault.Id{
	fault.IdentityMissing, fault.TokenRefused, fault.JwtRejected, fault.SignatureMissing, fault.ApiKeyRefused,
	fault.AuthorizerDenied, fault.AuthorizerDeniedExplicitly,
}

// fixGuardedPreflight opens the OPTIONS method of a REST API to browsers.
func (c *diagnosed) fixGuardedPreflight(f *fault.Fault, finding *Finding) {
	if !c.isPreflight() || c.isHttp() || !slices.Contains(guards, f.Id()) {
		return
	}
	finding.Found += "; a browser asks without credentials, whatever its page sends afterwards"
	finding.Wanted = "an OPTIONS method without authorization"
	if c.methodOfResource != "OPTIONS" { // ANY, which must stay as it is
		c.fixPreflight(finding)
		return
	}
	change := replace("/authorizationType", "NONE")
	if f.Id() == fault.ApiKeyRefused {
		change = replace("/apiKeyRequired", "false")
	}
	finding.Fix = Fix{
		Text:    "Take the authorization off the OPTIONS method, and deploy: it tells nothing but what a page may send.",
		Command: then(c.method("update-method", "--patch-operations", patch(change)), c.deploy()),
	}
}

// allowedOrigin says why a browser does not take the origin that a response allows;
// empty where it does, or where the response says nothing.
func (c *diagnosed) refusesOrigin() string {
	allowed, origin := valueOf(c.replied, allowOrigin), valueOf(c.headers, "Origin")
	switch {
	case allowed == "":
		return ""
	case allowed == "*" && valueOf(c.replied, allowCredentials) == "true":
		return "allows *, which browsers refuse beside " + allowCredentials + " when a page asks with credentials"
	case allowed != "*" && allowed != origin:
		return "allows " + allowed + ", and the page is of " + origin
	}
	return ""
}

const allowCredentials = "Access-Control-Allow-Credentials"

const (
	allowHeaders   = "Access-Control-Allow-Headers"
	requestHeaders = "Access-Control-Request-Headers"
)

// headersNotAllowed are the headers that a page wants to send and the answer to the
// preflight does not allow. A wildcard covers neither Authorization nor anything in an
// answer that allows credentials (Fetch standard).
func (c *diagnosed) headersNotAllowed() []string {
	allowed := map[string]bool{}
	for name := range strings.SplitSeq(valueOf(c.replied, allowHeaders), ",") {
		allowed[strings.ToLower(strings.TrimSpace(name))] = true
	}
	anyHeader := allowed["*"] && valueOf(c.replied, allowCredentials) != "true"
	var missing []string
	for name := range strings.SplitSeq(valueOf(c.headers, requestHeaders), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if isToken(name) && !allowed[name] && (!anyHeader || name == "authorization") {
			missing = append(missing, name)
		}
	}
	return missing
}

// fixPreflightAnswer is for an OPTIONS method of a REST API that answers a browser, and
// does not allow what its page wants to do.
func (c *diagnosed) fixPreflightAnswer(finding *Finding, origin string) {
	asked, missing := valueOf(c.headers, requestMethod), c.headersNotAllowed()
	finding.Checked = "the answer to a browser that asks, for a page of " + origin + ", whether it may send " + asked
	if names := valueOf(c.headers, requestHeaders); names != "" {
		finding.Checked += " with the headers " + names
	}
	var wrong []string
	var set []record.Field
	if valueOf(c.replied, allowOrigin) == "" || c.refusesOrigin() != "" {
		why := "has no " + allowOrigin
		if refused := c.refusesOrigin(); refused != "" {
			why = refused
		}
		wrong, set = append(wrong, why), append(set, record.Field{Name: allowOrigin, Value: origin})
	}
	if !c.allowsMethod() {
		wrong = append(wrong, allowMethods+` "`+valueOf(c.replied, allowMethods)+`" lacks `+asked)
		set = append(set, record.Field{Name: allowMethods, Value: withItems(valueOf(c.replied, allowMethods), asked)})
	}
	if len(missing) > 0 {
		wrong = append(wrong, allowHeaders+` "`+valueOf(c.replied, allowHeaders)+`" lacks `+joined(missing))
		set = append(set, record.Field{Name: allowHeaders, Value: withItems(valueOf(c.replied, allowHeaders), missing...)})
	}
	finding.Summary = "A browser asked whether it may send a request, and the answer does not allow it."
	finding.Found, finding.Wanted = "the answer "+strings.Join(wrong, "; "), wantedHeaders(set)
	finding.Fix.Text = "If pages of " + origin + " may do that, let the backend of OPTIONS answer " + finding.Wanted + "."
	target := c.restIntegration()
	switch {
	case target == nil || !allTokens(set):
	case target.Type == "AWS_PROXY":
		finding.Fix = c.fixCode(functionOfUri(target.Uri), "If pages of "+origin+" may do that, let the function answer "+finding.Wanted+".")
	case target.Type != "HTTP_PROXY":
		finding.Fix = Fix{
			Text:    "If pages of " + origin + " may do that, map the headers in the integration response " + itoa(c.record.StatusCode) + " of OPTIONS, and deploy.",
			Command: c.mapHeaders(set),
		}
	}
}

// withItems adds items to a list of a header of CORS. In place of a wildcard that does not
// do stand the items alone.
func withItems(list string, items ...string) string {
	if list = strings.TrimSpace(list); list == "" || list == "*" {
		return strings.Join(items, ",")
	}
	return list + "," + strings.Join(items, ",")
}

func wantedHeaders(headers []record.Field) string {
	texts := make([]string, len(headers))
	for i, header := range headers {
		texts[i] = header.Name + ": " + header.Value
	}
	return strings.Join(texts, ", ")
}

// allTokens says whether the values may stand in a mapping between quotes.
func allTokens(headers []record.Field) bool {
	return !slices.ContainsFunc(headers, func(header record.Field) bool {
		return !isToken(header.Value) && !isOrigin(header.Value) && !strings.Contains(header.Value, "*")
	})
}
