package restapis

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
	"gatehouse/internal/jsonschema"
)

// CreateModel adds a model to an API.
func (s *Service) CreateModel(ctx context.Context, in *apigateway.CreateModelInput) (*apigateway.Model, error) {
	created := apigw.Model{Name: in.Name, Description: text(in.Description), Schema: text(in.Schema), ContentType: in.ContentType}
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if !apigw.ValidModelName(in.Name) {
			return invalidModelName(in.Name)
		}
		if records.Models.Has(a.r, a.at, a.id, in.Name) {
			return conflict(messageModelExists)
		}
		if in.ContentType == "" {
			return badRequest(messageInvalidContentType)
		}
		if err := a.validateSchema(created); err != nil {
			return err
		}
		var err error
		if created.Id, err = s.Ids.Resource(); err != nil {
			return err
		}
		return records.Models.Put(a.tx, created, a.at, a.id, created.Name)
	})
	if err != nil {
		return nil, err
	}
	return modelOutput(created), nil
}

// GetModel returns a model; flattened, with all models it refers to inside.
func (s *Service) GetModel(ctx context.Context, in *apigateway.GetModelInput) (*apigateway.Model, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.model(in.ModelName)
	if err == nil && given(in.Flatten, false) {
		found.Schema, err = a.flatten(found)
	}
	if err != nil {
		return nil, err
	}
	return modelOutput(found), nil
}

// GetModels lists the models of an API.
func (s *Service) GetModels(ctx context.Context, in *apigateway.GetModelsInput) (*apigateway.Models, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	all, err := records.Models.List(a.r, a.at, a.id)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(m apigw.Model) string { return m.Name }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	return &apigateway.Models{Items: convert(found.Items, modelOutput), Position: found.Next}, nil
}

// UpdateModel patches a model.
func (s *Service) UpdateModel(ctx context.Context, in *apigateway.UpdateModelInput) (*apigateway.Model, error) {
	var updated apigw.Model
	err := s.update(ctx, in.RestApiId, func(a api) error {
		var err error
		if updated, err = a.model(in.ModelName); err != nil {
			return err
		}
		if err := applyPatch(modelPatches, &updated, in.PatchOperations); err != nil {
			return err
		}
		if err := a.validateSchema(updated); err != nil {
			return err
		}
		return records.Models.Put(a.tx, updated, a.at, a.id, updated.Name)
	})
	if err != nil {
		return nil, err
	}
	return modelOutput(updated), nil
}

// modelPatches: API reference, "Patch operations", UpdateModel.
var modelPatches = patch.Table[apigw.Model]{
	{Path: "/description", Replace: patch.String(func(m *apigw.Model) *string { return &m.Description })},
	{Path: "/schema", Replace: patch.String(func(m *apigw.Model) *string { return &m.Schema })},
}

// DeleteModel deletes a model that no method uses.
func (s *Service) DeleteModel(ctx context.Context, in *apigateway.DeleteModelInput) (*apigateway.DeleteModelOutput, error) {
	err := s.update(ctx, in.RestApiId, func(a api) error {
		if _, err := a.model(in.ModelName); err != nil {
			return err
		}
		if err := a.validateModelUnused(in.ModelName); err != nil {
			return err
		}
		records.Models.Delete(a.tx, a.at, a.id, in.ModelName)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteModelOutput{}, nil
}

func (a api) validateModelUnused(name string) error {
	return a.eachMethod(func(path string, method apigw.Method) error {
		if slices.Contains(slices.Collect(maps.Values(method.RequestModels)), name) {
			return modelInUse(name, "method request", path)
		}
		for _, response := range method.MethodResponses {
			if slices.Contains(slices.Collect(maps.Values(response.ResponseModels)), name) {
				return modelInUse(name, "method response", path)
			}
		}
		return nil
	})
}

// eachMethod calls visit for every method in a fixed order; path is "/pets/GET".
func (a api) eachMethod(visit func(path string, method apigw.Method) error) error {
	resources, err := a.resources()
	if err != nil {
		return err
	}
	slices.SortFunc(resources, func(x, y apigw.Resource) int { return strings.Compare(x.Path, y.Path) })
	for _, resource := range resources {
		for _, httpMethod := range slices.Sorted(maps.Keys(resource.Methods)) {
			if err := visit(apigw.JoinPath(resource.Path, httpMethod), resource.Methods[httpMethod]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a api) model(name string) (apigw.Model, error) {
	return find(a, records.Models, name, notFound(messageInvalidModelName+": "+name))
}

// validateSchema checks that a model's schema is one of JSON Schema draft 4 and that
// the models it refers to are there.
func (a api) validateSchema(m apigw.Model) error {
	_, err := jsonschema.Compile(m.Schema, a.resolveModel)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsonschema.ErrTooLarge):
		return badRequest(messageModelSchemaTooLarge)
	default:
		return invalidModel("Invalid model schema specified")
	}
}

// modelUrlPath is in every reference to a model:
// https://apigateway.amazonaws.com/restapis/{restApiId}/models/{name}.
const modelUrlPath = "/restapis/"

// resolveModel returns the schema that a $ref in a model names.
func (a api) resolveModel(url string) (string, bool) {
	name, ok := a.referredModel(url)
	if !ok {
		return "", false
	}
	model, err := a.model(name)
	return model.Schema, err == nil
}

func (a api) referredModel(url string) (string, bool) {
	_, rest, ok := strings.Cut(url, modelUrlPath+a.id+"/models/")
	return rest, ok && strings.HasPrefix(url, "https://") && apigw.ValidModelName(rest)
}

// flatten puts every model that a schema refers to, directly or not, into its
// definitions, and makes the references point there.
func (a api) flatten(m apigw.Model) (string, error) {
	var root map[string]any
	if json.Unmarshal([]byte(m.Schema), &root) != nil {
		return m.Schema, nil
	}
	definitions := map[string]any{}
	if err := a.inline(root, definitions); err != nil {
		return "", err
	}
	if len(definitions) == 0 {
		return m.Schema, nil
	}
	if own, ok := root["definitions"].(map[string]any); ok {
		maps.Copy(definitions, own)
	}
	root["definitions"] = definitions
	flat, err := json.Marshal(root)
	return string(flat), err
}

func (a api) inline(node any, definitions map[string]any) error {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			if err := a.inline(item, definitions); err != nil {
				return err
			}
		}
	case map[string]any:
		if err := a.inlineReference(node, definitions); err != nil {
			return err
		}
		for _, member := range node {
			if err := a.inline(member, definitions); err != nil {
				return err
			}
		}
	}
	return nil
}

// inlineReference adds what a node's $ref names to the definitions, once.
func (a api) inlineReference(node map[string]any, definitions map[string]any) error {
	url, _ := node["$ref"].(string)
	name, ok := a.referredModel(url)
	if !ok {
		return nil
	}
	node["$ref"] = "#/definitions/" + name
	if _, done := definitions[name]; done {
		return nil
	}
	model, err := a.model(name)
	if err != nil {
		return err
	}
	var schema map[string]any
	if err := json.Unmarshal([]byte(model.Schema), &schema); err != nil {
		return badRequest(messageInvalidModelIdentifier + ": " + name)
	}
	definitions[name] = schema
	return a.inline(schema, definitions)
}

func modelOutput(m apigw.Model) *apigateway.Model {
	return &apigateway.Model{
		Id: &m.Id, Name: &m.Name, Description: optional(m.Description), Schema: optional(m.Schema), ContentType: &m.ContentType,
	}
}
