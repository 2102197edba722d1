package store

import (
	"fmt"

	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// Scope is where a record of AWS lives. Region is empty for what is global, such as the users of IAM.
type Scope struct {
	// Account is the account id, twelve digits.
	Account string
	// Region is the region's code, such as us-east-1.
	Region string
}

// Key is the key above all records of a kind in the scope.
func (s Scope) Key(kind string) Key { return NewKey(s.Account, s.Region, kind) }

// Collection is a typed view of the records of one kind: account/region/kind/id…, where the id may have several segments (a Resource is
// restApiId, resourceId). It holds nothing; declare it as a package variable.
//
// Values are JSON with the same bytes for the same value. Fields that are zero are left out, so nil and empty slices and maps come back as they were.
type Collection[T any] struct {
	kind string
}

// NewCollection names a collection. The kind is AWS's noun, such as "RestApi".
func NewCollection[T any](kind string) Collection[T] { return Collection[T]{kind: kind} }

// Kind is the segment that all its keys have.
func (c Collection[T]) Kind() string { return c.kind }

// Key is the key of an id, or, with fewer segments, of all ids beneath them.
func (c Collection[T]) Key(scope Scope, id ...string) Key { return scope.Key(c.kind).Child(id...) }

// Get reads a record. Errors: ErrNotFound.
func (c Collection[T]) Get(r Reader, scope Scope, id ...string) (T, error) {
	key := c.Key(scope, id...)
	record, ok := r.Get(key)
	if !ok {
		var none T
		return none, fmt.Errorf("getting record %s: %w", key, ErrNotFound)
	}
	return c.Decode(record)
}

// Has says whether a record is there.
func (c Collection[T]) Has(r Reader, scope Scope, id ...string) bool {
	_, ok := r.Get(c.Key(scope, id...))
	return ok
}

// Put writes a record.
func (c Collection[T]) Put(tx *Tx, value T, scope Scope, id ...string) error {
	key := c.Key(scope, id...)
	encoded, err := json.Marshal(value, jsonOptions()...)
	if err != nil {
		return fmt.Errorf("encoding record %s: %w", key, err)
	}
	tx.Put(key, encoded)
	return nil
}

// Delete deletes the record of an id and all beneath it, and returns how many there were.
func (c Collection[T]) Delete(tx *Tx, scope Scope, id ...string) int {
	deleted := 0
	for record := range tx.List(c.Key(scope, id...)) {
		tx.Delete(record.Key)
		deleted++
	}
	return deleted
}

// List reads all records of the scope whose ids begin with the segments given, in order of their ids.
func (c Collection[T]) List(r Reader, scope Scope, id ...string) ([]T, error) {
	var values []T
	for record := range r.List(c.Key(scope, id...)) {
		value, err := c.Decode(record)
		if err != nil {
			return nil, err
		}
		values = append(values, value)
	}
	return values, nil
}

// IDs are the ids, as segments, of all records of the scope whose ids begin with the segments given, in order. It decodes nothing.
func (c Collection[T]) IDs(r Reader, scope Scope, id ...string) [][]string {
	var ids [][]string
	above := len(c.Key(scope).Segments())
	for record := range r.List(c.Key(scope, id...)) {
		ids = append(ids, record.Key.Segments()[above:])
	}
	return ids
}

// Decode reads the value of a record of the collection.
func (c Collection[T]) Decode(record Record) (T, error) {
	var value T
	if err := json.Unmarshal(record.Value, &value, jsonOptions()...); err != nil {
		return value, fmt.Errorf("decoding record %s: %w", record.Key, err)
	}
	return value, nil
}

func jsonOptions() []json.Options {
	return []json.Options{
		json.Deterministic(true),
		json.OmitZeroStructFields(true),
		json.FormatNilSliceAsNull(true),
		json.FormatNilMapAsNull(true),
		jsonv1.FormatDurationAsNano(true),
	}
}
