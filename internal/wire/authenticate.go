package wire

import (
	"net/http"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
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

// AuthenticationReason is why a request was refused.
type AuthenticationReason uint8

// The reasons. Each has its code in every protocol.
const (
	// MissingToken is a request without a signature.
	MissingToken AuthenticationReason = iota + 1
	// UnknownAccessKey is an access key id that does not exist or is inactive.
	UnknownAccessKey
	// WrongSignature is a signature that does not fit the request.
	WrongSignature
	// ExpiredRequest is a signature or session token whose time is over.
	ExpiredRequest
	// MalformedSignature is an Authorization header that cannot be read.
	MalformedSignature
)

// AuthenticationFailure is an Authenticator's refusal; the wire writes it as the service would.
type AuthenticationFailure struct {
	Reason AuthenticationReason
	// Message is the text for the client; empty means the reason's usual text.
	Message string
}

// Error describes the refusal.
func (e *AuthenticationFailure) Error() string {
	return awsapi.Describe(e.render(schema.RestJSON))
}

type authenticationError struct{ code, queryCode, message string }

func authenticationErrors(reason AuthenticationReason) authenticationError {
	switch reason {
	case MissingToken:
		return authenticationError{"MissingAuthenticationTokenException", "MissingAuthenticationToken", "Missing Authentication Token"}
	case UnknownAccessKey:
		return authenticationError{"UnrecognizedClientException", "InvalidClientTokenId", "The security token included in the request is invalid."}
	case ExpiredRequest:
		return authenticationError{"ExpiredTokenException", "ExpiredToken", "The security token included in the request is expired"}
	case MalformedSignature:
		return authenticationError{"IncompleteSignatureException", "IncompleteSignature", "The Authorization header is incomplete."}
	}
	return authenticationError{"InvalidSignatureException", "SignatureDoesNotMatch",
		"The request signature we calculated does not match the signature you provided."}
}

// render returns the error of a protocol: the JSON protocols over one path answer 400, others 403.
func (e *AuthenticationFailure) render(protocol schema.Protocol) awsapi.Error {
	known := authenticationErrors(e.Reason)
	rendered := &awsapi.Unmodelled{Code: known.code, Message: e.Message, Status: http.StatusForbidden}
	if e.Message == "" {
		rendered.Message = known.message
	}
	switch protocol {
	case schema.Query:
		rendered.Code = known.queryCode
	case schema.JSON:
		rendered.Status = http.StatusBadRequest
	}
	return rendered
}
