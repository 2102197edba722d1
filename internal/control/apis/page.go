package apis

import (
	"encoding/base64"
	"slices"
	"strconv"

	"gatehouse/internal/apigw"
)

// pageRequest says which page a client asks for.
type pageRequest struct {
	nextToken  *string
	maxResults *string
}

// page is what one Get operation of a list returns of it.
type page[T any] struct {
	items     []T
	nextToken *string // nil on the last page
}

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
// A token is the id of the last item of the page before, so that items that come and
// go between two calls neither repeat nor hide others, unless that very item goes.
// Without maxResults all items are one page (unconfirmed).
func paginate[T any](items []T, id func(T) string, want pageRequest) (page[T], error) {
	limit := len(items)
	if asked := text(want.maxResults); asked != "" {
		number, err := strconv.Atoi(asked)
		if err != nil || number < 1 {
			return page[T]{}, badRequest(messageInvalidMaxResults)
		}
		limit = min(number, apigw.PageLimitMaximum)
	}
	start := 0
	if token := text(want.nextToken); token != "" {
		last, err := base64.RawURLEncoding.DecodeString(token)
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == string(last) })
		if err != nil || at < 0 {
			return page[T]{}, badRequest(messageInvalidNextToken)
		}
		start = at + 1
	}
	items = items[start:]
	if len(items) <= limit {
		return page[T]{items: items}, nil
	}
	token := base64.RawURLEncoding.EncodeToString([]byte(id(items[limit-1])))
	return page[T]{items: items[:limit], nextToken: &token}, nil
}

// convert converts each item of a list; the list is never nil, so that it is written.
func convert[From, To any](items []From, one func(From) To) []To {
	converted := make([]To, 0, len(items))
	for _, item := range items {
		converted = append(converted, one(item))
	}
	return converted
}
