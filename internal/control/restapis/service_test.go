package restapis

import (
	"context"
	"errors"
	"math/rand"
	"strconv"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/apikey"
	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/caller"
	"gatehouse/internal/deployment"
	"gatehouse/internal/secret"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

var testTime = time.Date(2026, 3, 1, 12, 0, 0, 500, time.UTC)

// newTestService is a service over an empty store, with one API.
func newTestService(t testing.TB) (context.Context, *Service, *apigateway.RestApi) {
	t.Helper()
	ctx := caller.WithCaller(context.Background(), caller.Caller{Account: "000000000000", Region: "us-east-1"})
	random := rand.New(rand.NewSource(1))
	keeper, err := secret.New(make([]byte, 32), random)
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{Store: memory.New(), ApiKeyValues: apikey.New(keeper), Ids: apigw.Ids{Random: random}, Now: func() time.Time { return testTime }}
	created, err := s.CreateRestApi(ctx, &apigateway.CreateRestApiInput{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return ctx, s, created
}

// wantError checks the code and message of an operation's error.
func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var answered awsapi.Error
	if !errors.As(err, &answered) {
		t.Fatalf("got %v, want %s: %s", err, code, message)
	}
	if answered.ErrorCode() != code || answered.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", answered.ErrorCode(), answered.ErrorMessage(), code, message)
	}
}

func value[T any](v T) *T { return &v }

// putMock gives the root a GET that can be deployed.
func putMock(ctx context.Context, t testing.TB, s *Service, a *apigateway.RestApi) {
	t.Helper()
	_, err := s.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET", AuthorizationType: "NONE"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.PutIntegration(ctx, &apigateway.PutIntegrationInput{RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET", Type: "MOCK"})
	if err != nil {
		t.Fatal(err)
	}
}

// publisher notes the revisions it was asked for.
type publisher struct {
	revisions []uint64
	err       error
}

func (p *publisher) WaitFor(_ context.Context, revision uint64) error {
	p.revisions = append(p.revisions, revision)
	return p.err
}

// What the data plane serves is waited for; what a deployment has to carry over is not.
func TestPublisher(t *testing.T) {
	ctx, s, a := newTestService(t)
	p := &publisher{}
	s.Publisher = p
	putMock(ctx, t, s, a)
	if len(p.revisions) != 0 {
		t.Errorf("a method was waited for: %v", p.revisions)
	}
	steps := []func() error{
		func() error {
			_, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id, StageName: value("s")})
			return err
		},
		func() error {
			_, err := s.UpdateStage(ctx, &apigateway.UpdateStageInput{RestApiId: *a.Id, StageName: "s", PatchOperations: []apigateway.PatchOperation{
				{Op: "replace", Path: value("/description"), Value: value("d")},
			}})
			return err
		},
		func() error {
			_, err := s.DeleteStage(ctx, &apigateway.DeleteStageInput{RestApiId: *a.Id, StageName: "s"})
			return err
		},
		func() error {
			_, err := s.DeleteRestApi(ctx, &apigateway.DeleteRestApiInput{RestApiId: *a.Id})
			return err
		},
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if len(p.revisions) != i+1 || p.revisions[i] != s.Store.View().Revision() {
			t.Fatalf("after step %d: waited for %v, the store is at %d", i, p.revisions, s.Store.View().Revision())
		}
	}
}

func TestPublisher_fails(t *testing.T) {
	ctx, s, a := newTestService(t)
	putMock(ctx, t, s, a)
	s.Publisher = &publisher{err: context.DeadlineExceeded}
	_, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// An API is its account's and region's: others do not find it.
func TestScope(t *testing.T) {
	_, s, a := newTestService(t)
	other := caller.WithCaller(context.Background(), caller.Caller{Account: "000000000000", Region: "eu-west-1"})
	_, err := s.GetRestApi(other, &apigateway.GetRestApiInput{RestApiId: *a.Id})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 000000000000:"+*a.Id)
	all, err := s.GetRestApis(other, &apigateway.GetRestApisInput{})
	if err != nil || len(all.Items) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// A refused operation writes nothing at all.
func TestRefusedWritesNothing(t *testing.T) {
	ctx, s, a := newTestService(t)
	putMock(ctx, t, s, a)
	before := s.Store.View().Manifest()
	_, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id, StageName: value("no.no")})
	wantError(t, err, "BadRequestException", messageInvalidStageName)
	_, err = s.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: *a.Id, ResourceId: *a.RootResourceId, HttpMethod: "GET", Type: "MOCK", Credentials: value("arn:aws:iam::000000000000:role/r"),
	})
	wantError(t, err, "BadRequestException", "Gatehouse does not support credentials of an HTTP or MOCK integration of Integration yet: only functions and AWS services are called as a role or as the caller")
	if after := s.Store.View().Manifest(); after != before {
		t.Errorf("the store changed from %v to %v", before, after)
	}
}

// The limits are quotas of AWS (limits.md); the texts are observed.
func TestLimits(t *testing.T) {
	ctx, s, a := newTestService(t)
	s.ResourcesLimit, s.StagesLimit = 2, 1
	add := func(part string) error {
		_, err := s.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: *a.Id, ParentId: *a.RootResourceId, PathPart: part})
		return err
	}
	if err := add("a"); err != nil {
		t.Fatal(err)
	}
	wantError(t, add("b"), "LimitExceededException", messageResourcesLimit)
	putMock(ctx, t, s, a)
	deploy := func(stage string) error {
		_, err := s.CreateDeployment(ctx, &apigateway.CreateDeploymentInput{RestApiId: *a.Id, StageName: &stage})
		return err
	}
	if err := errors.Join(deploy("a"), deploy("a")); err != nil {
		t.Fatal(err)
	}
	wantError(t, deploy("b"), "LimitExceededException", messageStagesLimit)
}

// An API with more deployments than one transaction can delete can be deleted.
func TestDeleteRestApi_manyDeployments(t *testing.T) {
	ctx, s, a := newTestService(t)
	at := records.Scope(scopeOf(ctx))
	const many = store.MaxBatchWrites/2 + 100
	for start := 0; start < many; start += many / 2 {
		err := s.Store.Update(ctx, func(tx *store.Tx) error {
			var err error
			for i := start; i < start+many/2; i++ {
				id := strconv.Itoa(i)
				err = errors.Join(err, records.Deployments.Put(tx, apigw.Deployment{Id: id}, at, *a.Id, id),
					records.Snapshots.Put(tx, deployment.Snapshot{}, at, *a.Id, id))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DeleteRestApi(ctx, &apigateway.DeleteRestApiInput{RestApiId: *a.Id}); err != nil {
		t.Fatal(err)
	}
	if left := s.Store.View().Len(); left != 0 {
		t.Errorf("%d records are left", left)
	}
}
