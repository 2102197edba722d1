package diagnosis

import (
	"encoding/json"
	"reflect"

	"gatehouse/internal/apigw"
)

// idUndeployed is a change that is defined and not deployed: "I changed it and nothing
// happens". Its article is that of deployments.
const (
	idUndeployed      = "GH-C103"
	articleUndeployed = "GH-C101"
)

// undeployed says what concerns the request and was changed after the stage's deployment.
func (c *diagnosed) undeployed() (Finding, bool) {
	if c.record.ResourceId == "" {
		return Finding{}, false // a request that reaches nothing has its own finding
	}
	stage := c.record.StageName
	changed := c.changes(c.deployed())
	if len(changed) == 0 {
		return Finding{}, false
	}
	serves := c.definition.Stages[stage]
	return Finding{
		ErrorId: idUndeployed, Name: "undeployed-changes", Summary: "What was changed is not served: the stage serves an earlier deployment.",
		Checked: "the definition against what stage " + stage + " serves (deployment " + serves.Id + ", " + serves.Created.UTC().Format(dateTime) + ")",
		Found:   "changed since then: " + joined(changed), Wanted: "a deployment of the definition as it is now", Nearest: []string{},
		Fix: Fix{Text: "Deploy the API to stage " + stage + ".", Command: c.deploy()}, Article: articleUndeployed,
	}, true
}

const dateTime = "2006-01-02 15:04:05"

// changes names what differs between the definition and a deployment, of what the
// request met.
func (c *diagnosed) changes(deployed *Definition) []string {
	switch now := c.definition; {
	case deployed == nil:
		return nil
	case now.Rest != nil && deployed.Rest != nil:
		return c.restChanges(deployed)
	case now.Http != nil && deployed.Http != nil:
		return c.httpChanges(deployed)
	}
	return nil
}

func (c *diagnosed) restChanges(deployed *Definition) []string {
	var changed changes
	now, then := c.definition, deployed
	method := func(d *Definition) *apigw.Method { return d.restMethod(c.record.ResourceId, c.methodOfResource) }
	changed.compare(c.methodOfResource+" "+c.record.ResourcePath, method(now), method(then))
	changed.compare("the authorizers", now.Rest.Authorizers, then.Rest.Authorizers)
	changed.compare("the resource policy", now.Rest.RestApi.Policy, then.Rest.RestApi.Policy)
	changed.compare("binaryMediaTypes", now.Rest.RestApi.BinaryMediaTypes, then.Rest.RestApi.BinaryMediaTypes)
	changed.compare("the models", now.Rest.Models, then.Rest.Models)
	changed.compare("the request validators", now.Rest.RequestValidators, then.Rest.RequestValidators)
	if c.record.Fault != nil {
		changed.compare("the gateway responses", now.Rest.GatewayResponses, then.Rest.GatewayResponses)
	}
	return changed
}

func (c *diagnosed) httpChanges(deployed *Definition) []string {
	var changed changes
	now, then, id := c.definition, deployed, c.record.ResourceId
	changed.compare("route "+c.record.ResourcePath, now.httpRoute(id), then.httpRoute(id))
	changed.compare("its integration", now.httpIntegration(id), then.httpIntegration(id))
	changed.compare("the authorizers", now.Http.Authorizers, then.Http.Authorizers)
	changed.compare("corsConfiguration", now.Http.Api.CorsConfiguration, then.Http.Api.CorsConfiguration)
	return changed
}

// changes are names of what differs.
type changes []string

// compare compares as JSON, which is how snapshots are kept: nothing and an empty list
// are the same.
func (c *changes) compare(name string, now, then any) {
	if !reflect.DeepEqual(plainJSON(now), plainJSON(then)) {
		*c = append(*c, name)
	}
}

func plainJSON(value any) any {
	var plain any
	text, err := json.Marshal(value)
	if err != nil || json.Unmarshal(text, &plain) != nil {
		return nil
	}
	if list, ok := plain.([]any); ok && len(list) == 0 {
		return nil
	}
	return plain
}
