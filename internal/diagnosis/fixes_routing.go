package diagnosis

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// fixNoRoute is for requests that reach no method, or no route of an HTTP API.
func fixNoRoute(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Nearest = finding.Nearest[:0]
	finding.Found = "nothing in stage " + c.record.StageName + " matches " + finding.Found + "; authentication was not evaluated"
	c.sayDeployment(finding)
	sent := c.again()
	if c.fixDeployedSince(finding, &sent) || c.fixUndeployed(finding, &sent) {
		return
	}
	if c.isPreflight() {
		c.fixPreflight(finding)
		return
	}
	if c.fixStageInPath(finding, sent) || c.fixEncodedSlash(finding, sent) || c.fixNearest(finding, sent) {
		return
	}
	finding.Fix = Fix{Text: "Correct the path or the HTTP method, or make the method and deploy. What exists:", Command: c.listEndpoints()}
}

// fixUndeployed is for a method or route that exists and is not deployed.
func (c *diagnosed) fixUndeployed(finding *Finding, sent *corrected) bool {
	undeployed, ok := c.definition.find(sent.httpMethod, sent.path)
	if !ok || c.isDeployed(&undeployed) {
		return false
	}
	c.sayUndeployed(finding, undeployed.text(), undeployed.noun())
	what := "method"
	if c.isHttp() {
		what = "route"
	}
	finding.Fix = c.fixDeploy("Deploy the API: the " + what + " exists, and stage " + sent.stage + " serves an earlier deployment.")
	return true
}

// sayUndeployed names a method or route that exists and is not deployed, and since when.
func (c *diagnosed) sayUndeployed(finding *Finding, name string, noun Noun) {
	d := differences{times: c.definition.Changed}
	d.add(name, made, noun)
	finding.Changes = d.list
	finding.Nearest = append(finding.Nearest, "exists but is not deployed: "+name)
	if at := d.list[0].LastChangedDate; at != nil {
		finding.Nearest = append(finding.Nearest, "last changed "+at.Format(dateTime)+"; "+c.servesSince())
	}
}

// servesSince says what the stage serves, and of when.
func (c *diagnosed) servesSince() string {
	serves := c.definition.Stages[c.record.StageName]
	return "stage " + c.record.StageName + " serves deployment " + serves.Id + " of " + serves.Created.UTC().Format(dateTime)
}

// fixDeployedSince is for a request that reaches something now: another deployment is served.
func (c *diagnosed) fixDeployedSince(finding *Finding, sent *corrected) bool {
	reached, ok := c.deployed().find(sent.httpMethod, sent.path)
	if !ok || !c.deployedSince() {
		return false
	}
	finding.Nearest = append(finding.Nearest, "deployed since: "+reached.text(), c.servesSince())
	finding.Fix = c.send("Send the request again: stage "+sent.stage+" serves another deployment since, and it has "+reached.text()+".", sent)
	return true
}

// fixNoRouteForToken is for a request with a token that reaches no method: the answer speaks
// of a signature, and the path is what is wrong.
func fixNoRouteForToken(c *diagnosed, f *fault.Fault, finding *Finding) {
	fixNoRoute(c, f, finding)
	finding.Found += ": no method says what the Authorization header is, so that the answer speaks of it as of a signature, and nothing looked at the token"
}

// sayDeployment says which deployment was searched, and since when it is served.
func (c *diagnosed) sayDeployment(finding *Finding) {
	if c.definition == nil {
		return
	}
	what := "methods"
	if c.isHttp() {
		what = "routes"
	}
	if deployed := c.definition.Stages[c.record.StageName]; !deployed.Created.IsZero() && !c.deployedSince() {
		finding.Checked = "the deployed " + what + " of stage " + c.record.StageName + " (deployment " + deployed.Id + ", " + deployed.Created.UTC().Format(dateTime) + ")"
	}
}

func (c *diagnosed) isDeployed(e *endpoint) bool {
	found, ok := c.deployed().find(c.record.HttpMethod, c.record.Path)
	return ok && found.id == e.id
}

func (c *diagnosed) listEndpoints() string {
	if c.isHttp() {
		return c.apigatewayv2("get-routes", "--query", "Items[].RouteKey")
	}
	return c.apigateway("get-resources", "--query", "items[].[path, keys(resourceMethods || `{}`)]")
}

