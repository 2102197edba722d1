package login

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"gatehouse/internal/sigv4"
)

// Transport signs requests without a body for Gatehouse's own APIs, as a client does.
type Transport struct {
	Credentials sigv4.Credentials
	Region      string
	Now         func() time.Time
	// Next sends the request; nil is http.DefaultTransport.
	Next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	signed := r.Clone(r.Context())
	request := &sigv4.Request{Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery, Host: r.Host}
	if request.Host == "" {
		request.Host = r.URL.Host
	}
	signer := sigv4.Signer{Credentials: t.Credentials, Scope: sigv4.Scope{Region: t.Region, Service: Service}}
	signer.Sign(request, t.Now())
	for _, header := range request.Headers {
		signed.Header.Set(header.Name, header.Value)
	}
	next := t.Next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(signed)
	if err != nil {
		return nil, fmt.Errorf("sending a signed request: %w", err)
	}
	return response, nil
}

// CredentialsOf reads credentials as AWS's clients find them in the environment; false
// where there are none.
func CredentialsOf(getenv func(name string) string) (sigv4.Credentials, bool) {
	found := sigv4.Credentials{
		AccessKeyID: strings.TrimSpace(getenv("AWS_ACCESS_KEY_ID")), Secret: strings.TrimSpace(getenv("AWS_SECRET_ACCESS_KEY")),
		SessionToken: strings.TrimSpace(getenv("AWS_SESSION_TOKEN")),
	}
	return found, found.AccessKeyID != "" && found.Secret != ""
}
