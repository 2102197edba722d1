package authorizer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/fault"
)

// UserPools is an authorizer of type COGNITO_USER_POOLS, compiled. It is immutable.
type UserPools struct {
	AuthorizerId string
	// Pools are the user pools, by their providerARNs.
	Pools      []UserPool
	Source     IdentitySource
	Validation Matcher // of the whole token; nil matches all
}

// UserPool is one user pool.
type UserPool struct {
	Region, UserPoolId string
	Arn                string
}

// ParseUserPoolArn reads arn:aws:cognito-idp:{region}:{account}:userpool/{id}.
func ParseUserPoolArn(arn string) (UserPool, error) {
	const regionPart, resourcePart, parts = 3, 5, 6
	fields := strings.SplitN(arn, ":", parts)
	if len(fields) == parts && fields[2] == "cognito-idp" {
		if id, ok := strings.CutPrefix(fields[resourcePart], "userpool/"); ok && id != "" {
			return UserPool{Region: fields[regionPart], UserPoolId: id, Arn: arn}, nil
		}
	}
	return UserPool{}, fmt.Errorf("%q is not the ARN of a user pool", arn)
}

// AwsIssuer is the issuer of a user pool on AWS.
func AwsIssuer(pool UserPool) string {
	return "https://cognito-idp." + pool.Region + ".amazonaws.com/" + pool.UserPoolId
}

// AuthorizeUserPool checks a token of a user pool for a method that asks for one of
// scopes, or for none. Without scopes it must be an identity token, with scopes an
// access token (guide: apigateway-integrate-with-cognito.md). issuer says who issues the
// tokens of a pool; nil is AwsIssuer.
func (t *Tokens) AuthorizeUserPool(ctx context.Context, settings *UserPools, token string, call UserPoolCall) (*Grant, *fault.Fault) {
	token = withoutBearer(token)
	if token == "" {
		return nil, tokenFault(fault.IdentityMissing, settings.Source.Text+" is absent", &TokenError{Description: "no token"})
	}
	if settings.Validation != nil {
		if matched, err := settings.Validation.Match(token); err != nil || !matched {
			return nil, tokenFault(fault.IdentityMissing, "a token that does not match "+settings.Validation.Text(),
				&TokenError{Code: invalidToken, Description: "the token does not match the validation expression"})
		}
	}
	verified, refused := t.verifyOfPools(ctx, settings.Pools, token, call)
	if refused == nil {
		refused = verified.claims.checkTimes(t.now())
		if refused == nil {
			refused = verified.claims.checkUse(call.Scopes)
		}
		if refused != nil {
			refused.Found = verified.claims.describe(nil, t.now())
		}
	}
	if refused != nil {
		refused.Scopes = call.Scopes
		f := tokenFault(refusalId(refused), refused.Found, refused)
		f.Checked = "the token for authorizer " + settings.AuthorizerId + " of user pools [" + strings.Join(poolIds(settings.Pools), ", ") + "]"
		return nil, f
	}
	return verified.grant, nil
}

func poolIds(pools []UserPool) []string {
	ids := make([]string, len(pools))
	for i := range pools {
		ids[i] = pools[i].UserPoolId
	}
	return ids
}

// UserPoolCall is what a method asks of a user pool's token.
type UserPoolCall struct {
	Scopes []string
	// Issuer is who issues the tokens of a pool; nil is AwsIssuer.
	Issuer func(UserPool) string
}

// verifyOfPools verifies a token against the pool that it says it comes from.
func (t *Tokens) verifyOfPools(ctx context.Context, pools []UserPool, token string, call UserPoolCall) (*verifiedToken, *TokenError) {
	issuerOf := call.Issuer
	if issuerOf == nil {
		issuerOf = AwsIssuer
	}
	refused := rejected("the token does not come from a user pool of the authorizer")
	var issuers []string
	for _, pool := range pools {
		issuer := strings.TrimSuffix(issuerOf(pool), "/")
		issuers = append(issuers, issuer)
		verified, err := t.verify(ctx, Issuer{Url: issuer, JwksUrl: issuer + "/.well-known/jwks.json"}, token, javaText)
		if err != nil {
			refused = err
			continue
		}
		iss, _ := verified.claims["iss"].(string)
		if strings.TrimSuffix(iss, "/") == issuer {
			return verified, nil
		}
		refused = verified.claims.refuse("iss", refused.Description, "iss "+strings.Join(issuers, " or "))
		refused.Found = "signature OK; iss " + strconv.Quote(iss) + " is not " + strings.Join(issuers, " or ")
	}
	return nil, refused
}

var (
	errNotIdToken     = errors.New("without authorization scopes the token must be an identity token")
	errNotAccessToken = errors.New("with authorization scopes the token must be an access token with one of them")
)

// checkUse checks token_use and scopes. An identity token with scopes on the method is
// refused, as is an access token without.
func (c claims) checkUse(scopes []string) *TokenError {
	use, _ := c["token_use"].(string)
	if len(scopes) == 0 {
		if use != "id" {
			return c.refuse("token_use", errNotIdToken.Error(), "an identity token (token_use id), because the method has no authorizationScopes")
		}
		return nil
	}
	held := c.scopes()
	switch {
	case use != "access":
		return c.refuse("token_use", errNotAccessToken.Error(), "an access token (token_use access), because the method has authorizationScopes ["+strings.Join(scopes, " ")+"]")
	case !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(held, s) }):
		return c.refuse(claimScope, errNotAccessToken.Error(), "one of the scopes "+strings.Join(scopes, " "))
	}
	return nil
}

// javaDate is the form in which REST APIs show exp and iat (public reports).
const javaDate = "Mon Jan 02 15:04:05 MST 2006"

// javaText is how REST APIs show a claim: lists joined by commas, exp and iat as dates
// (public reports).
func javaText(name string, value any) string {
	if name == "exp" || name == "iat" {
		if at, ok := (claims{name: value}).time(name); ok {
			return at.UTC().Truncate(time.Second).Format(javaDate)
		}
	}
	if list, ok := value.([]any); ok {
		items := make([]string, len(list))
		for i, item := range list {
			items[i] = goText("", item)
		}
		return strings.Join(items, ",")
	}
	return goText(name, value)
}
