package apis

import (
	"strconv"

	"gatehouse/internal/apigw"
	"gatehouse/internal/control/list"
)

// pageRequest says which page a client asks for.
type pageRequest struct {
	nextToken  *string
	maxResults *string
}

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
// Without maxResults all items are one page (unconfirmed).
func paginate[T any](items []T, id func(T) string, want pageRequest) (list.Page[T], error) {
	limit := len(items)
	if asked := text(want.maxResults); asked != "" {
		number, err := strconv.Atoi(asked)
		if err != nil || number < 1 {
			return list.Page[T]{}, badRequest(messageInvalidMaxResults)
		}
		limit = min(number, apigw.PageLimitMaximum)
	}
	page, ok := list.Cut(items, id, want.nextToken, limit)
	if !ok {
		return page, badRequest(messageInvalidNextToken)
	}
	return page, nil
}
