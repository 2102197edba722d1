package deployment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
)

func petStore() Snapshot {
	return Snapshot{
		RestApi: apigw.RestApi{Id: "a1b2c3d4e5", Name: "pets", CreatedDate: time.Unix(1700000000, 0).UTC(), BinaryMediaTypes: []string{"image/png"}},
		Resources: []apigw.Resource{
			{Id: "r2", ParentId: "r1", PathPart: "pets", Path: "/pets", Methods: map[string]apigw.Method{
				"GET": {HttpMethod: "GET", AuthorizationType: "NONE", MethodIntegration: &apigw.Integration{Type: "MOCK"}},
			}},
			{Id: "r1", Path: "/"},
		},
		Models: []apigw.Model{{Id: "m2", Name: "Pet"}, {Id: "m1", Name: "Error"}},
	}
}

func freeze(t *testing.T, content Snapshot) Snapshot {
	t.Helper()
	frozen, err := Freeze(content)
	if err != nil {
		t.Fatal(err)
	}
	return frozen
}

func TestFreezeIsIndependentOfOrder(t *testing.T) {
	first := petStore()
	second := petStore()
	second.Resources[0], second.Resources[1] = second.Resources[1], second.Resources[0]
	second.Models[0], second.Models[1] = second.Models[1], second.Models[0]
	if diff := cmp.Diff(freeze(t, first), freeze(t, second)); diff != "" {
		t.Error(diff)
	}
}

func TestFreezeCopies(t *testing.T) {
	content := petStore()
	frozen := freeze(t, content)
	content.RestApi.BinaryMediaTypes[0] = "changed"
	content.Resources[0].Methods["GET"].MethodIntegration.Type = "HTTP"
	delete(content.Resources[0].Methods, "GET")
	if diff := cmp.Diff(freeze(t, petStore()), frozen); diff != "" {
		t.Errorf("the snapshot changed with its source:\n%s", diff)
	}
}

func TestHashFollowsContentAndNothingElse(t *testing.T) {
	original := freeze(t, petStore()).Hash
	for name, test := range map[string]struct {
		change  func(*Snapshot)
		differs bool
	}{
		"description": {func(s *Snapshot) { s.RestApi.Description = "other" }, false},
		"tags":        {func(s *Snapshot) { s.RestApi.Tags = map[string]string{"a": "b"} }, false},
		"policy":      {func(s *Snapshot) { s.RestApi.Policy = "{}" }, true},
		"method": {func(s *Snapshot) {
			s.Resources[0].Methods["POST"] = apigw.Method{HttpMethod: "POST"}
		}, true},
		"gateway response": {func(s *Snapshot) {
			s.GatewayResponses = []apigw.GatewayResponse{{ResponseType: "DEFAULT_4XX"}}
		}, true},
	} {
		content := petStore()
		test.change(&content)
		if got := freeze(t, content).Hash; (got != original) != test.differs {
			t.Errorf("%s: hash differs is %v, want %v", name, got != original, test.differs)
		}
	}
}
