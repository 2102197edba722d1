package httpmapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Action is what a mapping does to its target.
type Action string

// The actions.
const (
	Append    Action = "append"
	Overwrite Action = "overwrite"
	Remove    Action = "remove"
)

// Location is what a mapping changes.
type Location string

// The locations.
const (
	Header      Location = "header"
	QueryString Location = "querystring"
	Path        Location = "path"
	StatusCode  Location = "statuscode"
)

// Key is the left side of a mapping: "append:header.name".
type Key struct {
	Action   Action
	Location Location
	Name     string // of a header or query parameter
}

// String is the key as it is written.
func (k Key) String() string {
	text := string(k.Action) + ":" + string(k.Location)
	if k.Name != "" {
		text += "." + k.Name
	}
	return text
}

// ParseRequestKey reads a key of requestParameters.
func ParseRequestKey(text string) (Key, error) {
	return parseKey(text, Header, QueryString, Path)
}

// ParseResponseKey reads a key of responseParameters.
func ParseResponseKey(text string) (Key, error) {
	return parseKey(text, Header, StatusCode)
}

func parseKey(text string, allowed ...Location) (Key, error) {
	action, target, _ := strings.Cut(text, ":")
	location, name, hasName := strings.Cut(target, ".")
	key := Key{Action: Action(action), Location: Location(location), Name: name}
	if !slices.Contains(allowed, key.Location) || !slices.Contains([]Action{Append, Overwrite, Remove}, key.Action) {
		return Key{}, fmt.Errorf("%q is not a parameter mapping key", text)
	}
	switch key.Location {
	case Path, StatusCode:
		if hasName || key.Action != Overwrite {
			return Key{}, fmt.Errorf("%q: only overwrite:%s is supported", text, location)
		}
	default:
		if name == "" {
			return Key{}, fmt.Errorf("%q names no %s", text, location)
		}
	}
	if key.Location == Header && IsReserved(name) {
		return Key{}, fmt.Errorf("operations on header %s are restricted", name)
	}
	return key, nil
}

// reservedHeaders and reservedPrefixes cannot be mapped (guide: http-api-parameter-mapping.md).
var reservedHeaders = map[string]bool{
	"authorization": true, "connection": true, "content-encoding": true, "content-length": true, "content-location": true,
	"forwarded": true, "keep-alive": true, "origin": true, "proxy-authenticate": true, "proxy-authorization": true, "te": true,
	"trailers": true, "transfer-encoding": true, "upgrade": true, "x-forwarded-for": true, "x-forwarded-host": true,
	"x-forwarded-proto": true, "via": true,
}

var reservedPrefixes = []string{"access-control-", "apigw-", "x-amz-", "x-amzn-"}

// IsReserved says whether a header cannot be mapped.
func IsReserved(name string) bool {
	name = strings.ToLower(name)
	return reservedHeaders[name] || slices.ContainsFunc(reservedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// ValidStatusCode says whether text is what overwrite:statuscode may set.
func ValidStatusCode(text string) (int, bool) {
	const least, most = 100, 599
	code, err := strconv.Atoi(text)
	return code, err == nil && code >= least && code <= most
}
