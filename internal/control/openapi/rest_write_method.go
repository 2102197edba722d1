package openapi

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw"
)

// paths writes every resource with methods, and those at the end of a branch without.
func (w *restWriter) paths() *tree {
	paths := newObject()
	for _, resource := range w.Snapshot.Resources {
		if len(resource.Methods) == 0 && w.hasChildren(resource) {
			continue
		}
		item := newObject()
		for _, httpMethod := range slices.Sorted(maps.Keys(resource.Methods)) {
			name := strings.ToLower(httpMethod)
			if httpMethod == methodAny {
				name = extensionAnyMethod
			}
			item.set(name, w.operation(resource, resource.Methods[httpMethod]))
		}
		w.inject(item, apigw.DocumentationPartLocation{Type: "RESOURCE", Path: resource.Path}, documentedOfResource)
		paths.set(resource.Path, item)
	}
	return paths
}

func (w *restWriter) hasChildren(resource apigw.Resource) bool {
	return slices.ContainsFunc(w.Snapshot.Resources, func(other apigw.Resource) bool { return other.ParentId == resource.Id })
}

// operation writes one method.
func (w *restWriter) operation(resource apigw.Resource, method apigw.Method) *tree {
	operation, at := newObject(), apigw.DocumentationPartLocation{Path: resource.Path, Method: method.HttpMethod}
	where := method.HttpMethod + " " + resource.Path
	operation.setText("operationId", method.OperationName)
	if w.Swagger {
		w.consumesAndProduces(operation, method)
	}
	if parameters := w.parameters(method, at, where); len(parameters.items) > 0 {
		operation.set("parameters", parameters)
	}
	if len(method.RequestModels) > 0 && !w.Swagger {
		body := objectWith("content", w.content(method.RequestModels))
		at.Type = "REQUEST_BODY"
		w.inject(body, at, documentedOfParameter)
		body.set("required", booleanOf(true))
		operation.set("requestBody", body)
	}
	operation.set("responses", w.responses(method, at, where))
	w.secure(operation, method)
	if w.Integrations {
		operation.setText(extensionValidator, w.validators[method.RequestValidatorId])
		if method.MethodIntegration != nil {
			operation.set(extensionIntegration, restIntegrationTree(method.MethodIntegration, resource.Id))
		}
	}
	at.Type = "METHOD"
	w.inject(operation, at, documentedOfMethod)
	return operation
}

// consumesAndProduces writes the content types of Swagger 2.0.
func (w *restWriter) consumesAndProduces(operation *tree, method apigw.Method) {
	if types := slices.Sorted(maps.Keys(method.RequestModels)); len(types) > 0 {
		operation.set("consumes", textsOf(types))
	}
	produced := map[string]bool{}
	for _, response := range method.MethodResponses {
		for contentType := range response.ResponseModels {
			produced[contentType] = true
		}
	}
	if len(produced) > 0 {
		operation.set("produces", textsOf(slices.Sorted(maps.Keys(produced))))
	}
}

// parameters writes what a method declares of its request.
func (w *restWriter) parameters(method apigw.Method, at apigw.DocumentationPartLocation, where string) *tree {
	parameters := &tree{kind: list}
	for _, name := range slices.Sorted(maps.Keys(method.RequestParameters)) {
		parts := strings.SplitN(name, ".", 4) // method.request.{location}.{name}
		if len(parts) < 4 {
			continue
		}
		in := parts[2]
		if in == "querystring" {
			in = "query"
		}
		parameter := newObject()
		parameter.set("name", textOf(parts[3]))
		parameter.set("in", textOf(in))
		if method.RequestParameters[name] || in == "path" {
			parameter.set("required", booleanOf(true))
		}
		w.setType(parameter)
		at.Type, at.Name = documentedParameters[in], parts[3]
		w.inject(parameter, at, documentedOfParameter)
		parameters.items = append(parameters.items, parameter)
	}
	if len(method.RequestModels) > 0 && w.Swagger {
		at.Type, at.Name = "REQUEST_BODY", ""
		model := w.jsonModel(method.RequestModels, where)
		body := objectWith("in", textOf("body"))
		body.set("name", textOf(model))
		body.set("required", booleanOf(true))
		body.set("schema", w.reference(model))
		w.inject(body, at, documentedOfParameter)
		parameters.items = append(parameters.items, body)
	}
	return parameters
}

