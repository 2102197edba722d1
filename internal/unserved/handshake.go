package unserved

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"regexp"
	"strings"
	"syscall"

	"gatehouse/internal/fault"
	"gatehouse/internal/rawheader"
)

// ListenTls makes a listener for TLS over one of TCP. It remembers how each connection
// began, to tell plain HTTP from a handshake that fails.
func ListenTls(inner net.Listener, settings *tls.Config) net.Listener {
	settings = settings.Clone()
	settings.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if opening, ok := hello.Conn.(*openingConn); ok {
			opening.serverName = hello.ServerName
		}
		return nil, nil // which means the listener's own
	}
	return tls.NewListener(openingListener{inner}, settings)
}

type openingListener struct{ net.Listener }

// Accept implements net.Listener.
func (l openingListener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err // the server tells errors apart by their type
	}
	return &openingConn{Conn: inner}, nil
}

// maxOpening is enough of a request in plain HTTP to name it, bytes.
const maxOpening = 512

// openingConn is the connection beneath TLS. It remembers its first bytes until the
// handshake, by whose goroutine alone they are read.
type openingConn struct {
	net.Conn
	opening    []byte
	full       bool
	serverName string // that the client asked for
}

// Read implements net.Conn.
func (c *openingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.full && n > 0 {
		c.opening = append(c.opening, p[:min(n, maxOpening-len(c.opening))]...)
		c.full = len(c.opening) == maxOpening
	}
	return n, err // crypto/tls tells errors apart by their type
}

// CloseWrite closes one direction; see http.Server.
func (c *openingConn) CloseWrite() error {
	closeWrite(c.Conn)
	return nil
}

// methodFirst is how a request begins in plain HTTP.
var methodFirst = regexp.MustCompile(`^[A-Z]{3,16} \S`)

// handshakeFailed tells of a TLS connection that was not made. A client that said nothing
// at all, as health checks do, is none.
func (c *conn) handshakeFailed(err error) {
	opening, ok := c.encrypted.NetConn().(*openingConn)
	if !ok || len(opening.opening) == 0 {
		return
	}
	if methodFirst.Match(opening.opening) {
		h := read(rawheader.Unserved{Head: opening.opening, Size: int64(len(opening.opening)), First: true})
		c.refuse(opening, h, c.explainPlainHttp)
		return
	}
	if c.refused.Swap(true) {
		return
	}
	f := explainHandshake(err, opening.serverName)
	f.Checked = "the TLS handshake at " + c.listenerName() + " with the client at " + c.RemoteAddr().String()
	c.guard.Refuser.Refuse(&Refusal{Fault: f, Unanswerable: true})
}

func (c *conn) explainPlainHttp(h *head) *fault.Fault {
	f := fault.New(fault.PlainHttpSent)
	f.Found, f.Wanted = "a request in plain HTTP: "+h.firstLine(), "a TLS handshake, as https: and wss: begin with"
	f.Fix = "Call this listener with https:, or the one for plain HTTP with http:."
	f.Command = fault.Command("curl", "-v", "--insecure", "https://"+c.LocalAddr().String()+"/")
	return f
}

// handshakeFixes are what mends a handshake, by what crypto/tls says of it.
var handshakeFixes = []struct{ when, fix string }{
	{"unknown certificate authority", "Give the client the certificate's authority to trust: the certificate is not signed by one it knows."},
	{badRecordMac, "Most often the client does not trust the certificate: OpenSSL's refusal comes in a form that cannot be read. Give it the certificate's authority to trust."},
	{"bad certificate", "Give the client the certificate's authority to trust, and call the listener by a name that the certificate has."},
	{"unknown certificate", "Give the client the certificate's authority to trust, and call the listener by a name that the certificate has."},
	{"certificate expired", "Renew the certificate, name it in the configuration and start the server again."},
	{"expired certificate", "Renew the certificate, name it in the configuration and start the server again."},
	{"unsupported versions", "Let the client speak TLS 1.2 or 1.3."},
	{"protocol version", "Let the client speak TLS 1.2 or 1.3."},
	{"cipher suite", "Let the client offer a cipher suite of TLS 1.2 or 1.3 that fits the certificate's kind of key."},
	{"unsupported application protocols", "Let the client offer http/1.1 in ALPN: HTTP/2 is not spoken here."},
	{"first record does not look like", "Call the listener with TLS: these bytes are neither TLS nor HTTP."},
}

func explainHandshake(err error, serverName string) *fault.Fault {
	f := fault.New(fault.HandshakeFailed)
	f.Found = handshakeFailure(err)
	if serverName != "" {
		f.Found += "; the client asked for the name " + shown(serverName)
	}
	f.Wanted = "a handshake of TLS 1.2 or 1.3 in which the client accepts the certificate"
	for _, known := range handshakeFixes {
		if strings.Contains(f.Found, known.when) {
			f.Fix = known.fix
			return f
		}
	}
	return f
}

// handshakeFailure is an error of crypto/tls for people.
func handshakeFailure(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		return "the client ended the connection in the middle of the handshake"
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "the client stopped in the middle of the handshake"
	}
	if isAlert(err) {
		return "the client refused: " + strings.TrimPrefix(err.Error(), alertOp+": ")
	}
	return err.Error()
}

// badRecordMac is also what crypto/tls says of OpenSSL's alerts in a handshake of TLS 1.3.
const badRecordMac = "bad record MAC"

// alertOp is what crypto/tls calls an alert that the client sent.
const alertOp = "remote error"

func isAlert(err error) bool {
	var failed *net.OpError
	return errors.As(err, &failed) && failed.Op == alertOp
}
