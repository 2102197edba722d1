// Package unsupported is the form of a service's list of settings that AWS takes and
// Gatehouse refuses by name, because nothing would come of them yet.
//
// It holds no setting itself: the lists are the files unsupported.go of the packages
// beside it, and docs/parity.md is generated from them. An operation that is not built is
// no row here; it answers 501.
//
// Begin at Table.
package unsupported

import (
	"strings"

	"gatehouse/internal/fault"
)

// Setting is a setting that is refused.
type Setting struct {
	// Noun is AWS's, such as Stage; empty where Setting says whose it is. Setting is the
	// member, or the member and its value.
	Noun, Setting string
	// Reason completes "Gatehouse does not support this yet: ".
	Reason string
}

// String is the setting behind its noun.
func (s Setting) String() string { return strings.TrimPrefix(s.Noun+" "+s.Setting, " ") }

// Message is what the client is told.
func (s Setting) Message() string {
	return "Gatehouse does not support " + s.Setting + " of " + s.Noun + " yet: " + s.Reason
}

// Refuse is the error of an operation that is given the setting: AWS's exception, with
// the fault that explains it.
func (s Setting) Refuse(exception func(message string) error) error {
	return fault.RefuseSetting(exception(s.Message()), s.String(), s.Reason)
}

// Table is what is refused of one noun, by records or inputs of type T.
type Table[T any] struct {
	noun string
	rows []Row[T]
}

// Row is one setting of a Table; see When.
type Row[T any] struct {
	setting, reason string
	uses            func(*T) bool
}

// Of makes a Table.
func Of[T any](noun string, rows ...Row[T]) Table[T] { return Table[T]{noun, rows} }

// When makes a Row: uses says whether a record has the setting.
func When[T any](setting, reason string, uses func(*T) bool) Row[T] {
	return Row[T]{setting, reason, uses}
}

// Settings lists all rows.
func (t Table[T]) Settings() []Setting {
	settings := make([]Setting, 0, len(t.rows))
	for _, row := range t.rows {
		settings = append(settings, Setting{t.noun, row.setting, row.reason})
	}
	return settings
}

// Find returns the first setting that a record uses.
func (t Table[T]) Find(record *T) (Setting, bool) {
	for _, row := range t.rows {
		if row.uses(record) {
			return Setting{t.noun, row.setting, row.reason}, true
		}
	}
	return Setting{}, false
}

// Refuse is the error of the first setting that a record uses, nil without one; see
// Setting.Refuse.
func (t Table[T]) Refuse(record *T, exception func(message string) error) error {
	if found, ok := t.Find(record); ok {
		return found.Refuse(exception)
	}
	return nil
}
