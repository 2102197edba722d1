package apigw

import (
	"regexp"
	"strings"
)

// pathPartPattern is what AWS's own message says of a path part; the comma is in the
// guide's list of characters of a path segment (api-gateway-known-issues.md).
var pathPartPattern = regexp.MustCompile(`^(?:[a-zA-Z0-9._\-:,]+|\{[a-zA-Z0-9._\-:]+\+?\})$`)

// ValidPathPart reports whether part can be the path part of a Resource: literal
// text, {variable} or {greedy+}.
func ValidPathPart(part string) bool { return pathPartPattern.MatchString(part) }

// IsPathVariable reports whether a path part is a variable, greedy or not.
func IsPathVariable(part string) bool { return strings.HasPrefix(part, "{") }

// IsGreedyPathVariable reports whether a path part takes all the rest of a path: {proxy+}.
func IsGreedyPathVariable(part string) bool { return strings.HasSuffix(part, "+}") }

// JoinPath is the path of a child of the resource at parent.
func JoinPath(parent, pathPart string) string {
	return strings.TrimSuffix(parent, "/") + "/" + pathPart
}
