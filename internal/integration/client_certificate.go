package integration

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
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

// show gives the certificate to whoever asks for one, whichever authorities they name:
// it is signed by itself.
func (c *ClientCertificate) show(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return &c.Certificate, nil
}

// kindOfAlert says what a backend's TLS alert means: its complaint about the certificate
// that it was shown, or wanted, has a kind of its own. With TLS 1.3 it comes right after
// the handshake; with TLS 1.2 one that got none may only say "handshake failure". The
// alert's type is private to crypto/tls; its text is fixed.
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
