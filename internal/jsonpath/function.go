package jsonpath

import (
	"errors"
	"math"

	"gatehouse/internal/value"
)

var (
	errFunction  = errors.New("no such function")
	errEmpty     = errors.New("nothing to aggregate")
	errSequence  = errors.New("no item at this index")
	errArguments = errors.New("the arguments do not fit the function")
)

// call evaluates a function on model. Its value is a result and, if the path goes on, what the rest of it is evaluated on.
func (e *evaluation) call(at int, t *token, model value.Value) error {
	result, err := e.function(t, model)
	if err != nil {
		return err
	}
	e.results = append(e.results, result)
	if t.last {
		return nil
	}
	return e.step(at+1, result)
}

func (e *evaluation) function(t *token, model value.Value) (value.Value, error) {
	switch t.function {
	case "length", "size":
		return e.length(t, model)
	case "keys":
		return keys(e.arena, model), nil
	}
	known := map[string]func([]value.Value, value.Value) (value.Value, error){
		"min": minimum, "max": maximum, "sum": sum, "avg": average, "stddev": deviation,
		"concat": concat, "append": appendTo, "first": first, "last": last, "index": index,
	}[t.function]
	if known == nil {
		return value.Value{}, errFunction
	}
	arguments, err := e.arguments(t)
	if err != nil {
		return value.Value{}, err
	}
	return known(arguments, model)
}

// arguments evaluates the arguments of a function: paths on the document, JSON as it is.
func (e *evaluation) arguments(t *token) ([]value.Value, error) {
	all := make([]value.Value, 0, len(t.arguments))
	for i := range t.arguments {
		var v value.Value
		var err error
		if p := t.arguments[i].path; p != nil {
			v, err = e.on(p, e.root)
		} else {
			v, err = value.Read(e.arena, t.arguments[i].json)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// length counts the members of an array or map. With a path as argument it counts what the path and ".*" find in the model.
func (e *evaluation) length(t *token, model value.Value) (value.Value, error) {
	if len(t.arguments) > 0 {
		p := t.arguments[0].path
		if p == nil {
			return value.Value{}, errArguments
		}
		if n := len(p.tokens); n > 0 && p.tokens[n-1].kind != tokenFunction {
			tokens := append(append([]token(nil), p.tokens...), token{kind: tokenWildcard})
			p = newPath(p.text, p.absolute, tokens)
		}
		v, err := e.on(p, model)
		if err != nil {
			return value.Value{}, err
		}
		if v.IsSequence() {
			return value.OfInteger(int32(v.List().Len())), nil
		}
	}
	switch {
	case model.IsSequence():
		return value.OfInteger(int32(model.List().Len())), nil
	case model.Kind() == value.KindMap:
		return value.OfInteger(int32(model.Map().Len())), nil
	default:
		return value.Value{}, nil
	}
}

// keys gives the keys of a map; as an ArrayList, because Java's key set prints like one.
func keys(a *value.Arena, model value.Value) value.Value {
	m := model.Map()
	if m == nil {
		return value.Value{}
	}
	list := a.NewList(m.Len())
	for i := range m.Entries() {
		key, _ := m.At(i)
		list.Append(key)
	}
	return value.OfList(list)
}

// numbers calls do with the numbers of the model, if it is an array, and of the arguments.
func numbers(arguments []value.Value, model value.Value, do func(float64)) error {
	count := 0
	each := func(v value.Value) {
		if v.IsNumber() {
			count++
			do(toFloat(v))
		}
	}
	for _, v := range append([]value.Value{model}, arguments...) {
		if list := v.List(); list != nil {
			for _, item := range list.Items() {
				each(item)
			}
		}
	}
	for _, v := range arguments {
		each(v)
	}
	if count == 0 {
		return errEmpty
	}
	return nil
}

func minimum(arguments []value.Value, model value.Value) (value.Value, error) {
	least := math.MaxFloat64
	err := numbers(arguments, model, func(f float64) {
		if least > f {
			least = f
		}
	})
	return value.OfDouble(least), err
}

func maximum(arguments []value.Value, model value.Value) (value.Value, error) {
	most := -math.MaxFloat64
	err := numbers(arguments, model, func(f float64) {
		if most < f {
			most = f
		}
	})
	return value.OfDouble(most), err
}

func sum(arguments []value.Value, model value.Value) (value.Value, error) {
	total := 0.0
	err := numbers(arguments, model, func(f float64) { total += f })
	return value.OfDouble(total), err
}

func average(arguments []value.Value, model value.Value) (value.Value, error) {
	total, count := 0.0, 0.0
	err := numbers(arguments, model, func(f float64) { total += f; count++ })
	return value.OfDouble(total / count), err
}

func deviation(arguments []value.Value, model value.Value) (value.Value, error) {
	total, squares, count := 0.0, 0.0, 0.0
	err := numbers(arguments, model, func(f float64) { total += f; squares += float64(f * f); count++ })
	return value.OfDouble(math.Sqrt(squares/count - float64(total*total)/count/count)), err
}

// concat joins the strings of the model, if it is an array, and the arguments; of arrays among those, the text of every item.
func concat(arguments []value.Value, model value.Value) (value.Value, error) {
	var dst []byte
	if list := model.List(); list != nil {
		for _, item := range list.Items() {
			dst = append(dst, item.Str()...)
		}
	}
	for _, v := range arguments {
		list := v.List()
		if list == nil {
			dst = append(dst, v.Str()...)
			continue
		}
		for _, item := range list.Items() {
			if !item.IsNull() {
				dst = value.AppendString(dst, item)
			}
		}
		if len(dst) > value.MaxText {
			return value.Value{}, errSteps
		}
	}
	return value.OfString(string(dst)), nil
}

// appendTo appends the arguments to the array itself: the document changes.
func appendTo(arguments []value.Value, model value.Value) (value.Value, error) {
	if list := model.List(); list != nil {
		for _, v := range arguments {
			list.Append(v)
		}
	}
	return model, nil
}

func first(_ []value.Value, model value.Value) (value.Value, error) { return itemAt(model, 0) }

func last(_ []value.Value, model value.Value) (value.Value, error) { return itemAt(model, -1) }

// index gives the item at the first number among the arguments.
func index(arguments []value.Value, model value.Value) (value.Value, error) {
	at, found := 0, false
	_ = numbers(arguments, value.Value{}, func(f float64) {
		if !found {
			at, found = int(f), true
		}
	})
	if !found {
		return value.Value{}, errArguments
	}
	return itemAt(model, at)
}

// itemAt gives an item of an array. Counted from the end, Jayway does not find the first item.
func itemAt(model value.Value, at int) (value.Value, error) {
	list := model.List()
	if list == nil {
		return value.Value{}, errEmpty
	}
	if at < 0 {
		if at += list.Len(); at <= 0 {
			return value.Value{}, errSequence
		}
	}
	if at >= list.Len() {
		return value.Value{}, errSequence
	}
	return list.At(at), nil
}
