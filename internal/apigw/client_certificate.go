package apigw

import "time"

// ClientCertificate is what API Gateway shows HTTPS backends to say that it is the caller.
type ClientCertificate struct {
	ClientCertificateId string
	Description         string `json:",omitempty"`
	// PemEncodedCertificate is public; SealedPrivateKey is its key, which only the server opens.
	PemEncodedCertificate string
	SealedPrivateKey      string
	CreatedDate           time.Time
	ExpirationDate        time.Time
	Tags                  map[string]string `json:",omitempty"`
}

// ClientCertificateArn is the control plane's ARN of a ClientCertificate.
func (s Scope) ClientCertificateArn(id string) string {
	return "arn:aws:apigateway:" + s.Region + "::/clientcertificates/" + id
}
