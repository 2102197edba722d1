package connections

import (
	"net"
	"strings"

	api "gatehouse/internal/awsapi/apigatewaymanagementapi"
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
	name := hostOnly(host)
	if rest, ok := strings.CutPrefix(basePath, userRequestPrefix); ok && strings.HasSuffix(rest, userRequestSuffix) {
		apiId, rest, _ = strings.Cut(strings.TrimSuffix(rest, userRequestSuffix), "/")
		return stageOf(apiId, "/"+rest, basePath)
	}
	if rest, ok := strings.CutPrefix(basePath, awsPrefix); ok {
		apiId, rest, _ = strings.Cut(rest, "/")
		return stageOf(apiId, "/"+rest, basePath)
	}
	if label, rest, ok := strings.Cut(name, "."); ok && isExecuteApi("."+rest) {
		return stageOf(strings.ToLower(label), basePath, basePath)
	}
	if l.Domain != nil {
		if stage, ok := l.Domain(name, basePath); ok {
			if stage.ApiId == "" {
				return "", "", &api.ForbiddenException{Message: "Forbidden: \"" + basePath + "\" in front of /@connections is not the key of a mapping of " + name}
			}
			return stage.ApiId, stage.StageName, nil
		}
	}
	if strings.Trim(basePath, "/") != "" {
		return "", "", wrongUrl(basePath)
	}
	return "", "", nil
}

func isExecuteApi(rest string) bool {
	return len(rest) >= len(hostMarker) && strings.EqualFold(rest[:len(hostMarker)], hostMarker) && (len(rest) == len(hostMarker) || rest[len(hostMarker)] == '.')
}

// stageOf reads the stage, which must be all that stands before /@connections.
func stageOf(apiId, path, basePath string) (string, string, error) {
	stageName := strings.Trim(path, "/")
	if stageName == "" || strings.Contains(stageName, "/") || apiId == "" {
		return "", "", wrongUrl(basePath)
	}
	return apiId, stageName, nil
}

// wrongUrl is AWS's 403 of a URL that leads to no stage, with what is wrong with it.
func wrongUrl(basePath string) error {
	return &api.ForbiddenException{Message: "Forbidden: \"" + basePath + "\" in front of /@connections is not one stage of an API"}
}

func hostOnly(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}
