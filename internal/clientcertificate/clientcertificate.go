// Package clientcertificate makes the certificates that API Gateway shows to HTTPS
// backends, and opens them again: self-signed, RSA of 2048 bits, valid for 365 days
// (guide: getting-started-client-side-ssl-authentication.md). Their private keys are
// sealed before anything keeps them.
//
// It keeps nothing and calls nobody: records are the control plane's, handshakes are
// package integration's.
//
// Begin at Keeper.
package clientcertificate

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/integration"
	"gatehouse/internal/secret"
)

// Validity is how long AWS's certificates are valid.
const Validity = 365 * 24 * time.Hour

const (
	// purpose separates these private keys from other secrets of the server.
	purpose      = "client certificates"
	keyBits      = 2048
	serialBits   = 127
	blockType    = "CERTIFICATE"
	commonName   = "ApiGateway" // seen in certificates of AWS, as public reports show them
	organization = "Gatehouse"
)

// errNoCertificate says that a record holds no certificate.
var errNoCertificate = errors.New("no certificate in PEM")

// Keeper makes and opens client certificates. It is safe for concurrent use.
type Keeper struct{ box *secret.Box }

// New makes a Keeper with the server's key.
func New(keeper *secret.Keeper) *Keeper { return &Keeper{box: keeper.Box(purpose)} }

// Generate makes a certificate with that id, valid from now on.
func (k *Keeper) Generate(id string, now time.Time) (apigw.ClientCertificate, error) {
	made := apigw.ClientCertificate{ClientCertificateId: id, CreatedDate: now, ExpirationDate: now.Add(Validity).Truncate(time.Second)}
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return made, fmt.Errorf("making the key of a client certificate: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), serialBits))
	if err != nil {
		return made, fmt.Errorf("making the number of a client certificate: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: commonName, Organization: []string{organization}, SerialNumber: id},
		NotBefore: now.Truncate(time.Second), NotAfter: made.ExpirationDate,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return made, fmt.Errorf("signing a client certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return made, fmt.Errorf("encoding the key of a client certificate: %w", err)
	}
	if made.SealedPrivateKey, err = k.box.Seal(private, id); err != nil {
		return made, fmt.Errorf("sealing the key of a client certificate: %w", err)
	}
	made.PemEncodedCertificate = string(pem.EncodeToMemory(&pem.Block{Type: blockType, Bytes: der}))
	return made, nil
}

// Open reads a certificate with its key. Errors: those of secret.Box, and what is no certificate.
func (k *Keeper) Open(c *apigw.ClientCertificate) (*integration.ClientCertificate, error) {
	private, err := k.box.Open(c.SealedPrivateKey, c.ClientCertificateId)
	if err != nil {
		return nil, fmt.Errorf("opening the key of client certificate %s: %w", c.ClientCertificateId, err)
	}
	key, err := x509.ParsePKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("reading the key of client certificate %s: %w", c.ClientCertificateId, err)
	}
	block, _ := pem.Decode([]byte(c.PemEncodedCertificate))
	if block == nil {
		return nil, fmt.Errorf("reading client certificate %s: %w", c.ClientCertificateId, errNoCertificate)
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading client certificate %s: %w", c.ClientCertificateId, err)
	}
	fingerprint := sha256.Sum256(block.Bytes)
	return &integration.ClientCertificate{
		Id: c.ClientCertificateId, Fingerprint: hex.EncodeToString(fingerprint[:]), Expires: leaf.NotAfter,
		Certificate: tls.Certificate{Certificate: [][]byte{block.Bytes}, PrivateKey: key, Leaf: leaf},
	}, nil
}