// fixStageInPath is for a stage that stands in the path once too often.
func (c *diagnosed) fixStageInPath(finding *Finding, sent corrected) bool {
	first, rest, _ := strings.Cut(strings.TrimPrefix(sent.path, "/"), "/")
	_, isStage := c.stages()[first]
	reached, ok := c.deployed().find(sent.httpMethod, "/"+rest)
	if !ok || !isStage && first != sent.stage && sent.stage != plan.DefaultStage {
		return false
	}
	if first == sent.stage {
		finding.Nearest = append(finding.Nearest, "the stage "+first+" stands in the path twice", "closest deployed: "+reached.text())
	} else {
		finding.Nearest = append(finding.Nearest, "closest deployed: "+reached.text(), "stage "+sent.stage+" serves the request, and needs no /"+first+" in the path")
	}
	sent.path = "/" + rest
	finding.Fix = c.send("Remove /"+first+" from the path.", &sent)
	return true
}

func (c *diagnosed) stages() map[string]Deployment {
	if c.definition == nil {
		return nil
	}
	return c.definition.Stages
}

// fixEncodedSlash is for a slash that was percent-encoded, once or twice: it is a
// character of a parameter's value then, and ends no part of the path.
func (c *diagnosed) fixEncodedSlash(finding *Finding, sent corrected) bool {
	decoded := strings.NewReplacer("%252F", "/", "%252f", "/", "%2F", "/", "%2f", "/").Replace(sent.path)
	reached, ok := c.deployed().find(sent.httpMethod, decoded)
	if !ok || decoded == sent.path {
		return false
	}
	finding.Nearest = append(finding.Nearest, "closest deployed: "+reached.text(), "%2F is a character of a path parameter, and no slash between two parts of the path")
	sent.path = decoded
	finding.Fix = c.send("Write the slash as it is.", &sent)
	return true
}

// fixNearest is for a path or a verb that is close to one that is deployed.
func (c *diagnosed) fixNearest(finding *Finding, sent corrected) bool {
	deployed := c.deployed()
	trimmed := strings.TrimSuffix(sent.path, "/")
	if near, ok := deployed.find(sent.httpMethod, trimmed); ok && c.isHttp() && trimmed != "" {
		finding.Nearest = append(finding.Nearest, "closest deployed: "+near.text(), "in HTTP APIs a slash at the end makes another path")
		sent.path = trimmed
		finding.Fix = c.send("Remove the slash at the end of the path.", &sent)
		return true
	}
	near, ok := deployed.nearest(sent.httpMethod, sent.path)
	if sent.path == "/" && near.path != "/" && deployed != nil {
		finding.Nearest = append(finding.Nearest, "the root path / has no method")
	}
	if !ok {
		return false
	}
	finding.Nearest = append(finding.Nearest, "closest deployed: "+near.text())
	sent.path = correctedPath(near.path, sent.path)
	if near.httpMethod != plan.AnyMethod {
		sent.httpMethod = near.httpMethod
	}
	finding.Fix = c.send("Correct the path or the HTTP method (did you mean "+near.text()+"?), or make the method and deploy. Below is the corrected request.", &sent)
	return true
}

// correctedPath is the path of an endpoint with the values of a request's in the place
// of parameters.
func correctedPath(meant, sent string) string {
	segments, values := plan.SplitPath(meant), plan.SplitPath(sent)
	for i, segment := range segments {
		if _, _, isParameter := plan.PathParameter(segment); isParameter && i < len(values) {
			segments[i] = values[i]
		}
	}
	return "/" + strings.Join(segments, "/")
}

