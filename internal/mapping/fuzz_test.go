package mapping_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"gatehouse/internal/mapping"
	"gatehouse/internal/vtl"
)

// FuzzRender checks that rendering any template over any payload ends within the limits, in an output or in one of the two kinds of error.
func FuzzRender(f *testing.F) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		f.Fatal(err)
	}
	var cases []struct {
		Template string
		Input    struct{ Body *string }
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		if c.Input.Body != nil {
			f.Add(c.Template, *c.Input.Body)
		} else {
			f.Add(c.Template, "")
		}
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		template, err := mapping.Compile("t", text)
		if err != nil {
			return
		}
		out, err := template.Render(testInput(body), nil)
		var e *vtl.Error
		switch {
		case err == nil && len(out) > vtl.MaxOutput:
			t.Fatalf("%d bytes", len(out))
		case err != nil && !errors.As(err, &e):
			t.Fatalf("an error without a place: %v", err)
		case err != nil && !errors.Is(err, mapping.ErrTemplate) && !errors.Is(err, mapping.ErrPayload):
			t.Fatalf("an error of no kind: %v", err)
		}
	})
}

// FuzzParameter checks that any expression is refused or can be evaluated.
func FuzzParameter(f *testing.F) {
	for _, s := range []string{
		"method.request.body.a[0]", "'x'", "context.identity.sourceIp", "stageVariables.a", "$request.body.a", "${request.path.id}-${x", `\$default`,
		"integration.response.header.x", "route.request.querystring.q", "append:header.x", "overwrite:path",
	} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, expression string) {
		in := testInput(jsonBody)
		if p, err := mapping.CompileRequestParameter(expression, nil); err == nil {
			_, _ = p.Append(nil, in)
		}
		if p, err := mapping.CompileResponseParameter(expression); err == nil {
			_, _ = p.Append(nil, in)
		}
		if e, err := mapping.CompileHTTPRequestValue(expression); err == nil {
			e.Evaluate(in)
		}
		if e, err := mapping.CompileSelection(expression); err == nil {
			e.Select(in)
		}
		_, _ = mapping.ParseRequestTarget(expression)
		_, _ = mapping.ParseResponseTarget(expression)
	})
}
