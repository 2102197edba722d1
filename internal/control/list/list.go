// Package list has what operations that list have in common: pages, and the conversion of
// what is on them.
//
// The limits of a page and the exceptions for a token that is none are each service's own.
// Begin at Cut.
package list

import (
	"encoding/base64"
	"slices"
)

// Page is what one operation returns of a list.
type Page[T any] struct {
	Items []T
	// Next is the token of the next page, nil on the last.
	Next *string
}

// Cut cuts a page of at most limit items out of a list that is in a fixed order and whose
// items an id tells apart. A token is the id of the last item of the page before, so that
// items that come and go between two calls neither repeat nor hide others, unless that
// very item goes; without one, or with an empty one, it is the first page. It returns
// false for a token that is none of the list.
func Cut[T any](items []T, id func(T) string, token *string, limit int) (Page[T], bool) {
	if token != nil && *token != "" {
		last, err := base64.RawURLEncoding.DecodeString(*token)
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == string(last) })
		if err != nil || at < 0 {
			return Page[T]{}, false
		}
		items = items[at+1:]
	}
	if len(items) <= limit {
		return Page[T]{Items: items}, true
	}
	next := base64.RawURLEncoding.EncodeToString([]byte(id(items[limit-1])))
	return Page[T]{Items: items[:limit], Next: &next}, true
}

// Convert converts each item; the result is never nil, so that an empty list is written.
func Convert[From, To any](items []From, one func(From) To) []To {
	converted := make([]To, 0, len(items))
	for _, item := range items {
		converted = append(converted, one(item))
	}
	return converted
}
