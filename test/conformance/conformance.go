// Package conformance is what the tests in the folders below share: one folder for each
// AWS service, one file for each operation that is built, in the official SDK's own calls.
// Without GATEHOUSE_CONFORMANCE_TARGET a test starts a server of its own; with "aws" it
// runs against AWS, with the SDK's own environment; with a URL, against that.
//
// It is for tests alone. Begin at Config.
package conformance

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"gatehouse/internal/wire"
)

// Aws is the Target that is AWS itself.
const Aws = "aws"

// Target is where the tests run: a URL, Aws, or "" for a server of their own.
func Target() string { return os.Getenv("GATEHOUSE_CONFORMANCE_TARGET") }

// Ours skips a case that tells of Gatehouse alone, or that needs what AWS charges for.
func Ours(t testing.TB) {
	t.Helper()
	if Target() == Aws {
		t.Skip("this is how Gatehouse differs from AWS, or needs what is paid for there")
	}
}

// OwnServer skips a case that looks inside the server, or that needs another mode of it.
func OwnServer(t testing.TB) {
	t.Helper()
	if Target() != "" {
		t.Skip("this looks inside the server, or needs another mode of it")
	}
}

// Config is the SDK's configuration for the target; serve starts the test's own server
// and returns its URL.
func Config(t *testing.T, serve func(*testing.T) string) aws.Config {
	t.Helper()
	url := Target()
	switch url {
	case Aws:
		loaded, err := config.LoadDefaultConfig(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return loaded
	case "":
		url = serve(t)
	}
	return ConfigOf(url)
}

// ConfigOf is the SDK's configuration for a server in developer mode. It tries once.
func ConfigOf(url string) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		RetryMaxAttempts: 1,
	}
}

// Handler answers operations of services in developer mode; its log is the test's output.
func Handler(t *testing.T, services ...wire.Service) *wire.Server {
	t.Helper()
	var number atomic.Uint64
	handler, err := wire.New(wire.Options{
		Services:      services,
		Authenticator: wire.DeveloperAuthenticator{DefaultAccount: "000000000000", DefaultRegion: "us-east-1"},
		NewRequestID:  func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", number.Add(1)) },
		Logger:        slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// Serve serves a Handler until the test ends and returns its URL.
func Serve(t *testing.T, services ...wire.Service) string {
	t.Helper()
	server := httptest.NewServer(Handler(t, services...))
	t.Cleanup(server.Close)
	return server.URL
}
