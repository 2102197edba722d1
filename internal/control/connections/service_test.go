package connections

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/caller"
	"gatehouse/internal/connections"
	"gatehouse/internal/throttle"
)

// directory answers with an error, and remembers what was asked.
type directory struct {
	err    error
	target connections.Target
}

func (d *directory) Post(_ context.Context, target connections.Target, _ []byte) error {
	d.target = target
	return d.err
}

func (d *directory) Get(_ context.Context, target connections.Target) (connections.Info, error) {
	d.target = target
	return connections.Info{}, d.err
}

func (d *directory) Delete(_ context.Context, target connections.Target) error {
	d.target = target
	return d.err
}

// Source: the model for the exceptions; 400 and 503 are not in it (public reports, ours).
func TestFailures(t *testing.T) {
	for _, test := range []struct {
		err    error
		code   string
		status int
	}{
		{&connections.Gone{ConnectionId: "x", Because: "why"}, "GoneException", 410},
		{fmt.Errorf("asking: %w", connections.ErrForbidden), "ForbiddenException", 403},
		{fmt.Errorf("reading: %w", connections.ErrIdMalformed), "BadRequestException", 400},
		{fmt.Errorf("asking: %w", connections.ErrTooLarge), "PayloadTooLargeException", 413},
		{fmt.Errorf("asking: %w", connections.ErrUnreachable), "ServiceUnavailableException", 503},
	} {
		s := &Service{Directory: &directory{err: test.err}}
		_, post := s.PostToConnection(t.Context(), &api.PostToConnectionInput{ConnectionId: "x"})
		_, get := s.GetConnection(t.Context(), &api.GetConnectionInput{ConnectionId: "x"})
		_, deleted := s.DeleteConnection(t.Context(), &api.DeleteConnectionInput{ConnectionId: "x"})
		for _, err := range []error{post, get, deleted} {
			var answered awsapi.Error
			if !errors.As(err, &answered) || answered.ErrorCode() != test.code || answered.HTTPStatus() != test.status {
				t.Errorf("%v: got %v", test.err, err)
			}
		}
	}
	s := &Service{Directory: &directory{err: errors.New("unknown")}}
	if _, err := s.GetConnection(t.Context(), &api.GetConnectionInput{}); errors.As(err, new(awsapi.Error)) {
		t.Errorf("what is unknown must be an internal failure: %v", err)
	}
}

// Source: ours for path-style URLs; errors.md of AWS's users for a stage that is named twice.
func TestLocate(t *testing.T) {
	s := Locator{Domain: func(host, basePath string) (DomainStage, bool) {
		if basePath != "/v1" {
			return DomainStage{}, host == "ws.example.com"
		}
		return DomainStage{"mapped", "live"}, host == "ws.example.com"
	}}
	for _, test := range []struct{ host, basePath, want string }{
		{"abc.execute-api.us-east-1.amazonaws.com", "/prod", "abc prod"},
		{"ABC.Execute-Api.localhost:4566", "/prod", "abc prod"},
		{"abc.execute-api", "/prod", "abc prod"},
		{"localhost:4566", "/_aws/execute-api/abc/prod", "abc prod"},
		{"localhost:4566", "/restapis/abc/prod/_user_request_", "abc prod"},
		{"ws.example.com", "/v1", "mapped live"},
		{"127.0.0.1:4566", "", " "},
		{"localhost", "/", " "},
		{"abc.execute-api.localhost", "", "refused"},
		{"abc.execute-api.localhost", "/prod/prod", "refused"},
		{"localhost", "/_aws/execute-api/abc", "refused"},
		{"ws.example.com", "/v1/prod", "refused"},
		{"ws.example.com", "", "refused"},
		{"abc.execute-apis.localhost", "/prod", "refused"},
	} {
		apiId, stageName, err := s.Locate(test.host, test.basePath)
		got := apiId + " " + stageName
		if err != nil {
			got = "refused"
		}
		if got != test.want {
			t.Errorf("%s%s: got %q, want %q", test.host, test.basePath, got, test.want)
		}
	}
}

func TestCallers(t *testing.T) {
	known := &directory{}
	s := &Service{Directory: known}
	developer := caller.WithCaller(t.Context(), caller.Caller{Account: "111111111111", Host: "localhost"})
	if _, err := s.DeleteConnection(developer, &api.DeleteConnectionInput{ConnectionId: "x"}); err != nil || known.target.AccountId != "" {
		t.Errorf("developer mode: %v %+v", err, known.target)
	}
	signed := caller.WithCaller(t.Context(), caller.Caller{Account: "111111111111", Host: "localhost", Identity: &caller.Identity{}})
	if _, err := s.DeleteConnection(signed, &api.DeleteConnectionInput{ConnectionId: "x"}); err != nil || known.target.AccountId != "111111111111" {
		t.Errorf("a known caller: %v %+v", err, known.target)
	}
	s.Throttles = throttle.New(func() time.Time { return time.Unix(0, 0) })
	s.AccountThrottle = throttle.Limit{Rate: 1, Burst: 1}
	_, first := s.GetConnection(signed, &api.GetConnectionInput{ConnectionId: "x"})
	_, second := s.GetConnection(signed, &api.GetConnectionInput{ConnectionId: "x"})
	if limited := new(api.LimitExceededException); first != nil || !errors.As(second, &limited) {
		t.Errorf("two calls with one token: %v, %v", first, second)
	}
}
