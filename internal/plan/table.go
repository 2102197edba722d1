package plan

import (
	"maps"
	"strings"
)

// Table is everything that is served at one moment.
type Table struct {
	revision uint64
	apis     map[string]*Api
	domains  map[string]*Domain // by domain name, lower case
	plans    map[Scope]*UsagePlans
}

// Api is what is served of one API: its stages by name. An API is of one kind: Stages
// are a REST API's, HttpStages an HTTP API's, WebSocketStages a WebSocket API's.
type Api struct {
	Id              string
	Stages          map[string]*RestStage
	HttpStages      map[string]*HttpStage
	WebSocketStages map[string]*WebSocketStage
}

// NewTable makes the table that holds at a revision of the store.
func NewTable(revision uint64, apis map[string]*Api) *Table {
	return &Table{revision: revision, apis: apis}
}

// Revision is the store's revision that the table was built from.
func (t *Table) Revision() uint64 { return t.revision }

// Api finds an API by its id.
func (t *Table) Api(id string) (*Api, bool) {
	api, ok := t.apis[id]
	return api, ok
}

// Serves says whether a stage of an API is served.
func (t *Table) Serves(apiId, stageName string) bool {
	api, ok := t.apis[apiId]
	if !ok {
		return false
	}
	return api.Stages[stageName] != nil || api.HttpStages[stageName] != nil || api.WebSocketStages[stageName] != nil
}

// Apis returns a copy of the APIs by id, never nil.
func (t *Table) Apis() map[string]*Api {
	if t.apis == nil {
		return map[string]*Api{}
	}
	return maps.Clone(t.apis)
}

// Domain finds the custom domain name that a host is, or the wildcard that covers it;
// nil when it is none.
func (t *Table) Domain(host string) *Domain {
	if len(t.domains) == 0 {
		return nil
	}
	host = strings.ToLower(host)
	if domain := t.domains[host]; domain != nil {
		return domain
	}
	_, parent, ok := strings.Cut(host, ".")
	if !ok {
		return nil
	}
	return t.domains["*."+parent]
}

// WithDomains returns a table with the same APIs and these custom domain names.
func (t *Table) WithDomains(domains map[string]*Domain) *Table {
	next := *t
	next.domains = domains
	return &next
}

// UsagePlans are the usage plans of an account in a region; nil when it has no keys.
func (t *Table) UsagePlans(scope Scope) *UsagePlans { return t.plans[scope] }

// WithUsagePlans returns a table with the same APIs and these usage plans.
func (t *Table) WithUsagePlans(plans map[Scope]*UsagePlans) *Table {
	next := *t
	next.plans = plans
	return &next
}

// At returns a table with the same content that holds at a later revision.
func (t *Table) At(revision uint64) *Table {
	next := *t
	next.revision = revision
	return &next
}
