package authenticator

import (
	"net/http"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/fault"
	"gatehouse/internal/sigv4"
)

// explainSignature adds to a refused signature what was wrong with it, without what it
// repeats to its client: the canonical request has the session token.
func explainSignature(answer *awsapi.Unmodelled, failed *sigv4.Error, r *http.Request) error {
	f := fault.New(fault.CredentialsRefused)
	f.Message, _, _ = strings.Cut(answer.Message, "\n")
	f.Checked, f.Found, f.Cause = "the request's Signature Version 4", answer.Code+": "+failed.Explanation.String(), failed
	signedConnections(f, r, failed)
	return fault.Refuse(answer, f)
}
