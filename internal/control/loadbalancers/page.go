package loadbalancers

import "gatehouse/internal/control/list"

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
func paginate[T any](items []T, id func(T) string, marker *string, pageSize *int32) (list.Page[T], error) {
	page, ok := list.Cut(items, id, marker, min(int(given(pageSize, pageSizeMaximum)), pageSizeMaximum))
	if !ok {
		return page, invalid("Invalid marker: '%s'", *marker)
	}
	return page, nil
}
