package integration

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// Request is a call to an HTTP backend.
type Request struct {
	Method string
	URL    string // absolute, already escaped
	Host   string // the Host header; empty takes the URL's
	Header http.Header
	Body   []byte
	// Timeout bounds the whole call, connecting and reading the body included.
	Timeout time.Duration
	// InsecureSkipVerification accepts any certificate, as tlsConfig.insecureSkipVerification says.
	InsecureSkipVerification bool
	// ServerNameToVerify is the name the certificate must carry; empty takes the URL's host.
	ServerNameToVerify string
	// ClientCertificate is shown to an HTTPS backend that asks for one; nil shows none.
	ClientCertificate *ClientCertificate
	// Dial connects to the backend in place of the network, for VPC links; nil uses the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Addresses are where to connect to in place of the URL's host, host:port each: one
	// that does not accept a connection leaves the request to the next. Connections are
	// kept for each address. Empty takes the URL's host, or Dial.
	Addresses []string
	// Unreachable makes the error when no address accepts a connection; nil keeps it.
	Unreachable func(err error) error
}

// Response is what an HTTP backend answered.
type Response struct {
	StatusCode int
	Header     http.Header
	Body       []byte
	Latency    time.Duration
}

// FailureKind says at which point a call to a backend failed.
type FailureKind string

// The kinds of failure that the diagnosis tells apart.
const (
	FailureTimeout     FailureKind = "timeout"            // the timeout of the Request passed
	FailureName        FailureKind = "name"               // the host name does not resolve
	FailureConnect     FailureKind = "connect"            // nothing accepts the connection
	FailureCertificate FailureKind = "certificate"        // the certificate is not trusted or has another name
	FailureTLS         FailureKind = "tls"                // the TLS handshake failed otherwise
	FailureClientCert  FailureKind = "client-certificate" // the backend wants another client certificate, or one at all
	FailureBroken      FailureKind = "broken"             // the connection ended or the answer is not HTTP
	FailureTooLarge    FailureKind = "response-too-large" // the answer is over the payload limit
	FailureRequest     FailureKind = "request"            // the request cannot be made, such as a bad URL
)

// Failure is the error of Client.Call: which kind, after how long, and why.
type Failure struct {
	Kind    FailureKind
	After   time.Duration
	Address string // host:port that was tried
	Err     error
}

// Error describes the failure for the log; it is never shown to a client of an API.
func (f *Failure) Error() string {
	return fmt.Sprintf("calling %s: %s after %s: %v", f.Address, f.Kind, f.After.Round(time.Millisecond), f.Err)
}

// Unwrap returns the underlying error.
func (f *Failure) Unwrap() error { return f.Err }

// IdleConnectionTimeout is how long a Client keeps a connection that nothing uses.
const IdleConnectionTimeout = 60 * time.Second

// Bounds of the connections that a Client keeps.
const (
	maxIdleConnections        = 1024
	maxIdleConnectionsPerHost = 256
	maxTransports             = 256 // one for each pair of TLS settings
	maxResponseHeaderBytes    = 64 * 1024
)

// Client calls HTTP backends. Its zero value is not usable: see NewClient.
type Client struct {
	// MaxResponseBytes bounds a response body ("Payload size").
	MaxResponseBytes int64
	// RootCAs is what backends' certificates are checked against; nil is the system's.
	RootCAs *x509.CertPool
	// Now is the clock.
	Now func() time.Time

	mu         sync.Mutex // guards transports
	transports map[tlsSetting]*http.Transport
}

type tlsSetting struct {
	insecure   bool
	serverName string
	// clientCertificate is its fingerprint; empty shows none.
	clientCertificate string
	// connectTimeout bounds connecting; 0 leaves it to the call's timeout.
	connectTimeout time.Duration
}

// NewClient returns a Client that reads response bodies of at most maxResponseBytes.
func NewClient(maxResponseBytes int64, now func() time.Time) *Client {
	return &Client{MaxResponseBytes: maxResponseBytes, Now: now, transports: map[tlsSetting]*http.Transport{}}
}

// CloseIdleConnections closes the connections that are not in use.
func (c *Client) CloseIdleConnections() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, transport := range c.transports {
		transport.CloseIdleConnections()
	}
}

// Call sends request and reads the whole answer. Its error is always a *Failure.
func (c *Client) Call(ctx context.Context, request *Request) (*Response, error) {
	started := c.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, request.Timeout, context.DeadlineExceeded)
	defer cancel()
	outgoing, err := newOutgoing(ctx, request)
	if err != nil {
		return nil, &Failure{Kind: FailureRequest, Address: request.URL, Err: err}
	}
	answer, err := c.send(request, outgoing)
	if err != nil {
		failure := c.failure(outgoing.URL, started, err)
		if wasAsked(outgoing.Context()) {
			failure.Kind = kindOfRefusal(failure.Kind, err, request.ClientCertificate)
		}
		return nil, failure
	}
	defer func() { _ = answer.Body.Close() }()
	var body []byte
	if request.Method != http.MethodHead { // its Content-Length is of a body that does not come
		body, err = c.readBody(answer)
	}
	if err != nil {
		return nil, c.failure(outgoing.URL, started, err)
	}
	return &Response{StatusCode: answer.StatusCode, Header: answer.Header, Body: body, Latency: c.Now().Sub(started)}, nil
}

