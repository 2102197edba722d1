package logs

import "gatehouse/internal/control/list"

// paginate cuts a page out of items, which are in order and told apart by key.
func paginate[T any](items []T, key func(T) string, token *string, limit *int32) (list.Page[T], error) {
	most := describeLimit
	if limit != nil {
		most = min(int(*limit), describeLimit)
	}
	page, ok := list.Cut(items, key, token, most)
	if !ok {
		return page, invalidParameter(messageInvalidToken)
	}
	return page, nil
}