// fixUnknownStage is for an API that has no stage of the request's name.
func fixUnknownStage(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the stages of API " + c.record.ApiId
	finding.Found = strings.Replace(finding.Found, `stage "`, `no stage "`, 1)
	names := slices.Sorted(maps.Keys(c.stages()))
	if len(names) > 0 {
		finding.Nearest = append(finding.Nearest, "stages that exist: "+joined(names))
	}
	sent := c.again()
	if c.fixNothingDeployed(finding, sent.stage) {
		return
	}
	for _, name := range names {
		if plan.Resembles(name, sent.stage) {
			sent.stage = name
			finding.Fix = c.send("Put a stage that exists into the URL: did you mean "+name+"?", &sent)
			return
		}
	}
	switch {
	case c.fixStageMissing(finding, names):
	case c.isWebSocket():
		finding.Fix = Fix{Text: "Connect to a stage that exists.", Command: c.apigatewayv2("get-stages", "--query", "Items[].StageName")}
		if len(names) > 0 {
			finding.Fix = c.send("Connect to a stage that exists, with nothing behind it.", &corrected{httpMethod: http.MethodGet, stage: names[0], handshake: true})
		}
	case sent.stage == "" && c.fixNoStage(finding, names):
	case !isStageName(sent.stage):
		finding.Fix = Fix{Text: "Put a stage that exists behind the host, and the path behind it.", Command: c.listStages()}
	case c.isHttp():
		finding.Fix = Fix{
			Text:    "Put a stage that exists into the URL, or make the stage " + sent.stage + ".",
			Command: c.apigatewayv2("create-stage", "--stage-name", sent.stage, "--auto-deploy"),
		}
	default:
		finding.Fix = Fix{Text: "Put a stage that exists into the URL, or deploy the API to a stage " + sent.stage + ".", Command: c.deploy()}
	}
}

// fixNothingDeployed is for a stage that exists and has no deployment, so that nothing
// serves it: that of the URL, or $default, which would take the whole path.
func (c *diagnosed) fixNothingDeployed(finding *Finding, name string) bool {
	stage, ok := c.stages()[name]
	if !ok {
		name = plan.DefaultStage
		stage, ok = c.stages()[name]
	}
	if !ok || stage.Id != "" || !c.isHttp() {
		return false
	}
	finding.Checked = "the deployment of stage " + name
	finding.Found = "stage " + name + " exists and has no deployment"
	finding.Wanted = "a deployment of stage " + name
	if len(c.definition.endpoints()) > 0 {
		finding.Fix = Fix{Text: "Deploy the API to the stage.", Command: c.apigatewayv2("create-deployment", "--stage-name", name)}
		return true
	}
	finding.Found += ": the API has no routes, and without one there is nothing to deploy"
	route := c.apigatewayv2("create-route", "--route-key", "$default") + ` --target "integrations/$INTEGRATION"`
	finding.Fix = Fix{Text: "Make a route, the id of its integration in place of $INTEGRATION, and deploy; aws apigatewayv2 get-integrations lists them.", Command: route}
	if !stage.AutoDeploy {
		finding.Fix.Command = then(route, c.apigatewayv2("create-deployment", "--stage-name", name))
	}
	return true
}

// fixNoStage is for a URL that ends with the host.
func (c *diagnosed) fixNoStage(finding *Finding, names []string) bool {
	sent := c.again()
	if len(names) == 0 || c.isHttp() {
		return false
	}
	reached, ok := c.definition.find(sent.httpMethod, "/")
	if !ok {
		reached, ok = c.definition.nearest(sent.httpMethod, "/")
	}
	if !ok {
		return false
	}
	finding.Found = "the URL names no stage"
	sent.stage, sent.path = names[0], reached.path
	finding.Fix = c.send("Put a stage that exists behind the host, and the path of a method behind it.", &sent)
	return true
}

// isStageName says whether a stage may have a name (API reference: CreateStage).
func isStageName(text string) bool { return text != "" && strings.Trim(text, wordCharacters+"_") == "" }

func (c *diagnosed) listStages() string {
	if c.isHttp() {
		return c.apigatewayv2("get-stages", "--query", "Items[].StageName")
	}
	return c.apigateway("get-stages", "--query", "item[].stageName")
}

