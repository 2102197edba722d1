package restapis

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/control/list"
)

// pageRequest says which page a client asks for.
type pageRequest struct {
	position *string
	limit    *int32
}

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
func paginate[T any](items []T, id func(T) string, want pageRequest) (list.Page[T], error) {
	limit := min(int(given(want.limit, apigw.PageLimitDefault)), apigw.PageLimitMaximum)
	if limit < 1 {
		return list.Page[T]{}, badRequest(messageInvalidLimit)
	}
	page, ok := list.Cut(items, id, want.position, limit)
	if !ok {
		return page, badRequest(messageInvalidPosition)
	}
	return page, nil
}

// convert is list.Convert for functions that make a whole output.
func convert[From, To any](items []From, one func(From) *To) []To {
	return list.Convert(items, func(item From) To { return *one(item) })
}
