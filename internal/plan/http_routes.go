package plan

import "strings"

// HttpRoutes finds the HttpRoute of a request (guide: http-api-develop-routes.md): a
// full match first, then a greedy one, then $default. Among full matches a literal
// segment beats {name}, and on one path the request's method beats ANY; among greedy
// ones the longest fixed part wins. A path that ends in a slash is another path.
type HttpRoutes struct {
	full         httpNode
	greedy       httpNode
	defaultRoute *HttpRoute
}

// httpNode is the position behind a number of segments.
type httpNode struct {
	literals map[string]*httpNode
	param    *httpNode
	methods  map[string]*HttpRoute // by method, ANY among them
}

// NewHttpRoutes builds the trees.
func NewHttpRoutes(list []*HttpRoute) *HttpRoutes {
	routes := &HttpRoutes{}
	for _, route := range list {
		if route.IsDefault() {
			routes.defaultRoute = route
			continue
		}
		segments := httpSegments(route.Path)
		tree := &routes.full
		if last := len(segments) - 1; last >= 0 {
			if _, isGreedy, _ := PathParameter(segments[last]); isGreedy {
				tree, segments = &routes.greedy, segments[:last]
			}
		}
		tree.descend(segments).set(route)
	}
	return routes
}

// httpSegments cuts a path at its slashes; the root has none. Unlike SplitPath it keeps
// the empty segment behind a slash at the end.
func httpSegments(path string) []string {
	path = strings.TrimPrefix(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

func (n *httpNode) descend(segments []string) *httpNode {
	for _, segment := range segments {
		n = n.child(segment)
	}
	return n
}

func (n *httpNode) child(segment string) *httpNode {
	if _, _, isParameter := PathParameter(segment); isParameter {
		if n.param == nil {
			n.param = &httpNode{}
		}
		return n.param
	}
	if n.literals == nil {
		n.literals = map[string]*httpNode{}
	}
	next := n.literals[segment]
	if next == nil {
		next = &httpNode{}
		n.literals[segment] = next
	}
	return next
}

func (n *httpNode) set(route *HttpRoute) {
	if n.methods == nil {
		n.methods = map[string]*HttpRoute{}
	}
	n.methods[route.HttpMethod] = route
}

func (n *httpNode) route(httpMethod string) *HttpRoute {
	if route := n.methods[httpMethod]; route != nil {
		return route
	}
	if VerbOf(httpMethod) == NoVerb {
		return nil
	}
	return n.methods[AnyMethod]
}

// Find returns the route for a method and a path as the client sent it,
// percent-encoded and with a leading slash. The captures belong to the route's
// PathParameters, in order, and are appended to captures. It is nil when nothing
// matches and there is no $default.
func (r *HttpRoutes) Find(httpMethod, path string, captures []Capture) (*HttpRoute, []Capture) {
	search := httpSearch{method: httpMethod, path: path, captures: captures}
	if route := search.full(&r.full, 1); route != nil {
		return route, search.captures
	}
	search.captures = captures
	if route := search.greedy(&r.greedy, 1); route != nil {
		return route, search.captures
	}
	return r.defaultRoute, captures
}

type httpSearch struct {
	method, path string
	captures     []Capture
}

// segment returns where the segment that begins at start ends.
func (s *httpSearch) segment(start int) int {
	if i := strings.IndexByte(s.path[start:], '/'); i >= 0 {
		return start + i
	}
	return len(s.path)
}

// full searches beneath node for the whole path; the next segment begins at start. A
// node is reached by one path of the tree only, so a search visits each at most once.
func (s *httpSearch) full(node *httpNode, start int) *HttpRoute {
	if start == len(s.path) && start == 1 {
		return node.route(s.method)
	}
	if start > len(s.path) {
		return node.route(s.method)
	}
	end := s.segment(start)
	if next := node.literals[plainSegment(s.path[start:end])]; next != nil {
		if route := s.full(next, end+1); route != nil {
			return route
		}
	}
	if node.param == nil || end == start {
		return nil
	}
	kept := len(s.captures)
	s.captures = append(s.captures, Capture{start, end})
	if route := s.full(node.param, end+1); route != nil {
		return route
	}
	s.captures = s.captures[:kept]
	return nil
}

// greedy searches for the longest beginning of the path that a greedy route has. The
// rest, which the greedy parameter takes, must not be empty.
func (s *httpSearch) greedy(node *httpNode, start int) *HttpRoute {
	if start >= len(s.path) {
		return nil
	}
	end := s.segment(start)
	if next := node.literals[plainSegment(s.path[start:end])]; next != nil {
		if route := s.greedy(next, end+1); route != nil {
			return route
		}
	}
	if node.param != nil && end > start {
		kept := len(s.captures)
		s.captures = append(s.captures, Capture{start, end})
		if route := s.greedy(node.param, end+1); route != nil {
			return route
		}
		s.captures = s.captures[:kept]
	}
	route := node.route(s.method)
	if route != nil {
		s.captures = append(s.captures, Capture{start, len(s.path)})
	}
	return route
}
