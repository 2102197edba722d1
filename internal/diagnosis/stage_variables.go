package diagnosis

import (
	"regexp"
	"strings"

	"gatehouse/internal/dataplane/record"
)

// stageVariable finds the references of an integration's URI.
var stageVariable = regexp.MustCompile(`\$\{stageVariables\.(\w+)\}`)

// emptyStageVariable is the stage variable of the integration's URI that was empty where
// the URI, with its variables put in, became sent; empty for none, or where nothing tells.
func (c *diagnosed) emptyStageVariable(sent string) string {
	for _, variable := range c.stageVariables(sent) {
		if variable.Value == "" {
			return variable.Name
		}
	}
	return ""
}

// variableFor is the stage variable, and the value of it, with which the integration's URI
// would have become meant in place of sent; false where a variable alone does not do that.
func (c *diagnosed) variableFor(sent, meant string) (name, value string, ok bool) {
	before, after := c.stageVariables(sent), c.stageVariables(meant)
	if len(before) != len(after) {
		return "", "", false
	}
	for i := range before {
		if before[i].Value == after[i].Value {
			continue
		}
		if ok {
			return "", "", false
		}
		name, value, ok = after[i].Name, after[i].Value, true
	}
	return name, value, ok
}

// stageVariables are the references in the integration's URI with the values that they had
// where the URI, with its variables put in, became sent; nil where nothing tells.
func (c *diagnosed) stageVariables(sent string) []record.Field {
	template := ""
	if target := c.restIntegration(); target != nil {
		template = functionOfUri(target.Uri)
	} else if target := c.definition.httpIntegration(c.record.ResourceId); target != nil {
		template = functionOfUri(target.IntegrationUri)
	}
	names := stageVariable.FindAllStringSubmatch(template, -1)
	if len(names) == 0 || sent == "" {
		return nil
	}
	// What else a mapping puts in, such as {proxy}, is of any length.
	pattern := regexp.QuoteMeta(stageVariable.ReplaceAllLiteralString(template, "\x00"))
	pattern = regexp.MustCompile(`\\\{[^{}]*\\\}`).ReplaceAllLiteralString(pattern, `.*?`)
	compiled, err := regexp.Compile("^" + strings.ReplaceAll(pattern, "\x00", "(.*?)") + `(?:[?/:].*)?$`)
	if err != nil {
		return nil
	}
	values := compiled.FindStringSubmatch(sent)
	if values == nil {
		return nil
	}
	found := make([]record.Field, len(names))
	for i := range names {
		found[i] = record.Field{Name: names[i][1], Value: values[i+1]}
	}
	return found
}

// fixVariableValue is for a stage variable that names what does not exist.
func (c *diagnosed) fixVariableValue(finding *Finding, variable record.Field) {
	finding.Found += "; the stage variable " + variable.Name + " of stage " + c.record.StageName + " names it"
	finding.Wanted = "a stage variable " + variable.Name + " that names what exists"
	finding.Fix.Text = "Let the stage variable " + variable.Name + " of stage " + c.record.StageName + " name what exists (did you mean " + variable.Value + "?). No deployment is needed."
	if c.isHttp() {
		finding.Fix.Command = c.apigatewayv2("update-stage", "--stage-name", c.record.StageName, "--stage-variables", jsonText(map[string]string{variable.Name: variable.Value}))
		return
	}
	finding.Fix.Command = c.apigateway("update-stage", "--stage-name", c.record.StageName, "--patch-operations", patch(replace("/variables/"+variable.Name, variable.Value)))
}

// fixStageVariable is for a stage variable that is not set; $VALUE stands for its value.
func (c *diagnosed) fixStageVariable(name string, finding *Finding) {
	finding.Found = "stage variable " + name + " has no value in stage " + c.record.StageName + ", and the integration's URI needs one: " + finding.Found
	finding.Wanted = "a value of the stage variable " + name
	finding.Nearest = finding.Nearest[:0]
	finding.Fix = c.setStageVariable(name)
}

// setStageVariable gives a stage variable the value $VALUE.
func (c *diagnosed) setStageVariable(name string) Fix {
	fix := Fix{Text: "Give stage " + c.record.StageName + " the variable " + name + ": its value in place of $VALUE. No deployment is needed."}
	if c.isHttp() {
		fix.Command = c.apigatewayv2("update-stage", "--stage-name", c.record.StageName, "--stage-variables") + ` ` + name + `="$VALUE"`
		return fix
	}
	fix.Command = c.apigateway("update-stage", "--stage-name", c.record.StageName, "--patch-operations") +
		` "op=replace,path=/variables/` + name + `,value=$VALUE"`
	return fix
}
