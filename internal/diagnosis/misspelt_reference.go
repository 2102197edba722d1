package diagnosis

import (
	"regexp"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// idMisspeltReference is the finding of a mapping template with a reference whose root is
// nearly one of API Gateway's: it has no value, and prints nothing.
const idMisspeltReference = "GH-M206"

// templateRoots are what mapping templates are given, as they must be spelled.
var templateRoots = []string{"input", "util", "context", "stageVariables"}

// What of a template is no reference, what makes a variable, and what uses one.
var (
	templateComment = regexp.MustCompile(`(?s)#\*.*?\*#|##[^\n]*`)
	templateSets    = regexp.MustCompile(`#\{?(?:set|foreach|define)\}?\s*\(\s*\$!?\{?([A-Za-z_][\w-]*)`)
	templateMacro   = regexp.MustCompile(`#\{?macro\}?\s*\([^)]*\)`)
	templateUses    = regexp.MustCompile(`\$!?\{?([A-Za-z_][\w-]*)`)
)

// misspelt finds references to what nothing sets and that resembles one of templateRoots:
// by their roots, what was meant.
func misspelt(template string) map[string]string {
	template = templateComment.ReplaceAllLiteralString(template, "")
	own := map[string]bool{}
	for _, match := range templateSets.FindAllStringSubmatch(template, -1) {
		own[match[1]] = true
	}
	for _, header := range templateMacro.FindAllString(template, -1) {
		for _, match := range templateUses.FindAllStringSubmatch(header, -1) {
			own[match[1]] = true
		}
	}
	found := map[string]string{}
	for _, match := range templateUses.FindAllStringSubmatch(template, -1) {
		name := match[1]
		if own[name] || slices.Contains(templateRoots, name) {
			continue
		}
		for _, root := range templateRoots {
			if plan.Resembles(root, name) {
				found[name] = root
				break
			}
		}
	}
	return found
}

// spelled is a template with its misspelt roots as they were meant.
func spelled(template string, wrong map[string]string) string {
	return templateUses.ReplaceAllStringFunc(template, func(reference string) string {
		at := strings.IndexFunc(reference, func(r rune) bool { return r != '$' && r != '!' && r != '{' })
		if meant, ok := wrong[reference[at:]]; ok {
			return reference[:at] + meant
		}
		return reference
	})
}

// said names misspelt roots with what was meant.
func said(wrong map[string]string) (names, meant string) {
	var list, pairs []string
	for name := range wrong {
		list = append(list, "$"+name)
	}
	slices.Sort(list)
	for _, name := range list {
		pairs = append(pairs, "$"+wrong[name[1:]]+" in the place of "+name)
	}
	return joined(list), joined(pairs)
}

// misspeltReferences looks at the templates that rendered the request and the response, as
// they are defined now.
func (c *diagnosed) misspeltReferences() (found []Finding) {
	if f := c.record.Fault; f != nil && f.Id() == fault.PayloadNotJson {
		return nil // whose own fix corrects them
	}
	if contentType := c.factOf("map_request", record.TemplateChosen); contentType != "" {
		text := c.requestTemplates()[contentType]
		if wrong := misspelt(text); len(wrong) > 0 {
			finding := misspeltFinding("request template "+contentType, wrong)
			finding.Fix.Command = c.putRequestTemplate(contentType, spelled(text, wrong))
			found = append(found, finding)
		}
	}
	contentType, statusCode := c.factOf("map_response", record.TemplateChosen), c.chosenStatusCode()
	if target := c.restIntegration(); target != nil && contentType != "" {
		text := target.IntegrationResponses[statusCode].ResponseTemplates[contentType]
		if wrong := misspelt(text); len(wrong) > 0 {
			finding := misspeltFinding("response template "+contentType, wrong)
			finding.Fix.Command = then(c.method("update-integration-response", "--status-code", statusCode,
				"--patch-operations", patch(replace("/responseTemplates/"+pointer(contentType), spelled(text, wrong)))), c.deploy())
			found = append(found, finding)
		}
	}
	return found
}

func misspeltFinding(template string, wrong map[string]string) Finding {
	names, meant := said(wrong)
	return Finding{
		ErrorId: idMisspeltReference, Name: "misspelt-reference", Article: idMisspeltReference, Nearest: []string{},
		Summary: "A mapping template has a reference that nothing sets and that is nearly one of API Gateway's, so that it has no value.",
		Checked: "the references of " + template + " against $" + strings.Join(templateRoots, ", $") + " and what the template sets",
		Found:   "nothing sets " + names + ", so that such a reference has no value, and prints nothing",
		Wanted:  meant,
		Fix:     Fix{Text: "Write " + meant + " in the template, and deploy. Names are case-sensitive."},
	}
}
