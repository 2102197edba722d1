package apigw

import "regexp"

// StageNameLimit is "Stage names … Maximum length" (api-gateway-known-issues.md), characters.
const StageNameLimit = 128

var (
	stageNamePattern          = regexp.MustCompile(`^[a-zA-Z0-9_-]+$`)
	stageVariableNamePattern  = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)
	stageVariableValuePattern = regexp.MustCompile(`^[A-Za-z0-9\-._~:/?#&=, ]+$`)
)

// ValidStageName reports whether a Stage of a REST API can have that name.
func ValidStageName(name string) bool {
	return len(name) <= StageNameLimit && stageNamePattern.MatchString(name)
}

// ValidStageVariableName reports whether a stage variable can have that name.
func ValidStageVariableName(name string) bool {
	return len(name) <= StageVariableKeyLimit && stageVariableNamePattern.MatchString(name)
}

// ValidStageVariableValue reports whether a stage variable can have that value.
func ValidStageVariableValue(value string) bool {
	return len(value) <= StageVariableValueLimit && stageVariableValuePattern.MatchString(value)
}
