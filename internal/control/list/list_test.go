package list

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// The pages of a list, one after another, are the list; none is longer than asked for.
func TestCut_coversTheList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := make([]int, rapid.IntRange(0, 60).Draw(t, "length"))
		for i := range items {
			items[i] = i
		}
		limit := rapid.IntRange(1, 70).Draw(t, "limit")
		var got []int
		var token *string
		for range len(items) + 1 {
			page, ok := Cut(items, strconv.Itoa, token, limit)
			if !ok || len(page.Items) > limit {
				t.Fatalf("%v, %d items on a page of %d", ok, len(page.Items), limit)
			}
			got = append(got, page.Items...)
			if token = page.Next; token == nil {
				break
			}
		}
		if token != nil || !slices.Equal(got, items) {
			t.Fatalf("got %v of %v, then %v", got, items, token)
		}
	})
}

func TestCut_refusesTokens(t *testing.T) {
	for _, token := range []string{"!", "bm90aGluZw"} {
		if _, ok := Cut([]string{"a", "b"}, func(s string) string { return s }, &token, 1); ok {
			t.Errorf("%q is taken for a token", token)
		}
	}
}
