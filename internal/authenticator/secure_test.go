package authenticator

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/sigv4"
)

// untouched is a body that must not be read.
type untouched struct{ t *testing.T }

func (u untouched) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestAuthenticateEarly(t *testing.T) {
	ring := newKeyRing(t)
	secure := &Secure{Signatures: ring.signatures(), Region: "us-east-1", Log: ring.Log}
	for _, test := range []struct{ name, service, accessKeyId, code string }{
		{"unsigned", "lambda", "", "MissingAuthenticationTokenException"},
		{"unknown key", "lambda", "AKIAUNKNOWNUNKNOWN00", "UnrecognizedClientException"},
		{"a known key, whose signature covers the body", "lambda", "AKIAALICE", ""},
		{"the operation that is not signed", "sts", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions", untouched{t})
			if test.accessKeyId != "" {
				signed := &sigv4.Request{Method: r.Method, Path: r.URL.Path, Host: r.Host, Body: []byte("{}")}
				signer := sigv4.Signer{
					Credentials: sigv4.Credentials{AccessKeyID: test.accessKeyId, Secret: ring.secret},
					Scope:       sigv4.Scope{Region: "us-east-1", Service: test.service},
				}
				signer.Sign(signed, ring.now)
				for _, header := range signed.Headers {
					r.Header.Add(header.Name, header.Value)
				}
			}
			err := secure.AuthenticateEarly(r, test.service)
			var answered awsapi.Error
			switch {
			case test.code == "" && err != nil:
				t.Errorf("got %v", err)
			case test.code != "" && (!errors.As(err, &answered) || answered.ErrorCode() != test.code):
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
}