// fixStageMissing is for a URL whose path begins behind the host, where the stage belongs.
func (c *diagnosed) fixStageMissing(finding *Finding, names []string) bool {
	sent := c.again()
	path := "/" + sent.stage + strings.TrimSuffix(sent.path, "/")
	if path == "//" {
		path = "/"
	}
	if reached, ok := c.definition.find(sent.httpMethod, path); !ok || reached.path == "" || c.isWebSocket() {
		return false
	}
	if c.isHttp() {
		finding.Nearest = append(finding.Nearest, "the path is that of a route, and no stage $default serves it")
		finding.Fix = Fix{
			Text:    "Put a stage that exists into the URL, or make the stage $default.",
			Command: c.apigatewayv2("create-stage", "--stage-name", plan.DefaultStage, "--auto-deploy"),
		}
		return true
	}
	if len(names) == 0 {
		return false
	}
	finding.Found = "the URL names no stage: " + path + " stands where the stage belongs (" + finding.Found + ")"
	finding.Nearest = append(finding.Nearest, "the path is that of a method, and the stage is missing in front of it")
	sent.stage, sent.path = names[0], path
	finding.Fix = c.send("Put the stage in front of the path.", &sent)
	return true
}

func fixEndpointDisabled(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "whether the API answers under its own host name"
	if c.isHttp() {
		finding.Fix = Fix{
			Text:    "Call the API through its custom domain, or enable its own endpoint.",
			Command: c.thenDeploy(c.apigatewayv2("update-api", "--no-disable-execute-api-endpoint")),
		}
		return
	}
	finding.Fix = Fix{
		Text: "Call the API through its custom domain, or enable its own endpoint and deploy.",
		Command: then(c.apigateway("update-rest-api", "--patch-operations", patch(replace("/disableExecuteApiEndpoint", "false"))),
			c.deploy()),
	}
}

func fixUnknownApi(_ *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the ids of the APIs that are served here, and the custom domain names"
	finding.Fix = Fix{
		Text: "Put the id of an API that is deployed into the URL, or make the custom domain name.",
		Command: then(command("aws", "apigateway", "get-rest-apis", "--query", "items[].[id, name]"),
			command("aws", "apigatewayv2", "get-apis", "--query", "Items[].[ApiId, Name]")),
	}
}

func fixParametersMissing(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Send the parameters that the method requires; names are case-sensitive."
	if f.Nearest != "" {
		finding.Fix.Text = "Send the parameters spelled as the method requires them: you sent " + f.Nearest + "."
	}
	finding.Fix.Command = c.method("get-method", "--query", "requestParameters")
	sent, ok := c.withParameters(strings.Split(strings.TrimPrefix(f.Found, "no value for "), ", "))
	if ok && f.Nearest == "" {
		finding.Fix = c.send("Send the parameters that the method requires, their values in place of the variables; names are case-sensitive.", sent)
	}
}

// withParameters is the request with variables in place of the parameters that it lacks;
// false where it is not known what they are.
func (c *diagnosed) withParameters(names []string) (*corrected, bool) {
	method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource)
	if method == nil {
		return nil, false
	}
	sent := c.again()
	for _, name := range names {
		_, isHeader := method.RequestParameters["method.request.header."+name]
		_, isQuery := method.RequestParameters["method.request.querystring."+name]
		switch {
		case isHeader:
			sent.headers = append(sent.headers, placed{name, "$HEADER_" + variableName(name)})
		case isQuery:
			sent.query = append(sent.query, placed{name, "$QUERY_" + variableName(name)})
		default:
			return nil, false
		}
	}
	return &sent, len(names) > 0
}

func fixBodyInvalid(c *diagnosed, f *fault.Fault, finding *Finding) {
	model := strings.TrimPrefix(f.Checked, "the body against model ")
	sent := c.again()
	sent.body = "body.json"
	finding.Fix = c.send("Send a body that satisfies the model "+model+", which the first command shows; here it is body.json.", &sent)
	finding.Fix.Command = then(c.apigateway("get-model", "--model-name", model, "--query", "schema", "--output", "text"), finding.Fix.Command)
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

// fixOtherRegion sends the request to the host of the API's own region.
func fixOtherRegion(c *diagnosed, f *fault.Fault, finding *Finding) {
	again := c.again()
	again.handshake = c.isWebSocket()
	finding.Fix = c.send("Write the API's own region into the host, or make the API in the other one, too.", &again)
	host, meant := valueOf(c.headers, "Host"), f.Wanted
	if _, rest, ok := strings.Cut(host, ".execute-api."); ok {
		if end := strings.IndexAny(rest, ".:"); end >= 0 {
			meant += rest[end:]
		}
		finding.Wanted = "the host " + meant
		finding.Fix.Command = strings.ReplaceAll(finding.Fix.Command, host, meant)
	}
}
