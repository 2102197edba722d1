// Package records says where identities are kept: users, groups, roles, managed
// policies, identity providers and access keys, one typed store.Collection for each.
// The control plane writes them; whoever verifies a signature or evaluates a role
// reads them; both through this package alone.
//
// IAM is global in an account, so the scope of a record has no region. It decides
// nothing (package iam does) and checks nothing (control/identity does). Secrets in
// these records are sealed (package secret).
//
// Begin at the list of collections; arn.go says how ARNs are made and read;
// policies.go finds the documents that are attached to somebody.
package records

import (
	"strings"
	"time"

	"gatehouse/internal/iam"
	"gatehouse/internal/store"
)

// The collections. Names of users, groups, roles and policies are unique in an account
// whatever their case, so ids are names in lower case: see NameId.
var (
	// Users is keyed by NameId of the user's name.
	Users = store.NewCollection[User]("IamUser")
	// Groups is keyed by NameId of the group's name.
	Groups = store.NewCollection[Group]("IamGroup")
	// Roles is keyed by NameId of the role's name.
	Roles = store.NewCollection[Role]("IamRole")
	// Policies is keyed by NameId of the policy's name, without its path.
	Policies = store.NewCollection[Policy]("IamPolicy")
	// OpenIDConnectProviders is keyed by the issuer's URL without its scheme.
	OpenIDConnectProviders = store.NewCollection[OpenIDConnectProvider]("IamOpenIDConnectProvider")
	// Accounts has one record, AccountId.
	Accounts = store.NewCollection[Account]("IamAccount")
	// AccessKeys is keyed by access key id in the scope of nobody: a signature names the
	// key alone, and the key names its account.
	AccessKeys = store.NewCollection[AccessKey]("IamAccessKey")
)

// AccountId is the id of the one record of Accounts.
const AccountId = "account"

// Nobody is the scope of AccessKeys.
var Nobody = store.Scope{}

// Scope is where the identities of an account are.
func Scope(account string) store.Scope { return store.Scope{Account: account} }

// NameId is the id of what has a name.
func NameId(name string) string { return strings.ToLower(name) }

// Permissions are the policies of a user, group or role.
type Permissions struct {
	// InlinePolicies are documents by policy name.
	InlinePolicies map[string]string
	// AttachedPolicies are ARNs, in the order in which they were attached.
	AttachedPolicies []string
	// PermissionsBoundary is an ARN, empty for none; a group has none.
	PermissionsBoundary string
}

// User is the record of an IAM user.
type User struct {
	UserName, Path, UserId string
	CreateDate             time.Time
	Tags                   []iam.Tag
	Permissions            Permissions
	// Groups are names of groups, in the order in which the user joined.
	Groups []string
	// AccessKeyIds are the user's keys, oldest first.
	AccessKeyIds []string
}

// Group is the record of a group. Who belongs to it stands in the users.
type Group struct {
	GroupName, Path, GroupId string
	CreateDate               time.Time
	Permissions              Permissions
}

// Role is the record of a role.
type Role struct {
	RoleName, Path, RoleId   string
	CreateDate               time.Time
	Description              string
	MaxSessionDuration       int32 // seconds
	AssumeRolePolicyDocument string
	Tags                     []iam.Tag
	Permissions              Permissions
}

// Policy is the record of a customer managed policy.
type Policy struct {
	PolicyName, Path, PolicyId string
	Description                string
	CreateDate, UpdateDate     time.Time
	// Versions are at most five, oldest first.
	Versions         []PolicyVersion
	DefaultVersionId string
	// NextVersion is the number of the version that is made next.
	NextVersion int
	Tags        []iam.Tag
}

// PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	VersionId, Document string
	CreateDate          time.Time
}

// Version returns a version of the policy, false when there is none of that id.
func (p *Policy) Version(versionId string) (PolicyVersion, bool) {
	for _, version := range p.Versions {
		if version.VersionId == versionId {
			return version, true
		}
	}
	return PolicyVersion{}, false
}

// OpenIDConnectProvider is the record of an issuer of tokens that an account trusts.
type OpenIDConnectProvider struct {
	// Url is the issuer, with its scheme.
	Url         string
	ClientIDs   []string
	Thumbprints []string
	CreateDate  time.Time
	Tags        []iam.Tag
}

// Account is what an account has of its own.
type Account struct {
	// RootAccessKeyIds are the keys of the root user, oldest first.
	RootAccessKeyIds []string
}

// AccessKey is the record of a long-term access key. Session credentials have none.
type AccessKey struct {
	AccessKeyId string
	Account     string
	// UserName and UserId say whose key it is; both are empty for the root user.
	UserName, UserId string
	Active           bool
	// SealedSecret is the secret access key, sealed for the AccessKeyId.
	SealedSecret string
	CreateDate   time.Time
}

// LastUse is when a key last signed, and for what. It is not kept; see authenticator.Signatures.
type LastUse struct {
	Date            time.Time
	Service, Region string
}
