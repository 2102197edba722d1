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
