package authorizer

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// This file words tokens for people who explain a refusal. Nothing of it reaches a
// client of the API, and none of the claims that it names is a secret.

const claimScope = "scope"

// clockText is a time as explanations show it.
func clockText(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05 MST") }

// values are those of a claim, as texts.
func (c claims) values(name string) []string {
	switch held := c[name].(type) {
	case nil:
		if client, ok := c["client_id"].(string); ok && name == "aud" {
			return []string{client}
		}
		return nil
	case string:
		return []string{held}
	case []any:
		var list []string
		for _, item := range held {
			list = append(list, fmt.Sprint(item))
		}
		return list
	default:
		return []string{fmt.Sprint(held)}
	}
}

// describe says of a token whose signature is good what its claims are; settings are
// nil for user pools, which compare no issuer and no audience here.
func (c claims) describe(settings *Jwt, now time.Time) string {
	parts := []string{"signature OK"}
	if settings != nil {
		issuer, _ := c["iss"].(string)
		parts = append(parts, issuerText(issuer, settings.Issuer), c.audienceText(settings.Audiences))
	}
	for _, name := range []string{"exp", "nbf", "iat"} {
		if text := c.timeText(name, now); text != "" {
			parts = append(parts, text)
		}
	}
	if use, ok := c["token_use"].(string); ok && settings == nil {
		parts = append(parts, "token_use "+use)
		if use == "access" {
			parts = append(parts, "scopes ["+strings.Join(c.scopes(), " ")+"]")
		}
	}
	return strings.Join(parts, "; ")
}

func issuerText(held, wanted string) string {
	switch {
	case held == wanted:
		return "iss OK"
	case strings.TrimSuffix(held, "/") == strings.TrimSuffix(wanted, "/"):
		return fmt.Sprintf("iss %q ≠ configured %q (a slash at the end)", held, wanted)
	default:
		return fmt.Sprintf("iss %q ≠ configured %q", held, wanted)
	}
}

func (c claims) audienceText(wanted []string) string {
	name := "aud"
	if c["aud"] == nil {
		name = "client_id (there is no aud)"
	}
	held := c.values("aud")
	if slices.ContainsFunc(held, func(one string) bool { return slices.Contains(wanted, one) }) {
		return "aud OK"
	}
	return fmt.Sprintf("%s %q is none of %q", name, held, wanted)
}

// timeText compares a time of the token with the server's clock.
func (c claims) timeText(name string, now time.Time) string {
	at, ok := c.time(name)
	passed := now.Sub(at).Round(time.Second)
	switch {
	case !ok && name == "exp":
		return "no exp"
	case !ok:
		return ""
	case name == "exp" && passed >= 0:
		return "exp " + clockText(at) + ", " + passed.String() + " ago"
	case name != "exp" && now.Before(at):
		return name + " " + clockText(at) + ", " + (-passed).String() + " ahead of this server's clock"
	default:
		return name + " OK"
	}
}

// unverified says what a token claims that could not be verified.
func unverified(token, description string, err error) string {
	const signature = "AWS4-HMAC-SHA256"
	var fetch *FetchError
	if errors.As(err, &fetch) {
		return fetch.Error() + " (" + fetch.Url + ")"
	}
	if strings.HasPrefix(token, signature) {
		return "a signature of AWS (" + signature + "), which is for AWS_IAM, and no token"
	}
	var content jwt.MapClaims
	parsed, _, err := jwt.NewParser().ParseUnverified(token, &content)
	if err != nil {
		return description
	}
	return fmt.Sprintf("%s; not verified: alg %v, kid %v, iss %v", description, parsed.Header["alg"], parsed.Header["kid"], content["iss"])
}
