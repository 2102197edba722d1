package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// Ids of what is no failure and still surprises people (package knowledge has their articles).
const (
	idCachedResponse      = "GH-S101"
	idCacheControlIgnored = "GH-S102"
)

// cached says what the cache of the stage did to a response that came about.
func (c *diagnosed) cached() (found []Finding) {
	if text := c.fact(record.CacheControl); text != "" {
		explanation, setting, _ := strings.Cut(text, record.DecidedBySetting)
		finding := Finding{
			ErrorId: idCacheControlIgnored, Name: "cache-control-ignored", Article: string(fault.CacheControlDenied), Nearest: []string{},
			Summary: "Cache-Control: max-age=0 was ignored, because no policy lets the client ask for a fresh answer.",
			Checked: iam.ActionInvalidateCache + ", which the method setting " + setting + " asks for", Found: explanation,
			Wanted: "a policy that allows " + iam.ActionInvalidateCache,
		}
		c.fixCacheControl(&finding, setting)
		found = append(found, finding)
	}
	if text := c.fact(record.Cache); strings.HasPrefix(text, "HIT") {
		found = append(found, c.cachedResponse(text))
	}
	return found
}

// outsideKey stands in a fact of a cache before the parameters that its key has not.
const outsideKey = "; not in the key: "

func (c *diagnosed) cachedResponse(text string) Finding {
	finding := Finding{
		ErrorId: idCachedResponse, Name: "cached-response", Article: idCachedResponse, Nearest: []string{},
		Summary: "The response came from the stage's cache; the integration was not called.",
		Checked: "the cache of stage " + c.record.StageName, Found: text,
		Wanted: "a fresh answer, if the cached one is stale or another request's",
	}
	_, outside, missing := strings.Cut(text, outsideKey)
	if !missing {
		finding.Fix = Fix{
			Text:    "Nothing is wrong if the answer may be that old. Empty the cache of the stage, ask with Cache-Control: max-age=0, or shorten caching/ttlInSeconds of the method.",
			Command: c.apigateway("flush-stage-cache", "--stage-name", c.record.StageName),
		}
		return finding
	}
	var declared, keys []patchOperation
	for name := range strings.SplitSeq(outside, ", ") {
		declared = append(declared, add("/requestParameters/"+name, "false"))
		keys = append(keys, add("/cacheKeyParameters/"+name, ""))
	}
	finding.Fix = Fix{
		Text: "Answers that differ by " + outside + " share one entry. Make what they differ by a cache key, and deploy, which also begins with an empty cache.",
		Command: then(c.method("update-method", "--patch-operations", patch(declared...)),
			c.method("update-integration", "--patch-operations", patch(keys...)), c.deploy()),
	}
	return finding
}

func fixCacheControlDenied(c *diagnosed, _ *fault.Fault, finding *Finding) {
	_, setting, _ := strings.Cut(c.fact(record.CacheControl), record.DecidedBySetting)
	c.fixCacheControl(finding, setting)
}

// fixCacheControl lets a client ask for fresh answers: by a policy where it signs, else
// every client.
func (c *diagnosed) fixCacheControl(finding *Finding, setting string) {
	c.allow(finding, permission{iam.ActionInvalidateCache, c.wildcardArn(), "invalidate-cache"})
	if finding.Fix.Command != "" {
		return
	}
	finding.Fix = Fix{
		Text: "Nobody signs requests to the method, so no policy can speak of the client. Let every client ask for fresh answers, or leave the header out.",
		Command: c.apigateway("update-stage", "--stage-name", c.record.StageName, "--patch-operations",
			patch(replace("/"+setting+"/caching/requireAuthorizationForCacheControl", "false"))),
	}
}
