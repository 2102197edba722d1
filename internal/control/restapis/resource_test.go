package restapis

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
)

// Whatever is created, moved, renamed and deleted, the resources stay a tree with the
// paths of its parts, and no two siblings that a request could not tell apart.
func TestResources_stayATree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ctx, s, created := newTestService(t)
		view := func() []apigw.Resource {
			a, err := s.view(ctx, *created.Id)
			if err != nil {
				rt.Fatal(err)
			}
			all, err := a.resources()
			if err != nil {
				rt.Fatal(err)
			}
			return all
		}
		pick := func(label string) string {
			all := view()
			return all[rapid.IntRange(0, len(all)-1).Draw(rt, label)].Id
		}
		part := rapid.SampledFrom([]string{"a", "b", "{x}", "{y}", "{z+}"})
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				_, _ = s.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: *created.Id, ParentId: pick("parent"), PathPart: part.Draw(rt, "part")})
			},
			"move": func(rt *rapid.T) {
				_, _ = s.UpdateResource(ctx, &apigateway.UpdateResourceInput{RestApiId: *created.Id, ResourceId: pick("resource"), PatchOperations: []apigateway.PatchOperation{
					{Op: "replace", Path: value("/parentId"), Value: value(pick("parent"))},
				}})
			},
			"rename": func(rt *rapid.T) {
				_, _ = s.UpdateResource(ctx, &apigateway.UpdateResourceInput{RestApiId: *created.Id, ResourceId: pick("resource"), PatchOperations: []apigateway.PatchOperation{
					{Op: "replace", Path: value("/pathPart"), Value: value(part.Draw(rt, "part"))},
				}})
			},
			"delete": func(rt *rapid.T) {
				_, _ = s.DeleteResource(ctx, &apigateway.DeleteResourceInput{RestApiId: *created.Id, ResourceId: pick("resource")})
			},
			"": func(rt *rapid.T) {
				if err := checkTree(view(), *created.RootResourceId); err != nil {
					rt.Fatal(err)
				}
			},
		})
	})
}

func checkTree(all []apigw.Resource, rootId string) error {
	byId, paths, variables := map[string]apigw.Resource{}, map[string]bool{}, map[string]bool{}
	for _, resource := range all {
		byId[resource.Id] = resource
	}
	for _, resource := range all {
		if resource.Id == rootId {
			if resource.Path != "/" || resource.ParentId != "" {
				return fmt.Errorf("the root is %+v", resource)
			}
			continue
		}
		parent, ok := byId[resource.ParentId]
		if !ok || resource.Path != apigw.JoinPath(parent.Path, resource.PathPart) || apigw.IsGreedyPathVariable(parent.PathPart) {
			return fmt.Errorf("%+v below %+v", resource, parent)
		}
		if paths[resource.Path] || apigw.IsPathVariable(resource.PathPart) && variables[parent.Id] {
			return fmt.Errorf("two siblings like %+v", resource)
		}
		paths[resource.Path] = true
		variables[parent.Id] = variables[parent.Id] || apigw.IsPathVariable(resource.PathPart)
		if strings.Count(resource.Path, "/") > len(all) {
			return fmt.Errorf("a cycle at %+v", resource)
		}
	}
	return nil
}

func TestDeleteResource_keepsOthers(t *testing.T) {
	ctx, s, a := newTestService(t)
	for _, part := range []string{"pets", "pets2"} {
		if _, err := s.CreateResource(ctx, &apigateway.CreateResourceInput{RestApiId: *a.Id, ParentId: *a.RootResourceId, PathPart: part}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.GetResources(ctx, &apigateway.GetResourcesInput{RestApiId: *a.Id})
	if err != nil {
		t.Fatal(err)
	}
	for _, resource := range all.Items {
		if *resource.Path == "/pets" {
			if _, err := s.DeleteResource(ctx, &apigateway.DeleteResourceInput{RestApiId: *a.Id, ResourceId: *resource.Id}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := len(records.Resources.IDs(s.Store.View(), records.Scope(scopeOf(ctx)), *a.Id)); got != 2 {
		t.Errorf("%d resources are left, want the root and /pets2", got)
	}
}
