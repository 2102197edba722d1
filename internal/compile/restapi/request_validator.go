package restapi

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/jsonschema"
	"gatehouse/internal/plan"
)

const methodRequestPrefix = "method.request."

// compileValidation compiles what the method's RequestValidator asks for.
func (c *compiler) compileValidation(s *subject) *plan.Validation {
	if s.method.RequestValidatorId == "" {
		return nil
	}
	validator, ok := c.findValidator(s.method.RequestValidatorId)
	if !ok {
		c.broken(s, "requestValidatorId", "there is no request validator "+s.method.RequestValidatorId)
		return nil
	}
	validation := &plan.Validation{}
	if validator.ValidateRequestParameters {
		validation.Required = requiredParameters(s.method.RequestParameters)
	}
	if validator.ValidateRequestBody {
		validation.Models = c.compileModels(s)
	}
	return validation
}

func (c *compiler) findValidator(id string) (apigw.RequestValidator, bool) {
	for _, validator := range c.snapshot.RequestValidators {
		if validator.Id == id {
			return validator, true
		}
	}
	return apigw.RequestValidator{}, false
}

// requiredOrder is the order in which missing parameters are named (observed on AWS).
var requiredOrder = []plan.Location{plan.LocationHeader, plan.LocationPath, plan.LocationQueryString}

func requiredParameters(parameters map[string]bool) []plan.Parameter {
	var required []plan.Parameter
	for _, location := range requiredOrder {
		prefix := methodRequestPrefix + string(location) + "."
		for _, key := range slices.Sorted(maps.Keys(parameters)) {
			if name, ok := strings.CutPrefix(key, prefix); ok && parameters[key] {
				required = append(required, plan.Parameter{Location: location, Name: name})
			}
		}
	}
	return required
}

func (c *compiler) compileModels(s *subject) []plan.Model {
	var models []plan.Model
	for _, contentType := range slices.Sorted(maps.Keys(s.method.RequestModels)) {
		name := s.method.RequestModels[contentType]
		model, ok := c.findModel(name)
		where := "requestModels[" + contentType + "]"
		if !ok {
			c.broken(s, where, "there is no model "+name)
			continue
		}
		schema, err := jsonschema.Compile(model.Schema, c.resolveModel)
		if err != nil {
			c.broken(s, where, "model "+name+": "+err.Error())
			continue
		}
		models = append(models, plan.Model{ContentType: contentType, Name: name, Schema: schema})
	}
	return models
}

// emptyModel is the name of the model that accepts everything and need not exist.
const emptyModel = "Empty"

func (c *compiler) findModel(name string) (apigw.Model, bool) {
	for _, model := range c.snapshot.Models {
		if model.Name == name {
			return model, true
		}
	}
	return apigw.Model{Name: emptyModel, Schema: "{}"}, name == emptyModel
}

// resolveModel finds the model that a $ref names:
// https://apigateway.amazonaws.com/restapis/{api}/models/{name}.
func (c *compiler) resolveModel(url string) (string, bool) {
	slash := strings.LastIndexByte(url, '/')
	if slash < 0 || !strings.HasSuffix(url[:slash], "/models") {
		return "", false
	}
	model, ok := c.findModel(url[slash+1:])
	return model.Schema, ok
}
