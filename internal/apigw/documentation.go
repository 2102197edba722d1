package apigw

import "time"

// DocumentationPart documents one entity of a RestApi, or those below it.
type DocumentationPart struct {
	Id       string
	Location DocumentationPartLocation
	// Properties is a JSON object, as it was written.
	Properties string
}

// DocumentationPartLocation names the entity that a DocumentationPart is of. Fields that
// the Type has not are empty; Path is from the root, Method and StatusCode may be "*".
type DocumentationPartLocation struct {
	Type       string // one of DocumentationPartTypes
	Path       string `json:",omitempty"`
	Method     string `json:",omitempty"`
	StatusCode string `json:",omitempty"`
	Name       string `json:",omitempty"`
}

// DocumentationVersion is the documentation of a RestApi as it stood at one moment.
type DocumentationVersion struct {
	Version     string
	Description string `json:",omitempty"`
	CreatedDate time.Time
	Parts       []DocumentationPart `json:",omitempty"`
}

// DocumentationPartType says which fields the location of a DocumentationPart has
// (guide: api-gateway-documenting-api-content-representation.md; that some need a Name
// is from the service model).
type DocumentationPartType struct {
	Name                                 string
	HasPath, HasMethod, HasCode, HasName bool
}

// DocumentationPartTypes are all types.
var DocumentationPartTypes = []DocumentationPartType{
	{Name: "API"},
	{Name: "AUTHORIZER", HasName: true},
	{Name: "MODEL", HasName: true},
	{Name: "RESOURCE", HasPath: true},
	{Name: "METHOD", HasPath: true, HasMethod: true},
	{Name: "PATH_PARAMETER", HasPath: true, HasMethod: true, HasName: true},
	{Name: "QUERY_PARAMETER", HasPath: true, HasMethod: true, HasName: true},
	{Name: "REQUEST_HEADER", HasPath: true, HasMethod: true, HasName: true},
	{Name: "REQUEST_BODY", HasPath: true, HasMethod: true},
	{Name: "RESPONSE", HasPath: true, HasMethod: true, HasCode: true},
	{Name: "RESPONSE_HEADER", HasPath: true, HasMethod: true, HasCode: true, HasName: true},
	{Name: "RESPONSE_BODY", HasPath: true, HasMethod: true, HasCode: true},
}

// anyDocumented stands for every method or status code in a location.
const anyDocumented = "*"

// Complete fills in the defaults of a location. found is false for a type that is none;
// invalid names a field that the type has not, missing one that it needs.
func (l DocumentationPartLocation) Complete() (full DocumentationPartLocation, found bool, invalid, missing string) {
	for _, row := range DocumentationPartTypes {
		if row.Name != l.Type {
			continue
		}
		for _, field := range []struct {
			name, otherwise string
			has             bool
			value           *string
		}{
			{"path", "/", row.HasPath, &l.Path}, {"method", anyDocumented, row.HasMethod, &l.Method},
			{"statusCode", anyDocumented, row.HasCode, &l.StatusCode}, {"name", "", row.HasName, &l.Name},
		} {
			switch {
			case !field.has && *field.value != "":
				return l, true, field.name, ""
			case field.has && *field.value == "" && field.otherwise == "":
				return l, true, "", field.name
			case field.has && *field.value == "":
				*field.value = field.otherwise
			}
		}
		return l, true, "", ""
	}
	return l, false, "", ""
}

// String names the location as API Gateway does in its messages: "type 'METHOD', path
// '/pets', method 'GET'" (the guide shows the type alone).
func (l DocumentationPartLocation) String() string {
	text := "type '" + l.Type + "'"
	for _, field := range [...][2]string{{"path", l.Path}, {"method", l.Method}, {"statusCode", l.StatusCode}, {"name", l.Name}} {
		if field[1] != "" {
			text += ", " + field[0] + " '" + field[1] + "'"
		}
	}
	return text
}
