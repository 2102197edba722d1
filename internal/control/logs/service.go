// Package logs is the control plane of CloudWatch Logs: what each operation that we
// serve does with the log groups, streams and events of internal/logs.
//
// It stores nothing itself and writes no log line; it converts between AWS's shapes and
// the engine, holds AWS's limits and messages, and refuses by name what would have no
// effect here (encryption with KMS, classes of log groups, other accounts).
//
// Begin at Service; one file holds the operations of one noun.
package logs

import (
	"context"
	"errors"
	"strings"
	"time"

	api "gatehouse/internal/awsapi/logs"
	"gatehouse/internal/caller"
	"gatehouse/internal/logs"
)

// Service implements the CloudWatch Logs API over the engine.
type Service struct {
	api.Unimplemented

	Logs *logs.Logs
	Now  func() time.Time
}

var _ api.Service = (*Service)(nil)

// groupId is the id of a log group of the caller.
func groupId(ctx context.Context, name string) logs.StreamId {
	who := caller.From(ctx)
	return logs.StreamId{Account: who.Account, Region: who.Region, Group: name}
}

func streamId(ctx context.Context, group, stream string) logs.StreamId {
	id := groupId(ctx, group)
	id.Stream = stream
	return id
}

// chosenGroup reads the pair logGroupName and logGroupIdentifier, of which exactly one
// must be given. An identifier is a name or an ARN.
func chosenGroup(ctx context.Context, name, identifier *string) (logs.StreamId, error) {
	switch {
	case name != nil && identifier != nil:
		return logs.StreamId{}, invalidParameter(messageTwoGroups)
	case name != nil:
		return groupId(ctx, *name), nil
	case identifier == nil:
		return logs.StreamId{}, invalidParameter(messageNoGroup)
	}
	if !strings.HasPrefix(*identifier, "arn:") {
		return groupId(ctx, *identifier), nil
	}
	return groupOfArn(ctx, *identifier)
}

// Parts of arn:aws:logs:{region}:{account}:log-group:{name}[:*].
const (
	arnService = 2
	arnRegion  = 3
	arnAccount = 4
	arnType    = 5
	arnName    = 6
	arnParts   = 7
)

// groupOfArn reads a log group's ARN, which must be of the caller's account and region.
func groupOfArn(ctx context.Context, arn string) (logs.StreamId, error) {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) < arnParts || parts[arnService] != "logs" || parts[arnType] != "log-group" {
		return logs.StreamId{}, invalidParameter(messageInvalidArn)
	}
	id := groupId(ctx, strings.TrimSuffix(parts[arnName], ":*"))
	if parts[arnAccount] != id.Account || parts[arnRegion] != id.Region {
		return logs.StreamId{}, notFoundGroup()
	}
	return id, nil
}

// failure turns an error of the engine into AWS's.
func failure(err error) error {
	switch {
	case errors.Is(err, logs.ErrGroupNotFound):
		return notFoundGroup()
	case errors.Is(err, logs.ErrStreamNotFound):
		return notFoundStream()
	case errors.Is(err, logs.ErrGroupExists):
		return &api.ResourceAlreadyExistsException{Message: messageGroupExists}
	case errors.Is(err, logs.ErrStreamExists):
		return &api.ResourceAlreadyExistsException{Message: messageStreamExists}
	default:
		return err
	}
}
