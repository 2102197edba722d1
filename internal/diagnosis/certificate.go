package diagnosis

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strconv"
	"strings"
	"time"
)

// certificateProblem is what is wrong with a backend's certificate, and what would mend it.
type certificateProblem struct{ found, fix string }

// problemOf reads the chain that a backend sent from the error that its check ended in;
// false where the error has none.
func problemOf(err error) (certificateProblem, bool) {
	var verification *tls.CertificateVerificationError
	if !errors.As(err, &verification) || len(verification.UnverifiedCertificates) == 0 {
		return certificateProblem{}, false
	}
	chain := verification.UnverifiedCertificates
	leaf, last := chain[0], chain[len(chain)-1]
	problem := certificateProblem{found: `certificate "` + leaf.Subject.String() + `" issued by "` + leaf.Issuer.String() + `", ` + sent(len(chain))}
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &hostname):
		problem.found += "; it is for " + strings.Join(namesIn(leaf), ", ") + ", not for " + hostname.Host
		problem.fix = "Call the backend by a name in its certificate, or give it a certificate for " + hostname.Host + "."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		problem.found += "; it is good from " + day(leaf.NotBefore) + " until " + day(leaf.NotAfter)
		problem.fix = "Renew the backend's certificate."
	case last.Issuer.String() == last.Subject.String():
		problem.found += `; "` + last.Subject.String() + `" signed itself and is not trusted here`
		problem.fix = "Trust it: start the server with --trusted-certificate FILE, where FILE holds it in PEM."
	default:
		problem.found += `; the chain is incomplete: "` + last.Issuer.String() + `" was not sent and is not trusted here`
		problem.fix = `Let the backend send its intermediates; or trust "` + last.Issuer.String() + `": start the server with --trusted-certificate FILE, where FILE holds its certificate in PEM.`
	}
	return problem, true
}

func sent(count int) string {
	if count == 1 {
		return "sent alone"
	}
	return "sent with " + strconv.Itoa(count-1) + " more"
}

func day(at time.Time) string { return at.UTC().Format(time.DateOnly) }

// namesIn are the names that a certificate is good for.
func namesIn(certificate *x509.Certificate) []string {
	names := append([]string{}, certificate.DNSNames...)
	for _, address := range certificate.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 {
		return []string{"no name at all"}
	}
	return names
}
