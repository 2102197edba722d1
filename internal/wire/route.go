package wire

import (
	"net/url"
	"slices"
	"strings"

	"gatehouse/internal/awsapi/schema"
)

// routes finds the operation of a rest-json service by method and path.
type routes struct {
	// byShape holds the routes of one method and number of segments.
	byShape map[routeShape][]*route
	// greedy are the routes whose label takes several segments.
	greedy []*route
}

type routeShape struct {
	method   string
	segments int
}

type route struct {
	operation *schema.Operation
	segments  []segment
	query     url.Values // literal parameters of the route, such as mode=import
}

// segment is one part of a route's path: a literal or a label.
type segment struct {
	literal string
	label   string
	greedy  bool
}

func newRoutes(service *schema.Service) *routes {
	all := &routes{byShape: map[routeShape][]*route{}}
	for i := range service.Operations {
		r := newRoute(&service.Operations[i])
		if slices.ContainsFunc(r.segments, func(s segment) bool { return s.greedy }) {
			all.greedy = append(all.greedy, r)
			continue
		}
		shape := routeShape{r.operation.Method, len(r.segments)}
		all.byShape[shape] = append(all.byShape[shape], r)
	}
	return all
}

func newRoute(operation *schema.Operation) *route {
	path, literal, _ := strings.Cut(operation.Path, "?")
	query, _ := url.ParseQuery(literal) // the models' literals are well formed
	r := &route{operation: operation, query: query}
	for _, text := range split(path) {
		s := segment{literal: text}
		if strings.HasPrefix(text, "{") {
			name := strings.Trim(text, "{}")
			s = segment{label: strings.TrimSuffix(name, "+"), greedy: strings.HasSuffix(name, "+")}
		}
		r.segments = append(r.segments, s)
	}
	return r
}

// split cuts a path into its segments; a slash at the end counts for nothing.
func split(path string) []string {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/"), "/")
}

// found is the operation of a request and what its path says.
type found struct {
	operation *schema.Operation
	labels    map[string]string
	literals  url.Values
}

// find returns the most specific route of a method, an escaped path and a query: literals win
// over labels from left to right, and a route with a literal parameter over one without.
func (all *routes) find(method, escapedPath string, query url.Values) (found, bool) {
	segments, ok := decodeSegments(escapedPath)
	if !ok {
		return found{}, false
	}
	var best *route
	for _, candidate := range all.byShape[routeShape{method, len(segments)}] {
		if candidate.matches(segments, query) && candidate.better(best) {
			best = candidate
		}
	}
	if best != nil {
		return found{best.operation, best.labels(segments), best.query}, true
	}
	for _, candidate := range all.greedy {
		if joined, ok := candidate.join(method, segments); ok && candidate.matches(joined, query) {
			return found{candidate.operation, candidate.labels(joined), candidate.query}, true
		}
	}
	return found{}, false
}

// decodeSegments decodes each segment on its own, so that an encoded slash stays inside its own.
func decodeSegments(escapedPath string) ([]string, bool) {
	segments := split(escapedPath)
	for i, text := range segments {
		decoded, err := url.PathUnescape(text)
		if err != nil {
			return nil, false
		}
		segments[i] = decoded
	}
	return segments, true
}

func (r *route) matches(segments []string, query url.Values) bool {
	for i, s := range r.segments {
		if s.label == "" && s.literal != segments[i] || s.label != "" && segments[i] == "" {
			return false
		}
	}
	for name, values := range r.query {
		if query.Get(name) != values[0] {
			return false
		}
	}
	return true
}

func (r *route) better(than *route) bool {
	if than == nil {
		return true
	}
	for i := range r.segments {
		if mine, theirs := r.segments[i].label == "", than.segments[i].label == ""; mine != theirs {
			return mine
		}
	}
	return len(r.query) > len(than.query)
}

// join folds the segments that a greedy label takes into one.
func (r *route) join(method string, segments []string) ([]string, bool) {
	extra := len(segments) - len(r.segments)
	if r.operation.Method != method || extra < 0 {
		return nil, false
	}
	at := slices.IndexFunc(r.segments, func(s segment) bool { return s.greedy })
	joined := append(slices.Clone(segments[:at]), strings.Join(segments[at:at+extra+1], "/"))
	return append(joined, segments[at+extra+1:]...), true
}

func (r *route) labels(segments []string) map[string]string {
	labels := map[string]string{}
	for i, s := range r.segments {
		if s.label != "" {
			labels[s.label] = segments[i]
		}
	}
	return labels
}
