package restapi

import (
	"maps"
	"slices"
	"strconv"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// compileIntegrationResponses compiles the responses in order of status codes; AWS
// does not say in which order it tries them. The first without a pattern is the default.
func (c *compiler) compileIntegrationResponses(s *subject, compiled *plan.Integration, from *apigw.Integration) {
	for _, key := range slices.Sorted(maps.Keys(from.IntegrationResponses)) {
		response := from.IntegrationResponses[key]
		where := "methodIntegration.integrationResponses[" + key + "]"
		statusCode, err := strconv.Atoi(key)
		if err != nil {
			c.broken(s, where, "the status code is not a number")
			continue
		}
		_, declared := s.method.MethodResponses[key]
		if !declared {
			c.report(Diagnostic{
				Severity: Broken, Id: fault.MethodResponseMissing, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
				Where: where, Message: "the method has no response " + key,
			})
		}
		target := &plan.IntegrationResponse{
			StatusCode: statusCode, Declared: declared, ContentHandling: response.ContentHandling,
			ResponseParameters: c.compileResponseParameters(s, response.ResponseParameters),
			ResponseTemplates:  c.compileTemplates(s, response.ResponseTemplates, where+".responseTemplates"),
		}
		c.addResponse(s, compiled, target, response.SelectionPattern)
	}
}

func (c *compiler) addResponse(s *subject, compiled *plan.Integration, target *plan.IntegrationResponse, pattern string) {
	if pattern == "" {
		if compiled.Default == nil {
			compiled.Default = target
		}
		return
	}
	var err error
	if target.Pattern, err = plan.NewPattern(pattern); err != nil {
		c.breakMethod(s, Diagnostic{
			Severity: Broken, Id: fault.SelectionPatternFailed, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
			Where: "methodIntegration.integrationResponses[" + strconv.Itoa(target.StatusCode) + "].selectionPattern", Message: err.Error(),
		})
		return
	}
	compiled.Responses = append(compiled.Responses, target)
}
