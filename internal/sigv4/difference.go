package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Lines of a canonical request, from 0. Behind the query come the signed headers, an empty line, their names and the
// payload's hash.
const (
	lineMethod = iota
	linePath
	lineQuery
	firstHeaderLine
)

// difference finds the first line in which two canonical requests differ, which are not redacted yet.
func difference(signer, server string) Difference {
	theirs, ours := strings.Split(signer, "\n"), strings.Split(server, "\n")
	for i := range min(len(theirs), len(ours)) {
		if theirs[i] != ours[i] {
			return Difference{
				Line: i + 1, Part: partOf(ours, i), Signer: redactLine(partOf(theirs, i), theirs[i]), Server: redactLine(partOf(ours, i), ours[i]),
			}
		}
	}
	return Difference{}
}

const partHeader = "header "

// partOf says what a line of a canonical request is.
func partOf(lines []string, at int) string {
	switch at {
	case lineMethod:
		return "method"
	case linePath:
		return "path"
	case lineQuery:
		return "query"
	case len(lines) - 1:
		return "payload hash"
	case len(lines) - 2: // the line before
		return "signed headers"
	}
	name, _, _ := strings.Cut(lines[at], ":")
	return partHeader + name
}

// redactCanonical replaces what may be secret in a canonical request: of values of the query and of most headers only
// the length stays, and of longer ones the first digits of their SHA-256, so that two can be compared and neither can
// be found. Tokens, cookies and the like keep their length alone.
func redactCanonical(canonical string) string {
	lines := strings.Split(canonical, "\n")
	for i := range lines {
		lines[i] = redactLine(partOf(lines, i), lines[i])
	}
	return strings.Join(lines, "\n")
}

func redactLine(part, line string) string {
	if part == "query" {
		return redactQuery(line)
	}
	name, isHeader := strings.CutPrefix(part, partHeader)
	if !isHeader || slices.Contains(shownHeaders, strings.ToLower(name)) {
		return line
	}
	_, value, found := strings.Cut(line, ":")
	if !found || value == "" {
		return line
	}
	return name + ":" + hidden(name, value)
}

// shownHeaders have values that tell no secret and that people compare.
var shownHeaders = []string{
	"accept", "accept-encoding", "accept-language", "amz-sdk-invocation-id", "amz-sdk-request", "cache-control", "connection", "content-encoding",
	"content-length", "content-md5", "content-type", "date", "host", "user-agent", "x-amz-content-sha256", "x-amz-date", "x-amz-target",
	"x-amz-user-agent",
}

// shownParameters are those of a presigned request that tell no secret.
var shownParameters = []string{"X-Amz-Algorithm", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"}

func redactQuery(line string) string {
	if line == "" {
		return line
	}
	pairs := strings.Split(line, "&")
	for i, pair := range pairs {
		name, value, found := strings.Cut(pair, "=")
		if found && value != "" && !slices.Contains(shownParameters, name) {
			pairs[i] = name + "=" + hidden(name, value)
		}
	}
	return strings.Join(pairs, "&")
}

// secretNames are parts of names whose values are not even hashed.
var secretNames = []string{"token", "secret", "password", "passwd", "auth", "cookie", "key", "credential", "signature", "session", "code", "pin"}

const (
	// shortestHashed is the length from which a value is hashed: shorter ones could be found by trying.
	shortestHashed = 12
	// hashDigits of the hash are shown: enough to compare, too few to find a value.
	hashDigits = 4
)

// hidden stands for a value.
func hidden(name, value string) string {
	text := "(" + strconv.Itoa(len(value)) + " characters"
	if len(value) == 1 {
		text = "(1 character"
	}
	lower := strings.ToLower(name)
	if len(value) < shortestHashed || slices.ContainsFunc(secretNames, func(part string) bool { return strings.Contains(lower, part) }) {
		return text + ")"
	}
	sum := sha256.Sum256([]byte(value))
	return text + ", SHA-256 " + hex.EncodeToString(sum[:])[:hashDigits] + "…)"
}
