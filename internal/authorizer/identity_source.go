package authorizer

import (
	"fmt"
	"strings"
)

// Location is where a part of a client's identity stands.
type Location uint8

// The locations.
const (
	LocationHeader Location = iota
	LocationQueryString
	LocationContext
	LocationStageVariables
)

// IdentitySource is one part of a client's identity.
type IdentitySource struct {
	Location Location
	Name     string
	Text     string // as it was written
}

// sourceOpenings are the spellings: REST APIs first, then HTTP and WebSocket APIs.
var sourceOpenings = []struct {
	text     string
	location Location
}{
	{"method.request.header.", LocationHeader},
	{"method.request.querystring.", LocationQueryString},
	{"stageVariables.", LocationStageVariables},
	{"context.", LocationContext},
	{"$request.header.", LocationHeader},
	{"$request.querystring.", LocationQueryString},
	{"$stageVariables.", LocationStageVariables},
	{"$context.", LocationContext},
	{"route.request.header.", LocationHeader},
	{"route.request.querystring.", LocationQueryString},
}

// ParseIdentitySource reads an identity source: "method.request.header.Authorization"
// of a REST API, "$request.header.Authorization" of an HTTP API.
func ParseIdentitySource(text string) (IdentitySource, error) {
	for _, opening := range sourceOpenings {
		if name, ok := strings.CutPrefix(text, opening.text); ok && name != "" {
			return IdentitySource{Location: opening.location, Name: name, Text: text}, nil
		}
	}
	return IdentitySource{}, fmt.Errorf("%q is not an identity source", text)
}

// ParseIdentitySources reads the comma-separated list of a REST API.
func ParseIdentitySources(list string) ([]IdentitySource, error) {
	var sources []IdentitySource
	for text := range strings.SplitSeq(list, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		source, err := ParseIdentitySource(text)
		if err != nil {
			return nil, err
		}
		sources = append(sources, source)
	}
	return sources, nil
}
