package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

const (
	methodRequestPath      = "method.request.path."
	integrationRequestPath = "integration.request.path."
)

// fixPathParameter gives a path parameter of a REST API's integration a value: from the
// variable of the resource's path that is meant, or else nothing of it stays in the URI.
func fixPathParameter(c *diagnosed, _ *fault.Fault, finding *Finding) {
	name := c.fact(record.PathUnfilled)
	method := c.definition.restMethod(c.record.ResourceId, c.methodOfResource)
	if method == nil || method.MethodIntegration == nil {
		finding.Fix.Text = "Map " + integrationRequestPath + name + ", and deploy."
		return
	}
	if source := method.MethodIntegration.RequestParameters[integrationRequestPath+name]; source != "" {
		c.sendMapped(finding, source)
		return
	}
	variable := meantVariable(c.record.ResourcePath, name)
	if variable == "" {
		finding.Wanted = "a URI that names no other path parameters than those which are mapped"
		finding.Fix.Text = "The resource " + c.record.ResourcePath + " has no path variable: take {" + name + "} out of the URI, or make a resource {" + name + "+} with this integration. Then deploy."
		finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/uri", withoutVariable(method.MethodIntegration.Uri, name)))), c.deploy())
		return
	}
	source := methodRequestPath + variable
	finding.Wanted = "the mapping " + integrationRequestPath + name + " = " + source
	finding.Fix.Text = "Map the path parameter from what the resource " + c.record.ResourcePath + " has, and deploy. A REST API does not do so by itself, also not for {proxy+}."
	var commands []string
	if _, declared := method.RequestParameters[source]; !declared {
		commands = append(commands, c.method("update-method", "--patch-operations", patch(add("/requestParameters/"+source, "true"))))
	}
	finding.Fix.Command = then(append(commands,
		c.method("update-integration", "--patch-operations", patch(add("/requestParameters/"+integrationRequestPath+name, source))), c.deploy())...)
}

// sendMapped is for a mapped parameter that the request has not.
func (c *diagnosed) sendMapped(finding *Finding, source string) {
	finding.Wanted = "a request that has " + source
	again := c.again()
	const prefix = "method.request."
	switch location, name, _ := strings.Cut(strings.TrimPrefix(source, prefix), "."); location {
	case "querystring":
		again.query = []placed{{name, "$QUERY_" + variableName(name)}}
	case "header":
		again.headers = []placed{{name, "$HEADER_" + variableName(name)}}
	default:
		finding.Fix.Text = "Map the path parameter from what every request has, and deploy."
		return
	}
	finding.Fix = c.send("Send the parameter that the path is made from, or require it, so that its absence is a 400 which says so. Its value stands in the command as a variable.", &again)
}

// pathUnfilled is for an HTTP API, which sends what it cannot fill to the backend.
func (c *diagnosed) pathUnfilled() (Finding, bool) {
	name := c.fact(record.PathUnfilled)
	if name == "" || c.record.Fault != nil {
		return Finding{}, false
	}
	route := c.fact(record.Route)
	_, path, _ := strings.Cut(route, " ")
	finding := Finding{
		ErrorId: string(fault.PathParameterUnmapped), Name: "path-parameter-unmapped", Article: string(fault.PathParameterUnmapped), Nearest: []string{},
		Summary: "The integration's URI has a path parameter that the route has not, so that the backend got its name in braces.",
		Checked: "the variables of route " + route + " against the integration's URI",
		Found:   "the route has no variable " + name + "; the request went to " + hideInUrls(c.fact(record.Sending)),
		Wanted:  "an integration URI that names variables of the route alone",
	}
	if c.record.StatusCode >= firstError {
		finding.Found += ", and the backend answered " + itoa(c.record.StatusCode)
	}
	target := c.definition.httpIntegration(c.record.ResourceId)
	if target == nil {
		finding.Fix.Text = "Name a variable of the route in the integration's URI, and deploy."
		return finding, true
	}
	uri := withoutVariable(target.IntegrationUri, name)
	finding.Fix.Text = "Take {" + name + "} out of the URI, or give the route such a variable. Then deploy, where the stage does not by itself."
	if variable := meantVariable(path, name); variable != "" {
		uri = withVariable(target.IntegrationUri, name, variable)
		finding.Nearest = append(finding.Nearest, "the route's variable {"+variable+"}")
		finding.Fix.Text = "Name the route's own variable, {" + variable + "}, in the integration's URI. Then deploy, where the stage does not by itself."
	} else if route == plan.RouteKeyDefault {
		finding.Fix.Text = "Take {" + name + "} out of the URI: the route $default adds the request's path to it by itself."
	}
	finding.Fix.Command = c.updateIntegration("--integration-uri", uri)
	return finding, true
}

// meantVariable is the variable of a path that a name stands for: its namesake, one that
// resembles it, or the only one; empty for none.
func meantVariable(path, name string) string {
	variables := variablesOf(path)
	for _, variable := range variables {
		if variable == name {
			return variable
		}
	}
	for _, variable := range variables {
		if plan.Resembles(variable, name) {
			return variable
		}
	}
	if len(variables) == 1 {
		return variables[0]
	}
	return ""
}

// variablesOf are the names of a path's variables.
func variablesOf(path string) (names []string) {
	for segment := range strings.SplitSeq(path, "/") {
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
			names = append(names, strings.TrimSuffix(segment[1:len(segment)-1], "+"))
		}
	}
	return names
}

func withVariable(uri, name, variable string) string {
	return strings.NewReplacer("{"+name+"}", "{"+variable+"}", "{"+name+"+}", "{"+variable+"}").Replace(uri)
}

func withoutVariable(uri, name string) string {
	return strings.NewReplacer("/{"+name+"}", "", "/{"+name+"+}", "", "{"+name+"}", "", "{"+name+"+}", "").Replace(uri)
}
