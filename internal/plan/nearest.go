package plan

import "strings"

// Nearest names the route that a request without one most probably meant: "GET
// /user/{id}". It is empty when nothing resembles the path. It is for diagnosis only.
func (r *Routes) Nearest(httpMethod, path string) string {
	segments := SplitPath(path)
	best, bestScore := "", 0
	for _, route := range r.list {
		score := resemblance(SplitPath(route.Path), segments)
		for _, method := range route.Methods {
			methodScore := score
			if score > 0 && (method.HttpMethod == httpMethod || method.HttpMethod == AnyMethod) {
				methodScore++
			}
			if methodScore > bestScore {
				best, bestScore = method.HttpMethod+" "+route.Path, methodScore
			}
		}
	}
	return best
}

// Weights of a segment's likeness; a path scores only when its length fits and no
// segment is altogether different.
const (
	likenessEqual     = 8
	likenessParameter = 6
	likenessSimilar   = 4
)

func resemblance(route, request []string) int {
	if len(route) == 0 && len(request) == 0 {
		return likenessEqual
	}
	if len(route) != len(request) {
		return 0
	}
	score := 0
	for i, segment := range route {
		likeness := segmentLikeness(segment, request[i])
		if likeness == 0 {
			return 0
		}
		score += likeness
	}
	return score
}

func segmentLikeness(segment, requested string) int {
	_, _, isParameter := PathParameter(segment)
	switch {
	case segment == requested:
		return likenessEqual
	case isParameter:
		return likenessParameter
	case strings.EqualFold(segment, requested), strings.TrimSuffix(segment, "s") == strings.TrimSuffix(requested, "s"):
		return likenessSimilar
	default:
		return 0
	}
}
