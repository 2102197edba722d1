package restapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/mapping"
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
		for _, key := range slices.Sorted(maps.Keys(from.ResponseParameters)) {
			c.compileGatewayHeader(response, key, from.ResponseParameters[key])
		}
		for _, contentType := range slices.Sorted(maps.Keys(from.ResponseTemplates)) {
			response.Templates = append(response.Templates, plan.GatewayTemplate{
				ContentType: contentType, Body: plan.NewSubstitution(from.ResponseTemplates[contentType]),
			})
		}
		responses[from.ResponseType] = response
	}
	return responses
}

// compileGatewayHeader compiles the mapping onto a header, which may read what no
// method declares: the fault may come before there is a method.
func (c *compiler) compileGatewayHeader(response *plan.GatewayResponse, key, expression string) {
	name, isHeader := strings.CutPrefix(key, gatewayResponsePrefix)
	value, err := mapping.CompileRequestParameter(expression, nil)
	if !isHeader || err != nil {
		c.report(Diagnostic{
			Severity: Warning, Where: "gatewayResponses[" + response.Type + "].responseParameters[" + key + "]",
			Message: "cannot be mapped and has no effect: " + expression,
		})
		return
	}
	response.Headers = append(response.Headers, plan.GatewayHeader{Name: name, Value: value})
}
