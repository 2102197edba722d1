package identity

import (
	"context"
	"crypto"
	"fmt"
	"log/slog"
	"time"

	api "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/store"
)

// IssuerKeys finds the public keys of issuers of web identities: *jwks.Client.
type IssuerKeys interface {
	Key(ctx context.Context, issuer, keyId string) (crypto.PublicKey, error)
}

// TokenService implements the STS API: temporary credentials, kept nowhere, and who calls.
type TokenService struct {
	api.Unimplemented

	Store    store.Store
	Sessions *sessions.Sealer
	// Issuers are asked for the keys of web identities.
	Issuers IssuerKeys
	Now     func() time.Time
	// Log is told how it was decided who may not assume a role. No token enters it.
	Log *slog.Logger
	// RootAssumesRoles lets root users assume roles, which AWS refuses. It is for
	// developer mode, where everybody is the root of some account.
	RootAssumesRoles bool
}

var _ api.Service = (*TokenService)(nil)

// GetCallerIdentity says who calls. Nobody needs a permission for it.
func (s *TokenService) GetCallerIdentity(ctx context.Context, _ *api.GetCallerIdentityInput) (*api.GetCallerIdentityOutput, error) {
	who := caller.From(ctx)
	principal := who.Principal()
	return &api.GetCallerIdentityOutput{UserId: &principal.UserID, Account: &who.Account, Arn: &principal.ARN}, nil
}

// GetSessionToken makes temporary credentials of the caller's own.
func (s *TokenService) GetSessionToken(ctx context.Context, in *api.GetSessionTokenInput) (*api.GetSessionTokenOutput, error) {
	if err := refuseDevices(in.SerialNumber, in.TokenCode); err != nil {
		return nil, err
	}
	principal := caller.From(ctx).Principal()
	session := &sessions.Session{Account: principal.Account, Kind: sessions.OfUser, Name: principal.UserName, Id: principal.UserID}
	longest := int32(longestUserSessionToken)
	switch {
	case !principal.TokenIssued.IsZero() || principal.Type == iam.AssumedRole:
		return nil, accessDenied("Cannot call GetSessionToken with session credentials")
	case principal.Type == iam.Root:
		session = &sessions.Session{Account: principal.Account, Kind: sessions.OfRoot}
		longest = longestRootSessionToken
	case principal.Type != iam.User:
		return nil, accessDenied("Cannot call GetSessionToken with these credentials")
	}
	duration := int32(defaultSessionToken)
	if in.DurationSeconds != nil {
		duration = *in.DurationSeconds
	}
	credentials, err := s.issue(session, min(duration, longest)) // AWS shortens a root user's, too
	return orNil(&api.GetSessionTokenOutput{Credentials: credentials}, err)
}

// refuseDevices refuses MFA by name: there are no devices here.
func refuseDevices(serialNumber, tokenCode *string) error {
	if value(serialNumber) != "" || value(tokenCode) != "" {
		return validationError("SerialNumber and TokenCode are not supported by Gatehouse: there are no MFA devices")
	}
	return nil
}

// issue completes a session and seals it.
func (s *TokenService) issue(session *sessions.Session, seconds int32) (*api.Credentials, error) {
	now := s.Now().Truncate(time.Second)
	session.Issued, session.Expires = now.Unix(), now.Unix()+int64(seconds)
	token, err := s.Sessions.Issue(session)
	if err != nil {
		return nil, fmt.Errorf("issuing a session: %w", err)
	}
	return &api.Credentials{
		AccessKeyId: session.AccessKeyId, SecretAccessKey: session.SecretAccessKey, SessionToken: token, Expiration: session.ExpiresAt(),
	}, nil
}
