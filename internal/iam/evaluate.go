package iam

import "strings"

// Outcome is what was decided.
type Outcome uint8

// The outcomes.
const (
	// ImplicitDeny: nothing allows the request.
	ImplicitDeny Outcome = iota
	// ExplicitDeny: a Deny statement applies.
	ExplicitDeny
	// Allowed: the request may go on.
	Allowed
)

var outcomeNames = [...]string{ImplicitDeny: "implicit deny", ExplicitDeny: "explicit deny", Allowed: "allow"}

// String returns the outcome in AWS's words.
func (o Outcome) String() string { return outcomeNames[o] }

// PolicyType is which of a request's policies something comes from.
type PolicyType uint8

// The types of policies, and the two reasons that are no policy.
const (
	// NoPolicy: decided without a policy (no authorization is asked for).
	NoPolicy PolicyType = iota
	// RootUser: the root user may do everything in its account.
	RootUser
	// IdentityBased: policies of the user, its groups, or the role.
	IdentityBased
	// ResourceBased: the policy of the resource.
	ResourceBased
	// Boundary: the permissions boundary.
	Boundary
	// SessionBased: policies passed when the session was made.
	SessionBased
	// Authorizer: the policy a Lambda authorizer returned, or its absence.
	Authorizer
)

var policyTypeNames = [...]string{
	NoPolicy: "no policy", RootUser: "root user", IdentityBased: "identity-based policy",
	ResourceBased: "resource-based policy", Boundary: "permissions boundary", SessionBased: "session policy",
	Authorizer: "identity-based policy", // AWS's own name for what an authorizer returned
}

// String returns the type as AWS's messages name it.
func (t PolicyType) String() string { return policyTypeNames[t] }

// Policies are the policies that bear on a request.
type Policies struct {
	// PrincipalPolicies are the principal's own.
	PrincipalPolicies
	// Resource is the policy of the resource, or nil.
	Resource *Policy
	// ResourceMustAllow says that an identity-based policy is not enough, not even in one account: so it is with
	// the trust policy of a role.
	ResourceMustAllow bool
}

// Decision is what was decided and by what.
type Decision struct {
	// Outcome is the decision.
	Outcome Outcome
	// By is which type of policy decided: the one with the statement, or the one that should have allowed.
	By PolicyType
	// Policy is the policy with the deciding statement; nil for an implicit deny.
	Policy *Policy
	// Statement is the index of that statement, from 0.
	Statement int
}

// Allowed says whether the request may go on.
func (d Decision) Allowed() bool { return d.Outcome == Allowed }

// sid is the Sid of the deciding statement, "" if there is none.
func (d Decision) sid() string { return d.Policy.sid(d.Statement) }

// part is a part of a statement that can keep it from applying, in the order in which they are checked.
type part uint8

const (
	noPart part = iota
	actionPart
	resourcePart
	principalPart
	conditionPart
)

// applies says whether a statement applies to a request: the part that does not, the index of a condition that
// does not hold, and how directly the statement names the principal.
func (s *statement) applies(req *Request) (failed part, index int, g grant) {
	if !s.matchesAction(req.Action) {
		return actionPart, 0, noGrant
	}
	if s.resources != nil && !s.matchesResource(req) {
		return resourcePart, 0, noGrant
	}
	if s.principals != nil {
		if g = s.principals.grants(req.principal()); g == noGrant {
			return principalPart, 0, noGrant
		}
	}
	for i := range s.conditions {
		if s.conditions[i].holds(req) != matches {
			return conditionPart, i, g
		}
	}
	return noPart, 0, g
}

func (s *statement) matchesAction(action string) bool {
	for i := range s.actions {
		if s.actions[i].match(action, nil) == matches {
			return !s.notAction
		}
	}
	return s.notAction
}

// matchesResource is false also when a policy variable has no value, even under NotResource.
func (s *statement) matchesResource(req *Request) bool {
	missing := false
	for i := range s.resources {
		switch s.resources[i].match(req.Resource, req) {
		case matches:
			return !s.notRes
		case unresolved:
			missing = true
		}
	}
	return s.notRes && !missing
}

// verdict is what one type of policies says.
type verdict struct {
	allow, deny        int // index of the first statement, -1 for none
	policy, denyPolicy *Policy
	grant              grant // of the most direct Allow
}

var silent = verdict{allow: -1, deny: -1}

// judge adds a policy to the verdict.
func (v *verdict) judge(p *Policy, req *Request) {
	for i := range p.statements {
		s := &p.statements[i]
		if s.effect == Allow && v.allow >= 0 && v.grant == directGrant || v.deny >= 0 {
			continue
		}
		failed, _, g := s.applies(req)
		switch {
		case failed != noPart:
		case s.effect == Deny:
			v.deny, v.denyPolicy = i, p
		case v.allow < 0 || g > v.grant:
			v.allow, v.policy, v.grant = i, p, g
		}
	}
}

