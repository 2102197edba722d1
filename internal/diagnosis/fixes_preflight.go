package diagnosis

import (
	"slices"

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
