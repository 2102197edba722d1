package apis

import (
	"regexp"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
)

const methodAny = "ANY"

// routeKeyLimit is the length of the longest route key, characters (the model's pattern).
const routeKeyLimit = 1024

var (
	// routeVariable is a whole segment: {id}, {proxy+}, {a.b-c}.
	routeVariable = regexp.MustCompile(`^\{[a-zA-Z0-9._:-]+\+?\}$`)
	// routeLiteral is a segment without variables (unconfirmed beyond what RFC 3986 lets a path have).
	routeLiteral = regexp.MustCompile(`^[a-zA-Z0-9._~!$&'()*+,;=:@%-]*$`)
)

func (a api) validateRouteKey(route *apigwv2.Route) error {
	if a.isHttp() {
		if !validHttpRouteKey(route.RouteKey) {
			return badRequest(messageHttpRouteKey)
		}
		return nil
	}
	key := route.RouteKey
	reserved := key == apigwv2.ConnectRouteKey || key == apigwv2.DisconnectRouteKey || key == apigwv2.DefaultRouteKey
	if key == "" || len(key) > routeKeyLimit || strings.HasPrefix(key, "$") && !reserved {
		return badRequest(messageWebSocketRouteKey)
	}
	return nil
}

// validHttpRouteKey takes $default, and a method and a path: the greedy variable is the
// last segment, and no variable is there twice (http-api-develop-routes.md).
func validHttpRouteKey(key string) bool {
	if key == apigwv2.DefaultRouteKey {
		return true
	}
	method, path, ok := strings.Cut(key, " ")
	if !ok || len(key) > routeKeyLimit || !apigw.ValidHttpMethod(method) || !strings.HasPrefix(path, "/") {
		return false
	}
	segments, seen := strings.Split(path[1:], "/"), map[string]bool{}
	for i, segment := range segments {
		if !routeVariable.MatchString(segment) {
			if !routeLiteral.MatchString(segment) {
				return false
			}
			continue
		}
		greedy := strings.HasSuffix(segment, "+}")
		if seen[segment] || greedy && i < len(segments)-1 {
			return false
		}
		seen[segment] = true
	}
	return true
}
