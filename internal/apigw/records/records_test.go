package records

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

var scope = apigw.Scope{Account: "000000000000", Region: "us-east-1"}

func fill(tx *store.Tx, restApiId string) error {
	at := Scope(scope)
	return errors.Join(
		RestApis.Put(tx, apigw.RestApi{Id: restApiId}, at, restApiId),
		Resources.Put(tx, apigw.Resource{Id: "r", Path: "/"}, at, restApiId, "r"),
		Models.Put(tx, apigw.Model{Name: "Empty"}, at, restApiId, "Empty"),
		RequestValidators.Put(tx, apigw.RequestValidator{Id: "v"}, at, restApiId, "v"),
		Authorizers.Put(tx, apigw.Authorizer{Id: "a"}, at, restApiId, "a"),
		GatewayResponses.Put(tx, apigw.GatewayResponse{ResponseType: "THROTTLED"}, at, restApiId, "THROTTLED"),
		Deployments.Put(tx, apigw.Deployment{Id: "d"}, at, restApiId, "d"),
		Snapshots.Put(tx, deployment.Snapshot{Hash: "h"}, at, restApiId, "d"),
		Stages.Put(tx, apigw.Stage{StageName: "s"}, at, restApiId, "s"),
	)
}

// An API's content is its own, and deleting it leaves no other's record behind or gone.
func TestContentAndDelete(t *testing.T) {
	ctx, s := context.Background(), memory.New()
	if err := s.Update(ctx, func(tx *store.Tx) error { return errors.Join(fill(tx, "a"), fill(tx, "ab")) }); err != nil {
		t.Fatal(err)
	}
	before := s.View().Len()
	got, err := Content(s.View(), scope, "a")
	if err != nil {
		t.Fatal(err)
	}
	want := deployment.Snapshot{
		RestApi: apigw.RestApi{Id: "a"}, Resources: []apigw.Resource{{Id: "r", Path: "/"}}, Models: []apigw.Model{{Name: "Empty"}},
		RequestValidators: []apigw.RequestValidator{{Id: "v"}}, Authorizers: []apigw.Authorizer{{Id: "a"}},
		GatewayResponses: []apigw.GatewayResponse{{ResponseType: "THROTTLED"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if err := s.Update(ctx, func(tx *store.Tx) error { DeleteRestApi(tx, scope, "a"); return nil }); err != nil {
		t.Fatal(err)
	}
	if got := s.View().Len(); got != before/2 {
		t.Errorf("%d records after deleting one of two APIs, want %d", got, before/2)
	}
	if _, err := Content(s.View(), scope, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("content of a deleted API: %v", err)
	}
}
