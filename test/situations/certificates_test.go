package situations

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// signedCertificate is a certificate with its key.
type signedCertificate struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// certify makes a certificate that signer signs; nil signs itself.
func certify(t *testing.T, template *x509.Certificate, signer *signedCertificate) *signedCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made := &signedCertificate{template, key}
	if signer == nil {
		signer = made
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	der, err := x509.CreateCertificate(rand.Reader, template, signer.certificate, &key.PublicKey, signer.key)
	if err != nil {
		t.Fatal(err)
	}
	if made.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return made
}

func authority(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
}

// E19: certificates of authorities, expired, of another name, without their intermediate.
// The printed command skips the verification; the text says what mends each.
func TestBackendCertificate(t *testing.T) {
	root := certify(t, authority("Corp CA"), nil)
	intermediate := certify(t, authority("Corp CA 2"), root)
	local := []net.IP{net.IPv4(127, 0, 0, 1)}
	past := time.Now().Add(-24 * time.Hour)
	for _, test := range []struct {
		name       string
		leaf       *x509.Certificate
		signer     *signedCertificate
		found, fix string
	}{
		{"expired", &x509.Certificate{Subject: pkix.Name{CommonName: "orders"}, IPAddresses: local, NotBefore: past.Add(-time.Hour), NotAfter: past}, intermediate,
			"it is good from ", "Renew the backend's certificate."},
		{"another name", &x509.Certificate{
			Subject: pkix.Name{CommonName: "orders"}, DNSNames: []string{"orders.internal"}, NotBefore: past, NotAfter: time.Now().Add(time.Hour),
		}, intermediate, "it is for orders.internal, not for 127.0.0.1", "Call the backend by a name in its certificate"},
		{"intermediate not sent", &x509.Certificate{Subject: pkix.Name{CommonName: "orders"}, IPAddresses: local, NotBefore: past, NotAfter: time.Now().Add(time.Hour)}, intermediate,
			`the chain is incomplete: "CN=Corp CA 2" was not sent and is not trusted here`, "Let the backend send its intermediates"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			leaf := certify(t, test.leaf, test.signer)
			backend := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			backend.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the point
			backend.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leaf.certificate.Raw}, PrivateKey: leaf.key}}, MinVersion: tls.VersionTLS12}
			backend.StartTLS()
			t.Cleanup(backend.Close)
			g := startGateway(t)
			path := g.proxyApi(map[string]any{"uri": backend.URL})
			text, command := g.diagnosed(path, http.StatusInternalServerError, "GH-I211", test.found)
			g.contains(text, test.fix)
			g.run(command)
			g.awaits(path)
		})
	}
}
