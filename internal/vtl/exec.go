package vtl

import (
	"errors"
	"fmt"

	"gatehouse/internal/value"
)

// halt says why an execution does not go on.
type halt uint8

const (
	running   halt = iota
	haltBreak      // #break: up to the nearest #foreach or #define
	haltLoop       // #break($foreach): up to that loop
	haltStop       // #stop: the output so far is the output
	haltError
)

// Execution is one execution of a template: the variables, the output, and how much of the limits is used. It is what host objects see of
// the engine. It is not safe for concurrent use.
type Execution struct {
	template  *Template
	out       []byte
	base      int // length of what the output was appended to
	vars      []value.Value
	arguments []value.Value // a stack
	arena     *value.Arena
	nulls     *nullElement
	site      *CallSite // of the method that is running
	halt      halt
	haltLoop  *foreachNode
	err       error
	at        int // where the execution is, for errors of what knows no place
	steps     int
	allocated int
	depth     int
}

// nullElement hides the element of a #foreach while that is null: setting the variable to something does not show (Velocity's
// NullHolderContext), only removing it ends that.
type nullElement struct {
	slot   int
	active bool
	outer  *nullElement
}

// Execute appends the template's output to dst. globals are the host's variables in the order of Options.Globals; a null is a variable that
// is not there. Containers the template makes live in arena, which may be nil. The error is an *Error of kind ErrRuntime, or the host's
// error in one; what was appended until then is cut off.
func (t *Template) Execute(dst []byte, globals []value.Value, arena *value.Arena) ([]byte, error) {
	ex, _ := t.pool.Get().(*Execution)
	if ex == nil {
		ex = &Execution{template: t, vars: make([]value.Value, len(t.slots))}
	}
	ex.out, ex.base, ex.arena = dst, len(dst), arena
	for i, slot := range t.globals {
		if slot >= 0 && i < len(globals) {
			ex.vars[slot] = globals[i]
		}
	}
	t.root.render(ex)
	out, err := ex.out, ex.err
	ex.reset()
	t.pool.Put(ex)
	if err != nil {
		return out[:len(dst)], err
	}
	return out, nil
}

// reset forgets everything of one execution.
func (ex *Execution) reset() {
	clear(ex.vars)
	clear(ex.arguments[:cap(ex.arguments)])
	*ex = Execution{template: ex.template, vars: ex.vars, arguments: ex.arguments[:0]}
}

// Arena gives the place where containers of this execution are made.
func (ex *Execution) Arena() *value.Arena { return ex.arena }

// fail halts the execution with an error at a place of the template. The first error stays.
func (ex *Execution) fail(pos int, err error) {
	if ex.halt == haltError {
		return
	}
	ex.halt = haltError
	var already *Error
	if errors.As(err, &already) {
		ex.err = err
		return
	}
	ex.err = errorAt(ex.template.name, ex.template.source, pos, err.Error(), fmt.Errorf("%w: %w", ErrRuntime, err))
}

// step counts n steps and reports whether the execution may go on.
func (ex *Execution) step(n, pos int) bool {
	ex.steps += n
	if ex.steps > maxSteps {
		ex.fail(max(pos, ex.at), fmt.Errorf("%w: %d steps", ErrLimit, maxSteps))
	}
	return ex.halt == running
}

// allocate counts n bytes of values and reports whether there may be so many.
func (ex *Execution) allocate(n, pos int) bool {
	ex.allocated += n
	pos = max(pos, ex.at)
	switch {
	case ex.allocated > maxAllocated:
		ex.fail(pos, fmt.Errorf("%w: %d bytes of values", ErrLimit, maxAllocated))
	case n > MaxOutput:
		ex.fail(pos, fmt.Errorf("%w: a value of %d bytes", ErrLimit, n))
	}
	return ex.halt == running
}

// enter counts the depth of evaluation; leave undoes it.
func (ex *Execution) enter(pos int) bool {
	ex.depth++
	if ex.depth > maxDepth {
		ex.fail(pos, fmt.Errorf("%w: evaluation is nested more than %d deep", ErrLimit, maxDepth))
	}
	return ex.halt == running
}

func (ex *Execution) leave() { ex.depth-- }

// get gives a variable.
func (ex *Execution) get(slot int) value.Value {
	if ex.nulls != nil {
		for h := ex.nulls; h != nil; h = h.outer {
			if h.slot == slot && h.active {
				return value.Value{}
			}
		}
	}
	return ex.vars[slot]
}

// put sets a variable.
func (ex *Execution) put(slot int, v value.Value) {
	for h := ex.nulls; h != nil; h = h.outer {
		if h.slot == slot && v.IsNull() {
			h.active = true
		}
	}
	ex.vars[slot] = v
}

// remove removes a variable.
func (ex *Execution) remove(slot int) {
	for h := ex.nulls; h != nil; h = h.outer {
		if h.slot == slot {
			h.active = false
		}
	}
	ex.vars[slot] = value.Value{}
}

// restore sets a variable back to what it was; what was null is removed.
func (ex *Execution) restore(slot int, old value.Value) {
	if old.IsNull() {
		ex.remove(slot)
	} else {
		ex.put(slot, old)
	}
}

