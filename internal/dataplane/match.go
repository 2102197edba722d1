package dataplane

import (
	"net/http"
	"strings"
)

// shapes are the URLs that name an API, for people.
var shapes = []string{
	"http://{api}.execute-api.{region}.{any suffix}[:port]/{stage}/{path}",
	"http://{any host}/_aws/execute-api/{api}/{stage}/{path}",
	"http://{any host}/restapis/{api}/{stage}/_user_request_/{path}",
}

// Target is the API that a URL names.
type Target struct {
	ApiId     string
	StageName string // empty when the URL ends before the stage
	// Path is the rest as the client sent it, percent-encoded, with a leading slash.
	Path string
	// Whole is the path with the stage in front, as the client sent it: what an HTTP API's
	// stage $default is asked for.
	Whole string
	// PathStyle says that the path named the API, not the host.
	PathStyle bool
	// DomainName and BasePath are those of a custom domain name; empty without one.
	DomainName, BasePath string
	// Traced says that a request is traced whose caller does not say.
	Traced bool
}

const (
	hostMarker        = ".execute-api"
	awsPrefix         = "/_aws/execute-api/"
	userRequestPrefix = "/restapis/"
	userRequestMarker = "_user_request_"
)

// Match says which API a request is for. It is false for a request to anything else:
// an AWS service, a page of ours, a custom domain.
func Match(r *http.Request) (Target, bool) {
	path := r.URL.EscapedPath()
	if apiId, ok := apiOfHost(r.Host); ok {
		return stageFirst(apiId, path), true
	}
	if rest, ok := strings.CutPrefix(path, awsPrefix); ok {
		apiId, rest := cutSegment(rest)
		target := stageFirst(apiId, rest)
		target.PathStyle = true
		return target, apiId != ""
	}
	return userRequest(path)
}

// apiOfHost reads {api}.execute-api.…; ids are lower case, hosts have no case.
func apiOfHost(host string) (string, bool) {
	i := strings.IndexByte(host, '.')
	if i <= 0 || len(host) < i+len(hostMarker) || !strings.EqualFold(host[i:i+len(hostMarker)], hostMarker) {
		return "", false
	}
	rest := host[i+len(hostMarker):]
	if rest != "" && rest[0] != '.' && rest[0] != ':' {
		return "", false
	}
	return strings.ToLower(host[:i]), true
}

// userRequest reads /restapis/{api}/{stage}/_user_request_/{path}. The marker tells it
// from the control plane's own /restapis.
func userRequest(path string) (Target, bool) {
	rest, ok := strings.CutPrefix(path, userRequestPrefix)
	if !ok {
		return Target{}, false
	}
	apiId, rest := cutSegment(rest)
	stageName, rest := cutSegment(strings.TrimPrefix(rest, "/"))
	marker, rest := cutSegment(strings.TrimPrefix(rest, "/"))
	if apiId == "" || stageName == "" || marker != userRequestMarker {
		return Target{}, false
	}
	return Target{ApiId: apiId, StageName: stageName, Path: orRoot(rest), Whole: "/" + stageName + rest, PathStyle: true}, true
}

// stageFirst reads /{stage}/{path}.
func stageFirst(apiId, path string) Target {
	stageName, rest := cutSegment(strings.TrimPrefix(path, "/"))
	return Target{ApiId: apiId, StageName: stageName, Path: orRoot(rest), Whole: orRoot(path)}
}

// cutSegment cuts before the first slash, which stays in rest.
func cutSegment(path string) (segment, rest string) {
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
