package demo

import "net/http"

// apiBuilder makes the methods of the example's API.
type apiBuilder struct {
	client *client
	path   string // /restapis/{api}
	root   string
}

// method makes GET /name/{variable} and returns its path in the control plane.
func (a apiBuilder) method(name, variable string) string {
	parent, _ := a.client.call(http.MethodPost, a.path+"/resources/"+a.root, map[string]any{"pathPart": name})["id"].(string)
	child, _ := a.client.call(http.MethodPost, a.path+"/resources/"+parent, map[string]any{"pathPart": "{" + variable + "}"})["id"].(string)
	method := a.path + "/resources/" + child + "/methods/GET"
	a.client.call(http.MethodPut, method, map[string]any{"authorizationType": "NONE"})
	return method
}

// response declares a status and what selects it.
func (a apiBuilder) response(method, statusCode, pattern, template string) {
	a.client.call(http.MethodPut, method+"/responses/"+statusCode, map[string]any{})
	response := map[string]any{}
	if pattern != "" {
		response["selectionPattern"] = pattern
	}
	if template != "" {
		response["responseTemplates"] = map[string]string{"application/json": template}
	}
	a.client.call(http.MethodPut, method+"/integration/responses/"+statusCode, response)
}

func (a apiBuilder) integration(method, integrationType, function, template string) {
	integration := map[string]any{"type": integrationType}
	if function != "" {
		integration["httpMethod"] = http.MethodPost
		integration["uri"] = "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/arn:aws:lambda:" + region + ":" + account +
			":function:" + function + "/invocations"
	}
	if template != "" {
		integration["requestTemplates"] = map[string]string{"application/json": template}
	}
	a.client.call(http.MethodPut, method+"/integration", integration)
}

// mock answers by itself: the request template says the status.
func (a apiBuilder) mock() {
	method := a.method("mock", "code")
	a.integration(method, "MOCK", "", `{"statusCode": $input.params('code')}`)
	a.response(method, "200", "", `{"mock": "fine"}`)
	a.response(method, "404", `4\d{2}`, `{"mock": "not found"}`)
	a.response(method, "500", `5\d{2}`, `{"mock": "broken"}`)
}

// lambda picks the status by regular expressions over errorMessage.
func (a apiBuilder) lambda() {
	const errorTemplate = `{"error": $input.json('$.errorMessage')}`
	method := a.method("lambda", "outcome")
	a.integration(method, "AWS", "status-outcome", `{"outcome": "$input.params('outcome')"}`)
	a.response(method, "200", "", "")
	a.response(method, "400", ".*Raising 400.*", errorTemplate)
	a.response(method, "500", `.*5\d\d.*`, errorTemplate)
}

// override lets the response template choose the status.
func (a apiBuilder) override() {
	method := a.method("override", "code")
	a.integration(method, "AWS", "status-describe", `{"code": "$input.params('code')"}`)
	a.response(method, "200", "", `#set($context.responseOverride.status = $input.path('$.code'))$input.json('$.text')`)
}

// proxy lets the function choose the status.
func (a apiBuilder) proxy() {
	a.integration(a.method("proxy", "code"), "AWS_PROXY", "status-proxy", "")
}
