package app

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"

	"gatehouse/internal/config"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/unserved"
)

// listenTls listens for https: and wss:, if the configuration says so. The client's SNI
// chooses the certificate.
func (a *App) listenTls() error {
	if a.options.Config.TlsListen == "" {
		return nil
	}
	settings := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	for _, pair := range a.options.Config.TlsCertificates {
		certificateFile, keyFile, err := config.CertificateFiles(pair)
		if err != nil {
			return err
		}
		certificate, err := tls.LoadX509KeyPair(certificateFile, keyFile)
		if err != nil {
			return fmt.Errorf("reading the certificate %s: %w", certificateFile, err)
		}
		settings.Certificates = append(settings.Certificates, certificate)
	}
	listener, err := a.listen(a.options.Config.TlsListen)
	if err != nil {
		return err
	}
	a.tlsListener = unserved.ListenTls(listener, settings)
	return nil
}

// TlsAddr is the address for https: and wss:, host and port; empty without one.
func (a *App) TlsAddr() string {
	if a.tlsListener == nil {
		return ""
	}
	return a.tlsListener.Addr().String()
}

type tlsKey struct{}

// connContext lets rawheader and overTls find the connection of a request.
func connContext(ctx context.Context, connection net.Conn) context.Context {
	remembered, encrypted := unserved.ConnOf(connection)
	if remembered != nil {
		ctx = rawheader.ConnContext(ctx, remembered)
	}
	if encrypted != nil {
		ctx = context.WithValue(ctx, tlsKey{}, encrypted)
	}
	return ctx
}

// overTls gives requests their TLS state, which http.Server does not see behind
// rawheader's connection.
func overTls(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if encrypted, ok := r.Context().Value(tlsKey{}).(*tls.Conn); ok {
			state := encrypted.ConnectionState()
			r.TLS = &state
		}
		next.ServeHTTP(w, r)
	})
}
