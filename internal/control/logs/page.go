package logs

import (
	"encoding/base64"
	"slices"
)

// cut takes one page out of items, which are in order; a token is the key of the last
// item of the page before.
func cut[T any](items []T, key func(T) string, token *string, limit *int32) (page []T, next *string, err error) {
	if token != nil {
		last, err := base64.RawURLEncoding.DecodeString(*token)
		if err != nil {
			return nil, nil, invalidParameter(messageInvalidToken)
		}
		at := slices.IndexFunc(items, func(item T) bool { return key(item) == string(last) })
		if at < 0 {
			return nil, nil, invalidParameter(messageInvalidToken)
		}
		items = items[at+1:]
	}
	most := describeLimit
	if limit != nil {
		most = min(int(*limit), describeLimit)
	}
	if len(items) <= most {
		return items, nil, nil
	}
	encoded := base64.RawURLEncoding.EncodeToString([]byte(key(items[most-1])))
	return items[:most], &encoded, nil
}