// setType says that a parameter or a header is a text: REST APIs know no other.
func (w *restWriter) setType(of *tree) {
	if w.Swagger {
		of.set("type", textOf("string"))
		return
	}
	of.set("schema", objectWith("type", textOf("string")))
}

// jsonModel is the one model that Swagger 2.0 has room for.
func (w *restWriter) jsonModel(models map[string]string, where string) string {
	if model, ok := models[contentTypeJSON]; ok {
		return model
	}
	w.problem = &ExportError{"Only found non-JSON body models for " + where}
	return ""
}

// content writes the models of OpenAPI 3.0's content types.
func (w *restWriter) content(models map[string]string) *tree {
	content := newObject()
	for _, contentType := range slices.Sorted(maps.Keys(models)) {
		content.set(contentType, objectWith("schema", w.reference(models[contentType])))
	}
	return content
}

func (w *restWriter) responses(method apigw.Method, at apigw.DocumentationPartLocation, where string) *tree {
	responses := newObject()
	for _, statusCode := range slices.Sorted(maps.Keys(method.MethodResponses)) {
		response := method.MethodResponses[statusCode]
		out := objectWith("description", textOf(statusCode+" response"))
		at.Type, at.StatusCode, at.Name = "RESPONSE", statusCode, ""
		w.inject(out, at, documentedOfParameter)
		if headers := w.headers(response, at); len(headers.members) > 0 {
			out.set("headers", headers)
		}
		switch {
		case len(response.ResponseModels) == 0:
		case w.Swagger:
			out.set("schema", w.reference(w.jsonModel(response.ResponseModels, where)))
		default:
			out.set("content", w.content(response.ResponseModels))
		}
		responses.set(statusCode, out)
	}
	return responses
}

func (w *restWriter) headers(response apigw.MethodResponse, at apigw.DocumentationPartLocation) *tree {
	headers := newObject()
	for _, name := range slices.Sorted(maps.Keys(response.ResponseParameters)) {
		header := newObject()
		if response.ResponseParameters[name] {
			header.set("required", booleanOf(true))
		}
		w.setType(header)
		at.Type, at.Name = "RESPONSE_HEADER", strings.TrimPrefix(name, "method.response.header.")
		w.inject(header, at, documentedOfParameter)
		headers.set(at.Name, header)
	}
	return headers
}

// restIntegrationTree writes an integration of a REST API.
func restIntegrationTree(i *apigw.Integration, resourceId string) *tree {
	out := newObject()
	out.set("type", textOf(strings.ToLower(i.Type)))
	out.setText("credentials", i.Credentials)
	out.setText("httpMethod", i.HttpMethod)
	out.setText("uri", i.Uri)
	out.setText("connectionType", i.ConnectionType)
	out.setText("connectionId", i.ConnectionId)
	if responses := restResponsesTree(i); len(responses.members) > 0 {
		out.set("responses", responses)
	}
	setEntries(out, "requestParameters", i.RequestParameters)
	setEntries(out, "requestTemplates", i.RequestTemplates)
	out.set("passthroughBehavior", textOf(strings.ToLower(i.PassthroughBehavior)))
	out.setText("contentHandling", i.ContentHandling)
	out.set("timeoutInMillis", integerOf(int64(i.TimeoutInMillis)))
	if i.CacheNamespace != resourceId {
		out.setText("cacheNamespace", i.CacheNamespace)
	}
	if len(i.CacheKeyParameters) > 0 {
		out.set("cacheKeyParameters", textsOf(i.CacheKeyParameters))
	}
	if i.TlsConfig != nil {
		out.set("tlsConfig", objectWith("insecureSkipVerification", booleanOf(i.TlsConfig.InsecureSkipVerification)))
	}
	out.setText("responseTransferMode", i.ResponseTransferMode)
	out.setText("integrationTarget", i.IntegrationTarget)
	return out
}

// restResponsesTree writes the responses by pattern.
func restResponsesTree(i *apigw.Integration) *tree {
	responses := newObject()
	for _, statusCode := range slices.Sorted(maps.Keys(i.IntegrationResponses)) {
		response := i.IntegrationResponses[statusCode]
		out := objectWith("statusCode", textOf(statusCode))
		setEntries(out, "responseParameters", response.ResponseParameters)
		setEntries(out, "responseTemplates", response.ResponseTemplates)
		out.setText("contentHandling", response.ContentHandling)
		responses.set(orDefault(response.SelectionPattern), out)
	}
	return responses
}
