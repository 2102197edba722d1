package plan

import "maps"

// Table is everything that is served at one moment.
type Table struct {
	revision uint64
	apis     map[string]*Api
}

// Api is what is served of one API: its stages by name.
type Api struct {
	Id     string
	Stages map[string]*RestStage
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

// Apis returns a copy of the APIs by id, never nil.
func (t *Table) Apis() map[string]*Api {
	if t.apis == nil {
		return map[string]*Api{}
	}
	return maps.Clone(t.apis)
}

// At returns a table with the same APIs that holds at a later revision.
func (t *Table) At(revision uint64) *Table { return &Table{revision: revision, apis: t.apis} }
