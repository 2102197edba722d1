package integration

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// ClientCertificate is what a caller shows to HTTPS backends that ask for it. Its String
// tells nothing of the key.
type ClientCertificate struct {
	Id          string
	Fingerprint string // of the certificate; connections are kept for each
	Expires     time.Time
	Certificate tls.Certificate
}

// String is the certificate's id, so that printing one tells no key.
func (c *ClientCertificate) String() string { return "client certificate " + c.Id }

// askedKey finds, in the context of a call, the atomic.Bool that says whether the backend
// asked for a client certificate.
type askedKey struct{}

// withAsked watches whether the handshake of a call asks for a client certificate.
func withAsked(ctx context.Context) context.Context {
	return context.WithValue(ctx, askedKey{}, &atomic.Bool{})
}

func wasAsked(ctx context.Context) bool {
	asked, ok := ctx.Value(askedKey{}).(*atomic.Bool)
	return ok && asked.Load()
}

// showCertificate answers whoever asks for a certificate, whichever authorities they
// name: it is signed by itself. A nil one shows none.
func showCertificate(c *ClientCertificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if asked, ok := request.Context().Value(askedKey{}).(*atomic.Bool); ok {
			asked.Store(true)
		}
		if c == nil {
			return &tls.Certificate{}, nil
		}
		return &c.Certificate, nil
	}
}

// kindOfRefusal is the kind of a failure on a new connection whose handshake asked for a
// certificate. With TLS 1.3 the backend's alert comes after the handshake, and a reset of
// the connection may overtake it; with TLS 1.2 it may only say "handshake failure".
func kindOfRefusal(kind FailureKind, err error, shown *ClientCertificate) FailureKind {
	reset := errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	if kind == FailureBroken && reset || kind == FailureTLS && shown == nil {
		return FailureClientCert
	}
	return kind
}

// kindOfAlert says what a backend's TLS alert means: its complaint about the certificate
// that it was shown, or wanted, has a kind of its own. The alert's type is private to crypto/tls; its text is fixed.
func kindOfAlert(err error) (kind FailureKind, ok bool) {
	var alert *net.OpError
	if !errors.As(err, &alert) || alert.Op != "remote error" || alert.Err == nil {
		return "", false
	}
	text := alert.Err.Error()
	if strings.Contains(text, "certificate") || strings.Contains(text, "access denied") {
		return FailureClientCert, true
	}
	return FailureTLS, true
}
