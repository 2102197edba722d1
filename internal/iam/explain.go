package iam

import (
	"fmt"
	"strings"
)

// Part is a part of a statement.
type Part string

// The parts that can keep a statement from applying.
const (
	PrincipalPart Part = "principal"
	ActionPart    Part = "action"
	ResourcePart  Part = "resource"
	ConditionPart Part = "condition"
)

// Near is a statement that did not apply, and why.
type Near struct {
	// Type, Policy, Statement and Sid say which statement; Statement counts from 0.
	Type      PolicyType
	Policy    string
	Statement int
	Sid       string
	// Failed is the first part that did not match, in the order action, resource, principal, condition.
	Failed Part
	// Wanted is what the statement has there, Got what the request has (nothing when a key is missing).
	Wanted, Got []string
	// Operator and Key are of the condition that failed.
	Operator, Key string
	// Component is where two ARNs differ first: "account", "api", "stage", "method", "path", "resource" …
	Component string
}

// String is one line for a log, for example: statement "apigw-test": condition aws:SourceArn ArnLike …: stage differs.
func (n *Near) String() string {
	var b strings.Builder
	name := fmt.Sprintf("%d", n.Statement+1)
	if n.Sid != "" {
		name = fmt.Sprintf("%q", n.Sid)
	}
	fmt.Fprintf(&b, "statement %s: %s", name, n.Failed)
	if n.Failed == ConditionPart {
		fmt.Fprintf(&b, " %s %s", n.Key, n.Operator)
	}
	fmt.Fprintf(&b, " [%s]", strings.Join(n.Wanted, ", "))
	if len(n.Got) == 0 {
		b.WriteString(", and the request has none")
	} else {
		fmt.Fprintf(&b, ", and the request has %s", strings.Join(n.Got, ", "))
	}
	if n.Component != "" {
		fmt.Fprintf(&b, ": %s differs", n.Component)
	}
	return b.String()
}

// Explanation is a decision with what is needed to understand it.
type Explanation struct {
	// Decision is what was decided.
	Decision Decision
	// Nearest is the Allow statement that came closest, for an implicit deny; nil when there is none.
	Nearest *Near
	// Statements counts the statements of the policies that should have allowed.
	Statements int
}

// String is one line for a log.
func (e *Explanation) String() string {
	d := e.Decision
	switch {
	case d.Outcome != ImplicitDeny && d.Policy != nil:
		return fmt.Sprintf("%s by %s %s, statement %d%s", d.Outcome, d.By, d.Policy.name, d.Statement+1, d.described())
	case d.Outcome != ImplicitDeny:
		return fmt.Sprintf("%s: %s", d.Outcome, d.By)
	case e.Nearest == nil:
		return fmt.Sprintf("implicit deny: no %s has an Allow statement (of %d)", d.By, e.Statements)
	}
	return fmt.Sprintf("implicit deny: no %s allows; nearest is %s", d.By, e.Nearest)
}

// described names the statement that decided by its Sid, where it has one, and says of one
// that denied which conditions it has: all of them held.
func (d Decision) described() string {
	text := ""
	if sid := d.sid(); sid != "" {
		text = fmt.Sprintf(" %q", sid)
	}
	if d.Outcome != ExplicitDeny || d.Statement < 0 || d.Statement >= len(d.Policy.statements) {
		return text
	}
	for i := range d.Policy.statements[d.Statement].conditions {
		c := &d.Policy.statements[d.Statement].conditions[i]
		values := make([]string, len(c.operands))
		for j := range c.operands {
			values[j] = c.operands[j].text
		}
		text += fmt.Sprintf(", %s %s [%s]", c.key, c.name, strings.Join(values, ", "))
	}
	return text
}

// Explain says more about a decision of Evaluate.
func Explain(req *Request, policies *Policies, d Decision) *Explanation {
	own := &policies.PrincipalPolicies
	switch d.By {
	case IdentityBased:
		return explain(req, d, own.Identity...)
	case Boundary:
		return explain(req, d, own.Boundary)
	case SessionBased:
		return explain(req, d, own.Session...)
	}
	return explain(req, d, policies.Resource)
}

