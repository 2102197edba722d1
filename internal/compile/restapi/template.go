package restapi

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

// compileTemplates compiles mapping templates. A broken one stays in its place and
// fails the requests that it is chosen for.
func (c *compiler) compileTemplates(s *subject, templates map[string]string, where string) []plan.Template {
	var compiled []plan.Template
	for _, contentType := range slices.Sorted(maps.Keys(templates)) {
		template := plan.Template{ContentType: contentType, Text: templates[contentType]}
		at := where + "[" + contentType + "]"
		var err error
		if template.Compiled, err = mapping.Compile(at, template.Text); err != nil {
			template.Broken = err.Error()
			c.report(Diagnostic{
				Severity: Broken, Id: fault.TemplateFailed, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
				Where: at, Message: template.Broken,
			})
		}
		compiled = append(compiled, template)
	}
	return compiled
}

// compileRequestParameters compiles the mappings onto the integration request.
func (c *compiler) compileRequestParameters(s *subject, mappings map[string]string) []plan.ParameterMapping {
	return c.compileParameters(s, mappings, integrationRequestPrefix, func(expression string) (*mapping.Parameter, error) {
		return mapping.CompileRequestParameter(expression, nil) // PutIntegration checked what the method declares
	})
}

// compileResponseParameters compiles the mappings onto a method response.
func (c *compiler) compileResponseParameters(s *subject, mappings map[string]string) []plan.ParameterMapping {
	return c.compileParameters(s, mappings, methodResponsePrefix, mapping.CompileResponseParameter)
}

func (c *compiler) compileParameters(s *subject, mappings map[string]string, prefix string, compile func(string) (*mapping.Parameter, error)) []plan.ParameterMapping {
	var compiled []plan.ParameterMapping
	for _, key := range slices.Sorted(maps.Keys(mappings)) {
		target, ok := strings.CutPrefix(key, prefix)
		location, name, hasName := strings.Cut(target, ".")
		if !ok || !hasName {
			c.broken(s, key, "is no target of a mapping")
			continue
		}
		parameter, err := compile(mappings[key])
		if err != nil {
			c.breakMethod(s, Diagnostic{
				Severity: Broken, Id: fault.ParameterMappingFailed, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
				Where: key, Message: err.Error(),
			})
			continue
		}
		compiled = append(compiled, plan.ParameterMapping{
			Target: plan.Parameter{Location: plan.Location(location), Name: name}, Compiled: parameter,
		})
	}
	return compiled
}
