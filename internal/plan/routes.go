package plan

import (
	"net/url"
	"slices"
	"strings"
)

// AnyMethod is the httpMethod that stands for every verb that has no method of its own.
const AnyMethod = "ANY"

// Routes finds the Method of a request: a tree of path segments. The match is on the
// pair (path, verb): a path that matches but lacks the verb does not end the search
// (observed on AWS).
type Routes struct {
	root routeNode
	list []Route
}

// Route is one resource and its methods.
type Route struct {
	ResourceId string
	Path       string // "/pets/{id}"
	Methods    []*Method
}

// routeNode is the position behind a number of segments. A node is reached by one
// path of the tree only, so that a search visits each node at most once.
type routeNode struct {
	literals map[string]*routeNode
	param    *routeNode
	greedy   *routeNode // {name+}: a leaf
	methods  [verbCount]*Method
}

// NewRoutes builds the tree.
func NewRoutes(list []Route) *Routes {
	routes := &Routes{list: slices.Clone(list)}
	slices.SortFunc(routes.list, func(a, b Route) int { return strings.Compare(a.Path, b.Path) })
	for _, route := range routes.list {
		routes.root.descend(route.Path).setMethods(route.Methods)
	}
	return routes
}

// List returns the routes in order of their paths.
func (r *Routes) List() []Route { return r.list }

// SplitPath returns the segments of a resource's path; the root has none.
func SplitPath(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// PathParameter says whether a segment is {name} or {name+}, and the name.
func PathParameter(segment string) (name string, greedy, ok bool) {
	inner, found := strings.CutPrefix(segment, "{")
	if !found || !strings.HasSuffix(inner, "}") {
		return "", false, false
	}
	name, greedy = strings.CutSuffix(inner[:len(inner)-1], "+")
	return name, greedy, true
}

// ParameterNames returns the names of a resource path's parameters, in order.
func ParameterNames(path string) []string {
	var names []string
	for _, segment := range SplitPath(path) {
		if name, _, ok := PathParameter(segment); ok {
			names = append(names, name)
		}
	}
	return names
}

func (n *routeNode) descend(path string) *routeNode {
	for _, segment := range SplitPath(path) {
		n = n.child(segment)
	}
	return n
}

func (n *routeNode) child(segment string) *routeNode {
	_, greedy, isParameter := PathParameter(segment)
	switch {
	case greedy:
		if n.greedy == nil {
			n.greedy = &routeNode{}
		}
		return n.greedy
	case isParameter:
		if n.param == nil {
			n.param = &routeNode{}
		}
		return n.param
	}
	if n.literals == nil {
		n.literals = map[string]*routeNode{}
	}
	next := n.literals[segment]
	if next == nil {
		next = &routeNode{}
		n.literals[segment] = next
	}
	return next
}

func (n *routeNode) setMethods(methods []*Method) {
	for _, method := range methods {
		if verb := VerbOf(method.HttpMethod); verb != NoVerb {
			n.methods[verb] = method
		}
	}
	for _, method := range methods {
		if method.HttpMethod != AnyMethod {
			continue
		}
		for verb := range n.methods {
			if n.methods[verb] == nil {
				n.methods[verb] = method
			}
		}
	}
}

// Capture is the part of a request's path that a parameter took: path[Start:End], as
// the client sent it.
type Capture struct{ Start, End int }

// Find returns the method for a verb and a path as the client sent it, percent-encoded
// and with a leading slash. The captures belong to the method's PathParameters, in
// order, and are appended to captures. It is nil when nothing matches.
//
// A literal beats {param}, which beats {param+}; the order of creation does not count
// (observed on AWS). One trailing slash is ignored, by routing and by {param+};
// an empty segment elsewhere matches only within a {param+} (unconfirmed).
func (r *Routes) Find(verb Verb, path string, captures []Capture) (*Method, []Capture) {
	if verb == NoVerb || !strings.HasPrefix(path, "/") {
		return nil, captures
	}
	end := len(path)
	if end > 1 && path[end-1] == '/' {
		end--
	}
	search := routeSearch{verb: verb, path: path[:end], captures: captures}
	if end == 1 {
		return r.root.methods[verb], captures
	}
	return search.from(&r.root, 1), search.captures
}

type routeSearch struct {
	verb     Verb
	path     string
	captures []Capture
}

// from searches beneath node; the next segment begins at start.
func (s *routeSearch) from(node *routeNode, start int) *Method {
	end := start + strings.IndexByte(s.path[start:], '/')
	if end < start {
		end = len(s.path)
	}
	if next := node.literals[plainSegment(s.path[start:end])]; next != nil {
		if method := s.at(next, end); method != nil {
			return method
		}
	}
	kept := len(s.captures)
	if node.param != nil && end > start {
		s.captures = append(s.captures, Capture{start, end})
		if method := s.at(node.param, end); method != nil {
			return method
		}
		s.captures = s.captures[:kept]
	}
	if node.greedy == nil || node.greedy.methods[s.verb] == nil || start == len(s.path) {
		return nil
	}
	s.captures = append(s.captures, Capture{start, len(s.path)})
	return node.greedy.methods[s.verb]
}

// at continues behind a segment that ended at end and led to node.
func (s *routeSearch) at(node *routeNode, end int) *Method {
	if end == len(s.path) {
		return node.methods[s.verb]
	}
	return s.from(node, end+1)
}

// plainSegment decodes a segment, without allocating where nothing is encoded.
func plainSegment(segment string) string {
	if strings.IndexByte(segment, '%') < 0 {
		return segment
	}
	plain, err := url.PathUnescape(segment)
	if err != nil {
		return segment
	}
	return plain
}
