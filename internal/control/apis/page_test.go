package apis

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/internal/awsapi/apigatewayv2"
)

// Pages, one after the other, are the list; and no page is longer than was asked for.
func TestPaginate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := make([]int, rapid.IntRange(0, 40).Draw(t, "items"))
		for i := range items {
			items[i] = i
		}
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		want := pageRequest{maxResults: value(strconv.Itoa(limit))}
		seen := 0
		for {
			got, err := paginate(items, strconv.Itoa, want)
			if err != nil || len(got.items) > limit {
				t.Fatalf("%v %v", got, err)
			}
			for _, item := range got.items {
				if item != seen {
					t.Fatalf("item %d in place of %d", item, seen)
				}
				seen++
			}
			if want.nextToken = got.nextToken; want.nextToken == nil {
				break
			}
		}
		if seen != len(items) {
			t.Fatalf("%d of %d items", seen, len(items))
		}
	})
}

func TestPaginate_refuses(t *testing.T) {
	f := newFixture(t)
	for _, row := range []struct {
		in      apigatewayv2.GetApisInput
		message string
	}{
		{apigatewayv2.GetApisInput{MaxResults: value("0")}, messageInvalidMaxResults},
		{apigatewayv2.GetApisInput{MaxResults: value("many")}, messageInvalidMaxResults},
		{apigatewayv2.GetApisInput{NextToken: value("?")}, messageInvalidNextToken},
		{apigatewayv2.GetApisInput{NextToken: value("AAAA")}, messageInvalidNextToken},
	} {
		_, err := f.GetApis(f.ctx, &row.in)
		wantError(t, err, badRequestCode, row.message)
	}
}
