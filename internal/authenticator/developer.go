package authenticator

import (
	"net/http"
	"strings"

	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
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
	// @connections API: it belongs to the data plane, whose authorization is real. Nil takes
	// any credentials there too.
	Connections *Secure
}

var _ wire.Authenticator = (*Developer)(nil)

// Authenticate implements wire.Authenticator.
func (d *Developer) Authenticate(r *http.Request, body []byte, service string) (caller.Caller, error) {
	if service == executeApi && d.Connections != nil {
		return d.authenticateConnections(r, body)
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

// authenticateConnections verifies as secure mode does, but for a dummy: an access key id
// that IAM cannot have issued, such as "test" or an account number, is the root user of
// the account that it names. Its signature cannot be verified, and policies decide over
// the root user as over anybody: it reaches the connections of its own account alone.
func (d *Developer) authenticateConnections(r *http.Request, body []byte) (caller.Caller, error) {
	credential, signed := wire.RequestCredential(r)
	if !signed || credential.Service != executeApi || iam.IsAccessKeyId(credential.AccessKeyId) {
		return d.Connections.Authenticate(r, body, executeApi)
	}
	who, err := d.DeveloperAuthenticator.Authenticate(r, body, executeApi)
	if err != nil {
		return who, err
	}
	who.SourceIp = d.TrustedProxies.SourceIp(r)
	return withIdentity(who, &iam.AccessKey{ID: credential.AccessKeyId, Principal: rootOf(who.Account)}), nil
}
