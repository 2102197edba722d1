package records

import (
	"errors"
	"slices"

	"gatehouse/internal/iam/managed"
	"gatehouse/internal/store"
)

// Document is a policy document with the name under which decisions are explained.
type Document struct{ Name, Text string }

// ManagedDocument finds the default version of a managed policy, AWS's or an account's.
func ManagedDocument(r store.Reader, policyArn string) (Document, bool) {
	if policy, ok := managed.Find(policyArn); ok {
		return Document{Name: policyArn, Text: policy.Document}, true
	}
	policy, err := FindPolicy(r, policyArn)
	if err != nil {
		return Document{}, false
	}
	version, ok := policy.Version(policy.DefaultVersionId)
	return Document{Name: policyArn, Text: version.Document}, ok
}

// FindPolicy reads the customer managed policy of an ARN. Errors: store.ErrNotFound.
func FindPolicy(r store.Reader, policyArn string) (Policy, error) {
	parsed, ok := ParseArn(policyArn)
	if !ok || parsed.Kind != "policy" {
		return Policy{}, store.ErrNotFound
	}
	policy, err := Policies.Get(r, Scope(parsed.Account), NameId(parsed.Name))
	if err == nil && (policy.PolicyName != parsed.Name || policy.Path != parsed.Path) {
		return Policy{}, store.ErrNotFound
	}
	return policy, err
}

// Documents are the policies of a user, group or role: inline in the order of their
// names, then attached. An attached policy that does not exist is left out; deleting
// one that is attached is refused, so there is none.
func (p *Permissions) Documents(r store.Reader, owner string) []Document {
	names := make([]string, 0, len(p.InlinePolicies))
	for name := range p.InlinePolicies {
		names = append(names, name)
	}
	slices.Sort(names)
	documents := make([]Document, 0, len(names)+len(p.AttachedPolicies))
	for _, name := range names {
		documents = append(documents, Document{Name: owner + " inline policy " + name, Text: p.InlinePolicies[name]})
	}
	for _, arn := range p.AttachedPolicies {
		if document, ok := ManagedDocument(r, arn); ok {
			documents = append(documents, document)
		}
	}
	return documents
}

// UserDocuments are the policies of a user and of its groups.
func UserDocuments(r store.Reader, account string, user *User) ([]Document, error) {
	documents := user.Permissions.Documents(r, "user "+user.UserName)
	for _, name := range user.Groups {
		group, err := Groups.Get(r, Scope(account), NameId(name))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		documents = append(documents, group.Permissions.Documents(r, "group "+group.GroupName)...)
	}
	return documents, nil
}
