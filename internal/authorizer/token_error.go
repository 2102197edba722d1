package authorizer

import "strings"

// TokenError is why a token was refused, as the WWW-Authenticate header of an HTTP API
// says it. It is the cause of the faults IdentityMissing, JwtRejected, JwtScopeMissing
// and JwksUnreachable of Tokens.
type TokenError struct {
	Code        string // "invalid_token" or "insufficient_scope"; empty when there was no token
	Description string
	Scopes      []string // that the route asks for

	// The rest is for people who explain the refusal and no part of an answer.

	// Claim is the claim that does not pass, "iss" say; empty for a token that is not
	// verified. Held are its values in the token.
	Claim string
	Held  []string
	// Found says what the token has, claim by claim, and Wanted what would pass.
	Found, Wanted string
	// Err is why the issuer's keys could not be had; a *FetchError when it cannot be reached.
	Err error
}

// The codes of RFC 6750.
const (
	invalidToken      = "invalid_token"
	insufficientScope = "insufficient_scope"
)

// Error is what $context.authorizer.error shows: "invalid_token: JWKS communication
// error" (public reports).
func (e *TokenError) Error() string {
	if e.Code == "" {
		return e.Description
	}
	return e.Code + ": " + e.Description
}

// Unwrap returns why the issuer's keys could not be had.
func (e *TokenError) Unwrap() error { return e.Err }

// FetchError says which document of an issuer could not be fetched.
type FetchError struct {
	Kind error // ErrDiscovery or ErrJwks
	Url  string
	Err  error
}

// Error names the kind and the cause.
func (e *FetchError) Error() string { return e.Kind.Error() + ": " + e.Err.Error() }

// Unwrap returns the kind and the cause.
func (e *FetchError) Unwrap() []error { return []error{e.Kind, e.Err} }

// Challenge is the value of WWW-Authenticate (guide: http-api-troubleshooting-jwt.md).
// For a request without a token it is the scheme alone (unconfirmed).
func (e *TokenError) Challenge() string {
	if e.Code == "" {
		return "Bearer"
	}
	return `Bearer scope="` + strings.Join(e.Scopes, " ") + `" error="` + e.Code + `" error_description="` + quoted(e.Description) + `"`
}

// quoted keeps a description within its quotes and its line.
func quoted(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return -1
		default:
			return r
		}
	}, text)
}
