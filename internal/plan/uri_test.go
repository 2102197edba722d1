package plan

import "testing"

// Source: facts observed on AWS: {name} and ${stageVariables.x} are replaced, an unknown
// variable is empty, plain ${x} stays.
func TestUri(t *testing.T) {
	path := func(name string) (string, bool) { return "<" + name + ">", name != "unknown" }
	variables := map[string]string{"host": "h.example"}
	for text, want := range map[string]string{
		"http://a/b":                           "http://a/b",
		"http://a/{id}/{proxy+}":               "http://a/<id>/<proxy>",
		"http://a/{unknown}":                   "http://a/{unknown}",
		"http://${stageVariables.host}/x":      "http://h.example/x",
		"http://${stageVariables.none}/x":      "http:///x",
		"http://a/${x}/{id}":                   "http://a/${x}/<id>",
		"http://a/${stageVariables.host":       "http://a/${stageVariables.host",
		"http://a/{open":                       "http://a/{open",
		"${stageVariables.host}{id}":           "h.example<id>",
		"arn:f:${stageVariables.host}/invokes": "arn:f:h.example/invokes",
	} {
		if got := NewUri(text).Fill(path, variables); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func FuzzUri(f *testing.F) {
	f.Add("${stageVariables.}{}{{a}}")
	f.Fuzz(func(t *testing.T, text string) {
		uri := NewUri(text)
		if uri.Text() != text {
			t.Fatal("the text changed")
		}
		if literal, ok := uri.Literal(); ok && literal != text {
			t.Fatalf("literal %q of %q", literal, text)
		}
		uri.Fill(func(string) (string, bool) { return "", true }, nil)
	})
}

// Source: guide, api-gateway-gatewayResponse-definition.md and set-up-logging.md.
func TestSubstitution(t *testing.T) {
	names := map[Source]string{SourceContext: "C", SourceStageVariables: "S", SourceMethodRequest: "M"}
	for text, want := range map[string]string{
		"plain $ text": "plain $ text",
		`{"message":$context.error.messageString}`:     `{"message":[C error.messageString]}`,
		"$context.requestId $context.status":           "[C requestId] [C status]",
		"${context.status}ms $context.":                "[C status]ms $context.",
		"$stageVariables.a.$method.request.header.X-Y": "[S a].[M header.X-Y]",
		"$context.identity.sourceIp.":                  "[C identity.sourceIp].",
		"${context.open $contextual $$context.a":       "${context.open $contextual $[C a]",
	} {
		got := ""
		for _, part := range NewSubstitution(text).Parts() {
			if part.Source == SourceLiteral {
				got += part.Literal
			} else {
				got += "[" + names[part.Source] + " " + part.Name + "]"
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
