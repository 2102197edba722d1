package plan

import (
	"strings"

	"gatehouse/internal/mapping"
)

// Template is a mapping template for one content type.
type Template struct {
	ContentType string
	Text        string
	// Compiled is nil when Broken.
	Compiled *mapping.Template
	// Broken says why the template does not compile; its method answers 500 when it is
	// selected. Empty for a good one.
	Broken string
}

// PassesThrough says that the template is empty: AWS keeps it as null, and the body
// passes as it is (github.com/aws/aws-cli/issues/1610).
func (t *Template) PassesThrough() bool { return t.Text == "" }

// ParameterMapping sets one parameter of an integration request or method response.
type ParameterMapping struct {
	Target   Parameter
	Compiled *mapping.Parameter
}

// FindTemplate returns the template for a media type, compared without case.
func FindTemplate(templates []Template, mediaType string) *Template {
	for i := range templates {
		if strings.EqualFold(templates[i].ContentType, mediaType) {
			return &templates[i]
		}
	}
	return nil
}
