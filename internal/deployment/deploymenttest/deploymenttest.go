// Package deploymenttest reads an API from the short JSON that test fixtures have: a
// deployment.Snapshot in which what follows from the rest can be left out.
//
// It is for tests alone. Begin at Parse.
package deploymenttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/deployment"
)

// Defaults of what a fixture may leave out.
const (
	ApiId           = "a1b2c3d4e5"
	timeoutInMillis = 29000
)

// shortForm is an API as fixtures write it: methods by "GET /path" instead of resources.
type shortForm struct {
	RestApi           apigw.RestApi
	Methods           map[string]apigw.Method
	Models            []apigw.Model
	RequestValidators []apigw.RequestValidator
	Authorizers       []apigw.Authorizer
	GatewayResponses  []apigw.GatewayResponse
}

// Parse reads a fixture. Resources follow from the paths of its methods; ids, keys
// repeated in values, and defaults of AWS are filled in; a status code of an
// integration response is declared as a method response unless the fixture declares any.
func Parse(text []byte) (deployment.Snapshot, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var f shortForm
	if err := decoder.Decode(&f); err != nil {
		return deployment.Snapshot{}, fmt.Errorf("reading a fixture's API: %w", err)
	}
	if f.RestApi.Id == "" {
		f.RestApi.Id = ApiId
	}
	if f.RestApi.ApiKeySource == "" {
		f.RestApi.ApiKeySource = "HEADER"
	}
	content := deployment.Snapshot{
		RestApi: f.RestApi, Models: f.Models, RequestValidators: f.RequestValidators,
		Authorizers: f.Authorizers, GatewayResponses: f.GatewayResponses,
	}
	resources := map[string]*apigw.Resource{}
	for key, method := range f.Methods {
		httpMethod, path, ok := strings.Cut(key, " ")
		if !ok {
			return deployment.Snapshot{}, fmt.Errorf("reading a fixture's API: %q is not \"GET /path\"", key)
		}
		complete(&method, httpMethod)
		resourceAt(resources, path).Methods[httpMethod] = method
	}
	for _, resource := range resources {
		content.Resources = append(content.Resources, *resource)
	}
	return deployment.Freeze(content)
}

// resourceAt returns the resource of a path, made with its parents where it is new.
func resourceAt(resources map[string]*apigw.Resource, path string) *apigw.Resource {
	if resource, ok := resources[path]; ok {
		return resource
	}
	resource := &apigw.Resource{Id: resourceId(path), Path: path, Methods: map[string]apigw.Method{}}
	if path != "/" {
		cut := strings.LastIndexByte(path, '/')
		parent := resourceAt(resources, "/"+strings.TrimPrefix(path[:cut], "/"))
		resource.ParentId, resource.PathPart = parent.Id, path[cut+1:]
	}
	resources[path] = resource
	return resource
}

func resourceId(path string) string {
	return "r" + strings.NewReplacer("/", "-", "{", "", "}", "", "+", "").Replace(strings.TrimSuffix(path, "/"))
}

func complete(method *apigw.Method, httpMethod string) {
	method.HttpMethod = httpMethod
	if method.AuthorizationType == "" {
		method.AuthorizationType = "NONE"
	}
	declared := len(method.MethodResponses) > 0
	if method.MethodResponses == nil {
		method.MethodResponses = map[string]apigw.MethodResponse{}
	}
	for statusCode, response := range method.MethodResponses {
		response.StatusCode = statusCode
		method.MethodResponses[statusCode] = response
	}
	if method.MethodIntegration == nil {
		return
	}
	completeIntegration(method.MethodIntegration)
	for statusCode := range method.MethodIntegration.IntegrationResponses {
		if !declared {
			method.MethodResponses[statusCode] = apigw.MethodResponse{StatusCode: statusCode}
		}
	}
}

func completeIntegration(i *apigw.Integration) {
	if i.TimeoutInMillis == 0 {
		i.TimeoutInMillis = timeoutInMillis
	}
	if i.PassthroughBehavior == "" {
		i.PassthroughBehavior = "WHEN_NO_MATCH"
	}
	for statusCode, response := range i.IntegrationResponses {
		response.StatusCode = statusCode
		i.IntegrationResponses[statusCode] = response
	}
}
