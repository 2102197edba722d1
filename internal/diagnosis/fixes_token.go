package diagnosis

import (
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/authorizer"
	"gatehouse/internal/fault"
)

// fixJwtRejected mends the authorizer where it was told another issuer's spelling or
// lacks an audience, and asks for another token where the token is at fault.
func fixJwtRejected(c *diagnosed, f *fault.Fault, finding *Finding) {
	var refused *authorizer.TokenError
	if !errors.As(f, &refused) {
		return
	}
	settings, known := c.authorizer()
	text := "Send another token in place of " + token + ": " + refused.Description + "."
	switch refused.Claim {
	case "iss":
		if known && len(refused.Held) == 1 && differBySlash(refused.Held[0], settings.issuer) {
			finding.Nearest = append(finding.Nearest, "the issuer's keys verify the token: only the slash at the end differs")
			finding.Fix = Fix{
				Text:    "Configure the issuer letter by letter as the token's iss has it.",
				Command: c.updateJwt(settings, refused.Held[0], settings.audiences),
			}
			return
		}
	case "aud":
		if known && len(refused.Held) > 0 {
			finding.Fix = Fix{
				Text:    "Add the token's audience to the authorizer, if its clients are meant to call this API; or get a token for one of its audiences.",
				Command: c.updateJwt(settings, settings.issuer, append(slices.Clip(settings.audiences), refused.Held...)),
			}
			return
		}
	case "exp":
		text = "Get a new token, and send it in place of " + token + "."
	case "nbf", "iat":
		text = "Synchronise the clocks of the issuer and of this server; then get a new token and send it in place of " + token + "."
	case "token_use":
		text = "Send " + refused.Wanted + " in place of " + token + "."
	case "":
		finding.Wanted = refused.Wanted
	default:
		text = "Get a token with " + refused.Wanted + ", and send it in place of " + token + "."
	}
	finding.Fix = c.withIdentity(text)
}

func differBySlash(a, b string) bool { return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/") }

// updateJwt gives the JWT authorizer another configuration.
func (c *diagnosed) updateJwt(settings authorizing, issuer string, audiences []string) string {
	return c.thenDeploy(c.apigatewayv2("update-authorizer", "--authorizer-id", settings.id, "--jwt-configuration",
		jsonText(map[string]any{"Issuer": issuer, "Audience": audiences})))
}

func fixJwtScope(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Fix = c.withIdentity("Get a token with " + f.Wanted + ", and send it in place of " + token + ".")
}

// fixJwks is for an issuer that does not answer, or not with keys.
func fixJwks(_ *diagnosed, f *fault.Fault, finding *Finding) {
	var fetch *authorizer.FetchError
	finding.Wanted = "the issuer's keys, from where Gatehouse runs"
	finding.Fix.Text = "Make the issuer answer from where Gatehouse runs (network, DNS, certificate). The next request asks it again, after " +
		authorizer.FailurePause.String() + " at the latest."
	if errors.As(f, &fetch) {
		finding.Fix.Command = command("curl", "-sSf", fetch.Url)
	}
}
