package jsonpath

import (
	"errors"

	"gatehouse/internal/value"
)

// Bounds of one evaluation. A path visits each node of a document a few times at most, except for filters that search the document for each
// item. Java would run out of stack, or API Gateway out of time.
const (
	maxSteps = 2_000_000
	maxDepth = 1000
)

// maxPathLength bounds the text of a path. A mapping template has at most 300 KB.
const maxPathLength = 100_000

// Path is a compiled path. It is immutable.
type Path struct {
	tokens   []token
	text     string
	absolute bool // begins with "$", not "@"
	definite bool // names one place at most; what any other path finds is a JSONArray
	direct   bool // single names and indexes only
}

// SyntaxError says that a text is not a path (Jayway's InvalidPathException).
type SyntaxError struct {
	Path   string
	Reason string
}

// Error gives the path and what is wrong with it.
func (e *SyntaxError) Error() string { return "path " + e.Path + ": " + e.Reason }

// EvalError says that a path cannot be evaluated on a document, other than by finding nothing.
type EvalError struct {
	Path   string
	Reason string
	cause  error
}

// Error gives the path and what is wrong.
func (e *EvalError) Error() string { return "evaluating path " + e.Path + ": " + e.Reason }

// Unwrap gives the cause, if there is one.
func (e *EvalError) Unwrap() error { return e.cause }

// What an evaluation can end with. Jayway's exceptions of the same kind: PathNotFoundException, which a filter takes for "undefined";
// InvalidPathException, which a filter takes for "no"; every other.
var (
	errNotFound = errors.New("nothing found")
	errInvalid  = errors.New("the path does not apply")
	errSteps    = errors.New("too many steps")
	errDepth    = errors.New("nested too deep")
)

// String gives the text that was compiled.
func (p *Path) String() string { return p.text }

// Eval evaluates the path on a document. found is false if a definite path finds nothing (or a path asks for a member of what has none); the
// result may be null with found true. New arrays and maps come from a, which may be nil. An error is an *EvalError.
func (p *Path) Eval(a *value.Arena, root value.Value) (v value.Value, found bool, err error) {
	if p.direct {
		v, found = p.evalDirect(root)
		return v, found, nil
	}
	e := evaluation{path: p, root: root, arena: a}
	e.budget = &e.own
	v, err = e.run(root)
	switch {
	case err == nil:
		return v, true, nil
	case errors.Is(err, errNotFound):
		return value.Value{}, false, nil
	default:
		return value.Value{}, false, &EvalError{Path: p.text, Reason: err.Error(), cause: err}
	}
}

// evalDirect walks a path of single names and indexes.
func (p *Path) evalDirect(v value.Value) (value.Value, bool) {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.kind == tokenNames {
			m := v.Map()
			if m == nil {
				return value.Value{}, false
			}
			var ok bool
			if v, ok = m.GetString(t.names[0]); !ok {
				return value.Value{}, false
			}
			continue
		}
		list := v.List()
		if list == nil {
			return value.Value{}, false
		}
		at := t.indexes[0]
		if at < 0 {
			at += list.Len()
		}
		if at < 0 || at >= list.Len() {
			return value.Value{}, false
		}
		v = list.At(at)
	}
	return v, true
}
