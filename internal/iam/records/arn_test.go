package records

import "testing"

// Source: IAM User Guide, reference_identifiers.md.
func TestParseArn(t *testing.T) {
	cases := map[string]ParsedArn{
		"arn:aws:iam::111122223333:user/alice":               {"111122223333", "user", "/", "alice"},
		"arn:aws:iam::111122223333:role/a/b/r":               {"111122223333", "role", "/a/b/", "r"},
		"arn:aws:iam::aws:policy/service-role/AWSLambdaRole": {"aws", "policy", "/service-role/", "AWSLambdaRole"},
		"arn:aws:iam::111122223333:root":                     {},
		"arn:aws:iam::111122223333:user/":                    {},
		"arn:aws:iam:us-east-1:111122223333:user/alice":      {},
		"arn:aws:sts::111122223333:assumed-role/r/s":         {},
		"arn:aws:lambda:us-east-1:111122223333:function:f":   {},
		"": {}, "alice": {}, "arn": {}, "arn:aws:iam::111122223333": {},
	}
	for arn, want := range cases {
		got, ok := ParseArn(arn)
		if got != want || ok != (want != ParsedArn{}) {
			t.Errorf("%q: got %+v %v", arn, got, ok)
		}
		if ok && want.Kind != "" && Arn(want.Account, want.Kind, want.Path, want.Name) != arn {
			t.Errorf("%q is made %q", arn, Arn(want.Account, want.Kind, want.Path, want.Name))
		}
	}
}

func FuzzParseArn(f *testing.F) {
	f.Add("arn:aws:iam::111122223333:role/a/b/r")
	f.Add("arn:aws:iam::::/")
	f.Fuzz(func(t *testing.T, arn string) {
		if parsed, ok := ParseArn(arn); ok && (parsed.Name == "" || parsed.Path[0] != '/' || parsed.Path[len(parsed.Path)-1] != '/') {
			t.Errorf("%q: %+v", arn, parsed)
		}
	})
}
