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
	case strings.EqualFold(segment, requested), isTypo(segment, requested):
		return likenessSimilar
	default:
		return 0
	}
}

// Resembles says whether one name was probably written for another.
func Resembles(meant, written string) bool {
	return strings.EqualFold(meant, written) || isTypo(meant, written)
}

// maxTypoLength bounds the segments that are compared letter by letter.
const maxTypoLength = 64

// isTypo says whether two words differ by few edits for their length: one in a word of
// up to five letters, one more for each three.
func isTypo(meant, written string) bool {
	if len(meant) > maxTypoLength || len(written) > maxTypoLength {
		return false
	}
	allowed := max(1, max(len(meant), len(written))/3)
	return len(meant) > 1 && editDistance(meant, written) <= allowed
}

// editDistance counts the insertions, deletions, changes and swaps of neighbours between
// two texts, in bytes.
func editDistance(a, b string) int {
	var before, last, row [maxTypoLength + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		before, last = last, row
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = last[j]
			if a[i] != b[j] {
				row[j+1] = 1 + min(last[j], last[j+1], row[j])
			}
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
