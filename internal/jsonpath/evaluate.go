package jsonpath

import (
	"gatehouse/internal/value"
)

// budget counts the steps of an evaluation and of those that its filters and functions begin.
type budget struct {
	steps int
	depth int
}

// evaluation is one run of a path.
type evaluation struct {
	*budget
	path    *Path
	root    value.Value
	arena   *value.Arena
	results []value.Value
	own     budget         // of the outermost evaluation
	few     [8]value.Value // the first results

	// strict is Jayway's REQUIRE_PROPERTIES, in force while a filter checks that a path exists: a missing name ends the evaluation.
	strict bool
	// scanned[i] is 1 + the index of the array item on which token i was last evaluated by a scan, 0 if it never was. See keeps.
	scanned []int
	// roots remembers what absolute paths in filters gave.
	roots map[*Path]node
}

// run evaluates the path on document and gives its result.
func (e *evaluation) run(document value.Value) (value.Value, error) {
	e.results = e.few[:0]
	if err := e.step(0, document); err != nil {
		return value.Value{}, err
	}
	if !e.path.definite {
		list := e.arena.NewList(len(e.results))
		for _, v := range e.results {
			list.Append(v)
		}
		return value.OfArray(list), nil
	}
	if len(e.results) == 0 {
		return value.Value{}, errNotFound
	}
	return e.results[len(e.results)-1], nil
}

// on begins an evaluation of another path that shares the budget.
func (e *evaluation) on(p *Path, document value.Value) (value.Value, error) {
	if e.depth++; e.depth > maxNesting {
		return value.Value{}, errDepth
	}
	defer func() { e.depth-- }()
	inner := evaluation{budget: e.budget, path: p, root: e.root, arena: e.arena}
	return inner.run(document)
}

// spend counts a step.
func (e *evaluation) spend() error { return e.charge(1) }

// charge counts work that takes as long as that many steps.
func (e *evaluation) charge(steps int) error {
	if e.steps += steps; e.steps > maxSteps {
		return errSteps
	}
	return nil
}

// step evaluates the token at position at on model; behind the last one, model is a result.
func (e *evaluation) step(at int, model value.Value) error {
	if at == len(e.path.tokens) {
		e.results = append(e.results, model)
		return nil
	}
	if err := e.spend(); err != nil {
		return err
	}
	t := &e.path.tokens[at]
	switch t.kind {
	case tokenNames:
		return e.names(at, t, model)
	case tokenIndexes, tokenSlice:
		return e.indexes(at, t, model)
	case tokenWildcard:
		return e.wildcard(at, model)
	case tokenFilter:
		return e.filter(at, t, model)
	case tokenScan:
		if t.last {
			return errInvalid
		}
		return e.scan(at+1, model, 0)
	default:
		return e.call(at, t, model)
	}
}

// names follows one name, or several: they make a new map at the end of a path, and branches before it.
func (e *evaluation) names(at int, t *token, model value.Value) error {
	m := model.Map()
	if m == nil {
		if t.upstream {
			return errNotFound
		}
		return nil
	}
	if len(t.names) == 1 {
		return e.name(at, t, m, t.names[0])
	}
	if !t.last {
		for _, name := range t.names {
			if err := e.name(at, t, m, name); err != nil {
				return err
			}
		}
		return nil
	}
	merged := e.arena.NewMap(len(t.names))
	for _, name := range t.names {
		v, ok := m.GetString(name)
		if ok {
			merged.PutString(name, v)
		} else if e.strict {
			return errNotFound
		}
	}
	e.results = append(e.results, value.OfMap(merged))
	return nil
}

// name follows one name of a map.
func (e *evaluation) name(at int, t *token, m *value.Map, name string) error {
	v, ok := m.GetString(name)
	switch {
	case !ok && (e.strict || !t.last && t.upstream && t.definite()):
		return errNotFound
	case !ok, !e.keeps(at, t):
		return nil
	}
	return e.step(at+1, v)
}

// keeps is an oddity of Jayway: a scan for [n] followed by a last name evaluates the name on every item of each array, and keeps the
// result only for item n. It remembers the item until the next array, even where it has nothing to do with the name.
func (e *evaluation) keeps(at int, t *token) bool {
	if !t.last || e.scanned == nil || e.scanned[at] == 0 {
		return true
	}
	before := &e.path.tokens[len(e.path.tokens)-1]
	if len(e.path.tokens) > 1 {
		before = &e.path.tokens[len(e.path.tokens)-2]
	}
	return before.kind == tokenIndexes && len(before.indexes) == 1 && before.indexes[0] == e.scanned[at]-1
}

