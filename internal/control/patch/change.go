package patch

import (
	"slices"
	"strconv"
	"strings"
)

// String sets a string; no value empties it.
func String[T any](field func(*T) *string) Change[T] {
	return func(target *T, operation Operation) error {
		*field(target) = operation.Value
		return nil
	}
}

// Clear empties a string.
func Clear[T any](field func(*T) *string) Change[T] {
	return func(target *T, _ Operation) error {
		*field(target) = ""
		return nil
	}
}

// Text is the Row of a string that can be added, replaced and removed alike.
func Text[T any](path string, field func(*T) *string) Row[T] {
	return Row[T]{Path: path, Add: String(field), Replace: String(field), Remove: Clear(field)}
}

// Enum sets a string that must be one of the values.
func Enum[T any](field func(*T) *string, values ...string) Change[T] {
	return func(target *T, operation Operation) error {
		if !slices.Contains(values, operation.Value) {
			return InvalidValue(operation, "one of: ["+strings.Join(values, ", ")+"]")
		}
		*field(target) = operation.Value
		return nil
	}
}

// Bool sets a boolean; the case of the value does not count (the guide itself sends 'True').
func Bool[T any](field func(*T) *bool) Change[T] {
	return func(target *T, operation Operation) error {
		switch strings.ToLower(operation.Value) {
		case "true":
			*field(target) = true
		case "false":
			*field(target) = false
		default:
			return InvalidValue(operation, "one of: [true, false]")
		}
		return nil
	}
}

// Int32 sets an integer.
func Int32[T any](field func(*T) *int32) Change[T] {
	return func(target *T, operation Operation) error {
		number, err := strconv.ParseInt(operation.Value, 10, 32)
		if err != nil {
			return InvalidValue(operation, "an integer")
		}
		*field(target) = int32(number)
		return nil
	}
}

// Float64 sets a number.
func Float64[T any](field func(*T) *float64) Change[T] {
	return func(target *T, operation Operation) error {
		number, err := strconv.ParseFloat(operation.Value, 64)
		if err != nil || number != number || number > maxNumber || number < -maxNumber {
			return InvalidValue(operation, "a number")
		}
		*field(target) = number
		return nil
	}
}

// maxNumber keeps infinities, which JSON cannot write, out.
const maxNumber = 1e15

// SetEntry sets the map's entry that {key} in the path names.
func SetEntry[T any](field func(*T) *map[string]string, key string) Change[T] {
	return func(target *T, operation Operation) error {
		entries := field(target)
		*entries = copyMap(*entries)
		(*entries)[operation.Name(key)] = operation.Value
		return nil
	}
}

// SetBoolEntry sets the map's entry that {key} in the path names to true or false.
func SetBoolEntry[T any](field func(*T) *map[string]bool, key string) Change[T] {
	return func(target *T, operation Operation) error {
		entries := field(target)
		value := false
		if err := Bool(func(v *bool) *bool { return v })(&value, operation); err != nil {
			return err
		}
		*entries = copyMap(*entries)
		(*entries)[operation.Name(key)] = value
		return nil
	}
}

// RemoveEntry removes the map's entry that {key} in the path names; removing one that
// is not there changes nothing (unconfirmed).
func RemoveEntry[T, V any](field func(*T) *map[string]V, key string) Change[T] {
	return func(target *T, operation Operation) error {
		entries := field(target)
		*entries = copyMap(*entries)
		delete(*entries, operation.Name(key))
		return nil
	}
}

// AddItem adds what {item} in the path names, or the value when the path has no
// {item}, to a list that has each item once.
func AddItem[T any](field func(*T) *[]string, item string) Change[T] {
	return func(target *T, operation Operation) error {
		items := field(target)
		if text := itemOf(operation, item); !slices.Contains(*items, text) {
			*items = append(slices.Clone(*items), text)
		}
		return nil
	}
}

// RemoveItem removes from a list what AddItem adds.
func RemoveItem[T any](field func(*T) *[]string, item string) Change[T] {
	return func(target *T, operation Operation) error {
		items := field(target)
		text := itemOf(operation, item)
		*items = slices.DeleteFunc(slices.Clone(*items), func(other string) bool { return other == text })
		return nil
	}
}

// ReplaceItem puts the value in the place of what {item} in the path names.
func ReplaceItem[T any](field func(*T) *[]string, item string) Change[T] {
	return func(target *T, operation Operation) error {
		items := field(target)
		at := slices.Index(*items, operation.Name(item))
		if at < 0 {
			return InvalidValue(operation, "in place of an item of the list")
		}
		*items = slices.Clone(*items)
		(*items)[at] = operation.Value
		return nil
	}
}

func itemOf(operation Operation, item string) string {
	if name := operation.Name(item); name != "" {
		return name
	}
	return operation.Value
}

// copyMap keeps the record that target was copied from as it was.
func copyMap[V any](entries map[string]V) map[string]V {
	copied := make(map[string]V, len(entries)+1)
	for key, value := range entries {
		copied[key] = value
	}
	return copied
}
