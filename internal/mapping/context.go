package mapping

import (
	"strings"
	"sync"

	"gatehouse/internal/value"
)

// Names of the overrides in $context (guide: apigateway-override-request-response-parameters.md).
const (
	requestOverride  = "requestOverride"
	responseOverride = "responseOverride"
)

// Variables gives the context variables of one request. They are asked for one at a time, when a template or mapping needs them.
type Variables interface {
	// ContextVariable gives a variable by its name without "$context.", such as "identity.sourceIp"; ok is false if it has no value.
	ContextVariable(name string) (v value.Value, ok bool)
}

// ContextNames is which variables there are, for templates that iterate over $context. It is immutable and shared by all requests of an
// API.
type ContextNames struct {
	root contextGroup
	pool sync.Pool // of *Context
}

// contextGroup is $context, or a group in it such as identity.
type contextGroup struct {
	prefix string // "identity."
	names  []string
	groups map[string]*contextGroup
}

// NewContextNames groups names such as "stage" and "identity.sourceIp", and puts each group in AWS's order (HashOrder).
func NewContextNames(names []string) *ContextNames {
	n := &ContextNames{}
	for _, name := range names {
		n.root.add("", name)
	}
	n.root.order()
	return n
}

func (g *contextGroup) add(prefix, name string) {
	first, rest, nested := strings.Cut(name, ".")
	if g.groups[first] == nil {
		g.names = append(g.names, first)
	}
	if !nested {
		return
	}
	if g.groups == nil {
		g.groups = map[string]*contextGroup{}
	}
	if g.groups[first] == nil {
		g.groups[first] = &contextGroup{prefix: prefix + first + "."}
	}
	g.groups[first].add(prefix+first+".", rest)
}

func (g *contextGroup) order() {
	g.names = HashOrder(g.names)
	for _, inner := range g.groups {
		inner.order()
	}
}

// Context is $context of one request: its variables, its overrides, and the memory in which everything lives that templates and mappings
// of this request make. It is not safe for concurrent use.
type Context struct {
	names     *ContextNames
	variables Variables
	arena     *value.Arena
	root      contextObject
	request   contextObject // requestOverride
	response  contextObject // responseOverride
	render    render
	released  bool
}

// NewContext makes the context of a request. variables may be nil.
func (n *ContextNames) NewContext(variables Variables) *Context {
	c, _ := n.pool.Get().(*Context)
	if c == nil {
		c = &Context{names: n, arena: value.NewArena()}
	}
	c.variables = variables
	c.released = false
	c.root = contextObject{context: c, group: &n.root}
	return c
}

// ContextOf makes a context of given values, in their order. Maps in it print nothing, as all of $context (quirk objects-print-empty). It
// belongs to no pool.
func ContextOf(values *value.Map) *Context {
	c := &Context{arena: value.NewArena()}
	c.root = contextObject{context: c, m: silent(values), all: true}
	for _, name := range []string{requestOverride, responseOverride} {
		if given, ok := c.root.m.GetString(name); ok {
			if o, isMap := given.Object().(*contextObject); isMap {
				*c.override(name) = *o
			}
		}
		c.root.m.PutString(name, c.override(name).value())
	}
	return c
}

// silent makes context objects of the maps in a value.
func silent(values *value.Map) *value.Map {
	m := value.NewMap(values.Len())
	for _, e := range values.Entries() {
		v := e.Val
		if inner := v.Map(); inner != nil {
			v = (&contextObject{m: silent(inner), all: true}).value()
		}
		m.Put(e.Key, v)
	}
	return m
}

// Release gives the context back once the request is over. Nothing it gave out may be used any more, the parsed Payloads included.
func (c *Context) Release() {
	if c.names == nil || c.released {
		return
	}
	arena, names := c.arena, c.names
	arena.Reset()
	*c = Context{names: names, arena: arena, released: true}
	names.pool.Put(c)
}

// variable gives a context variable by its dotted name, as a template sees it: overrides and what templates set included.
func (c *Context) variable(name string) (value.Value, bool) {
	o := &c.root
	for {
		first, rest, nested := strings.Cut(name, ".")
		v, ok := o.Lookup(first)
		if !ok || !nested {
			return v, ok
		}
		if o, ok = v.Object().(*contextObject); !ok {
			return value.Value{}, false
		}
		name = rest
	}
}

