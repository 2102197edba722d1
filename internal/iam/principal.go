package iam

import "strings"

// grant is how directly a statement names the principal. It matters in the principal's own account: a grant to
// the account only delegates, one to a role is limited by boundaries and session policies, a direct one is not.
type grant uint8

const (
	noGrant grant = iota
	accountGrant
	roleGrant
	directGrant
)

// principals is a compiled Principal or NotPrincipal element.
type principals struct {
	negated   bool
	everyone  bool
	accounts  []string
	arns      []string
	ids       []string // unique ids, which IAM writes in place of a deleted user or role
	services  []string
	federated []string
}

// compilePrincipals reads the element: "*", or a map of lists.
func compilePrincipals(n *node, kind Kind) (*principals, error) {
	p := new(principals)
	if n.kind == stringNode {
		if n.text != "*" {
			return nil, malformedOf(kind, textSyntax)
		}
		p.everyone = true
		return p, nil
	}
	if n.kind != objectNode || len(n.members) == 0 {
		return nil, malformedOf(kind, textSyntax)
	}
	for _, m := range n.members {
		texts, ok := m.value.strings()
		if !ok {
			return nil, malformedOf(kind, textSyntax)
		}
		for _, text := range texts {
			if !p.add(m.name, text) {
				return nil, malformedOf(kind, `Invalid principal in policy: "`+m.name+`":"`+text+`"`)
			}
		}
	}
	return p, nil
}

// add takes one principal; false when it cannot be one. A wildcard names everyone or nobody: it cannot stand for
// part of a name.
func (p *principals) add(group, text string) bool {
	switch group {
	case "AWS":
		return p.addAWS(text)
	case "Service":
		p.services = append(p.services, text)
		return text != "" && !strings.Contains(text, "*")
	case "Federated":
		p.federated = append(p.federated, text)
		return text != ""
	case "CanonicalUser":
		return text != "" // S3's own; it names nobody here
	}
	return false
}

func (p *principals) addAWS(text string) bool {
	switch {
	case text == "*":
		p.everyone = true
	case isAccount(text):
		p.accounts = append(p.accounts, text)
	case strings.HasPrefix(text, string(UserPrefix)) || strings.HasPrefix(text, string(RolePrefix)):
		p.ids = append(p.ids, text)
	default:
		parts := strings.SplitN(text, ":", arnParts)
		if len(parts) != arnParts || parts[0] != "arn" || (parts[2] != "iam" && parts[2] != "sts") ||
			!isAccount(parts[4]) || strings.ContainsAny(text, "*?") {
			return false
		}
		if parts[5] == "root" {
			p.accounts = append(p.accounts, parts[4])
			return true
		}
		kind, name, _ := strings.Cut(parts[5], "/")
		p.arns = append(p.arns, text)
		return name != "" && (kind == "user" || kind == "role" || kind == "assumed-role" || kind == "federated-user")
	}
	return true
}

// isAccount says whether a text is a 12-digit account.
func isAccount(text string) bool {
	if len(text) != 12 {
		return false
	}
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// grants says how directly the element names a principal. NotPrincipal names everybody it does not list.
func (p *principals) grants(who *Principal) grant {
	g := p.listed(who)
	if !p.negated {
		return g
	}
	// Unconfirmed: AWS also wants the account of an exempted user or role listed, or else denies it; here the
	// user or the role is enough.
	if g == noGrant {
		return directGrant
	}
	return noGrant
}

func (p *principals) listed(who *Principal) grant {
	if p.everyone {
		return directGrant
	}
	switch who.Type {
	case Anonymous:
		return noGrant
	case Service:
		return directIf(contains(p.services, who.Name))
	case WebIdentity:
		return directIf(contains(p.federated, who.Name))
	}
	if contains(p.arns, who.ARN) {
		return directGrant
	}
	if who.SessionOf != "" && contains(p.arns, who.SessionOf) {
		return roleGrant
	}
	if len(p.ids) > 0 {
		id, session, _ := strings.Cut(who.UserID, ":")
		if contains(p.ids, id) {
			if session != "" {
				return roleGrant
			}
			return directGrant
		}
	}
	if contains(p.accounts, who.Account) {
		if who.Type == Root {
			return directGrant
		}
		return accountGrant
	}
	return noGrant
}

func directIf(b bool) grant {
	if b {
		return directGrant
	}
	return noGrant
}

func contains(list []string, text string) bool {
	for i := range list {
		if list[i] == text {
			return true
		}
	}
	return false
}
