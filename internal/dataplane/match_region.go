package dataplane

import (
	"net/http"
	"strings"

	"gatehouse/internal/fault"
)

// regionOf is the region that a host {api}.execute-api.{region}.… names; empty where the name
// behind is no region's, as in {api}.execute-api.localhost.
func regionOf(host string) string {
	if name := behindMarker(host); isRegion(name) {
		return strings.ToLower(name)
	}
	return ""
}

// behindMarker is the name behind {api}.execute-api in a host.
func behindMarker(host string) string {
	_, rest, _ := strings.Cut(host, ".")
	_, rest, _ = strings.Cut(rest, ".") // behind the marker
	if end := strings.IndexAny(rest, ".:"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// isRegion says whether a name has the form of a region's: eu-west-1, us-gov-east-1.
func isRegion(name string) bool {
	const hyphens = 2
	if strings.Count(name, "-") < hyphens {
		return false
	}
	parts := strings.Split(name, "-")
	if len(parts[0]) != len("eu") {
		return false
	}
	for i, part := range parts {
		isLast := i == len(parts)-1
		if part == "" || isLast != (strings.Trim(part, "0123456789") == "") {
			return false
		}
	}
	return true
}

// otherRegion answers a request whose host names another region than the API's, which
// reaches nothing on AWS: each region has hosts of its own, and answers 403 Forbidden for ids
// that it does not have (unconfirmed for an id of another region). It would be kinder to serve
// the request, and wrong: the URL would fail where it counts, in a client that was never seen
// to fail. Laptops lose nothing, because an API is of the region that its maker signed for, or
// of --region, and URLs are made from the same setting; hosts without a region, and URLs that
// name the API in their path, say nothing of one.
func (h *Handler) otherRegion(w http.ResponseWriter, r *http.Request, target Target, region string) bool {
	if target.PathStyle || strings.EqualFold(behindMarker(r.Host), region) {
		return false
	}
	named := regionOf(r.Host)
	if named == "" {
		return false
	}
	f := fault.New(fault.OtherRegion)
	f.Checked = "the region in the host name " + quote(r.Host)
	f.Found = "API " + quote(target.ApiId) + " is of region " + region + ", and the host names " + named
	f.Wanted = target.ApiId + hostMarker + "." + region
	h.answer(w, r, &refusal{target: target, fault: f, statusCode: http.StatusForbidden, errorType: f.Entry.ErrorType, body: []byte(`{"message":"Forbidden"}`)})
	return true
}
