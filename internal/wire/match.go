package wire

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/wire/awsjson"
	"gatehouse/internal/wire/awsquery"
	"gatehouse/internal/wire/restjson"
)

// Match says which service a request is for.
type Match struct {
	// Service is the schema's name of the service; empty when the request is signed for a service
	// that is not served.
	Service string
	// SigningName is the service in the request's credential scope; empty when unsigned.
	SigningName string
	// BasePath is the path before "/@connections/"; empty for all other services.
	BasePath string
}

// Match reports whether a request calls an AWS service API, and which. It decides by the
// credential scope, X-Amz-Target, the form's Action, and for unsigned requests the path. What is
// shaped like a call of the data plane (a host with .execute-api. or .lambda-url., a path below
// /_aws/, /_gatehouse/ or /restapis/{api}/{stage}/_user_request_) is not matched, with one
// exception: .../@connections/{id}. A custom domain is not known here; ask for it first.
//
// It may read the beginning of an unsigned form's body; the request can still be read whole.
func (s *Server) Match(r *http.Request) (Match, bool) {
	if m, ok := s.matchConnections(r); ok {
		return m, true
	}
	if dataPlane(r) {
		return Match{}, false
	}
	if service, ok := s.byTarget(r.Header.Get("X-Amz-Target")); ok {
		return Match{Service: service, SigningName: scopeService(r)}, true
	}
	if name := scopeService(r); name != "" {
		return s.byScope(r, name)
	}
	if service, ok := s.byAction(r); ok {
		return Match{Service: service}, true
	}
	return s.byPath(r)
}

func scopeService(r *http.Request) string {
	credential, _ := RequestCredential(r)
	return credential.Service
}

func dataPlane(r *http.Request) bool {
	host := strings.ToLower(r.Host)
	if strings.Contains(host, ".execute-api.") || strings.Contains(host, ".lambda-url.") {
		return true
	}
	segments := split(r.URL.Path)
	return segments[0] == "_aws" || segments[0] == "_gatehouse" ||
		len(segments) > 3 && segments[0] == "restapis" && segments[3] == "_user_request_"
}

const connections = "/@connections/"

// matchConnections finds the operations on connections, which any host and stage may carry.
func (s *Server) matchConnections(r *http.Request) (Match, bool) {
	base, id, ok := cutConnections(r)
	if !ok || s.service("apigatewaymanagementapi") == nil || id == "" || strings.Contains(id, "/") {
		return Match{}, false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost && r.Method != http.MethodDelete {
		return Match{}, false
	}
	return Match{Service: "apigatewaymanagementapi", SigningName: scopeService(r), BasePath: base}, true
}

// cutConnections cuts an escaped path at "/@connections/"; clients may encode the at sign.
func cutConnections(r *http.Request) (base, id string, ok bool) {
	path := strings.ReplaceAll(r.URL.EscapedPath(), "/%40connections/", connections)
	at := strings.LastIndex(path, connections)
	if at < 0 {
		return "", "", false
	}
	return path[:at], path[at+len(connections):], true
}

func (s *Server) byTarget(target string) (string, bool) {
	for _, service := range s.services {
		if service.schema.Protocol != schema.JSON {
			continue
		}
		if _, ok := awsjson.Operation(target, service.schema.TargetPrefix); ok {
			return service.schema.Name, true
		}
	}
	return "", false
}

// byScope tells apigateway and apigatewayv2, which share a signing name, apart by path.
func (s *Server) byScope(r *http.Request, name string) (Match, bool) {
	if name == "execute-api" {
		return Match{}, false
	}
	match := Match{SigningName: name}
	for _, service := range s.services {
		if service.schema.SigningName != name {
			continue
		}
		version2 := service.schema.Name == "apigatewayv2"
		if name != "apigateway" || version2 == (split(r.URL.Path)[0] == "v2") {
			match.Service = service.schema.Name
		}
	}
	return match, true
}

// byAction finds the service of an unsigned query, such as sts AssumeRoleWithWebIdentity.
func (s *Server) byAction(r *http.Request) (string, bool) {
	if r.URL.Path != "/" && r.URL.Path != "" {
		return "", false
	}
	form := r.URL.Query()
	if isForm(r) {
		parsed, err := awsquery.Form(form, peek(r))
		if err != nil {
			return "", false
		}
		form = parsed
	}
	action, version := form.Get("Action"), form.Get("Version")
	for _, service := range s.services {
		if service.schema.Protocol != schema.Query || action == "" {
			continue
		}
		if service.schema.APIVersion == version || version == "" && service.schema.Operation(action) != nil {
			return service.schema.Name, true
		}
	}
	return "", false
}

func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// peek reads the beginning of a body and puts it back.
func peek(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, MaxForm))
	rest := r.Body
	if err != nil {
		rest = failingBody{r.Body, err}
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), r.Body}
	return head
}

// failingBody repeats the error that reading a body gave.
type failingBody struct {
	io.ReadCloser
	err error
}

// Read returns the error.
func (b failingBody) Read([]byte) (int, error) { return 0, b.err }

func (s *Server) byPath(r *http.Request) (Match, bool) {
	for _, service := range s.services {
		if service.routes == nil || service.schema.Name == "apigatewaymanagementapi" {
			continue
		}
		if _, ok := service.routes.find(r.Method, r.URL.EscapedPath(), r.URL.Query()); ok {
			return Match{Service: service.schema.Name}, true
		}
	}
	return Match{}, false
}

// locate finds the operation of a request to a service. A query's operation stands in its body;
// until that has arrived it is not known.
func (s *served) locate(r *http.Request, match Match) found {
	switch s.schema.Protocol {
	case schema.JSON:
		name, _ := awsjson.Operation(r.Header.Get("X-Amz-Target"), s.schema.TargetPrefix)
		return found{operation: s.schema.Operation(name)}
	case schema.RestJSON:
		path := strings.TrimPrefix(r.URL.EscapedPath(), match.BasePath)
		at, _ := s.routes.find(r.Method, path, r.URL.Query())
		return at
	}
	return found{}
}

// parameters are the query parameters that belong to the operation: not its route's literals, not
// those of a signature.
func parameters(query url.Values, literals url.Values) url.Values {
	query = restjson.Unsigned(query)
	for name := range literals {
		delete(query, name)
	}
	return query
}
