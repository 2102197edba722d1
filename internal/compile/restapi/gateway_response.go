package restapi

import (
	"strconv"
	"strings"

	"gatehouse/internal/plan"
)

const gatewayResponsePrefix = "gatewayresponse.header."

// compileGatewayResponses compiles the customised gateway responses.
func (c *compiler) compileGatewayResponses() map[string]*plan.GatewayResponse {
	responses := map[string]*plan.GatewayResponse{}
	for i := range c.snapshot.GatewayResponses {
		from := &c.snapshot.GatewayResponses[i]
		where := "gatewayResponses[" + from.ResponseType + "]"
		response := &plan.GatewayResponse{Type: from.ResponseType}
		if from.StatusCode != "" {
			statusCode, err := strconv.Atoi(from.StatusCode)
			if err != nil || statusCode < 100 || statusCode > 599 {
				c.report(Diagnostic{Severity: Warning, Where: where + ".statusCode", Message: "is no status code and has no effect"})
				statusCode = 0
			}
			response.StatusCode = statusCode
		}
		for _, key := range sortedKeys(from.ResponseParameters) {
			c.compileGatewayHeader(response, key, from.ResponseParameters[key])
		}
		for _, contentType := range sortedKeys(from.ResponseTemplates) {
			response.Templates = append(response.Templates, plan.GatewayTemplate{
				ContentType: contentType, Body: plan.NewSubstitution(from.ResponseTemplates[contentType]),
			})
		}
		responses[from.ResponseType] = response
	}
	return responses
}

func (c *compiler) compileGatewayHeader(response *plan.GatewayResponse, key, expression string) {
	name, isHeader := strings.CutPrefix(key, gatewayResponsePrefix)
	value, ok := gatewayHeaderValue(expression)
	if !isHeader || !ok {
		c.report(Diagnostic{
			Severity: Warning, Where: "gatewayResponses[" + response.Type + "].responseParameters[" + key + "]",
			Message: "cannot be mapped and has no effect: " + expression,
		})
		return
	}
	response.Headers = append(response.Headers, plan.GatewayHeader{Name: name, Value: value})
}

// gatewayHeaderValue reads 'static', method.request.{location}.{name}, context.{name}
// or stageVariables.{name}.
func gatewayHeaderValue(expression string) (*plan.Substitution, bool) {
	if len(expression) >= 2 && strings.HasPrefix(expression, "'") && strings.HasSuffix(expression, "'") {
		return plan.NewSubstitutionOf(expression, plan.SubstitutionPart{Literal: expression[1 : len(expression)-1]}), true
	}
	substitution := plan.NewSubstitution("$" + expression)
	parts := substitution.Parts()
	if len(parts) != 1 || parts[0].Source == plan.SourceLiteral {
		return nil, false
	}
	return plan.NewSubstitutionOf(expression, parts[0]), true
}
