package iam

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// drawStatement draws a statement over a small world, so that statements meet.
func drawStatement(t *rapid.T, effect string, resourcePolicy bool) string {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	s := `{"Effect":"` + effect + `",`
	if resourcePolicy {
		var elements []string
		for _, name := range []string{"user", "account", "everyone", "role", "session", "federated", "service", "other-account", "other-user"} {
			elements = append(elements, principalElements[name])
		}
		s += `"` + pick("principal key", "Principal", "Principal", "NotPrincipal") + `":`
		element := rapid.SampledFrom(elements).Draw(t, "principal")
		s += element + `,`
	}
	s += `"` + pick("action key", "Action", "Action", "NotAction") + `":"` + pick("action", "*", "execute-api:*", ActionInvoke, "execute-api:ManageConnections", "lambda:?nvoke*") + `",`
	s += `"` + pick("resource key", "Resource", "Resource", "NotResource") + `":"` + pick("resource", "*", apiResource, "arn:aws:execute-api:*:*:a1b2c3/*/POST/*", "arn:aws:execute-api:us-east-1:111122223333:*/${aws:username}") + `"`
	if rapid.Bool().Draw(t, "has condition") {
		s += `,"Condition":{"` + pick("operator", "StringEquals", "StringNotEquals", "StringLikeIfExists", "ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "Null") +
			`":{"` + pick("key", "test:a", "aws:username", "aws:PrincipalTag/team") + `":"` + pick("value", "alice", "true", "${aws:username}", "*") + `"}}`
	}
	return s + "}"
}

func drawStatements(t *rapid.T, resourcePolicy bool) []string {
	var statements []string
	for range rapid.IntRange(0, 3).Draw(t, "statements") {
		statements = append(statements, drawStatement(t, rapid.SampledFrom([]string{"Allow", "Allow", "Deny"}).Draw(t, "effect"), resourcePolicy))
	}
	return statements
}

func compileStatements(t *rapid.T, kind Kind, statements []string) *Policy {
	if len(statements) == 0 {
		return nil
	}
	p, err := Compile([]byte(`{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`), kind, "drawn")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// drawn is a request with the statements of its policies, so that one can be added.
type drawn struct {
	req                                   *Request
	identity, resource, boundary, session []string
}

func drawCase(t *rapid.T) drawn {
	names := []string{"user", "role-session", "federated", "root", "anonymous", "service", "other-user", "other-root"}
	d := drawn{
		req: &Request{Principal: people[rapid.SampledFrom(names).Draw(t, "who")], Action: ActionInvoke, Resource: apiResource},
	}
	if rapid.Bool().Draw(t, "has key") {
		d.req.Context = Context{{Key: "test:a", Value: rapid.SampledFrom([]string{"alice", "bob"}).Draw(t, "value")}}
	}
	d.identity, d.resource = drawStatements(t, false), drawStatements(t, true)
	d.boundary, d.session = drawStatements(t, false), drawStatements(t, false)
	return d
}

func (d *drawn) evaluate(t *rapid.T) Decision {
	return Evaluate(d.req, &Policies{Resource: compileStatements(t, ApiPolicy, d.resource), PrincipalPolicies: PrincipalPolicies{
		Identity: list(compileStatements(t, IdentityPolicy, d.identity)), Boundary: compileStatements(t, IdentityPolicy, d.boundary),
		Session: list(compileStatements(t, IdentityPolicy, d.session)),
	}})
}

// add appends a statement to one of the policies that is there already: a new boundary or session policy is not
// only a statement more, it limits.
func (d *drawn) add(t *rapid.T, effect string) {
	targets := []*[]string{&d.identity, &d.resource}
	if len(d.boundary) > 0 {
		targets = append(targets, &d.boundary)
	}
	if len(d.session) > 0 {
		targets = append(targets, &d.session)
	}
	target := rapid.SampledFrom(targets).Draw(t, "target")
	*target = append(*target, drawStatement(t, effect, target == &d.resource))
}

func TestProperty_addingAllow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawCase(t)
		before := d.evaluate(t)
		d.add(t, "Allow")
		after := d.evaluate(t)
		if before.Allowed() && !after.Allowed() {
			t.Fatalf("an Allow more took the permission away: %s by %s", after.Outcome, after.By)
		}
		if before.Outcome == ExplicitDeny && after.Outcome != ExplicitDeny {
			t.Fatal("an Allow overrode a Deny")
		}
	})
}

func TestProperty_addingDeny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawCase(t)
		before := d.evaluate(t)
		d.add(t, "Deny")
		if after := d.evaluate(t); !before.Allowed() && after.Allowed() {
			t.Fatalf("a Deny more allowed: %s by %s", after.Outcome, after.By)
		}
	})
}

