package diagnosis

import (
	"regexp"
	"strings"
)

// stageVariable finds the references of an integration's URI.
var stageVariable = regexp.MustCompile(`\$\{stageVariables\.(\w+)\}`)

// emptyStageVariable is the stage variable of the integration's URI that was empty where
// the URI, with its variables put in, became sent; empty for none, or where nothing tells.
func (c *diagnosed) emptyStageVariable(sent string) string {
	template := ""
	if target := c.restIntegration(); target != nil {
		template = functionOfUri(target.Uri)
	} else if target := c.definition.httpIntegration(c.record.ResourceId); target != nil {
		template = functionOfUri(target.IntegrationUri)
	}
	names := stageVariable.FindAllStringSubmatch(template, -1)
	if len(names) == 0 || sent == "" {
		return ""
	}
	// What else a mapping puts in, such as {proxy}, is of any length.
	pattern := regexp.QuoteMeta(stageVariable.ReplaceAllLiteralString(template, "\x00"))
	pattern = regexp.MustCompile(`\\\{[^{}]*\\\}`).ReplaceAllLiteralString(pattern, `.*?`)
	compiled, err := regexp.Compile("^" + strings.ReplaceAll(pattern, "\x00", "(.*?)") + `(?:[?/:].*)?$`)
	if err != nil {
		return ""
	}
	values := compiled.FindStringSubmatch(sent)
	for i := range names {
		if values != nil && values[i+1] == "" {
			return names[i][1]
		}
	}
	return ""
}

// fixStageVariable is for a stage variable that is not set; $VALUE stands for its value.
func (c *diagnosed) fixStageVariable(name string, finding *Finding) {
	finding.Found = "stage variable " + name + " has no value in stage " + c.record.StageName + ", and the integration's URI needs one: " + finding.Found
	finding.Wanted = "a value of the stage variable " + name
	finding.Nearest = finding.Nearest[:0]
	finding.Fix.Text = "Give stage " + c.record.StageName + " the variable " + name + ": its value in place of $VALUE. No deployment is needed."
	if c.isHttp() {
		finding.Fix.Command = c.apigatewayv2("update-stage", "--stage-name", c.record.StageName, "--stage-variables") + ` ` + name + `="$VALUE"`
		return
	}
	finding.Fix.Command = c.apigateway("update-stage", "--stage-name", c.record.StageName, "--patch-operations") +
		` "op=replace,path=/variables/` + name + `,value=$VALUE"`
}
