package apigw

import (
	"regexp"
	"slices"
	"strings"
)

// accessLogVariable is a variable in an access log's format, also ${context.…}.
var accessLogVariable = regexp.MustCompile(`\$\{?(context\.[A-Za-z0-9_]+(?:[.\-][A-Za-z0-9_]+)*)`)

// AccessLogVariables are the variables of $context that an access log's format names, in
// its order, each once: "context.requestId".
func AccessLogVariables(format string) []string {
	var names []string
	for _, found := range accessLogVariable.FindAllStringSubmatch(format, -1) {
		if !slices.Contains(names, found[1]) {
			names = append(names, found[1])
		}
	}
	return names
}

// IsOneLine says whether an access log's format is a single line, which may end in a line
// break (guide: set-up-logging.md).
func IsOneLine(format string) bool {
	line := strings.TrimSuffix(strings.TrimSuffix(format, "\n"), "\r")
	return line != "" && !strings.ContainsAny(line, "\r\n")
}

// NamesRequest says whether an access log's format tells requests apart, as it must (guide:
// set-up-logging.md).
func NamesRequest(format string) bool {
	names := AccessLogVariables(format)
	return slices.Contains(names, "context.requestId") || slices.Contains(names, "context.extendedRequestId")
}

// LogGroupOf is the log group that the last part of an access log's destination names,
// "log-group:{name}"; ok is false for anything else.
func LogGroupOf(resource string) (name string, ok bool) {
	name, ok = strings.CutPrefix(resource, "log-group:")
	return name, ok && name != ""
}

// IsOfAccount says whether an ARN, or a text that is none, names nothing of another account.
func IsOfAccount(arn, account string) bool {
	const at, parts = 4, 6 // arn:aws:logs:{region}:{account}:{resource}
	split := strings.SplitN(arn, ":", parts)
	return len(split) < parts || split[at] == account
}

// ValidLogDestination says whether a log group's name has only the characters that access
// logs take: those of AWS's message.
func ValidLogDestination(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool {
		isAlphanumeric := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !isAlphanumeric && !strings.ContainsRune("_-/.", r)
	})
}
