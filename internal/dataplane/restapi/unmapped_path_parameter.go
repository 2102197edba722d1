package restapi

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// unmappedPathParameter is the fault of a URI that has {name} still: no mapping sets the
// path parameter, or the request has not what the mapping reads. AWS takes the braces
// literally and calls nothing, because they are no characters of a URI (AWS's Knowledge
// Center, api-gateway-proxy-path-character-error; for private integrations and for mapped
// parameters that a request has not, unconfirmed).
func (e *exchange) unmappedPathParameter(name string) *fault.Fault {
	e.record.Note(record.PathUnfilled, name)
	f := fault.New(fault.PathParameterUnmapped)
	f.Checked = "the path parameters of the integration's URI " + e.method.Integration.Uri.Text()
	f.Found = "{" + name + "} has no value: no mapping sets " + headerIntegrationMark + "path." + name
	f.Wanted = headerIntegrationMark + "path." + name + " mapped from what every request has"
	for i := range e.method.Integration.RequestParameters {
		target := &e.method.Integration.RequestParameters[i].Target
		if target.Location == plan.LocationPath && target.Name == name {
			f.Found = "{" + name + "} has no value: it is mapped from " + e.method.Integration.RequestParameters[i].Compiled.String() + ", which the request has not"
		}
	}
	f.LogLine = "configuration error: Illegal character in " + placeOfBrace(e.outbound.url)
	return e.integrationFault(f, 0)
}

// placeOfBrace says where a URI has its first brace, as Java's URI does.
func placeOfBrace(uri string) string {
	part, at := "path", strings.IndexByte(uri, '{')
	if query := strings.IndexByte(uri, '?'); query >= 0 && query < at {
		part = "query"
	}
	address, _, _ := strings.Cut(uri, "?") // query strings may hold secrets
	return part + " at index " + itoa(at) + ": " + record.WithoutPassword(address)
}
