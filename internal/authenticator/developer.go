package authenticator

import (
	"net/http"
	"strings"

	"gatehouse/internal/caller"
	"gatehouse/internal/origin"
	"gatehouse/internal/wire"
)

// executeApi is the signing name of APIs and of @connections.
const executeApi = "execute-api"

// Developer is the wire's Authenticator of developer mode: any credentials are accepted
// and name an account, as wire.DeveloperAuthenticator says. A key that the server made
// itself (CreateAccessKey, AssumeRole …) names its user or session, so that
// GetCallerIdentity, AssumeRole and trust policies see who calls; its signature is not
// verified. The data plane never uses it.
type Developer struct {
	wire.DeveloperAuthenticator

	Keyring        *Keyring
	TrustedProxies origin.TrustedProxies
	// Connections verifies what is signed for execute-api on the wire, which is the
	// @connections API: it belongs to the data plane. Nil takes any credentials there too.
	Connections *Secure
}

var _ wire.Authenticator = (*Developer)(nil)

// Authenticate implements wire.Authenticator.
func (d *Developer) Authenticate(r *http.Request, body []byte, service string) (caller.Caller, error) {
	if service == executeApi && d.Connections != nil {
		return d.Connections.Authenticate(r, body, service)
	}
	who, err := d.DeveloperAuthenticator.Authenticate(r, body, service)
	if err != nil {
		return who, err
	}
	who.SourceIp = d.TrustedProxies.SourceIp(r)
	token, inQuery := queryToken(r.URL.RawQuery)
	if !inQuery {
		token = strings.TrimSpace(r.Header.Get(tokenHeader))
	}
	if key, ok := d.Keyring.Find(who.AccessKeyId, token); ok && who.AccessKeyId != "" {
		who = withIdentity(who, &key)
	}
	return who, nil
}
