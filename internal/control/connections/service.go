// Package connections does the operations of @connections (apigatewaymanagementapi):
// PostToConnection, GetConnection and DeleteConnection.
//
// It finds out which API and stage a backend called, by the host and the base path, and
// words what internal/connections answers as AWS does. Where a connection is, and how to
// reach it, is that package's; who may call (execute-api:ManageConnections) is decided
// before, by the wire's Authorizer.
//
// Begin at Service; locate.go reads the two shapes of URLs.
package connections

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/caller"
	"gatehouse/internal/connections"
	"gatehouse/internal/throttle"
)

// Directory takes operations to the node that has the connection;
// *connections.Directory does.
type Directory interface {
	Post(ctx context.Context, target connections.Target, message []byte) error
	Get(ctx context.Context, target connections.Target) (connections.Info, error)
	Delete(ctx context.Context, target connections.Target) error
}

// Throttles takes tokens; *throttle.Limiter does.
type Throttles interface {
	Take(name string, limit throttle.Limit) throttle.Decision
}

// Service implements apigatewaymanagementapi.
type Service struct {
	Directory Directory
	// Locator reads the URL.
	Locator
	// Throttles and AccountThrottle limit all calls of an account in a region, which share
	// the quota with its requests (guide: limits.md); a rate of 0 does not.
	Throttles       Throttles
	AccountThrottle throttle.Limit
	// Log is told why a connection was gone, which AWS does not say; nil for silence.
	Log *slog.Logger
}

// DomainStage is where a base path of a custom domain name leads; empty for nowhere.
type DomainStage struct{ ApiId, StageName string }

var _ api.Service = (*Service)(nil)

// PostToConnection sends a message to a client.
func (s *Service) PostToConnection(ctx context.Context, in *api.PostToConnectionInput) (*api.PostToConnectionOutput, error) {
	target, err := s.target(ctx, in.ConnectionId)
	if err == nil {
		err = s.Directory.Post(ctx, target, in.Data)
	}
	return &api.PostToConnectionOutput{}, s.failure(ctx, err)
}

// GetConnection tells about a connection.
func (s *Service) GetConnection(ctx context.Context, in *api.GetConnectionInput) (*api.GetConnectionOutput, error) {
	target, err := s.target(ctx, in.ConnectionId)
	if err != nil {
		return nil, s.failure(ctx, err)
	}
	info, err := s.Directory.Get(ctx, target)
	if err != nil {
		return nil, s.failure(ctx, err)
	}
	return &api.GetConnectionOutput{
		ConnectedAt: &info.ConnectedAt, LastActiveAt: &info.LastActiveAt,
		Identity: &api.Identity{SourceIp: info.SourceIp, UserAgent: info.UserAgent},
	}, nil
}

// DeleteConnection disconnects a client.
func (s *Service) DeleteConnection(ctx context.Context, in *api.DeleteConnectionInput) (*api.DeleteConnectionOutput, error) {
	target, err := s.target(ctx, in.ConnectionId)
	if err == nil {
		err = s.Directory.Delete(ctx, target)
	}
	return &api.DeleteConnectionOutput{}, s.failure(ctx, err)
}

// target says which connection is meant. An account is asked of it only where the caller
// is known.
func (s *Service) target(ctx context.Context, connectionId string) (connections.Target, error) {
	who := caller.From(ctx)
	if s.AccountThrottle.Rate > 0 {
		if decision := s.Throttles.Take("account/"+who.Account+"/"+who.Region, s.AccountThrottle); !decision.Allowed {
			return connections.Target{}, &api.LimitExceededException{Message: "Too Many Requests"}
		}
	}
	target := connections.Target{ConnectionId: connectionId}
	if who.Identity != nil {
		target.AccountId = who.Account
	}
	var err error
	target.ApiId, target.StageName, err = s.Locate(who.Host, who.BasePath)
	return target, err
}

// failure words an error as AWS does. Messages are ours: AWS's model has none for most.
func (s *Service) failure(ctx context.Context, err error) error {
	var gone *connections.Gone
	var answered awsapi.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &answered):
		return err
	case errors.As(err, &gone):
		s.log(ctx, gone)
		return explain(ctx, gone)
	case errors.Is(err, connections.ErrForbidden):
		return &api.ForbiddenException{Message: "Forbidden"}
	case errors.Is(err, connections.ErrIdMalformed):
		return &awsapi.Unmodelled{Code: "BadRequestException", Message: "Invalid connectionId", Status: http.StatusBadRequest}
	case errors.Is(err, connections.ErrTooLarge):
		return &api.PayloadTooLargeException{Message: "The message is larger than the cluster carries."}
	case errors.Is(err, connections.ErrUnreachable):
		return &awsapi.Unmodelled{Code: "ServiceUnavailableException", Message: "The connection's node does not answer.", Status: http.StatusServiceUnavailable}
	}
	return err
}

func (s *Service) log(ctx context.Context, gone *connections.Gone) {
	if s.Log != nil {
		s.Log.InfoContext(ctx, "a connection is gone", "error", "GH-W101", "connection", gone.ConnectionId, "because", gone.Because)
	}
}
