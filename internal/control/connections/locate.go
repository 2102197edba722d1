package connections

import (
	"net"
	"strings"

	"gatehouse/internal/caller"
)

const (
	hostMarker        = ".execute-api"
	awsPrefix         = "/_aws/execute-api/"
	userRequestPrefix = "/restapis/"
	userRequestSuffix = "/_user_request_"
)

// Locator finds out which API and stage a call of @connections was sent to.
type Locator struct {
	// Domain finds the stage that a custom domain name and base path are mapped to, and is
	// false for a host that is no custom domain name; nil knows none.
	Domain func(host, basePath string) (DomainStage, bool)
}

// Locate says it by the API's own host name and the stage in front of the path, by the
// path alone, or by a custom domain name. Both are empty where the URL names no API: then
// the connection's id alone must do. The error is a *ForbiddenException.
func (l Locator) Locate(host, basePath string) (apiId, stageName string, err error) {
	name, who := hostOnly(host), caller.Caller{Host: host, BasePath: basePath}
	if rest, ok := strings.CutPrefix(basePath, userRequestPrefix); ok && strings.HasSuffix(rest, userRequestSuffix) {
		apiId, rest, _ = strings.Cut(strings.TrimSuffix(rest, userRequestSuffix), "/")
		return stageOf(who, apiId, userRequestPrefix+apiId, "/"+rest)
	}
	if rest, ok := strings.CutPrefix(basePath, awsPrefix); ok {
		apiId, rest, _ = strings.Cut(rest, "/")
		return stageOf(who, apiId, awsPrefix+apiId, "/"+rest)
	}
	if label, rest, ok := strings.Cut(name, "."); ok && isExecuteApi("."+rest) {
		return stageOf(who, strings.ToLower(label), "", basePath)
	}
	if l.Domain != nil {
		if stage, ok := l.Domain(name, basePath); ok {
			if stage.ApiId == "" {
				return "", "", wrongUrl("\""+basePath+"\" in front of /@connections is not the key of a mapping of "+name, l.mappedEndpoint(who, name))
			}
			return stage.ApiId, stage.StageName, nil
		}
	}
	if strings.Trim(basePath, "/") != "" {
		return "", "", wrongUrl(notAStage(basePath), "")
	}
	return "", "", nil
}

func isExecuteApi(rest string) bool {
	return len(rest) >= len(hostMarker) && strings.EqualFold(rest[:len(hostMarker)], hostMarker) && (len(rest) == len(hostMarker) || rest[len(hostMarker)] == '.')
}

// stageOf reads the stage, which must be all that stands before /@connections but for the
// prefix of a URL that names the API in its path.
func stageOf(who caller.Caller, apiId, prefix, path string) (string, string, error) {
	stageName := strings.Trim(path, "/")
	first, _, more := strings.Cut(stageName, "/")
	switch {
	case stageName == "" || apiId == "":
		return "", "", wrongUrl(notAStage(prefix+path), "")
	case more:
		return "", "", wrongUrl(notAStage(prefix+path), endpointOf(who, prefix+"/"+first))
	}
	return apiId, stageName, nil
}

func notAStage(basePath string) string {
	return "\"" + basePath + "\" in front of /@connections is not one stage of an API"
}

// mappedEndpoint is the URL of the longest mapping that a base path begins with, which is
// what a caller means who adds the stage; empty without one.
func (l Locator) mappedEndpoint(who caller.Caller, name string) string {
	for path := strings.TrimSuffix(who.BasePath, "/"); path != ""; {
		path = path[:max(0, strings.LastIndexByte(path, '/'))]
		if stage, _ := l.Domain(name, path); stage.ApiId != "" {
			return endpointOf(who, path)
		}
	}
	return ""
}

func hostOnly(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}
