package identity

import (
	"encoding/base64"
	"slices"
	"strings"
)

// pageRequest says which page a client asks for.
type pageRequest struct {
	marker   *string
	maxItems *int32
}

// page is what one List operation returns.
type page[T any] struct {
	items     []T
	truncated bool
	marker    *string
}

// paginate cuts a page out of items, which it sorts by id. The marker is the id of the
// last item of the page before, so items that come and go do not move the others.
func paginate[T any](items []T, id func(T) string, want pageRequest) (page[T], error) {
	limit := pageDefault
	if want.maxItems != nil {
		limit = int(*want.maxItems)
	}
	if limit < 1 || limit > pageMaximum {
		return page[T]{}, validationError("Value '%d' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and %d", limit, pageMaximum)
	}
	slices.SortStableFunc(items, func(a, b T) int { return strings.Compare(id(a), id(b)) })
	if want.marker != nil {
		last, err := base64.StdEncoding.DecodeString(*want.marker)
		if err != nil {
			return page[T]{}, validationError("Invalid Marker.")
		}
		start, found := slices.BinarySearchFunc(items, string(last), func(item T, target string) int { return strings.Compare(id(item), target) })
		if found {
			start++
		}
		items = items[start:]
	}
	if len(items) <= limit {
		return page[T]{items: items}, nil
	}
	marker := base64.StdEncoding.EncodeToString([]byte(id(items[limit-1])))
	return page[T]{items: items[:limit], truncated: true, marker: &marker}, nil
}

// underPath keeps the items whose path begins with a prefix.
func underPath[T any](items []T, path func(*T) string, prefix *string) []T {
	if value(prefix) == "" {
		return items
	}
	return slices.DeleteFunc(items, func(item T) bool { return !strings.HasPrefix(path(&item), *prefix) })
}

// convert converts each item of a list; the list is never nil, so that it is written.
func convert[From, To any](items []From, one func(*From) To) []To {
	converted := make([]To, 0, len(items))
	for i := range items {
		converted = append(converted, one(&items[i]))
	}
	return converted
}
