// Package patch applies patchOperations: each noun that can be updated has a Table
// of the paths that may be patched, and what each of add, replace, remove and copy
// does there. A path that is not in the table, or not with that operation, is AWS's
// error with the list of what would have been possible.
//
// It is not JSON Patch (RFC 6902): API Gateway knows no "test" and "move", its values
// are strings, and a path names a setting, not a place in a document. It knows no
// noun, no store and no HTTP.
//
// Begin at Table; change.go has the usual changes (a string, a boolean, an entry of a map).
package patch
