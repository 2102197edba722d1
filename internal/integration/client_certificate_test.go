package integration

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The names of two clients.
const (
	trustedClient   = "trusted"
	untrustedClient = "untrusted"
)

// A backend that demands a client certificate gets it in the handshake, with TLS 1.2 and
// 1.3; without the right one the failure is of its own kind.
func TestClientCertificate(t *testing.T) {
	trusted, other := selfSigned(t, trustedClient), selfSigned(t, untrustedClient)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
		}))
		clients := x509.NewCertPool()
		clients.AddCert(trusted.Certificate.Leaf)
		backend.TLS = &tls.Config{MaxVersion: version, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients} // both versions are tested
		backend.Config.ErrorLog = log.New(io.Discard, "", 0)
		backend.StartTLS()
		client := NewClient(1<<20, time.Now)
		client.RootCAs = x509.NewCertPool()
		client.RootCAs.AddCert(backend.Certificate())
		call := func(certificate *ClientCertificate) (*Response, error) {
			return client.Call(t.Context(), &Request{Method: http.MethodGet, URL: backend.URL, Timeout: patient, ClientCertificate: certificate})
		}
		answer, err := call(trusted)
		if err != nil || string(answer.Body) != trustedClient {
			t.Errorf("%x: %v, %v", version, answer, err)
		}
		through := &Request{
			Method: http.MethodGet, URL: "https://example.com/", Addresses: []string{backend.Listener.Addr().String()}, Timeout: patient, ClientCertificate: trusted,
		} // as a VPC link does; the name is the backend's certificate's
		if answer, err = client.Call(t.Context(), through); err != nil || string(answer.Body) != trustedClient {
			t.Errorf("%x through a VPC link: %v, %v", version, answer, err)
		}
		for name, certificate := range map[string]*ClientCertificate{"none": nil, "another": other} {
			_, err := call(certificate)
			var failure *Failure
			if !errors.As(err, &failure) || failure.Kind != FailureClientCert {
				t.Errorf("%x, %s: %v", version, name, err)
			}
		}
		client.CloseIdleConnections()
		backend.Close()
	}
}

// selfSigned is a certificate as package clientcertificate makes them.
func selfSigned(t *testing.T, name string) *ClientCertificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &ClientCertificate{Id: name, Fingerprint: name, Certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}}
}
