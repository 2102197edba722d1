package apis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/caller"
	"gatehouse/internal/store"
)

// Publisher carries records over to the data plane.
type Publisher interface {
	// WaitFor returns when the data plane serves the state of the store at revision,
	// or when ctx ends.
	WaitFor(ctx context.Context, revision uint64) error
}

// Service implements the operations. All fields but Publisher and the hooks must be set.
type Service struct {
	apigatewayv2.Unimplemented

	Store store.Store
	// Publisher may be nil: then no operation waits.
	Publisher Publisher
	Ids       apigw.Ids
	Now       func() time.Time
	// ApiEndpoint gives the URL of an API without a stage, as it resolves here: http or
	// https for HTTP, ws or wss for WEBSOCKET.
	ApiEndpoint func(apiId, region, protocolType string) string
	// ResetAuthorizers empties what the authorizers of a stage remember. It may be nil:
	// then nothing is remembered.
	ResetAuthorizers func(ctx context.Context, scope apigw.Scope, apiId, stageName string) error
}

var _ apigatewayv2.Service = (*Service)(nil)

// place is where an operation reads and writes: through a snapshot, or through the
// transaction that changes it.
type place struct {
	service *Service
	r       store.Reader
	tx      *store.Tx // nil while only reading
	scope   apigw.Scope
	at      store.Scope
}

// api is one Api as an operation sees it.
type api struct {
	place

	id     string
	record apigwv2.Api
}

func scopeOf(ctx context.Context) apigw.Scope {
	who := caller.From(ctx)
	return apigw.Scope{Account: who.Account, Region: who.Region}
}

func (s *Service) place(ctx context.Context, r store.Reader) place {
	scope := scopeOf(ctx)
	return place{service: s, r: r, scope: scope, at: records.Scope(scope)}
}

// view gives what there is to read.
func (s *Service) view(ctx context.Context) place { return s.place(ctx, s.Store.View()) }

// viewApi gives an Api to read. Errors: NotFoundException.
func (s *Service) viewApi(ctx context.Context, apiId string) (api, error) {
	return s.view(ctx).api(apiId)
}

func (p place) api(apiId string) (api, error) {
	record, err := records.Apis.Get(p.r, p.at, apiId)
	if errors.Is(err, store.ErrNotFound) {
		err = invalidApiIdentifier(p.scope, apiId)
	}
	return api{place: p, id: apiId, record: record}, err
}

func (a api) isHttp() bool { return a.record.ProtocolType == apigwv2.ProtocolTypeHttp }

// update changes records in one transaction. The function may run more than once.
func (s *Service) update(ctx context.Context, change func(p place) error) error {
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		p := s.place(ctx, tx)
		p.tx = tx
		return change(p)
	})
	switch {
	case errors.Is(err, store.ErrTooLarge):
		return badRequest(messageTooLarge)
	case errors.Is(err, store.ErrConflict):
		return conflict(messageConcurrentUpdate)
	default:
		return err
	}
}

// updateServed is update for what the data plane serves without a deployment: it
// returns when the change is served.
func (s *Service) updateServed(ctx context.Context, change func(p place) error) error {
	if err := s.update(ctx, change); err != nil {
		return err
	}
	return s.awaitPublished(ctx)
}

// updateApi changes records of an Api, but not what its deployments freeze.
func (s *Service) updateApi(ctx context.Context, apiId string, change func(a api) error) error {
	return s.updateServed(ctx, func(p place) error {
		a, err := p.api(apiId)
		if err != nil {
			return err
		}
		return change(a)
	})
}

// updateContent changes what deployments of an Api freeze; stages that deploy by
// themselves do so in the same transaction.
func (s *Service) updateContent(ctx context.Context, apiId string, change func(a api) error) error {
	return s.updateApi(ctx, apiId, func(a api) error {
		if err := change(a); err != nil {
			return err
		}
		return a.deployAutomatically()
	})
}

func (s *Service) awaitPublished(ctx context.Context) error {
	if s.Publisher == nil {
		return nil
	}
	if err := s.Publisher.WaitFor(ctx, s.Store.View().Revision()); err != nil {
		return fmt.Errorf("waiting until the change is served: %w", err)
	}
	return nil
}

// find reads a record; missing is the error when there is none.
func find[T any](p place, collection store.Collection[T], missing error, id ...string) (T, error) {
	value, err := collection.Get(p.r, p.at, id...)
	if errors.Is(err, store.ErrNotFound) {
		return value, missing
	}
	return value, err
}

// newId makes an id that no record of the collection has beneath the ids above.
func newId[T any](p place, collection store.Collection[T], generate func() (string, error), above ...string) (string, error) {
	for {
		id, err := generate()
		if err != nil || !collection.Has(p.r, p.at, append(append([]string{}, above...), id)...) {
			return id, err
		}
	}
}
