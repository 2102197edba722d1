package apigw

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Known from: guide, set-up-logging.md; public reports of "Access Log format must be single line".
func TestAccessLogFormat(t *testing.T) {
	for format, want := range map[string]struct{ oneLine, namesRequest bool }{
		"":                                    {false, false},
		"\n":                                  {false, false},
		"$context.requestId":                  {true, true},
		"$context.requestId\n":                {true, true},
		"$context.requestId\r\n":              {true, true},
		"{\n\"id\":\"$context.requestId\"\n}": {false, true},
		`{"id":"$context.extendedRequestId"}`: {true, true},
		"${context.requestId}":                {true, true},
		"$context.requestIdentity":            {true, false},
		"$context.status context.requestId":   {true, false},
	} {
		if IsOneLine(format) != want.oneLine || NamesRequest(format) != want.namesRequest {
			t.Errorf("%q: one line %t, names the request %t", format, IsOneLine(format), NamesRequest(format))
		}
	}
	got := AccessLogVariables(`$context.a.b-c. ${context.status} $context.status, "$context.x"$input.body`)
	if diff := cmp.Diff([]string{"context.a.b-c", "context.status", "context.x"}, got); diff != "" {
		t.Error(diff)
	}
}
