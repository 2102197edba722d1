package diagnosis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

func fixNoRoute(c *diagnosed, f *fault.Fault, finding *Finding) {
	nearest := f.Nearest
	finding.Nearest = finding.Nearest[:0]
	if nearest != "" {
		finding.Nearest = append(finding.Nearest, "closest deployed: "+nearest)
	}
	finding.Found += "; authentication was not evaluated"
	stage := c.record.StageName
	if c.definition != nil {
		if deployed := c.definition.Stages[stage]; !deployed.Created.IsZero() {
			finding.Checked = "the deployed methods of stage " + stage + " (deployment " + deployed.Id + ", " + deployed.Created.UTC().Format("2006-01-02 15:04:05") + ")"
		}
	}
	if undeployed, ok := c.definedMethod(c.record.HttpMethod, c.record.Path); ok {
		finding.Nearest = append(finding.Nearest, "exists but is not deployed: "+undeployed.HttpMethod+" "+undeployed.ResourcePath)
		finding.Fix = Fix{Text: "Deploy the API: the method exists, and stage " + stage + " serves an earlier deployment.", Command: c.deploy()}
		return
	}
	if c.isPreflight() {
		c.fixPreflight(finding)
		return
	}
	if rest, ok := strings.CutPrefix(c.record.Path, "/"+stage); ok && (rest == "" || rest[0] == '/') {
		finding.Nearest = append(finding.Nearest, "the stage "+stage+" stands in the path twice")
		finding.Fix = Fix{Text: "Remove the second /" + stage + " from the path.", Command: c.apigateway("get-resources", "--embed", "methods")}
		return
	}
	text := "Correct the path or the HTTP method, or make the method and deploy."
	if nearest != "" {
		text = "Correct the path or the HTTP method (did you mean " + nearest + "?), or make the method and deploy."
	}
	finding.Fix = Fix{Text: text, Command: c.apigateway("get-resources", "--embed", "methods")}
}

// definedMethod finds the method of a request among those that are defined now.
func (c *diagnosed) definedMethod(httpMethod, path string) (Method, bool) {
	if c.definition == nil {
		return Method{}, false
	}
	routes := map[string]*plan.Route{}
	methods := map[*plan.Method]Method{}
	for _, defined := range c.definition.Methods {
		method := &plan.Method{HttpMethod: defined.HttpMethod, ResourcePath: defined.ResourcePath}
		methods[method] = defined
		if routes[defined.ResourcePath] == nil {
			routes[defined.ResourcePath] = &plan.Route{Path: defined.ResourcePath}
		}
		routes[defined.ResourcePath].Methods = append(routes[defined.ResourcePath].Methods, method)
	}
	var list []plan.Route
	for _, path := range slices.Sorted(maps.Keys(routes)) {
		list = append(list, *routes[path])
	}
	found, _ := plan.NewRoutes(list).Find(plan.VerbOf(httpMethod), path, nil)
	if found == nil {
		return Method{}, false
	}
	return methods[found], true
}

// anyMethodOf finds a method of the resource that a path leads to, whatever its verb.
func (c *diagnosed) anyMethodOf(path string) (Method, bool) {
	for _, httpMethod := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} {
		if method, ok := c.definedMethod(httpMethod, path); ok {
			return method, true
		}
	}
	return Method{}, false
}

func fixUnknownStage(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the stages of API " + c.record.ApiId
	var names []string
	if c.definition != nil {
		names = slices.Sorted(maps.Keys(c.definition.Stages))
	}
	if len(names) > 0 {
		finding.Nearest = append(finding.Nearest, "stages that exist: "+strings.Join(names, ", "))
	}
	finding.Fix = Fix{Text: "Put a stage that exists into the URL, or deploy the API to a stage " + c.record.StageName + ".", Command: c.deploy()}
}

func fixEndpointDisabled(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "whether the API answers under its own host name"
	finding.Fix = Fix{
		Text: "Call the API through its custom domain, or enable its own endpoint and deploy.",
		Command: then(c.apigateway("update-rest-api", "--patch-operations", patch(replace("/disableExecuteApiEndpoint", "false"))),
			c.deploy()),
	}
}

func fixUnknownApi(_ *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the ids of the APIs that are served here"
	finding.Fix = Fix{Text: "Put the id of an API that is deployed into the URL.", Command: command("aws", "apigateway", "get-rest-apis")}
}

func fixParametersMissing(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Send the parameters that the method requires; names are case-sensitive."
	if f.Nearest != "" {
		finding.Fix.Text = "Send the parameters spelled as the method requires them: you sent " + f.Nearest + "."
	}
	finding.Fix.Command = c.method("get-method", "--query", "requestParameters")
}

func fixBodyInvalid(c *diagnosed, f *fault.Fault, finding *Finding) {
	model := strings.TrimPrefix(f.Checked, "the body against model ")
	finding.Fix = Fix{
		Text:    "Send a body that satisfies the model " + model + ".",
		Command: c.apigateway("get-model", "--model-name", model, "--query", "schema", "--output", "text"),
	}
}

// The limits that commands suggest.
const rate, burst = "100", "200"

func fixThrottled(c *diagnosed, f *fault.Fault, finding *Finding) {
	if strings.HasPrefix(f.Checked, "ACCOUNT") {
		finding.Fix.Text = "Send fewer requests: all APIs of the account share this limit."
		return
	}
	if strings.HasPrefix(f.Checked, "USAGE PLAN") {
		fixPlanThrottle(c, finding)
		return
	}
	at := "/" + pointer(c.record.ResourcePath) + "/" + c.methodOfResource + "/throttling/"
	finding.Fix = Fix{
		Text: "Send fewer requests, or raise the method's limits in the stage; no deployment is needed.",
		Command: c.apigateway("update-stage", "--stage-name", c.record.StageName, "--patch-operations",
			patch(replace(at+"rateLimit", rate), replace(at+"burstLimit", burst))),
	}
}
