package authorizer

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gatehouse/internal/fault"
)

// Jwt is an authorizer of type JWT, compiled. It is immutable.
type Jwt struct {
	AuthorizerId string
	Issuer       string
	Audiences    []string
	Source       IdentitySource
}

// Bounds of tokens.
const (
	// maxToken bounds a token, bytes; the request's headers are bounded at 10 KB already.
	maxToken = 16 * 1024
	// maxVerified bounds how many verified tokens are remembered.
	maxVerified = 10_000
)

// signingMethods are those of RSA, the only ones that API Gateway supports.
var signingMethods = []string{"RS256", "RS384", "RS512"}

// Tokens checks tokens. The zero value is not usable: see NewTokens.
type Tokens struct {
	keys   *KeySets
	now    func() time.Time
	parser *jwt.Parser

	mu       sync.RWMutex // guards verified
	verified map[[sha256.Size]byte]*verifiedToken
}

// verifiedToken is a token whose signature was checked with a key. Its claims are
// checked each time: time goes on and routes differ.
type verifiedToken struct {
	key    *rsa.PublicKey
	kid    string
	claims claims
	grant  *Grant
}

// NewTokens returns a Tokens that takes keys from keys and the time from now.
func NewTokens(keys *KeySets, now func() time.Time) *Tokens {
	return &Tokens{
		keys: keys, now: now, verified: map[[sha256.Size]byte]*verifiedToken{},
		parser: jwt.NewParser(jwt.WithValidMethods(signingMethods), jwt.WithoutClaimsValidation(), jwt.WithJSONNumber()),
	}
}

// Authorize checks a token, with or without "Bearer ", for a route that asks for one of
// scopes, or for none. The fault's cause is a *TokenError.
func (t *Tokens) Authorize(ctx context.Context, settings *Jwt, token string, scopes []string) (*Grant, *fault.Fault) {
	token = withoutBearer(token)
	if token == "" {
		return nil, tokenFault(fault.IdentityMissing, settings.Source.Text+" is absent", &TokenError{Description: "no token", Scopes: scopes})
	}
	verified, refused := t.verify(ctx, Issuer{Url: settings.Issuer}, token, goText)
	if refused == nil {
		if refused = t.checkClaims(settings, verified.claims); refused != nil {
			refused.Found = verified.claims.describe(settings, t.now())
		}
	}
	if refused != nil {
		refused.Scopes = scopes
		f := tokenFault(refusalId(refused), refused.Found, refused)
		f.Checked = "the token for authorizer " + settings.AuthorizerId + ": issuer " + settings.Issuer + ", audience [" + strings.Join(settings.Audiences, ", ") + "]"
		return nil, f
	}
	held := verified.grant.Scopes
	if len(scopes) > 0 && !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(held, s) }) {
		return nil, scopeMissing(held, scopes)
	}
	return verified.grant, nil
}

// refusalId tells an issuer that cannot be reached from a token that is refused.
func refusalId(refused *TokenError) fault.Id {
	if refused.Description == ErrDiscovery.Error() || refused.Description == ErrJwks.Error() {
		return fault.JwksUnreachable
	}
	return fault.JwtRejected
}

func scopeMissing(held, scopes []string) *fault.Fault {
	return tokenFault(fault.JwtScopeMissing, "scopes ["+strings.Join(held, " ")+"]", &TokenError{
		Code: insufficientScope, Description: "the token does not have a required scope", Scopes: scopes, // unconfirmed text
		Claim: claimScope, Held: held, Wanted: "one of the scopes " + strings.Join(scopes, " "),
	})
}

func tokenFault(id fault.Id, found string, cause *TokenError) *fault.Fault {
	f := fault.New(id)
	f.Checked, f.Found, f.Wanted, f.Cause = "the request's token", found, cause.Wanted, cause
	if found == "" {
		f.Found = cause.Description
	}
	return f
}

// withoutBearer takes the scheme off, in whatever case.
func withoutBearer(token string) string {
	const scheme = "bearer "
	if len(token) >= len(scheme) && strings.EqualFold(token[:len(scheme)], scheme) {
		token = token[len(scheme):]
	}
	return strings.TrimSpace(token)
}