func TestProperty_denyWins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawCase(t)
		const everything = `{"Effect":"Deny","Action":"*","Resource":"*"}`
		switch rapid.IntRange(0, 3).Draw(t, "where") {
		case 0:
			d.identity = append(d.identity, everything)
		case 1:
			d.resource = append(d.resource, strings.Replace(everything, `"Action"`, `"Principal":"*","Action"`, 1))
		case 2:
			d.boundary = append(d.boundary, everything)
		default:
			d.session = append(d.session, everything)
		}
		if got := d.evaluate(t); got.Outcome != ExplicitDeny {
			t.Fatalf("got %s by %s", got.Outcome, got.By)
		}
	})
}

// TestProperty_complement: of Action and NotAction, and of Resource and NotResource, exactly one applies; except
// that a variable without a value keeps both from applying.
func TestProperty_complement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawStatement(t, "Allow", false)
		invert := func(s, element string) string {
			if inverse := strings.Replace(s, `"`+element, `"Not`+element, 1); inverse != s {
				return inverse
			}
			return strings.Replace(s, `"Not`+element, `"`+element, 1)
		}
		compile := func(s string) *statement {
			return &compileStatements(t, IdentityPolicy, []string{s}).statements[0]
		}
		who := people[rapid.SampledFrom([]string{"user", "role-session"}).Draw(t, "who")]
		req := &Request{Principal: who, Action: ActionInvoke, Resource: apiResource}
		if compile(text).matchesAction(req.Action) == compile(invert(text, "Action")).matchesAction(req.Action) {
			t.Fatalf("%s and its NotAction agree", text)
		}
		agree := compile(text).matchesResource(req) == compile(invert(text, "Resource")).matchesResource(req)
		if nameless := strings.Contains(text, `*/${aws:username}"`) && who.UserName == ""; agree != nameless {
			t.Fatalf("%s and its NotResource agree: %v", text, agree)
		}
	})
}

// TestProperty_explanation: what is explained is what was decided.
func TestProperty_explanation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawCase(t)
		policies := &Policies{Resource: compileStatements(t, ApiPolicy, d.resource), PrincipalPolicies: PrincipalPolicies{
			Identity: list(compileStatements(t, IdentityPolicy, d.identity)), Boundary: compileStatements(t, IdentityPolicy, d.boundary),
		}}
		got := Evaluate(d.req, policies)
		e := Explain(d.req, policies, got)
		if e.Nearest != nil && got.Outcome != ImplicitDeny {
			t.Fatalf("explained %s by what is missing: %s", got.Outcome, e)
		}
		if got.Policy != nil && got.Statement >= got.Policy.Len() {
			t.Fatalf("statement %d of %d", got.Statement, got.Policy.Len())
		}
		_ = e.String()
	})
}

// naive matches by trying everything.
func naive(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	switch pattern[0] {
	case '*':
		return naive(pattern[1:], s) || s != "" && naive(pattern, s[width(s):])
	case '?':
		return s != "" && naive(pattern[1:], s[width(s):])
	}
	return s != "" && s[0] == pattern[0] && naive(pattern[1:], s[1:])
}

func width(s string) int {
	_, w := utf8.DecodeRuneInString(s)
	return w
}

func FuzzGlob(f *testing.F) {
	for _, seed := range [][2]string{{"a*b?c", "axxbyc"}, {"*", ""}, {"**a", "bca"}, {"?", "é"}, {"*?é", "aé"}, {"a*a*a", "aaaa"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) > 12 || len(s) > 16 || !utf8.ValidString(pattern) || !utf8.ValidString(s) {
			return // the naive matcher is exponential, and policies are UTF-8
		}
		g := compileGlob(pattern, globOptions{wildcards: true})
		if got, want := g.match(s, nil) == matches, naive(pattern, s); got != want {
			t.Errorf("%q against %q: %v, want %v", pattern, s, got, want)
		}
	})
}

func FuzzCompile(f *testing.F) {
	for _, line := range rows(f, "malformed.txt") {
		f.Add([]byte(strings.Split(line, " | ")[1]))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		for kind := IdentityPolicy; kind <= AuthorizerPolicy; kind++ {
			p, err := Compile(document, kind, "fuzz")
			if (p == nil) == (err == nil) {
				t.Fatalf("kind %d: policy %v and error %v", kind, p, err)
			}
			if err != nil {
				continue
			}
			for _, who := range people {
				req := &Request{Principal: who, Action: ActionInvoke, Resource: apiResource}
				policies := &Policies{Resource: p}
				_ = Explain(req, policies, Evaluate(req, policies)).String()
			}
			if kind != ApiPolicy {
				continue
			}
			expanded, err := ExpandApiPolicy(document, testApi)
			if err != nil {
				t.Fatalf("compiles but does not expand: %v", err)
			}
			if _, err := Compile(expanded, ApiPolicy, "expanded"); err != nil {
				t.Fatalf("expanded to %s: %v", expanded, err)
			}
		}
	})
}
