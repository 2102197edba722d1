// Package jsonpath is Jayway JsonPath 2.9.0: the language of $input.json and $input.path, of which many a reading is Jayway's alone
// ($.list[-2:], ['a','b'], filters with =~, in, contains …, functions such as length() and sum()).
//
// A path is compiled once (Compile) into an immutable Path, which any number of goroutines may evaluate (Path.Eval) on values of package
// value. Oddities are kept where templates can see them: what follows a token by one character may be ignored, a filter's existence check
// looks at the item even if it is written with "$", and so on; the code says so where it happens.
//
// It is not RFC 9535, does not write or delete, and knows nothing of templates: that a path which finds nothing is "" in $input.json is the
// business of package mapping.
//
// Begin with path.go (Path, Compile, Eval), then compile.go (text to tokens), evaluate.go (tokens on a document), filter_compile.go and
// filter.go ([?(…)]), function.go.
package jsonpath
