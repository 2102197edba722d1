// Package state writes everything a store holds as one JSON document, and reads it back into an empty store: for backups one can read and compare, and
// to move an installation. The same state gives the same bytes.
//
// It does not know what the records mean, and encrypts nothing: what must stay secret is stored encrypted, and is exported so.
//
// Begin at [Export] and [Import]. The document has a head, the objects, and the records, one to a line:
//
//	{"format":"gatehouse-state","version":1,"records":2,"hash":"…",
//	"objects":[
//	{"digest":"sha256:…","content":"base64"}
//	],
//	"state":[
//	{"key":"000000000000/us-east-1/RestApi/abc","value":{"name":"pets"}},
//	{"key":"…","bytes":"base64 of a value that is not JSON"}
//	]}
//
// Objects come before the records that refer to them, so that both can be written as they are read.
package state

import (
	"errors"
	"fmt"

	"gatehouse/internal/store"
)

const (
	format  = "gatehouse-state"
	version = 1
)

// Errors of Import; test with errors.Is.
var (
	// ErrNotEmpty says that the store to import into holds records already.
	ErrNotEmpty = errors.New("the store is not empty")
	// ErrFormat says that the document is not an export, or one of a later version.
	ErrFormat = errors.New("not an export of state that this version can read")
	// ErrIncomplete says that the document was changed or cut after it was exported.
	ErrIncomplete = errors.New("the export was changed or is incomplete")
)

// Summary says what was exported or imported.
type Summary struct {
	// Records and Objects are their numbers.
	Records, Objects int
	// ObjectBytes is the size of all objects.
	ObjectBytes int64
}

func hashOf(m store.Manifest) string { return fmt.Sprintf("%016x%016x", m.Hash[0], m.Hash[1]) }

// head is what the document begins with.
type head struct {
	format  string
	version int64
	records int64
	hash    string
}
