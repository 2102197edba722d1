package apis

import (
	"maps"
	"time"
)

// text is the value of an optional string.
func text(value *string) string { return given(value, "") }

// given is the value of an optional input member, or the default.
func given[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// set changes a field when an update has the member.
func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// setEnum changes a field when an update has the enumeration's member.
func setEnum[T ~string](field *string, value T) {
	if value != "" {
		*field = string(value)
	}
}

// setList changes a list when an update has it; an empty one clears it.
func setList(field *[]string, value []string) {
	if value != nil {
		*field = value
	}
}

// setMap changes a map when an update has it; an empty one clears it.
func setMap[V any](field *map[string]V, value map[string]V) {
	if value != nil {
		*field = value
	}
}

// merge changes those entries of a map that an update has; an empty value removes one.
func merge[V any](field *map[string]V, changes map[string]V, empty func(V) bool) {
	if changes == nil {
		return
	}
	merged := maps.Clone(*field)
	if merged == nil {
		merged = map[string]V{}
	}
	for key, value := range changes {
		if empty(value) {
			delete(merged, key)
		} else {
			merged[key] = value
		}
	}
	*field = merged
}

func isEmptyText(value string) bool { return value == "" }

// optional is a string as an output member: absent when empty.
func optional(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// only is a boolean as an output member that AWS writes when it is true alone.
func only(value bool) *bool {
	if !value {
		return nil
	}
	return &value
}

// entries is a map as an output member that AWS writes also when it is empty.
func entries[V any](values map[string]V) map[string]V {
	if values == nil {
		return map[string]V{}
	}
	return values
}

// seconds is a time as AWS writes it: whole seconds.
func seconds(at time.Time) *time.Time {
	at = at.Truncate(time.Second)
	return &at
}
