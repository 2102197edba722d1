package integration_test

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gatehouse/internal/integration"
)

func echoing(t *testing.T, name string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, name+" "+r.Host+" "+string(body))
	}))
	t.Cleanup(server.Close)
	return server
}

func newTestClient(t *testing.T) *integration.Client {
	t.Helper()
	client := integration.NewClient(1<<20, time.Now)
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// An address that accepts no connection leaves the request, with its body, to the next.
func TestCall_addresses(t *testing.T) {
	gone, there := echoing(t, "gone"), echoing(t, "there")
	gone.Close()
	client := newTestClient(t)
	answer, err := client.Call(context.Background(), &integration.Request{
		Method: "POST", URL: "http://nlb.invalid:8080/x", Body: []byte("body"), Timeout: time.Minute,
		Addresses: []string{gone.Listener.Addr().String(), there.Listener.Addr().String()},
	})
	if err != nil || string(answer.Body) != "there nlb.invalid:8080 body" {
		t.Errorf("got %+v, %v", answer, err)
	}
}

func TestCall_addressesUnreachable(t *testing.T) {
	gone, unreachable := echoing(t, "gone"), errors.New("no target")
	gone.Close()
	_, err := newTestClient(t).Call(context.Background(), &integration.Request{
		Method: "GET", URL: "http://nlb.invalid/", Timeout: time.Minute, Addresses: []string{gone.Listener.Addr().String()},
		Unreachable: func(err error) error { return errors.Join(unreachable, err) },
	})
	var failure *integration.Failure
	if !errors.As(err, &failure) || failure.Kind != integration.FailureConnect || !errors.Is(err, unreachable) {
		t.Errorf("got %v", err)
	}
}

// A request that reached an address is never sent to another.
func TestCall_addressesOnce(t *testing.T) {
	var calls atomic.Int32
	breaks := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1); panic(http.ErrAbortHandler) }))
	t.Cleanup(breaks.Close)
	other := echoing(t, "other")
	_, err := newTestClient(t).Call(context.Background(), &integration.Request{
		Method: "POST", URL: "http://nlb.invalid/", Body: []byte("b"), Timeout: time.Minute,
		Addresses: []string{breaks.Listener.Addr().String(), other.Listener.Addr().String()},
	})
	var failure *integration.Failure
	if !errors.As(err, &failure) || failure.Kind != integration.FailureBroken || calls.Load() != 1 {
		t.Errorf("%d calls, %v", calls.Load(), err)
	}
}

// The certificate must have the URL's name, or the one that is given, not the address's.
func TestCall_addressesVerify(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	client := newTestClient(t)
	client.RootCAs = x509.NewCertPool()
	client.RootCAs.AddCert(server.Certificate())
	for _, row := range []struct {
		host, name string
		insecure   bool
		want       string
	}{
		{"example.com", "", false, ""},
		{"nlb.invalid", "example.com", false, ""},
		{"nlb.invalid", "", false, "certificate"},
		{"example.com", "other.invalid", false, "certificate"},
		{"nlb.invalid", "", true, ""},
	} {
		_, err := client.Call(context.Background(), &integration.Request{
			Method: "GET", URL: "https://" + row.host + "/", Timeout: time.Minute, Addresses: []string{server.Listener.Addr().String()},
			ServerNameToVerify: row.name, InsecureSkipVerification: row.insecure,
		})
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}
