// Package replicas says how many servers of a NATS cluster keep a stream: as many as an
// operator wants, or else as many as do already. It makes no stream and moves no data:
// NATS copies a stream to its new servers in the background.
//
// Begin at Of.
package replicas

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// Of is the number of replicas that a stream is to be made or changed with: wanted, or
// where that is zero, what the stream has, one where there is none yet.
func Of(ctx context.Context, js jetstream.JetStream, stream string, wanted int) (int, error) {
	if wanted > 0 {
		return wanted, nil
	}
	found, err := js.Stream(ctx, stream)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return 1, nil
	case err != nil:
		return 0, fmt.Errorf("reading stream %s: %w", stream, err)
	}
	return max(found.CachedInfo().Config.Replicas, 1), nil
}

// Change gives an existing stream a number of replicas; zero leaves it as it is.
func Change(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream, wanted int) (jetstream.Stream, error) {
	config := stream.CachedInfo().Config
	if wanted == 0 || config.Replicas == wanted {
		return stream, nil
	}
	config.Replicas = wanted
	changed, err := js.UpdateStream(ctx, config)
	if err != nil {
		return nil, Explain(fmt.Errorf("changing the replicas of stream %s: %w", config.Name, err), wanted)
	}
	return changed, nil
}

// ErrTooMany says that the NATS cluster cannot hold so many replicas.
var ErrTooMany = errors.New("too many replicas")

// The codes with which JetStream refuses a number of replicas.
const (
	codeNotClustered = 10074 // replicas > 1 not supported in non-clustered mode
	codeNoPeers      = 10005 // no suitable peers for placement
	codeInsufficient = 10023 // insufficient resources
)

// Explain names the setting where JetStream refused a number of replicas, in place of
// what only NATS's documentation explains. Any other error, nil included, is returned as it is.
func Explain(err error, wanted int) error {
	var refused *jetstream.APIError
	if wanted <= 1 || !errors.As(err, &refused) {
		return err
	}
	switch refused.ErrorCode {
	case codeNotClustered, codeNoPeers, codeInsufficient:
		return fmt.Errorf("natsReplicas: the NATS cluster cannot keep %d replicas; it needs as many servers with JetStream and room: %w: %w", wanted, ErrTooMany, err)
	}
	return err
}
