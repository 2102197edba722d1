package plan

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Domain is a custom domain name: which stage a request to it goes to. Routing rules
// come first, in order of priority; then the API mapping with the longest key that the
// path begins with (guide: rest-api-mappings.md).
type Domain struct {
	DomainName string // lower case; "*.example.com" stands for one label more
	// AccountId and Region are whose the name is.
	AccountId, Region string
	Rules             []DomainRule
	// Mappings are in the order in which they are tried: most segments first, the empty
	// key last.
	Mappings []DomainMapping
}

// DomainMapping maps a base path to a stage.
type DomainMapping struct {
	ApiMappingId string
	Key          string // without slashes at the ends; empty is the catch-all
	ApiId        string
	StageName    string
}

// DomainRule sends what meets all its conditions to a stage.
type DomainRule struct {
	RoutingRuleId string
	Priority      int32
	Conditions    []DomainCondition
	ApiId         string
	StageName     string
	StripBasePath bool
}

// DomainCondition holds when any of its base paths or any of its headers does.
type DomainCondition struct {
	BasePaths []string // without slashes at the ends
	Headers   []DomainHeader
}

// DomainHeader compares a header, its name without case, its value as a glob with case:
// "*" stands for any text at the beginning or the end.
type DomainHeader struct{ Name, ValueGlob string }

// DomainMatch is where a request to a Domain goes.
type DomainMatch struct {
	ApiId, StageName string
	// BasePath is the part of the path that matched, "/v1/orders"; empty for none.
	BasePath string
	// Path is the path within the API: without BasePath where that is cut off, and with a
	// leading slash.
	Path string
	// RoutingRuleId names the rule that decided; empty for a mapping.
	RoutingRuleId string
}

// NewDomain sorts what a domain has. Rules and mappings are copied.
func NewDomain(domainName string, rules []DomainRule, mappings []DomainMapping) *Domain {
	d := &Domain{DomainName: strings.ToLower(domainName), Rules: slices.Clone(rules), Mappings: slices.Clone(mappings)}
	slices.SortStableFunc(d.Rules, func(a, b DomainRule) int { return cmp.Compare(a.Priority, b.Priority) })
	slices.SortStableFunc(d.Mappings, func(a, b DomainMapping) int {
		return cmp.Or(cmp.Compare(len(SplitPath(b.Key)), len(SplitPath(a.Key))), strings.Compare(a.Key, b.Key))
	})
	return d
}

// Find says where a request goes; ok is false when nothing matches. requestPath is as
// the client sent it; header returns the values of a header by its name without case.
func (d *Domain) Find(requestPath string, header func(name string) []string) (match DomainMatch, ok bool) {
	for i := range d.Rules {
		if match, ok = d.Rules[i].match(requestPath, header); ok {
			return match, true
		}
	}
	for _, mapping := range d.Mappings {
		if rest, ok := cutBasePath(requestPath, mapping.Key); ok {
			return DomainMatch{ApiId: mapping.ApiId, StageName: mapping.StageName, BasePath: withSlash(mapping.Key), Path: rest}, true
		}
	}
	return DomainMatch{}, false
}

func (r *DomainRule) match(requestPath string, header func(string) []string) (DomainMatch, bool) {
	match := DomainMatch{ApiId: r.ApiId, StageName: r.StageName, Path: requestPath, RoutingRuleId: r.RoutingRuleId}
	for i := range r.Conditions {
		basePath, ok := r.Conditions[i].match(requestPath, header)
		if !ok {
			return DomainMatch{}, false
		}
		if basePath != "" {
			match.BasePath = withSlash(basePath)
		}
	}
	if r.StripBasePath && match.BasePath != "" {
		match.Path, _ = cutBasePath(requestPath, match.BasePath[1:])
	}
	return match, true
}

// match returns the base path that matched, if it was one.
func (c *DomainCondition) match(requestPath string, header func(string) []string) (string, bool) {
	for _, basePath := range c.BasePaths {
		if _, ok := cutBasePath(requestPath, basePath); ok {
			return basePath, true
		}
	}
	for _, wanted := range c.Headers {
		if slices.ContainsFunc(header(wanted.Name), wanted.matches) {
			return "", true
		}
	}
	return "", false
}

// matches compares a value with the glob.
func (h DomainHeader) matches(value string) bool {
	glob := h.ValueGlob
	front, anyFront := strings.CutPrefix(glob, "*")
	middle, anyBack := strings.CutSuffix(front, "*")
	switch {
	case anyFront && anyBack:
		return strings.Contains(value, middle)
	case anyFront:
		return strings.HasSuffix(value, front)
	case strings.HasSuffix(glob, "*"):
		return strings.HasPrefix(value, strings.TrimSuffix(glob, "*"))
	default:
		return value == glob
	}
}

// cutBasePath cuts a base path off at a segment's end. The path that is left begins
// with a slash.
func cutBasePath(requestPath, basePath string) (string, bool) {
	if basePath == "" {
		return requestPath, true
	}
	rest, ok := strings.CutPrefix(requestPath, "/"+basePath)
	switch {
	case !ok:
		return "", false
	case rest == "":
		return "/", true
	default:
		return rest, rest[0] == '/'
	}
}

func withSlash(key string) string {
	if key == "" {
		return ""
	}
	return "/" + key
}

// CleanBasePath is a mapping key or base path as a Domain has it: without slashes at
// its ends, and empty for "(none)".
func CleanBasePath(key string) string {
	if key == "(none)" {
		return ""
	}
	return strings.Trim(path.Clean("/"+key), "/")
}
