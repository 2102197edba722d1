package identity

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	api "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/jwks"
	"gatehouse/internal/store"
)

// tokenAlgorithms are those that AWS takes from OpenID Connect issuers.
var tokenAlgorithms = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"}

// webIdentityClaims are the claims that matter.
type webIdentityClaims struct {
	jwt.RegisteredClaims

	AuthorizedParty string           `json:"azp"`
	Methods         jwt.ClaimStrings `json:"amr"`
}

// audience is what counts as the audience: azp when there is one, else the first aud.
func (c *webIdentityClaims) audience() string {
	if c.AuthorizedParty != "" || len(c.Audience) == 0 {
		return c.AuthorizedParty
	}
	return c.Audience[0]
}

// AssumeRoleWithWebIdentity makes a session of a role for somebody whom an OpenID
// Connect issuer vouches for. The call is not signed: the token is its proof.
func (s *TokenService) AssumeRoleWithWebIdentity(ctx context.Context, in *api.AssumeRoleWithWebIdentityInput) (*api.AssumeRoleWithWebIdentityOutput, error) {
	if value(in.ProviderId) != "" {
		return nil, validationError("ProviderId is not supported by Gatehouse: it is for OAuth 2.0 providers, and only OpenID Connect issuers are served")
	}
	parsed, ok := records.ParseArn(in.RoleArn)
	if !ok || parsed.Kind != "role" {
		return nil, validationError("Request ARN is invalid")
	}
	provider, claims, err := s.readToken(ctx, parsed.Account, in.WebIdentityToken)
	if err != nil {
		return nil, err
	}
	name := providerId(provider.Url)
	made, err := s.assume(ctx, &sessionWant{
		roleArn: in.RoleArn, sessionName: in.RoleSessionName, policy: in.Policy, policyArns: in.PolicyArns, durationSeconds: in.DurationSeconds,
		principal: webIdentity(records.ProviderArn(parsed.Account, name)), action: actionAssumeRoleWithWebIdentity,
		keys: claims.context(name),
	})
	if err != nil {
		return nil, err
	}
	return &api.AssumeRoleWithWebIdentityOutput{
		Credentials: made.credentials, AssumedRoleUser: made.user, PackedPolicySize: made.packedSize,
		SubjectFromWebIdentityToken: &claims.Subject, Audience: new(claims.audience()), Provider: new(records.ProviderArn(parsed.Account, name)),
	}, nil
}

// context are the condition keys that a token gives: those of its issuer.
func (c *webIdentityClaims) context(provider string) iam.Context {
	keys := iam.Context{
		{Key: provider + ":sub", Value: c.Subject},
		{Key: provider + ":aud", Value: c.audience()},
	}
	if len(c.Audience) > 0 {
		keys = append(keys, iam.ContextKey{Key: provider + ":oaud", Values: c.Audience})
	}
	if c.AuthorizedParty != "" {
		keys = append(keys, iam.ContextKey{Key: provider + ":azp", Value: c.AuthorizedParty})
	}
	if len(c.Methods) > 0 {
		keys = append(keys, iam.ContextKey{Key: provider + ":amr", Values: c.Methods})
	}
	return keys
}

// readToken verifies a token by the provider that the role's account has of its issuer.
// Who has no provider there is never asked for its keys.
func (s *TokenService) readToken(ctx context.Context, account, token string) (records.OpenIDConnectProvider, *webIdentityClaims, error) {
	var unverified webIdentityClaims
	if _, _, err := jwt.NewParser().ParseUnverified(token, &unverified); err != nil || unverified.Issuer == "" {
		return records.OpenIDConnectProvider{}, nil, invalidToken("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
	}
	provider, err := records.OpenIDConnectProviders.Get(s.Store.View(), records.Scope(account), providerId(unverified.Issuer))
	if errors.Is(err, store.ErrNotFound) || err == nil && strings.TrimSuffix(unverified.Issuer, "/") != provider.Url {
		return provider, nil, invalidToken("No OpenIDConnect provider found in your account for " + unverified.Issuer)
	}
	if err != nil {
		return provider, nil, err
	}
	claims := &webIdentityClaims{}
	parser := jwt.NewParser(jwt.WithValidMethods(tokenAlgorithms), jwt.WithTimeFunc(s.Now), jwt.WithExpirationRequired())
	_, err = parser.ParseWithClaims(token, claims, func(parsed *jwt.Token) (any, error) {
		keyId, _ := parsed.Header["kid"].(string)
		return s.Issuers.Key(ctx, unverified.Issuer, keyId)
	})
	if err != nil {
		return provider, nil, s.tokenRefused(ctx, provider.Url, claims, err)
	}
	switch {
	case claims.Subject == "":
		return provider, nil, invalidToken("Missing a required claim: sub")
	case !slices.Contains(provider.ClientIDs, claims.audience()):
		return provider, nil, invalidToken("Incorrect token audience")
	}
	return provider, claims, nil
}

// tokenRefused says what is wrong with a token. The parser's error quotes from the token, so it is not logged.
func (s *TokenService) tokenRefused(ctx context.Context, issuer string, claims *webIdentityClaims, err error) error {
	switch {
	case errors.Is(err, jwks.ErrFetch):
		s.Log.WarnContext(ctx, "issuer does not answer", slog.String("issuer", issuer))
		return &api.IDPCommunicationErrorException{Message: "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements"}
	case errors.Is(err, jwt.ErrTokenExpired) && claims.ExpiresAt != nil:
		return &api.ExpiredTokenException{Message: "Token expired: current date/time " + seconds(s.Now()) +
			" must be before the expiration date/time " + seconds(claims.ExpiresAt.Time)}
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return invalidToken("Missing a required claim: exp")
	case errors.Is(err, jwt.ErrTokenNotValidYet), errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return invalidToken("The ID Token is not valid yet")
	}
	return invalidToken("Couldn't verify the signature of the ID Token")
}

func seconds(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func invalidToken(message string) error {
	return &api.InvalidIdentityTokenException{Message: message}
}
