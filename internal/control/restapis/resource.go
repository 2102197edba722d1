package restapis

import (
	"context"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// embedMethods asks Get operations of resources for whole methods.
const embedMethods = "methods"

// CreateResource adds a child to a resource.
func (s *Service) CreateResource(ctx context.Context, in *apigateway.CreateResourceInput) (*apigateway.Resource, error) {
	var created apigw.Resource
	err := s.update(ctx, in.RestApiId, func(a api) error {
		parent, err := a.resource(in.ParentId)
		if err != nil {
			return err
		}
		all, err := a.resources()
		if err != nil {
			return err
		}
		if len(all) >= or(s.ResourcesLimit, apigw.ResourcesLimit) {
			return limitExceeded(messageResourcesLimit)
		}
		created = apigw.Resource{ParentId: parent.Id, PathPart: in.PathPart, Path: apigw.JoinPath(parent.Path, in.PathPart)}
		if err := validatePlace(all, parent, created); err != nil {
			return err
		}
		if created.Id, err = newId(a, records.Resources); err != nil {
			return err
		}
		return a.putResource(created)
	})
	if err != nil {
		return nil, err
	}
	return resourceOutput(created, false), nil
}

// validatePlace says what forbids a resource below parent, among all other resources.
func validatePlace(all []apigw.Resource, parent, resource apigw.Resource) error {
	if !apigw.ValidPathPart(resource.PathPart) {
		return badRequest(messageInvalidPathPart)
	}
	if apigw.IsGreedyPathVariable(parent.PathPart) {
		return parentIsGreedy(parent.PathPart)
	}
	for _, sibling := range all {
		if sibling.ParentId != parent.Id || sibling.Id == resource.Id {
			continue
		}
		if sibling.PathPart == resource.PathPart {
			return siblingHasName(resource.PathPart)
		}
		if apigw.IsPathVariable(sibling.PathPart) && apigw.IsPathVariable(resource.PathPart) {
			return siblingIsVariable(sibling.PathPart)
		}
	}
	return nil
}

// GetResource returns a resource, with its methods named or, embedded, whole.
func (s *Service) GetResource(ctx context.Context, in *apigateway.GetResourceInput) (*apigateway.Resource, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	embed, err := embeds(in.Embed, embedMethods)
	if err != nil {
		return nil, err
	}
	found, err := a.resource(in.ResourceId)
	if err != nil {
		return nil, err
	}
	return resourceOutput(found, embed), nil
}

// GetResources lists the resources of an API.
func (s *Service) GetResources(ctx context.Context, in *apigateway.GetResourcesInput) (*apigateway.Resources, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	embed, err := embeds(in.Embed, embedMethods)
	if err != nil {
		return nil, err
	}
	all, err := a.resources()
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(r apigw.Resource) string { return r.Id }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	output := func(r apigw.Resource) *apigateway.Resource { return resourceOutput(r, embed) }
	return &apigateway.Resources{Items: convert(found.Items, output), Position: found.Next}, nil
}

// DeleteResource deletes a resource, its methods and all resources below it.
func (s *Service) DeleteResource(ctx context.Context, in *apigateway.DeleteResourceInput) (*apigateway.DeleteResourceOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		doomed, err := a.resource(in.ResourceId)
		if err != nil {
			return err
		}
		if doomed.ParentId == "" {
			return badRequest(messageRootRemoval)
		}
		all, err := a.resources()
		if err != nil {
			return err
		}
		for _, below := range append(descendants(all, doomed.Id), doomed) {
			records.Resources.Delete(a.tx, a.at, a.id, below.Id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteResourceOutput{}, nil
}

// UpdateResource renames a resource or moves it with everything below it.
func (s *Service) UpdateResource(ctx context.Context, in *apigateway.UpdateResourceInput) (*apigateway.Resource, error) {
	var updated apigw.Resource
	err := s.update(ctx, in.RestApiId, func(a api) error {
		before, err := a.resource(in.ResourceId)
		if err != nil {
			return err
		}
		updated = before
		if err := applyPatch(resourcePatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		if updated.ParentId == before.ParentId && updated.PathPart == before.PathPart {
			return nil
		}
		if before.ParentId == "" {
			return badRequest(messageRootImmovable)
		}
		return a.moveResource(&updated)
	})
	if err != nil {
		return nil, err
	}
	return resourceOutput(updated, false), nil
}

// resourcePatches: API reference, "Patch operations", UpdateResource.
var resourcePatches = patch.Table[apigw.Resource]{
	{Path: "/parentId", Replace: patch.String(func(r *apigw.Resource) *string { return &r.ParentId })},
	{Path: "/pathPart", Replace: patch.String(func(r *apigw.Resource) *string { return &r.PathPart })},
}

// moveResource puts a resource whose parent or path part changed, and gives it and all
// below it their new paths.
func (a api) moveResource(moved *apigw.Resource) error {
	parent, err := a.resource(moved.ParentId)
	if err != nil {
		return err
	}
	all, err := a.resources()
	if err != nil {
		return err
	}
	below := descendants(all, moved.Id)
	isBelow := func(r apigw.Resource) bool { return r.Id == parent.Id }
	if parent.Id == moved.Id || slices.ContainsFunc(below, isBelow) {
		return badRequest(messageResourceCycle)
	}
	if err := validatePlace(all, parent, *moved); err != nil {
		return err
	}
	if len(below) > 0 && apigw.IsGreedyPathVariable(moved.PathPart) {
		return parentIsGreedy(moved.PathPart)
	}
	before := moved.Path
	moved.Path = apigw.JoinPath(parent.Path, moved.PathPart)
	for _, child := range below {
		child.Path = moved.Path + strings.TrimPrefix(child.Path, before)
		if err := a.putResource(child); err != nil {
			return err
		}
	}
	return a.putResource(*moved)
}

// descendants are the resources below one, at any depth.
func descendants(all []apigw.Resource, id string) []apigw.Resource {
	var below []apigw.Resource
	for _, resource := range all {
		if resource.ParentId == id {
			below = append(append(below, resource), descendants(all, resource.Id)...)
		}
	}
	return below
}

func (a api) resource(id string) (apigw.Resource, error) {
	return find(a, records.Resources, id, notFound(messageInvalidResource))
}

func (a api) resources() ([]apigw.Resource, error) {
	return records.Resources.List(a.r, a.at, a.id)
}

func (a api) putResource(resource apigw.Resource) error {
	return records.Resources.Put(a.tx, resource, a.at, a.id, resource.Id)
}

// embeds says whether a client asked for what; anything else it asks for is refused.
func embeds(asked []string, what string) (bool, error) {
	for _, name := range asked {
		if name != what {
			return false, badRequest(messageInvalidEmbed)
		}
	}
	return len(asked) > 0, nil
}

// or is a limit, or AWS's when none is set.
func or(limit, otherwise int) int {
	if limit == 0 {
		return otherwise
	}
	return limit
}

// resourceOutput names methods by empty objects unless they are embedded, as AWS does.
func resourceOutput(r apigw.Resource, embed bool) *apigateway.Resource {
	out := &apigateway.Resource{Id: &r.Id, ParentId: optional(r.ParentId), PathPart: optional(r.PathPart), Path: &r.Path}
	for name, method := range r.Methods {
		if out.ResourceMethods == nil {
			out.ResourceMethods = map[string]apigateway.Method{}
		}
		if embed {
			out.ResourceMethods[name] = *methodOutput(method)
		} else {
			out.ResourceMethods[name] = apigateway.Method{}
		}
	}
	return out
}