// verify checks the signature of a token with the key that the issuer has now. print is
// how its claims are shown; issuers of one kind show them in one way.
func (t *Tokens) verify(ctx context.Context, issuer Issuer, token string, print claimText) (*verifiedToken, *TokenError) {
	if len(token) > maxToken {
		return nil, rejected("the token is too long")
	}
	id := sha256.Sum256([]byte(issuer.Url + "\x00" + issuer.JwksUrl + "\x00" + token))
	t.mu.RLock()
	known := t.verified[id]
	t.mu.RUnlock()
	if known != nil {
		if key, err := t.keys.Key(ctx, issuer, known.kid); err == nil && key.Equal(known.key) {
			return known, nil
		}
	}
	checked := &verifiedToken{}
	read := jwt.MapClaims{}
	_, err := t.parser.ParseWithClaims(token, read, func(parsed *jwt.Token) (any, error) {
		var err error
		checked.kid, _ = parsed.Header["kid"].(string)
		checked.key, err = t.keys.Key(ctx, issuer, checked.kid)
		return checked.key, err
	})
	if err != nil {
		refused := rejected(describe(err))
		refused.Err, refused.Found = err, unverified(token, refused.Description, err)
		refused.Wanted = "a token that " + issuer.Url + " signed with one of its RSA keys"
		return nil, refused
	}
	checked.claims = claims(read)
	checked.grant = &Grant{Claims: checked.claims.text(print), Scopes: checked.claims.scopes()}
	t.remember(id, checked)
	return checked, nil
}

func (t *Tokens) remember(id [sha256.Size]byte, checked *verifiedToken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for old := range t.verified {
		if len(t.verified) < maxVerified {
			break
		}
		delete(t.verified, old)
	}
	t.verified[id] = checked
}

func rejected(description string) *TokenError {
	return &TokenError{Code: invalidToken, Description: description}
}

// describe words why a token cannot be verified. Only the two communication errors are
// confirmed.
func describe(err error) string {
	switch {
	case errors.Is(err, ErrDiscovery):
		return ErrDiscovery.Error()
	case errors.Is(err, ErrJwks):
		return ErrJwks.Error()
	case errors.Is(err, errNoKey):
		return "unable to find a signing key that matches the token"
	case errors.Is(err, jwt.ErrTokenMalformed):
		return "the token is malformed"
	case strings.Contains(err.Error(), "signing method"):
		return "the signing method is invalid"
	default:
		return "the signature is invalid"
	}
}

// checkClaims checks iss, aud or client_id, exp, nbf and iat (guide:
// http-api-jwt-authorizer.md). Only the text about the audience is confirmed (guide:
// http-api-troubleshooting-jwt.md).
func (t *Tokens) checkClaims(settings *Jwt, c claims) *TokenError {
	if issuer, _ := c["iss"].(string); issuer != settings.Issuer {
		return c.refuse("iss", "the token does not have a valid issuer", "iss "+settings.Issuer)
	}
	if !c.hasAudience(settings.Audiences) {
		return c.refuse("aud", "the token does not have a valid audience", "aud, or client_id, of ["+strings.Join(settings.Audiences, ", ")+"]")
	}
	return c.checkTimes(t.now())
}

// refuse names the claim that does not pass.
func (c claims) refuse(claim, description, wanted string) *TokenError {
	e := rejected(description)
	e.Claim, e.Held, e.Wanted = claim, c.values(claim), wanted
	return e
}

// checkTimes checks exp, which must be there, nbf and iat.
func (c claims) checkTimes(now time.Time) *TokenError {
	expires, ok := c.time("exp")
	switch {
	case !ok:
		return c.refuse("exp", "the token does not have an expiration time", "exp")
	case !now.Before(expires):
		return c.refuse("exp", "the token has expired", "exp after "+clockText(now))
	}
	if notBefore, ok := c.time("nbf"); ok && now.Before(notBefore) {
		return c.refuse("nbf", "the token is not valid yet", "nbf before "+clockText(now)+", which is this server's clock")
	}
	if issued, ok := c.time("iat"); ok && now.Before(issued) {
		return c.refuse("iat", "the token was issued in the future", "iat before "+clockText(now)+", which is this server's clock")
	}
	return nil
}

// hasAudience compares aud, or client_id where there is no aud.
func (c claims) hasAudience(wanted []string) bool {
	switch audience := c["aud"].(type) {
	case string:
		return slices.Contains(wanted, audience)
	case []any:
		for _, item := range audience {
			if text, ok := item.(string); ok && slices.Contains(wanted, text) {
				return true
			}
		}
		return false
	}
	clientId, ok := c["client_id"].(string)
	return ok && slices.Contains(wanted, clientId)
}

// time reads a NumericDate.
func (c claims) time(name string) (time.Time, bool) {
	number, ok := c[name].(json.Number)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := number.Float64()
	if err != nil {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}