// indexes follows indexes and slices of an array.
func (e *evaluation) indexes(at int, t *token, model value.Value) error {
	list := model.List()
	if list == nil {
		if t.upstream {
			return errNotFound
		}
		return nil
	}
	if t.kind == tokenIndexes {
		for _, i := range t.indexes {
			if err := e.index(at, list, i); err != nil {
				return err
			}
		}
		return nil
	}
	from, to := sliceEnds(t, list.Len())
	for i := from; i < to; i++ {
		if err := e.index(at, list, i); err != nil {
			return err
		}
	}
	return nil
}

// sliceEnds gives the range of a slice. A negative end of a slice with two ends is not counted from the end of the array, but its items are.
func sliceEnds(t *token, length int) (from, to int) {
	from, to = t.indexes[0], t.indexes[1]
	switch t.slice {
	case sliceFrom:
		if from < 0 {
			from += length
		}
		return max(0, from), length
	case sliceTo:
		if to < 0 {
			to += length
		}
		return 0, min(length, to)
	default:
		return max(from, -length), min(length, to)
	}
}

// index follows one index; one that does not exist leads nowhere.
func (e *evaluation) index(at int, list *value.List, i int) error {
	if i < 0 {
		i += list.Len()
	}
	if i < 0 || i >= list.Len() {
		return nil
	}
	return e.step(at+1, list.At(i))
}

// wildcard follows every member.
func (e *evaluation) wildcard(at int, model value.Value) error {
	t := &e.path.tokens[at]
	if m := model.Map(); m != nil {
		for i := 0; i < m.Len(); i++ {
			if !e.keeps(at, t) {
				continue
			}
			_, v := m.At(i)
			if err := e.step(at+1, v); err != nil {
				return err
			}
		}
		return nil
	}
	list := model.List()
	for i := 0; list != nil && i < list.Len(); i++ {
		if err := e.step(at+1, list.At(i)); err != nil && (err != errNotFound || e.strict) { //nolint:errorlint // never wrapped
			return err
		}
	}
	return nil
}

// filter follows the items of an array that a filter accepts, or a map itself.
func (e *evaluation) filter(at int, t *token, model value.Value) error {
	if model.Kind() == value.KindMap {
		accepted, err := e.accepts(t, model)
		if err != nil || !accepted {
			return err
		}
		return e.step(at+1, model)
	}
	list := model.List()
	if list == nil {
		if t.upstream {
			return errInvalid
		}
		return nil
	}
	for i := 0; i < list.Len(); i++ {
		accepted, err := e.accepts(t, list.At(i))
		if err != nil {
			return err
		}
		if accepted {
			if err := e.step(at+1, list.At(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// scan evaluates the token at position at on model and everything in it, as far as the token could apply.
func (e *evaluation) scan(at int, model value.Value, depth int) error {
	if depth > maxDepth {
		return errDepth
	}
	if m := model.Map(); m != nil {
		return e.scanMap(at, model, m, depth)
	}
	if list := model.List(); list != nil {
		return e.scanList(at, model, list, depth)
	}
	return nil
}

func (e *evaluation) scanMap(at int, model value.Value, m *value.Map, depth int) error {
	matches, err := e.scanMatches(at, model)
	if err == nil && matches {
		err = e.step(at, model)
	}
	for i := 0; err == nil && i < m.Len(); i++ {
		_, v := m.At(i)
		err = e.scan(at, v, depth+1)
	}
	return err
}

// scanList looks into an array. A token that is not the last is not evaluated on the array: the one behind it is, on each item.
func (e *evaluation) scanList(at int, model value.Value, list *value.List, depth int) error {
	matches, err := e.scanMatches(at, model)
	switch {
	case err != nil:
		return err
	case matches && e.path.tokens[at].last:
		err = e.step(at, model)
	case matches:
		for i := 0; err == nil && i < list.Len(); i++ {
			e.markScanned(at+1, i)
			err = e.step(at+1, list.At(i))
		}
	}
	for i := 0; err == nil && i < list.Len(); i++ {
		err = e.scan(at, list.At(i), depth+1)
	}
	return err
}

func (e *evaluation) markScanned(at, i int) {
	if e.scanned == nil {
		e.scanned = make([]int, len(e.path.tokens))
	}
	e.scanned[at] = i + 1
}

// scanMatches tells whether a scan evaluates the token at position at on model.
func (e *evaluation) scanMatches(at int, model value.Value) (bool, error) {
	if err := e.spend(); err != nil {
		return false, err
	}
	t := &e.path.tokens[at]
	switch t.kind {
	case tokenNames:
		m := model.Map()
		if m == nil || !t.definite() {
			return m != nil, nil
		}
		for _, name := range t.names {
			if _, ok := m.GetString(name); !ok {
				return false, nil
			}
		}
		return true, nil
	case tokenIndexes, tokenSlice:
		return model.IsSequence(), nil
	case tokenWildcard:
		return true, nil
	case tokenFilter:
		return e.accepts(t, model)
	default:
		return false, nil
	}
}
