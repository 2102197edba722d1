package connections

import (
	"net"
	"strings"

	api "gatehouse/internal/awsapi/apigatewaymanagementapi"
)

const (
	hostMarker = ".execute-api"
	awsPrefix  = "/_aws/execute-api/"
)

// locate says which API and stage a call of @connections was sent to: by the API's own
// host name and the stage in front of the path, by the path alone, or by a custom domain
// name. Both are empty where the URL names no API: then the id alone must do.
func (s *Service) locate(host, basePath string) (apiId, stageName string, err error) {
	name := hostOnly(host)
	if rest, ok := strings.CutPrefix(basePath, awsPrefix); ok {
		apiId, rest, _ = strings.Cut(rest, "/")
		return stageOf(apiId, "/"+rest, basePath)
	}
	if label, rest, ok := strings.Cut(name, "."); ok && isExecuteApi("."+rest) {
		return stageOf(strings.ToLower(label), basePath, basePath)
	}
	if s.Domain != nil {
		if stage, ok := s.Domain(name, basePath); ok {
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