func judge(req *Request, policies ...*Policy) verdict {
	v := silent
	for _, p := range policies {
		if p != nil {
			v.judge(p, req)
		}
	}
	return v
}

func (v *verdict) allowed(by PolicyType) Decision {
	return Decision{Outcome: Allowed, By: by, Policy: v.policy, Statement: v.allow}
}

func (v *verdict) denied(by PolicyType) Decision {
	return Decision{Outcome: ExplicitDeny, By: by, Policy: v.denyPolicy, Statement: v.deny}
}

func implicitDeny(by PolicyType) Decision {
	return Decision{Outcome: ImplicitDeny, By: by, Statement: -1}
}

// evaluation holds what each type of policy says of a request.
type evaluation struct {
	req                                   *Request
	policies                              *Policies
	identity, resource, boundary, session verdict
}

// Evaluate decides a request by AWS's evaluation logic: an explicit deny anywhere wins; then, in one account, the
// policy of the resource or the identity must allow, and boundary and session policies may take away what the
// identity got; between accounts both sides must allow.
//
// Unconfirmed: which policy AWS names when several deny. Here identity comes before resource, boundary, session.
func Evaluate(req *Request, policies *Policies) Decision {
	e := evaluation{req: req, policies: policies}
	e.identity = judge(req, policies.Identity...)
	e.resource = judge(req, policies.Resource)
	e.boundary = judge(req, policies.PrincipalPolicies.Boundary)
	e.session = judge(req, policies.Session...)
	if d, denied := e.explicitDeny(); denied {
		return d
	}
	switch p := req.principal(); p.Type {
	case Anonymous, Service, WebIdentity:
		return e.byResource()
	case Root:
		return e.root()
	default:
		if req.sameAccount() {
			return e.sameAccount()
		}
		return e.crossAccount()
	}
}

func (e *evaluation) explicitDeny() (Decision, bool) {
	switch {
	case e.identity.deny >= 0:
		return e.identity.denied(IdentityBased), true
	case e.resource.deny >= 0:
		return e.resource.denied(ResourceBased), true
	case e.boundary.deny >= 0:
		return e.boundary.denied(Boundary), true
	case e.session.deny >= 0:
		return e.session.denied(SessionBased), true
	}
	return Decision{}, false
}

// byResource: these principals have no policies of their own.
func (e *evaluation) byResource() Decision {
	if e.resource.allow >= 0 {
		return e.resource.allowed(ResourceBased)
	}
	return implicitDeny(ResourceBased)
}

// root: everything in its own account, what the other side allows elsewhere.
func (e *evaluation) root() Decision {
	if e.policies.ResourceMustAllow || !e.req.sameAccount() {
		return e.byResource()
	}
	return Decision{Outcome: Allowed, By: RootUser, Statement: -1}
}

func (e *evaluation) sameAccount() Decision {
	switch {
	case e.resource.grant == directGrant && e.resource.allow >= 0:
		// Named directly (or as everyone): implicit denies elsewhere do not count.
		return e.resource.allowed(ResourceBased)
	case e.resource.grant == roleGrant && e.resource.allow >= 0:
		if d, limited := e.limits(); limited {
			return d
		}
		return e.resource.allowed(ResourceBased)
	case e.policies.ResourceMustAllow && e.resource.allow < 0:
		return implicitDeny(ResourceBased)
	}
	return e.byIdentity()
}

func (e *evaluation) crossAccount() Decision {
	if d := e.byIdentity(); !d.Allowed() {
		return d
	}
	return e.byResource()
}

// byIdentity decides by the principal's own policies.
func (e *evaluation) byIdentity() Decision {
	if e.identity.allow < 0 {
		return implicitDeny(IdentityBased)
	}
	if d, limited := e.limits(); limited {
		return d
	}
	return e.identity.allowed(IdentityBased)
}

// limits says whether a boundary or the session takes the permission away.
func (e *evaluation) limits() (Decision, bool) {
	own := &e.policies.PrincipalPolicies
	if own.Boundary != nil && e.boundary.allow < 0 {
		return implicitDeny(Boundary), true
	}
	// A federated user without a session policy may do nothing.
	needsSession := len(own.Session) > 0 || e.req.principal().Type == FederatedUser
	if needsSession && e.session.allow < 0 {
		return implicitDeny(SessionBased), true
	}
	return Decision{}, false
}

// sameAccount says whether the principal asks for something of its own account.
func (r *Request) sameAccount() bool {
	owner := r.ResourceAccount
	if owner == "" {
		owner = arnAccount(r.Resource)
	}
	return owner == "" || owner == r.principal().Account
}

// arnAccount is the account of an ARN, "" if it has none.
func arnAccount(arn string) string {
	if !strings.HasPrefix(arn, "arn:") {
		return ""
	}
	for range 4 {
		var found bool
		if _, arn, found = strings.Cut(arn, ":"); !found {
			return ""
		}
	}
	account, _, _ := strings.Cut(arn, ":")
	return account
}
