package restapis

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/awsapi/apigateway"
)

// templateDepthLimit bounds how deep a skeleton goes into a schema.
const templateDepthLimit = 20

// GetModelTemplate returns a mapping template with the shape of a model, to be edited
// by hand: placeholders for scalars, a loop for each array (models-mappings.md; the
// exact blanks are unconfirmed beyond a model without properties).
func (s *Service) GetModelTemplate(ctx context.Context, in *apigateway.GetModelTemplateInput) (*apigateway.Template, error) {
	a, err := s.view(ctx, in.RestApiId)
	if err != nil {
		return nil, err
	}
	model, err := a.model(in.ModelName)
	if err != nil {
		return nil, err
	}
	flat, err := a.flatten(model)
	if err != nil {
		return nil, err
	}
	value, ok := TemplateOf(flat)
	if !ok {
		return nil, invalidModel("Invalid model schema specified")
	}
	return &apigateway.Template{Value: &value}, nil
}

// TemplateOf is the mapping template for a schema, or false when it is no JSON object.
func TemplateOf(flat string) (template string, ok bool) {
	var schema map[string]any
	if strings.TrimSpace(flat) != "" && json.Unmarshal([]byte(flat), &schema) != nil {
		return "", false
	}
	t := skeleton{definitions: objectOf(schema["definitions"])}
	t.value(schema, "$inputRoot", "")
	return "#set($inputRoot = $input.path('$'))\n" + t.text.String(), true
}

// skeleton writes a template for a schema.
type skeleton struct {
	definitions map[string]any
	text        strings.Builder
	depth       int
}

// value writes the placeholder of one schema; from is the variable it stands in.
func (t *skeleton) value(schema map[string]any, from, indent string) {
	t.depth++
	defer func() { t.depth-- }()
	if reference, ok := schema["$ref"].(string); ok {
		schema = objectOf(t.definitions[strings.TrimPrefix(reference, "#/definitions/")])
	}
	if t.depth > templateDepthLimit {
		t.text.WriteString("{ }")
		return
	}
	switch schema["type"] {
	case "string":
		t.text.WriteString(`"foo"`)
	case "number", "integer":
		t.text.WriteString("42")
	case "boolean":
		t.text.WriteString("true")
	case "array":
		t.array(schema, from, indent)
	default:
		t.object(schema, from, indent)
	}
}

func (t *skeleton) object(schema map[string]any, from, indent string) {
	properties := objectOf(schema["properties"])
	if len(properties) == 0 {
		t.text.WriteString("{ }")
		return
	}
	t.text.WriteString("{\n")
	for i, name := range slices.Sorted(maps.Keys(properties)) {
		if i > 0 {
			t.text.WriteString(",\n")
		}
		fmt.Fprintf(&t.text, "%s  %q : ", indent, name)
		t.value(objectOf(properties[name]), from+"."+name, indent+"  ")
	}
	t.text.WriteString("\n" + indent + "}")
}

func (t *skeleton) array(schema map[string]any, from, indent string) {
	element := "$elem"
	if t.depth > 1 {
		element = fmt.Sprintf("$elem%d", t.depth)
	}
	fmt.Fprintf(&t.text, "[\n#foreach(%s in %s)\n%s  ", element, from, indent)
	t.value(objectOf(schema["items"]), element, indent+"  ")
	t.text.WriteString("#if($foreach.hasNext),#end\n#end\n" + indent + "]")
}

func objectOf(node any) map[string]any {
	object, _ := node.(map[string]any)
	return object
}
