package services

import (
	"net/http"
	"strings"

	"gatehouse/internal/integration"
)

const (
	headerTarget      = "X-Amz-Target"
	headerContentType = "Content-Type"
	jsonContentType   = "application/x-amz-json-"
)

// Address points a request at the service of a URI at base, and gives it what the
// service's protocol asks for where the URI names an action:
//
//   - every action goes to /?Action=NAME, what follows it in the URI behind it (public
//     execution logs show this form for DynamoDB, whose JSON protocol ignores it);
//   - a service of the JSON protocol gets X-Amz-Target and its Content-Type, unless a
//     mapping set them (unconfirmed for Content-Type);
//   - a service of the query protocol gets the Version that it has, unless the URI says.
//
// query is what mappings gave, encoded. A subdomain stands in the Host header, before the
// endpoint's own host. mapped says which headers mappings set, in canonical form.
func (u *Uri) Address(request *integration.Request, base, query string, mapped map[string]bool) {
	service, subdomain := u.Service()
	if subdomain != "" && request.Host == "" {
		request.Host = subdomain + "." + hostOf(base)
	}
	if u.Action == "" {
		request.URL = withQuery(base+u.Path, query)
		return
	}
	parameters := "Action=" + u.Action
	if u.Parameters != "" {
		parameters += "&" + u.Parameters
	}
	if version, ok := queryServices[service]; ok && !hasParameter(u.Parameters, "Version") && !hasParameter(query, "Version") {
		parameters += "&Version=" + version
	}
	request.URL = withQuery(base+"/?"+parameters, query)
	if spoken, ok := jsonServices[service]; ok {
		setUnmapped(request.Header, headerTarget, spoken.prefix+"."+u.Action, mapped)
		setUnmapped(request.Header, headerContentType, jsonContentType+spoken.version, mapped)
	}
}

func setUnmapped(header http.Header, name, value string, mapped map[string]bool) {
	if !mapped[name] {
		header[name] = []string{value}
	}
}

func withQuery(target, query string) string {
	switch {
	case query == "":
		return target
	case strings.Contains(target, "?"):
		return target + "&" + query
	default:
		return target + "?" + query
	}
}

func hasParameter(query, name string) bool {
	return strings.HasPrefix(query, name+"=") || strings.Contains(query, "&"+name+"=")
}

func hostOf(base string) string {
	_, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