func newOutgoing(ctx context.Context, request *Request) (*http.Request, error) {
	target, err := url.Parse(request.URL)
	if err != nil {
		return nil, fmt.Errorf("reading the endpoint's URL: %w", err)
	}
	if target.Hostname() == "" { // a variable in it may be empty
		return nil, fmt.Errorf("the endpoint's URL %q names no host", request.URL)
	}
	if target.Scheme == "https" {
		ctx = withAsked(ctx)
	}
	header := request.Header
	if header == nil {
		header = http.Header{}
	}
	outgoing := &http.Request{
		Method: request.Method, URL: target, Host: request.Host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(request.Body)),
	}
	if len(request.Body) > 0 {
		outgoing.Body = io.NopCloser(bytes.NewReader(request.Body))
		outgoing.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(request.Body)), nil }
	}
	return outgoing.WithContext(withDial(ctx, request.Dial)), nil
}

var errTooLarge = errors.New("the response is larger than the payload limit")

func (c *Client) readBody(answer *http.Response) ([]byte, error) {
	if answer.ContentLength > c.MaxResponseBytes {
		return nil, errTooLarge
	}
	if answer.ContentLength > 0 {
		body := make([]byte, answer.ContentLength)
		_, err := io.ReadFull(answer.Body, body)
		return body, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.MaxResponseBytes+1))
	if err == nil && int64(len(body)) > c.MaxResponseBytes {
		return nil, errTooLarge
	}
	return body, err
}

type dialKey struct{}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

func withDial(ctx context.Context, dial dialFunc) context.Context {
	if dial == nil {
		return ctx
	}
	return context.WithValue(ctx, dialKey{}, dial)
}

// transport returns the connections for the request's TLS setting. Requests with a
// Dial of their own get no kept connection: a target is chosen for each call.
func (c *Client) transport(request *Request) http.RoundTripper {
	setting := settingOf(request)
	if request.Dial != nil {
		transport := c.newTransport(setting, request.ClientCertificate)
		transport.DisableKeepAlives = true
		return transport
	}
	return c.keptTransport(setting, request.ClientCertificate)
}

// settingOf is what a request wants of TLS.
func settingOf(request *Request) tlsSetting {
	setting := tlsSetting{insecure: request.InsecureSkipVerification, serverName: request.ServerNameToVerify}
	if request.ClientCertificate != nil {
		setting.clientCertificate = request.ClientCertificate.Fingerprint
	}
	return setting
}

func (c *Client) keptTransport(setting tlsSetting, certificate *ClientCertificate) http.RoundTripper {
	c.mu.Lock()
	defer c.mu.Unlock()
	transport, ok := c.transports[setting]
	if !ok {
		if len(c.transports) >= maxTransports {
			c.dropOneTransport()
		}
		transport = c.newTransport(setting, certificate)
		c.transports[setting] = transport
	}
	return transport
}

func (c *Client) dropOneTransport() {
	for setting, transport := range c.transports {
		transport.CloseIdleConnections()
		delete(c.transports, setting)
		return
	}
}

func (c *Client) newTransport(setting tlsSetting, certificate *ClientCertificate) *http.Transport {
	dialer := &net.Dialer{Timeout: setting.connectTimeout}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if dial, ok := ctx.Value(dialKey{}).(dialFunc); ok {
				return dial(ctx, network, address)
			}
			return dialer.DialContext(ctx, network, address)
		},
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            c.RootCAs,
			ServerName:         setting.serverName,
			InsecureSkipVerify: setting.insecure, // the user's tlsConfig.insecureSkipVerification asks for it
		},
		MaxIdleConns:           maxIdleConnections,
		MaxIdleConnsPerHost:    maxIdleConnectionsPerHost,
		IdleConnTimeout:        IdleConnectionTimeout,
		MaxResponseHeaderBytes: maxResponseHeaderBytes,
		DisableCompression:     true, // a backend's Content-Encoding is its business
	}
	transport.TLSClientConfig.GetClientCertificate = showCertificate(certificate)
	return transport
}

func (c *Client) failure(target *url.URL, started time.Time, err error) *Failure {
	return &Failure{Kind: kindOf(err), After: c.Now().Sub(started), Address: target.Host, Err: err}
}

func kindOf(err error) FailureKind {
	var name *net.DNSError
	var unknownAuthority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var network *net.OpError
	var timeout net.Error
	if kind, ok := kindOfAlert(err); ok {
		return kind
	}
	switch {
	case errors.Is(err, errTooLarge):
		return FailureTooLarge
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return FailureTimeout
	case errors.As(err, &name):
		return FailureName
	case errors.As(err, &unknownAuthority), errors.As(err, &hostname), errors.As(err, &invalid), errors.As(err, &verification):
		return FailureCertificate
	case errors.As(err, &record), errors.As(err, &alert):
		return FailureTLS
	case errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &network) && network.Op == "dial":
		return FailureConnect
	default:
		return FailureBroken
	}
}
