package authenticator

import (
	"slices"
	"strings"

	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/store"
)

// resolver reads principals of one account and their policies from one view.
type resolver struct {
	keyring *Keyring
	view    store.Snapshot
	account string
}

// user finds a user who still is the one of the unique id. Errors: store.ErrNotFound.
func (r *resolver) user(name, userId string) (*iam.Principal, iam.PrincipalPolicies, error) {
	user, err := records.Users.Get(r.view, records.Scope(r.account), records.NameId(name))
	if err == nil && user.UserId != userId {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, iam.PrincipalPolicies{}, err
	}
	documents, err := records.UserDocuments(r.view, r.account, &user)
	if err != nil {
		return nil, iam.PrincipalPolicies{}, err
	}
	principal := &iam.Principal{
		Type: iam.User, Account: r.account, ARN: records.Arn(r.account, "user", user.Path, user.UserName),
		UserID: user.UserId, UserName: user.UserName, Tags: user.Tags,
	}
	return principal, iam.PrincipalPolicies{Identity: r.compile(documents), Boundary: r.boundary(&user.Permissions)}, nil
}

// role finds a role; id is its unique id, or empty for whichever has the name.
func (r *resolver) role(name, id string) (records.Role, iam.PrincipalPolicies, error) {
	role, err := records.Roles.Get(r.view, records.Scope(r.account), records.NameId(name))
	if err == nil && id != "" && role.RoleId != id {
		err = store.ErrNotFound
	}
	if err != nil {
		return role, iam.PrincipalPolicies{}, err
	}
	documents := role.Permissions.Documents(r.view, "role "+role.RoleName)
	return role, iam.PrincipalPolicies{Identity: r.compile(documents), Boundary: r.boundary(&role.Permissions)}, nil
}

// roleSession finds the role of a session, and adds what the session has of its own.
func (r *resolver) roleSession(session *sessions.Session) (*iam.Principal, iam.PrincipalPolicies, error) {
	role, policies, err := r.role(session.Name, session.Id)
	if err != nil {
		return nil, policies, err
	}
	for i, text := range session.Policies {
		policies.Session = append(policies.Session, r.keyring.compile(records.Document{Name: "session policy " + string(rune('1'+i)), Text: text}))
	}
	for _, arn := range session.PolicyArns {
		policies.Session = append(policies.Session, r.managed(arn))
	}
	principal := r.assumed(&role, session.SessionName)
	principal.Tags = mergeTags(session.Tags, role.Tags)
	principal.TransitiveTagKeys = session.TransitiveTagKeys
	principal.SourceIdentity, principal.FederatedProvider = session.SourceIdentity, session.FederatedProvider
	return principal, policies, nil
}

// assumed is a session of a role.
func (r *resolver) assumed(role *records.Role, sessionName string) *iam.Principal {
	return &iam.Principal{
		Type: iam.AssumedRole, Account: r.account, ARN: records.AssumedRoleArn(r.account, role.RoleName, sessionName),
		SessionOf: records.Arn(r.account, "role", role.Path, role.RoleName), UserID: role.RoleId + ":" + sessionName, Tags: role.Tags,
	}
}

// boundary is the permissions boundary, nil for none. One that is gone allows nothing.
func (r *resolver) boundary(permissions *records.Permissions) *iam.Policy {
	if permissions.PermissionsBoundary == "" {
		return nil
	}
	return r.managed(permissions.PermissionsBoundary)
}

// managed is a managed policy that must be there, or else denies everything.
func (r *resolver) managed(arn string) *iam.Policy {
	document, ok := records.ManagedDocument(r.view, arn)
	if !ok {
		return r.keyring.denyEverything(arn + " (which does not exist)")
	}
	return r.keyring.compile(document)
}

func (r *resolver) compile(documents []records.Document) []*iam.Policy {
	policies := make([]*iam.Policy, len(documents))
	for i, document := range documents {
		policies[i] = r.keyring.compile(document)
	}
	return policies
}

// mergeTags are the tags of a session, and those of its role whose keys the session does not have.
func mergeTags(session, role []iam.Tag) []iam.Tag {
	merged := slices.Clone(session)
	for _, tag := range role {
		if !slices.ContainsFunc(session, func(own iam.Tag) bool { return strings.EqualFold(own.Key, tag.Key) }) {
			merged = append(merged, tag)
		}
	}
	return merged
}