func (b block) render(ex *Execution) {
	for _, n := range b {
		n.render(ex)
		if ex.halt != running {
			return
		}
	}
}

func (n *text) render(ex *Execution) { ex.out = append(ex.out, n.text...); ex.checkOutput(0) }

// checkOutput ends an execution that prints too much.
func (ex *Execution) checkOutput(pos int) {
	if len(ex.out)-ex.base > MaxOutput {
		ex.fail(pos, fmt.Errorf("%w: %d bytes of output", ErrLimit, MaxOutput))
	}
}

func (n *failing) render(ex *Execution) { ex.fail(n.pos, errors.New(n.message)) }

func (n *ifNode) render(ex *Execution) {
	for i := range n.branches {
		b := &n.branches[i]
		holds := b.condition.truth(ex)
		if ex.halt != running {
			return
		}
		if holds {
			b.body.render(ex)
			return
		}
	}
	n.otherwise.render(ex)
}

// render sets the variable, but not to null: then it stays what it was.
func (n *setVariable) render(ex *Execution) {
	v := n.right.value(ex)
	if ex.step(1, n.pos) && !v.IsNull() {
		ex.put(n.slot, v)
	}
}

func (n *setProperty) render(ex *Execution) {
	v := n.right.value(ex)
	if ex.step(1, n.pos) && !v.IsNull() {
		n.left.assign(ex, v)
	}
}

func (n *defineNode) render(ex *Execution) {
	ex.put(n.slot, value.OfObject(&blockObject{ex: ex, body: n.body, nulls: ex.nulls}))
}

// render: #stop's argument is evaluated for nothing; #break's must be a loop's status.
func (n *stopNode) render(ex *Execution) {
	var v value.Value
	if n.argument != nil {
		v = n.argument.value(ex)
		if ex.halt != running {
			return
		}
	}
	switch {
	case !n.isBreak:
		ex.halt = haltStop
	case n.argument == nil:
		ex.halt = haltBreak
	default:
		scope, ok := v.Object().(*loopObject)
		if !ok {
			ex.fail(n.pos, errors.New("#break can only end a loop, by its $foreach"))
			return
		}
		ex.halt, ex.haltLoop = haltLoop, scope.owner
	}
}

// render prints the reference.
func (r *reference) render(ex *Execution) {
	if !ex.step(1, r.pos) {
		return
	}
	if r.runt {
		ex.out = append(ex.out, r.root...)
		return
	}
	if len(r.steps) == 1 && r.steps[0].kind == stepCall && !r.escaped && r.renderCall(ex) {
		return
	}
	v := r.execute(ex)
	if ex.halt != running {
		return
	}
	if r.escaped {
		ex.out = append(append(ex.out, r.prefix...), r.text...)
		return
	}
	r.print(ex, v)
}

// print prints a value.
func (r *reference) print(ex *Execution, v value.Value) {
	ex.out = append(ex.out, r.prefix...)
	if b, ok := v.Object().(*blockObject); ok {
		r.renderBlock(ex, b)
		return
	}
	ex.out = append(ex.out, r.morePrefix...)
	ex.out = value.AppendString(ex.out, v)
	ex.checkOutput(r.pos)
}

// renderCall prints $object.method(…) of an object that appends what it gives; false if that is to be done the usual way.
func (r *reference) renderCall(ex *Execution) bool {
	appender, ok := ex.get(r.slot).Object().(Appender)
	s := &r.steps[0]
	if !ok || !ex.enter(s.pos) {
		return false
	}
	defer ex.leave()
	from, start := len(ex.arguments), len(ex.out)
	for _, a := range s.arguments {
		ex.arguments = append(ex.arguments, a.value(ex))
	}
	a := ex.arguments[from:len(ex.arguments):len(ex.arguments)]
	if ex.halt == running {
		ex.out = append(append(ex.out, r.prefix...), r.morePrefix...)
		ex.out, ok = ex.appendCall(appender, s, a)
	}
	ex.arguments = ex.arguments[:from]
	if ex.halt == running && !ok {
		// Nothing of the kind to append: the arguments, already evaluated, are handed to Call.
		ex.out = ex.out[:start]
		v := ex.invoke(ex.get(r.slot), s, a)
		if v.IsNull() {
			v = emptyString
		}
		if ex.halt == running {
			r.print(ex, v)
		}
	}
	ex.checkOutput(r.pos)
	return true
}

func (ex *Execution) appendCall(appender Appender, s *step, a []value.Value) ([]byte, bool) {
	size := len(ex.out)
	out, ok, err := appender.AppendCall(ex, ex.out, s.site, a)
	if err != nil {
		ex.fail(s.pos, err)
	}
	ex.step((len(out)-size)/64, s.pos)
	return out, ok
}

// renderBlock prints a #define block, which is rendered now; inside itself it prints its name after defineDepth times.
func (r *reference) renderBlock(ex *Execution, b *blockObject) {
	if b.depth < defineDepth {
		b.render(ex, ex.nulls)
		return
	}
	ex.out = append(ex.out, r.prefix...)
	ex.out = append(ex.out, r.morePrefix...)
	ex.out = append(ex.out, r.text...)
}
