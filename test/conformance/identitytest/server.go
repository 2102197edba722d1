// Package identitytest starts a server with IAM and STS for conformance tests: in
// memory, in secure mode, on loopback; or it leads to where package conformance says.
//
// It is not for the data plane. Begin at New.
package identitytest

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"gatehouse/internal/authenticator"
	iamapi "gatehouse/internal/awsapi/iam"
	stsapi "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/jwks"
	"gatehouse/internal/secret"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

// Account is the account of a test's own server.
const Account = "111122223333"

// Server is where a test runs.
type Server struct {
	// URL is empty for AWS.
	URL string
	// Keyring, Service, Tokens and Store are of the test's own server, else nil.
	Keyring *authenticator.Keyring
	Service *identity.Service
	Tokens  *identity.TokenService
	Store   store.Store
	// Log is what the test's own server logged.
	Log *Log

	root aws.CredentialsProvider
}

// Log is a log that can be read while it is written.
type Log struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(line)
}

// String is everything that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

// New returns the target.
func New(t testing.TB) *Server {
	t.Helper()
	switch target := conformance.Target(); target {
	case conformance.Aws:
		return &Server{}
	case "":
		return start(t)
	default:
		return &Server{URL: target, root: credentials.NewStaticCredentialsProvider("test", "test", "")}
	}
}

func start(t testing.TB) *Server {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	keeper, err := secret.New(key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Store: memory.New(), Log: &Log{}}
	log := slog.New(slog.NewTextHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	sealer := sessions.NewSealer(keeper, rand.Reader)
	s.Keyring = &authenticator.Keyring{Store: s.Store, Secrets: records.NewSecrets(keeper), Sessions: sealer, Log: log}
	signatures := authenticator.NewSignatures(s.Keyring, time.Now)
	s.Service = &identity.Service{Store: s.Store, Secrets: records.NewSecrets(keeper), Now: time.Now, Random: rand.Reader, LastUsed: signatures.LastUsed}
	s.Tokens = &identity.TokenService{Store: s.Store, Sessions: sealer, Issuers: jwks.NewClient(time.Now), Now: time.Now, Log: log}
	var number atomic.Int64
	server, err := wire.New(wire.Options{
		Services: []wire.Service{
			{Schema: iamapi.Schema(), Implementation: s.Service}, {Schema: stsapi.Schema(), Implementation: s.Tokens},
		},
		Authenticator: &authenticator.Secure{Signatures: signatures, Region: "us-east-1", Log: log},
		Authorizer:    &authenticator.Authorizer{Store: s.Store, Now: time.Now, Log: log},
		NewRequestID:  func() string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", number.Add(1)) },
		Logger:        log,
	})
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	s.URL = listener.URL
	s.root = s.RootOf(t, Account)
	return s
}

// RootOf are credentials of the root user of an account, on a server of the test's own.
func (s *Server) RootOf(t testing.TB, account string) aws.CredentialsProvider {
	t.Helper()
	key, made, err := s.Service.EnsureRootAccessKey(context.Background(), account)
	if err != nil || !made {
		t.Fatalf("making a root access key of %s: %v %v", account, made, err)
	}
	return credentials.NewStaticCredentialsProvider(key.AccessKeyId, key.SecretAccessKey, "")
}

// Iam is a client of IAM; nil credentials are the root user's.
func (s *Server) Iam(t testing.TB, who aws.CredentialsProvider) *iam.Client {
	t.Helper()
	return iam.NewFromConfig(s.config(t, who), func(o *iam.Options) { o.BaseEndpoint = s.endpoint() })
}

// Sts is a client of STS; nil credentials are the root user's.
func (s *Server) Sts(t testing.TB, who aws.CredentialsProvider) *sts.Client {
	t.Helper()
	return sts.NewFromConfig(s.config(t, who), func(o *sts.Options) { o.BaseEndpoint = s.endpoint() })
}

func (s *Server) endpoint() *string {
	if s.URL == "" {
		return nil
	}
	return &s.URL
}

func (s *Server) config(t testing.TB, who aws.CredentialsProvider) aws.Config {
	t.Helper()
	loaded := aws.Config{Region: "us-east-1", RetryMaxAttempts: 1}
	if s.URL == "" {
		var err error
		if loaded, err = config.LoadDefaultConfig(context.Background()); err != nil {
			t.Fatal(err)
		}
	} else {
		loaded.Credentials = s.root
	}
	if who != nil {
		loaded.Credentials = who
	}
	return loaded
}
