package wire

import (
	"net/http"
	"strings"

	"gatehouse/internal/caller"
)

// Credential is what a request's signature says of itself; nothing of it is verified.
type Credential struct {
	AccessKeyId string
	Region      string
	// Service is the service's signing name.
	Service string
}

// RequestCredential reads the credential scope of a request, from its Authorization header or its
// X-Amz-Credential parameter.
func RequestCredential(r *http.Request) (Credential, bool) {
	scope := r.URL.Query().Get("X-Amz-Credential")
	if header := r.Header.Get("Authorization"); strings.HasPrefix(header, "AWS4-") {
		_, after, _ := strings.Cut(header, "Credential=")
		scope, _, _ = strings.Cut(after, ",")
	}
	// An access key id holds no slash: key/date/region/service/aws4_request.
	parts := strings.Split(strings.TrimSpace(scope), "/")
	if len(parts) != 5 || parts[0] == "" || parts[3] == "" {
		return Credential{}, false
	}
	return Credential{AccessKeyId: parts[0], Region: parts[2], Service: parts[3]}, true
}

// DeveloperAuthenticator accepts any credentials, and none. It is for a machine of one's own.
type DeveloperAuthenticator struct {
	// DefaultAccount is the account of callers whose access key id is no account's.
	DefaultAccount string
	// DefaultRegion is the region of unsigned requests.
	DefaultRegion string
}

// Authenticate takes the region from the credential scope, and the account from an access key id
// of twelve digits. Everybody is the root of the account.
func (a DeveloperAuthenticator) Authenticate(r *http.Request, _ []byte, _ string) (caller.Caller, error) {
	c := caller.Caller{Account: a.DefaultAccount, Region: a.DefaultRegion}
	if credential, ok := RequestCredential(r); ok {
		c.Signed, c.AccessKeyId = true, credential.AccessKeyId
		if credential.Region != "" {
			c.Region = credential.Region
		}
		if isAccount(credential.AccessKeyId) {
			c.Account = credential.AccessKeyId
		}
	}
	c.PrincipalArn, c.UserId = "arn:aws:iam::"+c.Account+":root", c.Account
	return c, nil
}

func isAccount(id string) bool {
	return len(id) == 12 && strings.Trim(id, "0123456789") == ""
}
