package iam

// Sizes of policies, in characters without white space (IAM and API Gateway quotas).
const (
	// MaxUserInlinePolicySize is the total of a user's inline policies.
	MaxUserInlinePolicySize = 2048
	// MaxRoleInlinePolicySize is the total of a role's inline policies.
	MaxRoleInlinePolicySize = 10240
	// MaxGroupInlinePolicySize is the total of a group's inline policies.
	MaxGroupInlinePolicySize = 5120
	// MaxManagedPolicySize is of one managed policy.
	MaxManagedPolicySize = 6144
	// MaxTrustPolicySize is the default quota "Role trust policy length".
	MaxTrustPolicySize = 2048
)

// maxDocumentSize bounds what Compile reads; it is above every quota.
const maxDocumentSize = 64 << 10

// Kind is what a policy is for; it decides which elements it must and must not have.
type Kind uint8

const (
	// IdentityPolicy is attached to a user, group or role, inline or managed, or is a boundary or session policy.
	IdentityPolicy Kind = iota
	// TrustPolicy says who may assume a role.
	TrustPolicy
	// FunctionPolicy is the resource policy of a Lambda function, version or alias.
	FunctionPolicy
	// ApiPolicy is the resource policy of a REST API.
	ApiPolicy
	// AuthorizerPolicy is what a Lambda authorizer returns.
	AuthorizerPolicy
)

// Effect is a statement's effect.
type Effect uint8

// The effects.
const (
	Allow Effect = iota
	Deny
)

// String returns "Allow" or "Deny".
func (e Effect) String() string {
	if e == Deny {
		return "Deny"
	}
	return "Allow"
}

// Policy is a compiled policy document. It never changes, and many may use it at once.
type Policy struct {
	name       string
	kind       Kind
	statements []statement
}

// statement is one statement, compiled.
type statement struct {
	sid        string
	effect     Effect
	principals *principals // nil: the statement has no Principal
	actions    []glob
	notAction  bool
	resources  []arnGlob // nil: the statement has no Resource
	notRes     bool
	conditions []condition
}

// Len is the number of statements.
func (p *Policy) Len() int { return len(p.statements) }

// sid is the Sid of a statement, "" if it has none.
func (p *Policy) sid(index int) string {
	if p == nil || index < 0 || index >= len(p.statements) {
		return ""
	}
	return p.statements[index].sid
}

// PolicySize is the size that counts against IAM's quotas: without white space.
func PolicySize(document []byte) int {
	size := 0
	for _, c := range string(document) {
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			size++
		}
	}
	return size
}

// Compile reads and checks a policy document. The name is for explanations, for example an ARN. An error is a
// *MalformedPolicyError with AWS's text.
func Compile(document []byte, kind Kind, name string) (*Policy, error) {
	if len(document) > maxDocumentSize {
		return nil, malformedOf(kind, textSyntax)
	}
	root, err := parseDocument(document)
	if err != nil || root.kind != objectNode {
		return nil, malformedOf(kind, textSyntax)
	}
	if err := validate(&root, kind); err != nil {
		return nil, err
	}
	version, _ := root.get("Version")
	c := compiler{kind: kind, variables: version.text == version2012}
	p := &Policy{name: name, kind: kind}
	for _, each := range statementsOf(&root) {
		s, err := c.statement(&each)
		if err != nil {
			return nil, err
		}
		p.statements = append(p.statements, s)
	}
	return p, nil
}

// statementsOf returns the statements of a document that passed validate.
func statementsOf(root *node) []node {
	element, _ := root.get("Statement")
	if element.kind == objectNode {
		return []node{element}
	}
	return element.list
}

// compiler turns statements that passed validate into what is evaluated.
type compiler struct {
	kind      Kind
	variables bool // policy variables came with version 2012-10-17; before, ${…} is plain text
}

func (c *compiler) statement(n *node) (statement, error) {
	var s statement
	var err error
	for _, m := range n.members {
		switch m.name {
		case "Sid":
			s.sid = m.value.text
		case "Effect":
			if m.value.text == "Deny" {
				s.effect = Deny
			}
		case "Principal", "NotPrincipal":
			s.principals, err = compilePrincipals(&m.value, c.kind)
			if err == nil {
				s.principals.negated = m.name == "NotPrincipal"
			}
		case "Action", "NotAction":
			s.notAction = m.name == "NotAction"
			texts, _ := m.value.strings()
			for _, text := range texts {
				s.actions = append(s.actions, compileGlob(text, globOptions{wildcards: true, fold: true}))
			}
		case "Resource", "NotResource":
			s.notRes = m.name == "NotResource"
			texts, _ := m.value.strings()
			for _, text := range texts {
				s.resources = append(s.resources, compileARN(text, globOptions{wildcards: true, variables: c.variables}))
			}
		case "Condition":
			s.conditions, err = c.conditions(&m.value)
		}
		if err != nil {
			return statement{}, err
		}
	}
	return s, nil
}

func (c *compiler) conditions(n *node) ([]condition, error) {
	var list []condition
	for _, byOperator := range n.members {
		template, found := parseOperator(byOperator.name)
		if !found || byOperator.value.kind != objectNode {
			return nil, c.malformed(textSyntax)
		}
		for _, byKey := range byOperator.value.members {
			texts, ok := byKey.value.scalars()
			if !ok {
				return nil, c.malformed(textSyntax)
			}
			each := template
			each.key, each.derived = byKey.name, derivedKeyOf(byKey.name)
			for _, text := range texts {
				each.operands = append(each.operands, each.prepare(text, globOptions{variables: c.variables}))
			}
			list = append(list, each)
		}
	}
	return list, nil
}

func (c *compiler) malformed(text string) error {
	return malformedOf(c.kind, text)
}
