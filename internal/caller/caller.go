// Package caller says who calls an AWS operation.
//
// The wire puts a Caller into an operation's context; the control plane reads it to choose the
// account and region and to evaluate policies. It decides nothing itself: verifying a signature
// belongs to an Authenticator of internal/wire, and evaluating policies to internal/iam.
//
// Begin at Caller.
package caller

import (
	"context"

	"gatehouse/internal/iam"
)

// Caller is who sent a request, and how.
type Caller struct {
	// Account is the twelve-digit id of the account that is called.
	Account string
	// Region is the region that is called, for example "us-east-1".
	Region string
	// AccessKeyId is the access key that signed; empty when unsigned.
	AccessKeyId string
	// PrincipalArn is the ARN of the user, role session or account root.
	PrincipalArn string
	// UserId is AWS's unique id of the principal, as GetCallerIdentity returns it.
	UserId string
	// RequestId is the id of this request.
	RequestId string
	// SourceIp is the client's address without its port.
	SourceIp string
	// Signed says that the request carried a signature that the authenticator accepted.
	Signed bool
	// SecureTransport says that the request came over TLS (aws:SecureTransport).
	SecureTransport bool
	// UserAgent is the client's User-Agent header.
	UserAgent string
	// Host is the host the request was sent to, with its port.
	Host string
	// BasePath is the path before the operation's own, such as "/prod" of
	// "/prod/@connections/{connectionId}"; with Host it names the API and stage. It is empty for
	// every service but apigatewaymanagementapi.
	BasePath string
	// Identity is who was found behind the access key, with its policies. It is nil for callers of
	// developer mode whose key is nobody's: they are the root of their account.
	Identity *Identity
}

// Identity is a principal and what it may do.
type Identity struct {
	Principal *iam.Principal
	Policies  iam.PrincipalPolicies
}

// Principal is who calls, as policies see it: the Identity's, or the root of the account.
func (c Caller) Principal() *iam.Principal {
	if c.Identity != nil {
		return c.Identity.Principal
	}
	return &iam.Principal{Type: iam.Root, Account: c.Account, ARN: "arn:aws:iam::" + c.Account + ":root", UserID: c.Account}
}

// Policies are the caller's own.
func (c Caller) Policies() iam.PrincipalPolicies {
	if c.Identity != nil {
		return c.Identity.Policies
	}
	return iam.PrincipalPolicies{}
}

type key struct{}

// WithCaller returns a context that carries the caller.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, key{}, c)
}

// From returns the caller of a context, or the zero Caller where there is none.
func From(ctx context.Context) Caller {
	c, _ := ctx.Value(key{}).(Caller)
	return c
}
