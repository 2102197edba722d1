package patch

import "strings"

// The operations that a path may take.
const (
	opAdd     = "add"
	opReplace = "replace"
	opRemove  = "remove"
	opCopy    = "copy"
)

// Operation is one element of patchOperations, and where it met its Row.
type Operation struct {
	Op   string
	Path string
	From string
	// Value is empty when the client sent null or nothing; HasValue tells the two apart.
	Value    string
	HasValue bool
	// names holds what the braces of the Row's path stood for, as sent.
	names map[string]string
}

// Name returns what {name} stood for in the path, with ~1 and ~0 read.
func (o Operation) Name(name string) string { return Unescape(o.names[name]) }

// RawName returns what {name} stood for in the path, as sent.
func (o Operation) RawName(name string) string { return o.names[name] }

// Change makes one operation's change to target. An *Error goes to the client.
type Change[T any] func(target *T, operation Operation) error

// Row is one patchable path and what each operation does to it; nil means that the
// operation is not supported there.
type Row[T any] struct {
	// Path is a literal path with {name} for one segment that may be anything but
	// empty, and {name...} for one or more segments.
	Path string

	Add, Replace, Remove Change[T]
	// Copy is given only paths that From allows.
	Copy Change[T]
	From string
}

// Table lists what can be patched of a T, in the order in which errors name it.
type Table[T any] []Row[T]

// Apply makes the changes in their order. At the first error target is half changed:
// apply to a copy.
func (t Table[T]) Apply(target *T, operations []Operation) error {
	for _, operation := range operations {
		if err := t.apply(target, operation); err != nil {
			return err
		}
	}
	return nil
}

func (t Table[T]) apply(target *T, operation Operation) error {
	switch operation.Op {
	case opAdd, opReplace, opRemove, opCopy:
	default:
		return invalidOp(operation)
	}
	for _, row := range t {
		names, ok := match(row.Path, operation.Path)
		change := row.change(operation.Op)
		if !ok || change == nil {
			continue
		}
		operation.names = names
		if operation.Op == opCopy && operation.From != row.From {
			return invalidFrom(operation, row.From)
		}
		return change(target, operation)
	}
	return InvalidPath(operation, t.Paths(operation.Op))
}

// Paths lists the paths that op supports, in the order of the table.
func (t Table[T]) Paths(op string) []string {
	var paths []string
	for _, row := range t {
		if row.change(op) != nil {
			paths = append(paths, strings.ReplaceAll(row.Path, "...}", "}"))
		}
	}
	return paths
}

func (r Row[T]) change(op string) Change[T] {
	switch op {
	case opAdd:
		return r.Add
	case opReplace:
		return r.Replace
	case opRemove:
		return r.Remove
	default:
		return r.Copy
	}
}

// match compares a path with a Row's. AWS takes a path without its first slash too
// (its command line's own examples send one).
func match(pattern, path string) (map[string]string, bool) {
	wanted := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	given := strings.Split(strings.TrimPrefix(path, "/"), "/")
	names := map[string]string{}
	for i, segment := range wanted {
		name, isName := strings.CutPrefix(strings.TrimSuffix(segment, "}"), "{")
		if rest := len(wanted) - i - 1; isName && strings.HasSuffix(name, "...") && len(given)-i > rest {
			take := len(given) - i - rest
			names[strings.TrimSuffix(name, "...")] = strings.Join(given[i:i+take], "/")
			given = append(given[:i:i], append([]string{name}, given[i+take:]...)...)
			continue
		}
		if i >= len(given) || !isName && given[i] != segment || isName && given[i] == "" {
			return nil, false
		}
		if isName {
			names[name] = given[i]
		}
	}
	return names, len(given) == len(wanted) && !hasEmptySegment(names)
}

func hasEmptySegment(names map[string]string) bool {
	for _, text := range names {
		if text == "" || strings.HasPrefix(text, "/") || strings.HasSuffix(text, "/") || strings.Contains(text, "//") {
			return true
		}
	}
	return false
}

// Unescape reads the ~1 and ~0 of a JSON pointer's segment.
func Unescape(segment string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(segment)
}
