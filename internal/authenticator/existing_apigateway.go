package authenticator

import (
	"strings"

	"gatehouse/internal/apigw"
	apirecords "gatehouse/internal/apigw/records"
	"gatehouse/internal/iam"
	"gatehouse/internal/store"
)

// existing is what a path of API Gateway names, as it is before the operation.
type existing struct {
	reader *resourceReader
	scope  store.Scope
	ids    []string // of the API, then of what is beneath
	kind   string   // restapis, apis, domainnames …
	noun   any      // nil where there is nothing
	tags   map[string]string
}

// existing finds it. A part of an API that has no tags of its own has the API's.
func (r *resourceReader) existing(path string) existing {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	e := existing{reader: r, scope: apirecords.Scope(apigw.Scope{Account: r.who.Account, Region: r.who.Region})}
	if len(segments) < 2 {
		return e
	}
	e.kind, e.ids = segments[0], segments[1:2]
	switch e.kind {
	case "restapis":
		e.findRestApi(segments[2:])
	case "apis":
		e.findApi(segments[2:])
	case "domainnames":
		e.findDomainName(segments[2:])
	}
	return e
}

func (e *existing) view() store.Snapshot { return e.reader.authorizer.Store.View() }

// take is what was found, or nothing.
func take[T any](e *existing, found T, err error) {
	if err == nil {
		e.noun = found
	}
}

func (e *existing) findRestApi(rest []string) {
	view, id := e.view(), e.ids[0]
	api, err := apirecords.RestApis.Get(view, e.scope, id)
	if err != nil {
		return
	}
	e.tags = api.Tags
	switch {
	case len(rest) == 0:
		e.noun = api
	case rest[0] == "stages":
		e.tags = nil
		if len(rest) > 1 {
			stage, err := apirecords.Stages.Get(view, e.scope, id, rest[1])
			e.tags = stage.Tags
			take(e, stage, err)
		}
	case rest[0] == "authorizers" && len(rest) > 1:
		authorizer, err := apirecords.Authorizers.Get(view, e.scope, id, rest[1])
		take(e, authorizer, err)
	case rest[0] == "resources" && len(rest) > 3 && rest[2] == "methods":
		resource, err := apirecords.Resources.Get(view, e.scope, id, rest[1])
		if method, ok := resource.Methods[rest[3]]; ok {
			take(e, method, err)
		}
	}
}

func (e *existing) findApi(rest []string) {
	view, id := e.view(), e.ids[0]
	api, err := apirecords.Apis.Get(view, e.scope, id)
	if err != nil {
		return
	}
	e.tags = api.Tags
	switch {
	case len(rest) == 0:
		e.noun = api
	case len(rest) < 2:
	case rest[0] == "stages":
		stage, err := apirecords.ApiStages.Get(view, e.scope, id, rest[1])
		e.tags = stage.Tags
		take(e, stage, err)
	case rest[0] == "authorizers":
		authorizer, err := apirecords.ApiAuthorizers.Get(view, e.scope, id, rest[1])
		take(e, authorizer, err)
	case rest[0] == "routes":
		route, err := apirecords.Routes.Get(view, e.scope, id, rest[1])
		take(e, route, err)
	}
}

func (e *existing) findDomainName(rest []string) {
	name := strings.ToLower(e.ids[0])
	domain, err := apirecords.DomainNames.Get(e.view(), e.scope, name)
	if err != nil {
		return
	}
	e.tags = domain.Tags
	switch {
	case len(rest) == 0:
		e.noun = domain
	case rest[0] == "routingrules" && len(rest) > 1:
		rule, err := apirecords.RoutingRules.Get(e.view(), e.scope, name, rest[1])
		take(e, rule, err)
	}
}

// members are the methods or routes and the authorizers of an API that is there.
func (e *existing) members() []any {
	var all []any
	switch e.noun.(type) {
	case nil:
	case apigw.RestApi:
		resources, _ := apirecords.Resources.List(e.view(), e.scope, e.ids...) // what cannot be read has no keys
		for i := range resources {
			for _, method := range resources[i].Methods {
				all = append(all, methodMembers{method.AuthorizationType, method.ApiKeyRequired})
			}
		}
		authorizers, _ := apirecords.Authorizers.List(e.view(), e.scope, e.ids...)
		for i := range authorizers {
			all = append(all, authorizerMembers{authorizers[i].Type, authorizers[i].AuthorizerUri})
		}
	default:
		routes, _ := apirecords.Routes.List(e.view(), e.scope, e.ids...)
		for i := range routes {
			all = append(all, methodMembers{routes[i].AuthorizationType, routes[i].ApiKeyRequired})
		}
		authorizers, _ := apirecords.ApiAuthorizers.List(e.view(), e.scope, e.ids...)
		for i := range authorizers {
			all = append(all, authorizerMembers{authorizers[i].AuthorizerType, authorizers[i].AuthorizerUri})
		}
	}
	return all
}

func resourceTags(tags map[string]string) iam.Context {
	keys := make(iam.Context, 0, len(tags))
	for key, value := range tags {
		keys = append(keys, iam.ContextKey{Key: "aws:ResourceTag/" + key, Value: value})
	}
	return keys
}
