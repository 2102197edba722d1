package loadbalancers

import (
	"encoding/base64"
	"slices"
)

// paginate cuts a page out of items, which are in a fixed order and told apart by id.
// A marker is the id of the last item of the page before.
func paginate[T any](items []T, id func(T) string, marker *string, pageSize *int32) (page []T, next *string, err error) {
	limit := min(int(given(pageSize, pageSizeMaximum)), pageSizeMaximum)
	if text := given(marker, ""); text != "" {
		last, err := base64.RawURLEncoding.DecodeString(text)
		at := slices.IndexFunc(items, func(item T) bool { return id(item) == string(last) })
		if err != nil || at < 0 {
			return nil, nil, invalid("Invalid marker: '%s'", text)
		}
		items = items[at+1:]
	}
	if len(items) <= limit {
		return items, nil, nil
	}
	token := base64.RawURLEncoding.EncodeToString([]byte(id(items[limit-1])))
	return items[:limit], &token, nil
}
