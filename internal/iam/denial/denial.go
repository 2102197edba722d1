// Package denial explains a decision that went against a caller: which statement denied,
// or what came nearest to allowing, and what would let the request pass.
//
// It decides nothing: package iam does. It tells a caller nothing of another account's
// policies, and its texts hold no secret: principals, actions, ARNs, policies.
//
// Begin at Denial.Fault.
package denial

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/iam"
)

// Denial is a decision with what it was about.
type Denial struct {
	Request  *iam.Request
	Policies *iam.Policies
	Decision iam.Decision
}

// Fault is the explanation of a refused operation.
func (d *Denial) Fault() *fault.Fault {
	f := fault.New(fault.OperationDenied)
	f.Checked = d.Request.Action + " on " + d.Request.Resource + " for " + d.Request.Principal.String()
	f.Wanted = "an Allow in " + d.wanted() + ", and no Deny"
	if d.isForeign() {
		f.Found = "the policy of account " + d.resourceAccount() + " does not let the caller in"
	} else {
		explanation := iam.Explain(d.Request, d.Policies, d.Decision)
		f.Found = foundOf(explanation)
		if explanation.Nearest != nil {
			f.Nearest = nearestOf(explanation.Nearest)
		}
	}
	f.Fix, f.Command = d.fix()
	return f
}

// isForeign says whether another account's policy decided, which is not the caller's to see.
func (d *Denial) isForeign() bool {
	account := d.resourceAccount()
	return d.Decision.By == iam.ResourceBased && account != "" && account != d.Request.Principal.Account
}

// resourceAccount is the account that owns the resource, empty where nothing says it.
func (d *Denial) resourceAccount() string {
	if parts := strings.SplitN(d.Request.Resource, ":", arnParts); len(parts) == arnParts && parts[arnAccount] != "" {
		return parts[arnAccount]
	}
	return d.Request.ResourceAccount
}

// The parts of an ARN.
const (
	arnParts   = 6
	arnAccount = 4
)

func foundOf(e *iam.Explanation) string {
	switch {
	case e.Decision.Outcome == iam.ImplicitDeny && e.Statements == 0:
		return "implicit deny: there is no statement in " + theirs[e.Decision.By]
	case e.Decision.Outcome == iam.ImplicitDeny:
		return "implicit deny: none of " + strconv.Itoa(e.Statements) + " statements of " + theirs[e.Decision.By] + " allows it"
	}
	return e.String()
}

func nearestOf(near *iam.Near) string {
	if near.Policy == "" {
		return near.String()
	}
	return near.Policy + ", " + near.String()
}

// theirs are the types of policies, in a sentence.
var theirs = map[iam.PolicyType]string{
	iam.IdentityBased: "the caller's policies", iam.ResourceBased: "the resource's policy", iam.Boundary: "the permissions boundary",
	iam.SessionBased: "the session's policies",
}

func (d *Denial) wanted() string {
	if where, ok := theirs[d.Decision.By]; ok {
		return where
	}
	return "the caller's policies"
}

// fix says what would let the operation pass, and the command where one can.
func (d *Denial) fix() (text, command string) {
	who := d.Request.Principal
	switch {
	case d.Decision.Outcome == iam.ExplicitDeny:
		return "Take the statement that denies it away, or narrow it: no Allow outweighs a Deny.", showPolicies(who)
	case d.Decision.By == iam.Boundary:
		return "Add the action to the policy that is the permissions boundary: both it and the caller's own policies must allow it.", ""
	case d.Decision.By == iam.SessionBased:
		return "Make the session with a policy that allows the action: a session may do what its own policies and its role's both allow.", ""
	case d.Decision.By == iam.ResourceBased && strings.HasPrefix(d.Request.Action, "sts:"):
		return "The role's trust policy must allow " + who.String() + ".", ""
	case d.Decision.By == iam.ResourceBased:
		return "The resource is another account's: its policy must allow " + who.String() + ", or the caller assumes a role of that account.", ""
	}
	return "Give " + who.String() + " a policy that allows the action.", d.allow()
}

// allow is the command that gives a user or a role the permission.
func (d *Denial) allow() string {
	owner, operation, option := ownerOf(d.Request.Principal)
	if owner == "" {
		return ""
	}
	document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]string{"Effect": "Allow", "Action": d.Request.Action, "Resource": d.Request.Resource},
	}})
	if err != nil {
		return "" // two strings always encode
	}
	// The name is the permission's own, so that no other policy is replaced.
	sum := sha256.Sum256([]byte(d.Request.Resource))
	name := "allow-" + strings.ReplaceAll(d.Request.Action, ":", "-") + "-" + hex.EncodeToString(sum[:4])
	return fault.Command("aws", "iam", "put-"+operation+"-policy", option, owner, "--policy-name", name, "--policy-document", string(document))
}

func showPolicies(who *iam.Principal) string {
	owner, operation, option := ownerOf(who)
	if owner == "" {
		return ""
	}
	return fault.Command("aws", "iam", "list-"+operation+"-policies", option, owner) + " &&\n" +
		fault.Command("aws", "iam", "list-attached-"+operation+"-policies", option, owner)
}

// ownerOf is the user or role whose policies a principal has, as IAM's commands name it;
// empty for who has none.
func ownerOf(who *iam.Principal) (name, kind, option string) {
	switch who.Type {
	case iam.User:
		return who.UserName, "user", "--user-name"
	case iam.AssumedRole:
		return who.SessionOf[strings.LastIndexByte(who.SessionOf, '/')+1:], "role", "--role-name"
	}
	return "", "", ""
}
