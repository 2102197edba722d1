package diagnosis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/plan"
)

// The pattern of every error message: a dot does not match the end of a line.
const anyMessage = `(.|\n)+`

// fixPattern is for a selection pattern that was meant to match what a function threw.
func (c *diagnosed) fixPattern(finding *Finding, message string) bool {
	target := c.restIntegration()
	if target == nil || target.Type != string(plan.IntegrationAws) || isStatusCode(message) || message == "" {
		return false
	}
	for _, statusCode := range slices.Sorted(maps.Keys(target.IntegrationResponses)) {
		why, better := betterPattern(target.IntegrationResponses[statusCode], message)
		if better == "" {
			continue
		}
		finding.Nearest = append(finding.Nearest, "integration response "+statusCode+": "+why)
		finding.Fix = Fix{
			Text: "Let the pattern of integration response " + statusCode + " match the whole message, " + better + ", and deploy.",
			Command: then(c.method("update-integration-response", "--status-code", statusCode, "--patch-operations", patch(replace("/selectionPattern", better))),
				c.deploy()),
		}
		return true
	}
	return false
}

// betterPattern is a pattern that matches the message as the one of the response was
// meant to; empty without one.
func betterPattern(response apigw.IntegrationResponse, message string) (why, better string) {
	pattern := response.SelectionPattern
	if pattern == "" {
		return "", ""
	}
	across := strings.NewReplacer(".*", `(.|\n)*`, ".+", anyMessage).Replace(pattern)
	if across != pattern && strings.ContainsAny(message, "\r\n") && matchesPattern(across, message) {
		return "the message has a line end, which the dots of " + pattern + " do not match", across
	}
	if matchesPattern(pattern, response.StatusCode) || isStatusCode(pattern) {
		return "its pattern " + pattern + " is compared with the error message of the function, and not with a status code", anyMessage
	}
	return "", ""
}

func matchesPattern(pattern, text string) bool {
	compiled, err := plan.NewPattern(pattern)
	if err != nil {
		return false
	}
	matches, err := compiled.Match(text)
	return err == nil && matches
}