// ExplainInvoke says more about a decision of EvaluateInvoke.
func ExplainInvoke(req *Request, p *InvokePolicies, d Decision) *Explanation {
	if d.By == Authorizer {
		return explain(req, d, p.Authorizer)
	}
	return Explain(req, &Policies{PrincipalPolicies: p.Principal, Resource: p.Api}, d)
}

func explain(req *Request, d Decision, policies ...*Policy) *Explanation {
	e := &Explanation{Decision: d}
	best := noPart
	for _, p := range policies {
		if p == nil {
			continue
		}
		e.Statements += len(p.statements)
		for i := range p.statements {
			s := &p.statements[i]
			failed, index, _ := s.applies(req)
			if d.Outcome != ImplicitDeny || s.effect != Allow || failed == noPart {
				continue
			}
			if failed > best { // parts are checked in this order
				best = failed
				e.Nearest = s.near(req, failed, index)
				e.Nearest.Type, e.Nearest.Policy, e.Nearest.Statement = d.By, p.name, i
			}
		}
	}
	return e
}

// near describes why a statement did not apply.
func (s *statement) near(req *Request, failed part, index int) *Near {
	n := &Near{Sid: s.sid}
	switch failed {
	case actionPart:
		n.Failed, n.Got = ActionPart, []string{req.Action}
		for i := range s.actions {
			n.Wanted = append(n.Wanted, s.actions[i].text)
		}
	case resourcePart:
		n.Failed, n.Got = ResourcePart, []string{req.Resource}
		for i := range s.resources {
			n.Wanted = append(n.Wanted, s.resources[i].text)
		}
		n.Component = nearestDifference(n.Wanted, req.Resource)
	case principalPart:
		n.Failed, n.Got = PrincipalPart, []string{req.principal().String()}
		n.Wanted = s.principals.texts()
	case conditionPart:
		c := &s.conditions[index]
		n.Failed, n.Operator, n.Key = ConditionPart, c.name, c.key
		for i := range c.operands {
			n.Wanted = append(n.Wanted, c.operands[i].text)
		}
		if found, present := req.lookup(c.key, c.derived); present {
			n.Got = found.texts(c.derived)
		}
		if c.operator.compare == compareARN && len(n.Got) == 1 {
			n.Component = nearestDifference(n.Wanted, n.Got[0])
		}
	}
	return n
}

func (v *values) texts(derived derivedKey) []string {
	if v.many != nil {
		return v.many
	}
	return []string{v.text(derived)}
}

func (p *principals) texts() []string {
	var texts []string
	if p.everyone {
		texts = append(texts, "*")
	}
	for _, account := range p.accounts {
		texts = append(texts, "account "+account)
	}
	for _, list := range [...][]string{p.arns, p.ids, p.services, p.federated} {
		texts = append(texts, list...)
	}
	return texts
}

// components are the names of an ARN's parts, in order; the last part is split at its slashes.
var (
	components        = [...]string{"prefix", "partition", "service", "region", "account"}
	executeComponents = [...]string{"api", "stage", "method", "path"}
)

// nearestDifference names where an ARN differs from the pattern that agrees with it longest.
func nearestDifference(patterns []string, arn string) string {
	best, name := -1, ""
	for _, pattern := range patterns {
		if at, component := difference(pattern, arn); at > best {
			best, name = at, component
		}
	}
	return name
}

// difference returns how many components agree, and the name of the first that does not.
func difference(pattern, arn string) (int, string) {
	options := globOptions{wildcards: true}
	agrees := func(pattern, text string) bool {
		g := compileGlob(pattern, options)
		return g.match(text, nil) == matches
	}
	wanted, got := strings.SplitN(pattern, ":", arnParts), strings.SplitN(arn, ":", arnParts)
	if len(wanted) != arnParts || len(got) != arnParts {
		return 0, ""
	}
	for i := range components {
		if !agrees(wanted[i], got[i]) {
			return i, components[i]
		}
	}
	if got[2] != "execute-api" {
		return len(components), "resource"
	}
	wanted, got = strings.SplitN(wanted[5], "/", len(executeComponents)), strings.SplitN(got[5], "/", len(executeComponents))
	for i, name := range executeComponents {
		if i >= len(wanted) || i >= len(got) || !agrees(wanted[i], got[i]) {
			return len(components) + i, name
		}
	}
	return len(components) + len(executeComponents), ""
}
