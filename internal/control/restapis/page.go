package restapis

import (
	"encoding/base64"
	"slices"

	"gatehouse/internal/apigw"
)

// page is what one Get operation of a list returns of it.
type page[T any] struct {
	items    []T
	position *string // of the next page; nil on the last
}

// request says which page a client asks for.
type pageRequest struct {
	position *string
	limit    *int32
}

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
// A position is the id of the last item of the page before, so that items that come
// and go between two calls neither repeat nor hide others, unless that very item goes.
func paginate[T any](items []T, id func(T) string, want pageRequest) (page[T], error) {
	limit := apigw.PageLimitDefault
	if want.limit != nil {
		limit = min(int(*want.limit), apigw.PageLimitMaximum)
	}
	if limit < 1 {
		return page[T]{}, badRequest(messageInvalidLimit)
	}
	start := 0
	if want.position != nil && *want.position != "" {
		last, err := base64.RawURLEncoding.DecodeString(*want.position)
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == string(last) })
		if err != nil || at < 0 {
			return page[T]{}, badRequest(messageInvalidPosition)
		}
		start = at + 1
	}
	items = items[start:]
	if len(items) <= limit {
		return page[T]{items: items}, nil
	}
	position := base64.RawURLEncoding.EncodeToString([]byte(id(items[limit-1])))
	return page[T]{items: items[:limit], position: &position}, nil
}

// convert converts each item of a list; the list is never nil, so that it is written.
func convert[From, To any](items []From, one func(From) *To) []To {
	converted := make([]To, 0, len(items))
	for _, item := range items {
		converted = append(converted, *one(item))
	}
	return converted
}
