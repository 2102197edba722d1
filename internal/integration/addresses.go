package integration

import (
	"errors"
	"net"
	"net/http"
	"time"
)

// connectTimeout bounds the connection to one of several addresses, so that a request
// has time left for the next.
const connectTimeout = 5 * time.Second

// send sends a request to its URL's host, or to the first of its addresses that accepts
// a connection.
func (c *Client) send(request *Request, outgoing *http.Request) (*http.Response, error) {
	if len(request.Addresses) == 0 {
		return c.transport(request).RoundTrip(outgoing)
	}
	transport := c.keptTransport(addressSetting(request, outgoing), request.ClientCertificate)
	if outgoing.Host == "" {
		outgoing.Host = outgoing.URL.Host
	}
	var errs []error
	for _, address := range request.Addresses {
		answer, err := transport.RoundTrip(at(outgoing, address))
		if err == nil {
			return answer, nil
		}
		errs = append(errs, err)
		if !notConnected(err) || outgoing.Context().Err() != nil {
			return nil, err
		}
	}
	err := errors.Join(errs...)
	if request.Unreachable != nil {
		err = request.Unreachable(err)
	}
	return nil, err
}

// addressSetting keeps the name of the URL for TLS: an address is not what a
// certificate is for. Without TLS, all names share their connections.
func addressSetting(request *Request, outgoing *http.Request) tlsSetting {
	setting := settingOf(request)
	setting.connectTimeout = connectTimeout
	if outgoing.URL.Scheme == "http" {
		return tlsSetting{connectTimeout: connectTimeout}
	}
	if setting.serverName == "" {
		setting.serverName = outgoing.URL.Hostname()
	}
	return setting
}

// at is a request to another address, with a body of its own.
func at(outgoing *http.Request, address string) *http.Request {
	target := *outgoing.URL
	target.Host = address
	attempt := outgoing.WithContext(outgoing.Context())
	attempt.URL = &target
	if outgoing.GetBody != nil {
		attempt.Body, _ = outgoing.GetBody() // a body in memory always opens
	}
	return attempt
}

// notConnected says that nothing of a request was sent.
func notConnected(err error) bool {
	var network *net.OpError
	var name *net.DNSError
	return errors.As(err, &network) && network.Op == "dial" || errors.As(err, &name)
}
