package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"gatehouse/internal/sigv4"
)

// ServiceEndpoints are the servers that stand for AWS services, as a configuration
// names them. It implements Services.
type ServiceEndpoints struct {
	// Endpoints are base URLs by the service's name in signatures ("sqs"), or by the name
	// and the region ("sqs/eu-west-1"), which comes first.
	Endpoints map[string]string
	// Credentials are what a role of an account signs with. nil leaves calls unsigned.
	Credentials func(ctx context.Context, account, roleArn string) (sigv4.Credentials, error)
	Now         func() time.Time
}

// Endpoint implements Services.
func (s *ServiceEndpoints) Endpoint(service, region string) (string, bool) {
	if base, ok := s.Endpoints[service+"/"+region]; ok {
		return base, true
	}
	base, ok := s.Endpoints[service]
	return base, ok
}

// Sign implements Services.
func (s *ServiceEndpoints) Sign(ctx context.Context, call *ServiceCall) error {
	if s.Credentials == nil {
		return nil
	}
	credentials, err := s.Credentials(ctx, call.AccountId, call.RoleArn)
	if err != nil {
		return fmt.Errorf("assuming role %s: %w", call.RoleArn, err)
	}
	target, err := url.Parse(call.Request.URL)
	if err != nil {
		return fmt.Errorf("reading the service's URL: %w", err)
	}
	signed := &sigv4.Request{
		Method: call.Request.Method, Path: target.EscapedPath(), RawQuery: target.RawQuery, Host: target.Host, Body: call.Request.Body,
	}
	if contentType := call.Request.Header.Get(headerContentType); contentType != "" {
		signed.Headers = append(signed.Headers, sigv4.Header{Name: headerContentType, Value: contentType})
	}
	if action := call.Request.Header.Get(headerTarget); action != "" {
		signed.Headers = append(signed.Headers, sigv4.Header{Name: headerTarget, Value: action})
	}
	before := len(signed.Headers)
	signer := sigv4.Signer{Credentials: credentials, Scope: sigv4.Scope{Region: call.Region, Service: call.Service}}
	signer.Sign(signed, s.Now())
	for _, header := range signed.Headers[min(before, len(signed.Headers)):] {
		call.Request.Header[http.CanonicalHeaderKey(header.Name)] = []string{header.Value}
	}
	return nil
}
