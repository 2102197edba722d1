package restapis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/apikey"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/caller"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/store"
	"gatehouse/internal/throttle"
)

// Publisher carries records over to the data plane.
type Publisher interface {
	// WaitFor returns when the data plane serves the state of the store at revision,
	// or when ctx ends.
	WaitFor(ctx context.Context, revision uint64) error
}

// Service implements the operations. Fields that may be nil or 0 say so.
type Service struct {
	apigateway.Unimplemented

	Store store.Store
	// Publisher may be nil: then no operation waits.
	Publisher Publisher
	Ids       apigw.Ids
	Now       func() time.Time
	// ResourcesLimit, StagesLimit and AuthorizersLimit are quotas per API that AWS raises on request; 0
	// is AWS's default.
	ResourcesLimit   int
	StagesLimit      int
	AuthorizersLimit int
	// IntegrationTimeoutMaximum is what AWS raises on request, up to 300 s; 0 is AWS's default.
	IntegrationTimeoutMaximum time.Duration
	// AccountThrottle is the account's throttle that the data plane enforces; the zero
	// value is none.
	AccountThrottle throttle.Limit
	// TracesRequests says that the server has a collector for traces.
	TracesRequests bool
	// DeclaresLoadBalancer says whether the server's configuration declares a load
	// balancer, which no record tells of; nil for none.
	DeclaresLoadBalancer func(arn string) bool
	// Tester runs methods and authorizers for TestInvokeMethod and TestInvokeAuthorizer; nil
	// refuses them.
	Tester Tester
	// ApiUrl gives the URL of an API without a stage, which exports name; nil gives AWS's.
	ApiUrl func(restApiId, region string) string
	// ResetAuthorizers empties what the authorizers of a stage remember. It may be nil:
	// then nothing is remembered.
	ResetAuthorizers func(ctx context.Context, scope apigw.Scope, restApiId, stageName string) error
	// ClientCertificates makes and opens client certificates; nil makes none.
	ClientCertificates ClientCertificates
	// ApiKeyValues seals the values of API keys.
	ApiKeyValues *apikey.Values
	// Usage counts the requests of API keys. It may be nil: then nothing is counted.
	Usage UsageCounters
}

var _ apigateway.Service = (*Service)(nil)

// api is one RestApi as an operation sees it: through a snapshot, or through the
// transaction that changes it.
type api struct {
	service *Service
	r       store.Reader
	tx      *store.Tx // nil while only reading
	scope   apigw.Scope
	at      store.Scope
	id      string
}

func scopeOf(ctx context.Context) apigw.Scope {
	who := caller.From(ctx)
	return apigw.Scope{Account: who.Account, Region: who.Region}
}

// view gives a RestApi to read. Errors: NotFoundException.
func (s *Service) view(ctx context.Context, restApiId string) (api, error) {
	return s.open(ctx, s.Store.View(), restApiId)
}

func (s *Service) open(ctx context.Context, r store.Reader, restApiId string) (api, error) {
	scope := scopeOf(ctx)
	a := api{service: s, r: r, scope: scope, at: records.Scope(scope), id: restApiId}
	if !records.RestApis.Has(r, a.at, restApiId) {
		return a, invalidApiIdentifier(scope, restApiId)
	}
	return a, nil
}

// update changes a RestApi in one transaction. The function may run more than once.
func (s *Service) update(ctx context.Context, restApiId string, change func(a api) error) error {
	return s.transact(ctx, func(tx *store.Tx) error {
		a, err := s.open(ctx, tx, restApiId)
		if err != nil {
			return err
		}
		a.tx = tx
		return change(a)
	})
}

// updateServed is update for what the data plane serves without a deployment: it
// returns when the change is served.
func (s *Service) updateServed(ctx context.Context, restApiId string, change func(a api) error) error {
	if err := s.update(ctx, restApiId, change); err != nil {
		return err
	}
	return s.awaitPublished(ctx)
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

// transact runs an update; an error that has no place on the wire is wrapped.
func (s *Service) transact(ctx context.Context, change func(tx *store.Tx) error) error {
	err := s.Store.Update(ctx, change)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, store.ErrTooLarge):
		return &apigateway.BadRequestException{Message: messageTooLarge}
	case errors.Is(err, store.ErrConflict):
		return &apigateway.ConflictException{Message: messageConcurrentUpdate}
	default:
		return err
	}
}

// find reads a record of the API; missing is the error when there is none.
func find[T any](a api, collection store.Collection[T], id string, missing error) (T, error) {
	value, err := collection.Get(a.r, a.at, a.id, id)
	if errors.Is(err, store.ErrNotFound) {
		return value, missing
	}
	return value, err
}

// newId makes an id that no record of the collection has.
func newId[T any](a api, collection store.Collection[T]) (string, error) {
	for {
		id, err := a.service.Ids.Resource()
		if err != nil || !collection.Has(a.r, a.at, a.id, id) {
			return id, err
		}
	}
}

// applyPatch applies patchOperations by the table of a noun.
func applyPatch[T any](table patch.Table[T], target *T, operations []apigateway.PatchOperation) error {
	return badPatch(applyPatchUnwrapped(table, target, operations))
}

// applyPatchUnwrapped is applyPatch with the errors of package patch as they are.
func applyPatchUnwrapped[T any](table patch.Table[T], target *T, operations []apigateway.PatchOperation) error {
	list := make([]patch.Operation, 0, len(operations))
	for _, operation := range operations {
		list = append(list, patch.Operation{
			Op: string(operation.Op), Path: text(operation.Path), From: text(operation.From),
			Value: text(operation.Value), HasValue: operation.Value != nil,
		})
	}
	return table.Apply(target, list)
}

// badPatch turns what package patch refuses into AWS's exception.
func badPatch(err error) error {
	var refused *patch.Error
	if errors.As(err, &refused) {
		return &apigateway.BadRequestException{Message: refused.Message}
	}
	return err
}

// text is the value of an optional string.
func text(value *string) string {
	if value == nil {
		return ""
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

// seconds is a time as AWS writes it: whole seconds.
func seconds(at time.Time) *time.Time {
	at = at.Truncate(time.Second)
	return &at
}

// given is the value of an optional input member, or the default.
func given[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}