// override gives one of the overrides, made when it is first asked for: path, header, querystring in this order, or header.
func (c *Context) override(name string) *contextObject {
	if name == responseOverride {
		return c.response.groups(c, "header")
	}
	return c.request.groups(c, "path", "header", "querystring")
}

// groups makes an object with empty objects in it, once.
func (o *contextObject) groups(c *Context, names ...string) *contextObject {
	if o.m == nil {
		o.context, o.all = c, true
		o.m = value.NewMap(len(names))
		for _, name := range names {
			o.m.PutString(name, (&contextObject{context: c, m: value.NewMap(0), all: true}).value())
		}
	}
	return o
}

// RequestOverride is what templates set on $context.requestOverride.
func (c *Context) RequestOverride() Override { return Override{&c.request} }

// ResponseOverride is what templates set on $context.responseOverride.
func (c *Context) ResponseOverride() Override { return Override{&c.response} }

// Override is one of the two overrides, to be read by the pipeline after rendering (quirk overrides).
type Override struct{ object *contextObject }

// Parameters gives the parameters set in a group: "path", "header" or "querystring". The order is that of setting. Values that are lists
// stay lists.
func (o Override) Parameters(group string) []value.Entry {
	if o.object.m == nil {
		return nil
	}
	v, _ := o.object.m.GetString(group)
	switch {
	case v.Map() != nil:
		return v.Map().Entries()
	case v.Kind() == value.KindObject:
		if inner, ok := v.Object().(*contextObject); ok {
			return inner.Map().Entries()
		}
	}
	return nil
}

// Status gives responseOverride.status, whatever it was set to; null if it was not.
func (o Override) Status() value.Value {
	if o.object.m == nil {
		return value.Value{}
	}
	v, _ := o.object.m.GetString("status")
	return v
}

// All gives everything, unknown keys included.
func (o Override) All() *value.Map {
	if o.object.m == nil {
		return value.NewMap(0)
	}
	return o.object.m
}

// contextObject is $context or a map in it. It is a map to a template and prints nothing (quirk objects-print-empty).
type contextObject struct {
	context *Context
	group   *contextGroup // what Variables can be asked for; nil if m is all there is
	m       *value.Map    // what is known already
	all     bool          // m holds everything
	self    value.Object  // so that the value of an object needs no memory of its own
}

// value gives the object as a value.
func (o *contextObject) value() value.Value {
	o.self = o
	return value.OfObjectRef(&o.self)
}

// AppendString appends nothing.
func (*contextObject) AppendString(dst []byte) []byte { return dst }

// Lookup gives one variable.
func (o *contextObject) Lookup(key string) (value.Value, bool) {
	if o.m != nil {
		if v, ok := o.m.GetString(key); ok || o.all {
			return v, ok
		}
	}
	if o.group == nil {
		return value.Value{}, false
	}
	if inner := o.group.groups[key]; inner != nil {
		return o.keep(key, &contextObject{context: o.context, group: inner}), true
	}
	if o.group.prefix == "" && (key == requestOverride || key == responseOverride) {
		return o.keep(key, o.context.override(key)), true
	}
	if o.context.variables == nil {
		return value.Value{}, false
	}
	name := key
	if o.group.prefix != "" {
		name = o.group.prefix + key
	}
	return o.context.variables.ContextVariable(name)
}

// keep remembers an object, so that what is set on it stays.
func (o *contextObject) keep(key string, inner *contextObject) value.Value {
	if o.m == nil {
		o.m = value.NewMap(2)
	}
	v := inner.value()
	o.m.PutString(key, v)
	return v
}

// Map gives all variables, in AWS's order.
func (o *contextObject) Map() *value.Map {
	if o.all {
		return o.m
	}
	known := o.m
	m := value.NewMap(0)
	if o.group != nil {
		for _, name := range o.group.names {
			o.m = known
			v, _ := o.Lookup(name)
			known = o.m
			m.PutString(name, v)
		}
		if o.group.prefix == "" {
			for _, name := range []string{requestOverride, responseOverride} {
				m.PutString(name, o.context.override(name).value())
			}
		}
	}
	o.m, o.all = m, true
	return m
}
