package app

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"gatehouse/internal/config"
)

// A backend that trusts one client certificate alone is reached by the stage, and the
// test of a method, that shows it; and nothing that the server tells has its key.
func TestClientCertificates(t *testing.T) {
	var clients atomic.Pointer[x509.CertPool]
	clients.Store(x509.NewCertPool())
	backend := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.TLS.PeerCertificates[0].Subject.SerialNumber)
	}))
	backend.Config.ErrorLog = log.New(io.Discard, "", 0)
	backend.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	backend.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		settings := backend.TLS.Clone()
		settings.GetConfigForClient, settings.ClientAuth, settings.ClientCAs = nil, tls.RequireAndVerifyClientCert, clients.Load()
		return settings, nil
	}
	backend.StartTLS()
	t.Cleanup(backend.Close)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: backend.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	server := start(t, func(c *config.Config) { c.TrustedCertificates = []string{authority} })

	api := call(t, server, "POST", "/restapis", map[string]any{"name": "certificates"})
	path := "/restapis/" + api["id"].(string)
	method := path + "/resources/" + api["rootResourceId"].(string) + "/methods/GET"
	call(t, server, "PUT", method, map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", method+"/integration", map[string]any{"type": "HTTP_PROXY", "httpMethod": "GET", "uri": backend.URL})
	call(t, server, "POST", path+"/deployments", map[string]any{"stageName": "prod"})
	url := server.URL() + "/_aws/execute-api/" + api["id"].(string) + "/prod/"
	if status, _, header := send(t, "GET", url, "", ""); status != http.StatusInternalServerError || header.Get("x-gatehouse-error") != "GH-I213" {
		t.Errorf("without a certificate: %d %v", status, header)
	}

	made := call(t, server, "POST", "/clientcertificates", map[string]any{})
	id := made["clientCertificateId"].(string)
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM([]byte(made["pemEncodedCertificate"].(string)))
	clients.Store(trusted)
	call(t, server, "PATCH", path+"/stages/prod", map[string]any{"patchOperations": []map[string]any{{"op": "replace", "path": "/clientCertificateId", "value": id}}})
	if status, text, _ := send(t, "GET", url, "", ""); status != http.StatusOK || text != id {
		t.Errorf("with the certificate: %d %s", status, text)
	}
	for certificate, want := range map[string]float64{id: http.StatusOK, "": http.StatusInternalServerError} {
		if tested := call(t, server, "POST", method, map[string]any{"clientCertificateId": certificate}); tested["status"] != want {
			t.Errorf("a test with %q: %v", certificate, tested)
		}
	}

	other := call(t, server, "POST", "/clientcertificates", map[string]any{})["clientCertificateId"].(string)
	call(t, server, "PATCH", path+"/stages/prod", map[string]any{"patchOperations": []map[string]any{{"op": "replace", "path": "/clientCertificateId", "value": other}}})
	if status, _, header := send(t, "GET", url, "", ""); status != http.StatusInternalServerError || header.Get("x-gatehouse-error") != "GH-I213" {
		t.Errorf("with another certificate: %d %v", status, header)
	}
	for _, page := range []string{"/clientcertificates", "/clientcertificates/" + id, "/_gatehouse/api/requests", "/metrics"} {
		if _, text, _ := send(t, "GET", server.URL()+page, "", ""); strings.Contains(text, "PRIVATE KEY") || strings.Contains(text, "ealedPrivateKey") {
			t.Errorf("%s shows a key", page)
		}
	}
}
