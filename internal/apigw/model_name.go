package apigw

import "regexp"

var modelNamePattern = regexp.MustCompile(`^[a-zA-Z0-9]+$`)

// ValidModelName reports whether a Model can have that name (api-gateway-known-issues.md).
func ValidModelName(name string) bool { return modelNamePattern.MatchString(name) }

// DefaultModels are the models that a new RestApi has, without their ids (AWS command
// line's get-models example).
func DefaultModels() []Model {
	return []Model{
		{
			Name: "Empty", Description: "This is a default empty schema model", ContentType: "application/json",
			Schema: "{\n  \"$schema\": \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Empty Schema\",\n  \"type\" : \"object\"\n}",
		},
		{
			Name: "Error", Description: "This is a default error schema model", ContentType: "application/json",
			Schema: "{\n  \"$schema\" : \"http://json-schema.org/draft-04/schema#\",\n  \"title\" : \"Error Schema\",\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"message\" : { \"type\" : \"string\" }\n  }\n}",
		},
	}
}
