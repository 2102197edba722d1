package records

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/deployment"
	"gatehouse/internal/store"
	"gatehouse/internal/store/memory"
)

func fillApi(tx *store.Tx, apiId string) error {
	at := Scope(scope)
	return errors.Join(
		Apis.Put(tx, apigwv2.Api{ApiId: apiId}, at, apiId),
		Routes.Put(tx, apigwv2.Route{RouteId: "r"}, at, apiId, "r"),
		RouteResponses.Put(tx, apigwv2.RouteResponse{RouteResponseId: "rr"}, at, apiId, "r", "rr"),
		Integrations.Put(tx, apigwv2.Integration{IntegrationId: "i"}, at, apiId, "i"),
		IntegrationResponses.Put(tx, apigwv2.IntegrationResponse{IntegrationResponseId: "ir"}, at, apiId, "i", "ir"),
		IntegrationResponses.Put(tx, apigwv2.IntegrationResponse{IntegrationResponseId: "is"}, at, apiId, "i", "is"),
		ApiModels.Put(tx, apigwv2.Model{ModelId: "m"}, at, apiId, "m"),
		ApiAuthorizers.Put(tx, apigwv2.Authorizer{AuthorizerId: "a"}, at, apiId, "a"),
		ApiDeployments.Put(tx, apigwv2.Deployment{DeploymentId: "d"}, at, apiId, "d"),
		ApiSnapshots.Put(tx, apigwv2.Snapshot{}, at, apiId, "d"),
		ApiStages.Put(tx, apigwv2.Stage{StageName: "s"}, at, apiId, "s"),
	)
}

func TestApiContentAndDelete(t *testing.T) {
	ctx, s := context.Background(), memory.New()
	if err := s.Update(ctx, func(tx *store.Tx) error { return errors.Join(fillApi(tx, "a"), fillApi(tx, "ab")) }); err != nil {
		t.Fatal(err)
	}
	before := s.View().Len()
	got, err := ApiContent(s.View(), scope, "a")
	if err != nil {
		t.Fatal(err)
	}
	want := apigwv2.Snapshot{
		Api: apigwv2.Api{ApiId: "a"}, Routes: []apigwv2.Route{{RouteId: "r"}}, Integrations: []apigwv2.Integration{{IntegrationId: "i"}},
		RouteResponses:       map[string][]apigwv2.RouteResponse{"r": {{RouteResponseId: "rr"}}},
		IntegrationResponses: map[string][]apigwv2.IntegrationResponse{"i": {{IntegrationResponseId: "ir"}, {IntegrationResponseId: "is"}}},
		Models:               []apigwv2.Model{{ModelId: "m"}}, Authorizers: []apigwv2.Authorizer{{AuthorizerId: "a"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("content (-want +got):\n%s", diff)
	}
	if err := s.Update(ctx, func(tx *store.Tx) error { DeleteApi(tx, scope, "a"); return nil }); err != nil {
		t.Fatal(err)
	}
	if got := s.View().Len(); got != before/2 {
		t.Errorf("%d records after deleting one of two APIs, want %d", got, before/2)
	}
	if _, err := ApiContent(s.View(), scope, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("content of a deleted API: %v", err)
	}
}

// The forms are AWS's, as Terraform's users reported them.
func TestVpcLinkReferences(t *testing.T) {
	ctx, s, at := context.Background(), memory.New(), Scope(scope)
	private := apigw.Integration{ConnectionType: "VPC_LINK", ConnectionId: "v1"}
	variable := apigwv2.Integration{IntegrationId: "i2", ConnectionType: "VPC_LINK", ConnectionId: "${stageVariables.link}"}
	err := s.Update(ctx, func(tx *store.Tx) error {
		resource := apigw.Resource{Id: "25xdid", Methods: map[string]apigw.Method{"POST": {MethodIntegration: &private}, "GET": {}}}
		return errors.Join(
			Apis.Put(tx, apigwv2.Api{ApiId: "h"}, at, "h"),
			Resources.Put(tx, resource, at, "rest", "25xdid"),
			Snapshots.Put(tx, deployment.Snapshot{Resources: []apigw.Resource{resource}}, at, "rest", "d"),
			Stages.Put(tx, apigw.Stage{StageName: "prod", DeploymentId: "d"}, at, "rest", "prod"),
			Routes.Put(tx, apigwv2.Route{RouteId: "qtfgl2b", Target: "integrations/i1"}, at, "h", "qtfgl2b"),
			Integrations.Put(tx, apigwv2.Integration{IntegrationId: "i1", IntegrationMethod: "ANY", ConnectionType: "VPC_LINK", ConnectionId: "v2"}, at, "h", "i1"),
			Integrations.Put(tx, variable, at, "h", "i2"),
			ApiSnapshots.Put(tx, apigwv2.Snapshot{Integrations: []apigwv2.Integration{variable}}, at, "h", "d"),
			ApiStages.Put(tx, apigwv2.Stage{StageName: "beta", DeploymentId: "d", StageVariables: map[string]string{"link": "v3"}}, at, "h", "beta"),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	texts := func(references []VpcLinkReference) (texts []string) {
		for _, reference := range references {
			texts = append(texts, reference.ApiId+" "+reference.String()+" "+reference.IntegrationId)
		}
		return texts
	}
	for link, want := range map[string][2][]string{
		"v1":   {{"rest POST:25xdid "}, {"rest POST:25xdid:prod "}},
		"v2":   {{"h ANY:qtfgl2b i1"}, nil},
		"v3":   {nil, {"h ANY:i2:beta i2"}},
		"none": {nil, nil},
	} {
		live, deployed, err := VpcLinkReferences(s.View(), scope, link)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, [2][]string{texts(live), texts(deployed)}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", link, diff)
		}
	}
}
