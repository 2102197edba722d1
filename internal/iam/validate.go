package iam

import (
	"slices"
	"strings"
)

// MalformedPolicyError is AWS's MalformedPolicyDocument: a document that is not a policy of its kind.
type MalformedPolicyError struct {
	// Message is AWS's text.
	Message string
}

// Error returns AWS's text.
func (e *MalformedPolicyError) Error() string { return e.Message }

const (
	version2008 = "2008-10-17"
	version2012 = "2012-10-17"
)

// Texts that AWS fixes. Seen in public reports: those on syntax, version, principals, Sids, colons and resources.
// Unconfirmed: textNoActions, textNoResources, textActionVendor, the three on trust policies, textApiPolicy, and
// which one comes first when several apply.
const (
	textSyntax          = "Syntax errors in policy."
	textVersion         = "Policy document must be version 2012-10-17 or greater."
	textHasPrincipal    = "Policy document should not specify a principal."
	textNoActions       = "Policy statement must contain actions."
	textNoResources     = "Policy statement must contain resources."
	textSidUnique       = "Statement IDs (SID) in a single policy must be unique."
	textSidCharacters   = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
	textActionVendor    = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
	textActionColons    = "Actions/Condition can contain only one colon."
	textNotARN          = `Resource %s must be in ARN format or "*".`
	textIAMRegion       = "IAM resource %s cannot contain region information."
	textTrustResource   = "Has prohibited field Resource"
	textTrustPrincipal  = "Missing required field Principal"
	textTrustActions    = "AssumeRole policy may only specify STS AssumeRole actions."
	textPrincipalNeeded = "Missing required field Principal"
	// textApiPolicy is what API Gateway answers to every malformed resource policy.
	textApiPolicy = "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
)

func malformed(text string) error { return &MalformedPolicyError{Message: text} }

// malformedOf is the error of a kind: API Gateway has one text for all.
func malformedOf(kind Kind, text string) error {
	if kind == ApiPolicy {
		text = textApiPolicy
	}
	return malformed(text)
}

var (
	rootElements      = []string{"Version", "Id", "Statement"}
	statementElements = []string{
		"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
	}
)

// validate checks a document against the grammar and the rules of its kind.
func validate(root *node, kind Kind) error {
	text := validateRoot(root, kind)
	if text != "" {
		return malformedOf(kind, text)
	}
	sids := make(map[string]bool)
	for _, s := range statementsOf(root) {
		if text = validateStatement(&s, kind); text != "" {
			return malformedOf(kind, text)
		}
		sid, found := s.get("Sid")
		if found && sid.text != "" && sids[sid.text] {
			return malformedOf(kind, textSidUnique)
		}
		sids[sid.text] = true
	}
	return nil
}

// validateRoot checks the outer object; it returns what is wrong, or "".
func validateRoot(root *node, kind Kind) string {
	for _, m := range root.members {
		if !slices.Contains(rootElements, m.name) {
			return textSyntax
		}
	}
	version, found := root.get("Version")
	if found && version.text != version2008 && version.text != version2012 {
		return textSyntax
	}
	if id, hasID := root.get("Id"); hasID && id.kind != stringNode {
		return textSyntax
	}
	if kind == IdentityPolicy && version.text != version2012 {
		return textVersion
	}
	statements, found := root.get("Statement")
	switch {
	case !found:
		return textSyntax
	case statements.kind == objectNode:
		return ""
	case statements.kind != listNode || len(statements.list) == 0 && kind != AuthorizerPolicy:
		return textSyntax
	}
	for _, s := range statements.list {
		if s.kind != objectNode {
			return textSyntax
		}
	}
	return ""
}

// validateStatement checks one statement.
func validateStatement(s *node, kind Kind) string {
	for _, m := range s.members {
		if !slices.Contains(statementElements, m.name) {
			return textSyntax
		}
	}
	effect, _ := s.get("Effect")
	sid, _ := s.get("Sid")
	condition, hasCondition := s.get("Condition")
	if effect.kind != stringNode || effect.text != "Allow" && effect.text != "Deny" ||
		sid.kind != nullNode && sid.kind != stringNode || hasCondition && condition.kind != objectNode {
		return textSyntax
	}
	if kind == IdentityPolicy && !isAlphanumeric(sid.text) {
		return textSidCharacters
	}
	for _, check := range [...]func(*node, Kind) string{validatePrincipal, validateActions, validateResources} {
		if text := check(s, kind); text != "" {
			return text
		}
	}
	return ""
}

func isAlphanumeric(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := lower(text[i]); (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// either returns the element of one of two names; both at once is an error of syntax.
func either(s *node, name string) (element node, found bool, text string) {
	element, found = s.get(name)
	other, hasOther := s.get("Not" + name)
	if found && hasOther {
		return node{}, false, textSyntax
	}
	if hasOther {
		return other, true, ""
	}
	return element, found, ""
}

func validatePrincipal(s *node, kind Kind) string {
	_, found, text := either(s, "Principal")
	switch {
	case text != "":
		return text
	case found && (kind == IdentityPolicy || kind == AuthorizerPolicy):
		return textHasPrincipal
	case !found && kind == TrustPolicy:
		return textTrustPrincipal
	case !found && (kind == ApiPolicy || kind == FunctionPolicy):
		return textPrincipalNeeded
	}
	return ""
}

func validateActions(s *node, kind Kind) string {
	element, found, text := either(s, "Action")
	if text != "" {
		return text
	}
	actions, ok := element.strings()
	if !found || ok && len(actions) == 0 {
		return textNoActions
	}
	if !ok {
		return textSyntax
	}
	for _, action := range actions {
		switch colons := strings.Count(action, ":"); {
		case action == "*":
		case colons == 0 || strings.HasPrefix(action, ":"):
			return textActionVendor
		case colons > 1:
			return textActionColons
		case kind == TrustPolicy && !strings.HasPrefix(strings.ToLower(action), "sts:"):
			return textTrustActions
		}
	}
	return ""
}

func validateResources(s *node, kind Kind) string {
	element, found, text := either(s, "Resource")
	if text != "" {
		return text
	}
	if kind == TrustPolicy {
		if found {
			return textTrustResource
		}
		return ""
	}
	resources, ok := element.strings()
	if !found || ok && len(resources) == 0 {
		return textNoResources
	}
	if !ok {
		return textSyntax
	}
	for _, resource := range resources {
		if text := validateResource(resource, kind); text != "" {
			return text
		}
	}
	return ""
}

func validateResource(resource string, kind Kind) string {
	if resource == "*" || kind == ApiPolicy && strings.HasPrefix(resource, shortResource) {
		return ""
	}
	parts := strings.SplitN(resource, ":", arnParts)
	switch {
	case kind == AuthorizerPolicy:
		// API Gateway does not look: what matches nothing grants nothing.
	case parts[0] != "arn" || len(parts) < 3 && !strings.HasSuffix(resource, "*"):
		return strings.Replace(textNotARN, "%s", resource, 1)
	case len(parts) > 3 && parts[2] == "iam" && parts[3] != "" && parts[3] != "*":
		return strings.Replace(textIAMRegion, "%s", resource, 1)
	}
	return ""
}
