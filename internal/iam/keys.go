package iam

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"
)

// PrincipalType is what kind of caller a principal is.
type PrincipalType uint8

// The kinds of principals.
const (
	// Anonymous is a caller who did not sign.
	Anonymous PrincipalType = iota
	// Root is the root user of an account.
	Root
	// User is an IAM user.
	User
	// AssumedRole is a session of a role.
	AssumedRole
	// FederatedUser is a session made by GetFederationToken.
	FederatedUser
	// WebIdentity is somebody whom an identity provider vouches for, before a role is assumed.
	WebIdentity
	// Service is an AWS service, for example apigateway.amazonaws.com.
	Service
)

var principalTypeNames = [...]string{
	Anonymous: "Anonymous", Root: "Account", User: "User", AssumedRole: "AssumedRole",
	FederatedUser: "FederatedUser", WebIdentity: "FederatedUser", Service: "Service",
}

// String returns the value of aws:PrincipalType.
func (t PrincipalType) String() string { return principalTypeNames[t] }

// Tag is a tag of a principal.
type Tag struct {
	// Key and Value are the tag.
	Key, Value string
}

// Principal is who asks. It must not change once it is in use.
type Principal struct {
	// Type is the kind; it says which of the other fields are set.
	Type PrincipalType
	// Account is the 12-digit account, of all but Anonymous, WebIdentity and Service.
	Account string
	// ARN is what AWS prints: arn:aws:iam::A:root, …:user/PATH/NAME, arn:aws:sts::A:assumed-role/ROLE/SESSION or
	// …:federated-user/NAME.
	ARN string
	// SessionOf is the ARN of the role of an AssumedRole, with its path, or of the user behind a FederatedUser.
	SessionOf string
	// UserID is aws:userid: AIDA…, AROA…:SESSION, ACCOUNT:NAME, or the account for Root.
	UserID string
	// UserName is aws:username, of a User.
	UserName string
	// Name is the service's principal of a Service, or the provider of a WebIdentity.
	Name string
	// Tags are the principal's tags, and the session's.
	Tags []Tag
	// TokenIssued is when temporary credentials were issued; aws:TokenIssueTime. There are no MFA devices, so
	// temporary credentials also have aws:MultiFactorAuthPresent, "false", and others have none, as on AWS.
	TokenIssued time.Time
	// SourceIdentity is aws:SourceIdentity, of a session that was given one.
	SourceIdentity string
	// FederatedProvider is aws:FederatedProvider: the ARN of the identity provider of a web identity's session.
	FederatedProvider string
	// TransitiveTagKeys are the keys of a session's tags that the next session inherits.
	TransitiveTagKeys []string
}

// anonymous stands in for a missing principal.
var anonymous = Principal{Type: Anonymous}

// String returns what AWS's messages call the principal.
func (p *Principal) String() string {
	switch {
	case p == nil || p.Type == Anonymous:
		return "anonymous"
	case p.ARN != "":
		return p.ARN
	}
	return p.Name
}

// ServicePrincipal returns the principal of an AWS service.
func ServicePrincipal(name string) *Principal {
	return &Principal{Type: Service, Name: name}
}

// PrincipalPolicies are the policies that belong to a principal.
type PrincipalPolicies struct {
	// Identity are the policies of the user, its groups, or the role.
	Identity []*Policy
	// Boundary is the permissions boundary, or nil.
	Boundary *Policy
	// Session are the policies passed when the session was made.
	Session []*Policy
}

// AccessKey is an access key and who it stands for.
type AccessKey struct {
	// ID and Secret are the two halves.
	ID, Secret string
	// SessionToken is set for temporary credentials.
	SessionToken string
	// Expires is when temporary credentials run out; zero is never.
	Expires time.Time
	// Principal is who signs with the key.
	Principal *Principal
	// Policies are the principal's.
	Policies PrincipalPolicies
}

// String returns the id alone, so that printing a key tells no secret.
func (k AccessKey) String() string { return k.ID }

// Keys finds access keys. An inactive key is not found.
type Keys interface {
	AccessKey(ctx context.Context, id string) (AccessKey, bool)
}

// IDPrefix is the kind of thing an identifier of IAM names.
type IDPrefix string

// The prefixes of identifiers (IAM: unique identifiers).
const (
	AccessKeyPrefix          IDPrefix = "AKIA"
	TemporaryAccessKeyPrefix IDPrefix = "ASIA"
	UserPrefix               IDPrefix = "AIDA"
	RolePrefix               IDPrefix = "AROA"
	GroupPrefix              IDPrefix = "AGPA"
	ManagedPolicyPrefix      IDPrefix = "ANPA"
)

const (
	idAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	// accessKeyRandom and uniqueIDRandom are how many characters follow the prefix.
	accessKeyRandom = 16
	uniqueIDRandom  = 17
	secretLength    = 40
)

// accessKeyIdLength is the length of the shortest access key id (IAM: AccessKey, AccessKeyId).
const accessKeyIdLength = 16

// IsAccessKeyId says whether a text has the form of an access key id that IAM or STS
// could have issued.
func IsAccessKeyId(text string) bool {
	if len(text) < accessKeyIdLength || !strings.HasPrefix(text, string(AccessKeyPrefix)) && !strings.HasPrefix(text, string(TemporaryAccessKeyPrefix)) {
		return false
	}
	return strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// NewID makes an identifier: the prefix and 16 characters for access keys, 17 for everything else.
func NewID(prefix IDPrefix, random io.Reader) (string, error) {
	length := uniqueIDRandom
	if prefix == AccessKeyPrefix || prefix == TemporaryAccessKeyPrefix {
		length = accessKeyRandom
	}
	bytes := make([]byte, length)
	if _, err := io.ReadFull(random, bytes); err != nil {
		return "", fmt.Errorf("making an identifier %s: %w", prefix, err)
	}
	for i, b := range bytes {
		bytes[i] = idAlphabet[b%byte(len(idAlphabet))]
	}
	return string(prefix) + string(bytes), nil
}

// NewSecret makes a secret access key of 40 characters.
func NewSecret(random io.Reader) (string, error) {
	bytes := make([]byte, secretLength/4*3)
	if _, err := io.ReadFull(random, bytes); err != nil {
		return "", fmt.Errorf("making a secret access key: %w", err)
	}
	return base64.StdEncoding.EncodeToString(bytes), nil
}
