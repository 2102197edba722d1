package app

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
)

// trustedCertificates are the authorities that backends' certificates are checked
// against: the system's and those of the configured files. nil is the system's.
func (a *App) trustedCertificates() (*x509.CertPool, error) {
	files := a.options.Config.TrustedCertificates
	if len(files) == 0 {
		return nil, nil // nil is the system's own pool
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without authorities of its own
	}
	var errs []error
	for _, file := range files {
		text, err := os.ReadFile(file) // the operator names it
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("trustedCertificates: %w", err))
		case !pool.AppendCertsFromPEM(text):
			errs = append(errs, fmt.Errorf("trustedCertificates: %s holds no certificate in PEM", file))
		}
	}
	return pool, errors.Join(errs...)
}
