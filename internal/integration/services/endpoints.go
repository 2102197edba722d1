package services

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"gatehouse/internal/integration"
	"gatehouse/internal/sigv4"
)

// Endpoints are the servers that stand for AWS services, as a configuration names them.
type Endpoints struct {
	// Configured are base URLs by the service's name ("sqs"), or by the name and the
	// region ("sqs/eu-west-1"), which comes first. The name may be the one of URIs or the
	// one of signatures.
	Configured map[string]string
	// Own are the base URLs of the services that this server has itself, by name; a
	// configured endpoint comes first.
	Own map[string]string
	// Credentials are what a call is signed with. nil leaves calls unsigned.
	Credentials func(ctx context.Context, caller *Caller) (sigv4.Credentials, error)
	Now         func() time.Time
}

// Caller says as whom a service is called.
type Caller struct {
	// AccountId is the API's account.
	AccountId string
	// RoleArn is the integration's role; apigw.CallerCredentials signs with AccessKeyId.
	RoleArn string
	// AccessKeyId and SessionToken are those that signed the API's request; empty where
	// nobody signed.
	AccessKeyId, SessionToken string
}

// Call is a request to an AWS service that is to be signed.
type Call struct {
	Request *integration.Request
	// Service is the name that stands in URIs, Region the one that is signed for.
	Service, Region string
	Caller          Caller
}

// ErrNotConfigured says that no server stands for a service.
var ErrNotConfigured = errors.New("no endpoint is configured for the service")

// Endpoint is the base URL of a service in a region, without a slash at its end; false
// where there is none.
func (e *Endpoints) Endpoint(service, region string) (string, bool) {
	for _, name := range []string{service, signingName(service)} {
		for _, key := range []string{name + "/" + region, name} {
			if base, ok := e.Configured[key]; ok {
				return strings.TrimSuffix(base, "/"), true
			}
		}
	}
	base, ok := e.Own[service]
	return base, ok
}

// signingName is the service's name in signatures.
func signingName(service string) string {
	if name, ok := signingNames[service]; ok {
		return name
	}
	if at := strings.LastIndexByte(service, '.'); at >= 0 {
		return service[at+1:]
	}
	return service
}

// Sign adds a signature to the call's headers. Every header that signatures cover by
// custom is covered: Host, Content-Type and X-Amz-*.
func (e *Endpoints) Sign(ctx context.Context, call *Call) error {
	if e.Credentials == nil {
		return nil
	}
	credentials, err := e.Credentials(ctx, &call.Caller)
	if err != nil {
		return err
	}
	target, err := url.Parse(call.Request.URL)
	if err != nil {
		return fmt.Errorf("reading the service's URL: %w", err)
	}
	signed := &sigv4.Request{
		Method: call.Request.Method, Path: target.EscapedPath(), RawQuery: target.RawQuery, Host: call.Request.Host, Body: call.Request.Body,
	}
	if signed.Host == "" {
		signed.Host = target.Host
	}
	for name, values := range call.Request.Header {
		for _, value := range values {
			signed.Headers = append(signed.Headers, sigv4.Header{Name: name, Value: value})
		}
	}
	signer := sigv4.Signer{Credentials: credentials, Scope: sigv4.Scope{Region: call.Region, Service: signingName(call.Service)}}
	signer.Sign(signed, e.Now())
	setSigned(call.Request.Header, signed.Headers)
	return nil
}

// signatureHeaders are what signing adds.
var signatureHeaders = set("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256")

func setSigned(header http.Header, signed []sigv4.Header) {
	for _, field := range signed {
		if name := http.CanonicalHeaderKey(field.Name); signatureHeaders[name] {
			header[name] = []string{field.Value}
		}
	}
}
