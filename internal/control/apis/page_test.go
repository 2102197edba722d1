package apis

import (
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
)

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
