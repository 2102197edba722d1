package loadbalancers

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/caller"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/store"
)

// TargetHealths says how targets are; *loadbalancer.Router does.
type TargetHealths interface {
	// Health returns false when there is no such target group.
	Health(targetGroupArn string) ([]loadbalancer.TargetHealth, bool)
}

// Waiter waits until what was stored is routed by; *Follower does.
type Waiter interface {
	WaitFor(ctx context.Context, revision uint64) error
}

// Service implements the operations. All fields must be set, but those that say so.
type Service struct {
	api.Unimplemented

	Store   store.Store
	Targets TargetHealths
	// Follower may be nil: then no operation waits.
	Follower Waiter
	// Random makes ids; crypto/rand.Reader outside of tests.
	Random io.Reader
	Now    func() time.Time
}

var _ api.Service = (*Service)(nil)

// place is where an operation works: an account in a region, through a snapshot or a
// transaction.
type place struct {
	service *Service
	r       store.Reader
	tx      *store.Tx // nil while only reading
	at      store.Scope
}

func (s *Service) view(ctx context.Context) place {
	who := caller.From(ctx)
	return place{service: s, r: s.Store.View(), at: store.Scope{Account: who.Account, Region: who.Region}}
}

// update makes a change in one transaction and returns when it is routed by. The
// function may run more than once.
func (s *Service) update(ctx context.Context, change func(p place) error) error {
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		p := s.view(ctx)
		p.r, p.tx = tx, tx
		return change(p)
	})
	switch {
	case errors.Is(err, store.ErrTooLarge):
		return invalid("The request is larger than can be stored")
	case err != nil || s.Follower == nil:
		return err
	}
	if err := s.Follower.WaitFor(ctx, s.Store.View().Revision()); err != nil {
		return fmt.Errorf("waiting until the change is routed by: %w", err)
	}
	return nil
}

const idBytes = 8

// newId makes the last part of an ARN: 16 hexadecimal digits.
func (s *Service) newId() (string, error) {
	var id [idBytes]byte
	if _, err := io.ReadFull(s.Random, id[:]); err != nil {
		return "", fmt.Errorf("reading randomness for an id: %w", err)
	}
	return hex.EncodeToString(id[:]), nil
}

// find reads a record by its ARN; missing is the error when there is none.
func find[T any](p place, collection store.Collection[T], missing error, id ...string) (T, error) {
	value, err := collection.Get(p.r, p.at, id...)
	if errors.Is(err, store.ErrNotFound) {
		return value, missing
	}
	return value, err
}

// given is the value of an optional input member, or the default.
func given[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// optional is a string as an output member: absent when empty.
func optional(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

func number(value int) *int32 {
	n := int32(value)
	return &n
}
