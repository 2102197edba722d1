package restapis

import (
	"strconv"
	"testing"
)

func TestPaginate_defaultsAndRefusals(t *testing.T) {
	items := make([]string, 600)
	for i := range items {
		items[i] = strconv.Itoa(i)
	}
	id := func(s string) string { return s }
	for _, row := range []struct {
		limit *int32
		want  int
	}{{nil, 25}, {value(int32(500)), 500}, {value(int32(501)), 500}} {
		found, err := paginate(items, id, pageRequest{nil, row.limit})
		if err != nil || len(found.Items) != row.want {
			t.Errorf("%d items, want %d; %v", len(found.Items), row.want, err)
		}
	}
	_, err := paginate(items, id, pageRequest{nil, value(int32(-1))})
	wantError(t, err, "BadRequestException", messageInvalidLimit)
	for _, position := range []string{"!", "bm90aGluZw"} {
		_, err := paginate(items, id, pageRequest{&position, nil})
		wantError(t, err, "BadRequestException", messageInvalidPosition)
	}
}
