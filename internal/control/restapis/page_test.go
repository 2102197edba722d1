package restapis

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// The pages of a list, one after another, are the list.
func TestPaginate_coversTheList(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		items := make([]string, rapid.IntRange(0, 60).Draw(rt, "length"))
		for i := range items {
			items[i] = strconv.Itoa(i)
		}
		limit := int32(rapid.IntRange(1, 70).Draw(rt, "limit"))
		var got []string
		var position *string
		for range len(items) + 1 {
			found, err := paginate(items, func(s string) string { return s }, pageRequest{position, &limit})
			if err != nil {
				rt.Fatal(err)
			}
			if len(found.items) > int(limit) {
				rt.Fatalf("%d items on a page of %d", len(found.items), limit)
			}
			got = append(got, found.items...)
			if position = found.position; position == nil {
				break
			}
		}
		if position != nil || !slices.Equal(got, items) {
			rt.Fatalf("got %v of %v, then %v", got, items, position)
		}
	})
}

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
		if err != nil || len(found.items) != row.want {
			t.Errorf("%d items, want %d; %v", len(found.items), row.want, err)
		}
	}
	_, err := paginate(items, id, pageRequest{nil, value(int32(-1))})
	wantError(t, err, "BadRequestException", messageInvalidLimit)
	for _, position := range []string{"!", "bm90aGluZw"} {
		_, err := paginate(items, id, pageRequest{&position, nil})
		wantError(t, err, "BadRequestException", messageInvalidPosition)
	}
}
