package authenticator

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/origin"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/wire"
)

// Secure is the wire's Authenticator of secure mode: every operation needs a valid
// signature, but for the one that AWS answers unsigned.
type Secure struct {
	Signatures *Signatures
	// TrustedProxies may say where a request came from.
	TrustedProxies origin.TrustedProxies
	// Region is the region of unsigned requests.
	Region string
	// Log is told why a signature was refused: never a secret, a session token or a signature.
	Log *slog.Logger
}

var _ wire.EarlyAuthenticator = (*Secure)(nil)

// AuthenticateEarly implements wire.EarlyAuthenticator: a body decides only whether a
// signature fits, and, for the one unsigned operation, which operation it is.
func (s *Secure) AuthenticateEarly(r *http.Request, service string) error {
	if service == "sts" {
		return nil
	}
	request := sigv4.FromHTTP(r, nil)
	_, _, err := s.Signatures.verify(r.Context(), &request, sigv4.Scope{Service: service})
	var failed *sigv4.Error
	if !errors.As(err, &failed) || failed.Kind == sigv4.InvalidSignature {
		return nil
	}
	return s.refuse(r, service, err)
}

// Authenticate implements wire.Authenticator.
func (s *Secure) Authenticate(r *http.Request, body []byte, service string) (caller.Caller, error) {
	who := caller.Caller{Region: s.Region, SourceIp: s.TrustedProxies.SourceIp(r)}
	if service == "sts" && isUnsignedOperation(r, body) {
		who.Identity = &caller.Identity{Principal: &iam.Principal{Type: iam.Anonymous}}
		return who, nil
	}
	request := sigv4.FromHTTP(r, body)
	key, verified, err := s.Signatures.verify(r.Context(), &request, sigv4.Scope{Service: service})
	if err != nil {
		return caller.Caller{}, s.refuse(r, service, err)
	}
	who.Region, who.Signed = verified.Scope.Region, true
	return withIdentity(who, &key), nil
}

// refuse makes of a failure what the service answers, and logs what is behind it.
func (s *Secure) refuse(r *http.Request, service string, err error) error {
	var failed *sigv4.Error
	if !errors.As(err, &failed) {
		return err
	}
	// The text of the failure repeats the canonical request, session token included, to
	// the client who sent it: it must not be logged. The explanation has neither.
	s.Log.InfoContext(r.Context(), "signature refused", slog.String("service", service), slog.String("explanation", failed.Explanation.String()))
	answer := failed.Answer(protocolOf(service))
	return explainSignature(&awsapi.Unmodelled{Code: answer.Code, Message: answer.Message, Status: answer.Status}, failed, r)
}

// withIdentity completes a caller by whose key it was.
func withIdentity(who caller.Caller, key *iam.AccessKey) caller.Caller {
	who.AccessKeyId, who.Account = key.ID, key.Principal.Account
	who.PrincipalArn, who.UserId = key.Principal.ARN, key.Principal.UserID
	who.Identity = &caller.Identity{Principal: key.Principal, Policies: key.Policies}
	return who
}

// unsignedOperation proves who calls with a token of its own.
const unsignedOperation = "AssumeRoleWithWebIdentity"

func isUnsignedOperation(r *http.Request, body []byte) bool {
	if r.Header.Get("Authorization") != "" {
		return false
	}
	query := r.URL.Query()
	if query.Get("Action") == unsignedOperation {
		return true
	}
	form, err := url.ParseQuery(string(body))
	return err == nil && query.Get("Action") == "" && form.Get("Action") == unsignedOperation
}

// protocolOf is how a service speaks, by its signing name.
func protocolOf(service string) sigv4.Protocol {
	switch service {
	case "iam", "sts", "cloudformation", "elasticloadbalancing":
		return sigv4.Query
	case "logs":
		return sigv4.JSON
	case "execute-api":
		return sigv4.ExecuteAPI
	}
	return sigv4.RESTJSON
}
