package restapi

import (
	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// compileMethod compiles one method of a resource.
func (c *compiler) compileMethod(resource *apigw.Resource, httpMethod string) *plan.Method {
	method := resource.Methods[httpMethod]
	method.HttpMethod = httpMethod
	s := &subject{resource: resource, method: &method, plan: &plan.Method{
		ResourceId: resource.Id, ResourcePath: resource.Path, HttpMethod: httpMethod, Route: httpMethod + " " + resource.Path, OperationName: method.OperationName,
		PathParameters:    plan.ParameterNames(resource.Path),
		AuthorizationType: method.AuthorizationType, AuthorizerId: method.AuthorizerId,
		AuthorizationScopes: method.AuthorizationScopes, ApiKeyRequired: method.ApiKeyRequired,
	}}
	if s.plan.AuthorizationType == "" {
		s.plan.AuthorizationType = plan.AuthorizationNone
	}
	c.refuseMethod(s)
	c.compileAuthorizer(s)
	s.plan.Validation = c.compileValidation(s)
	if method.MethodIntegration == nil {
		c.broken(s, "methodIntegration", "the method has no integration")
		return s.plan
	}
	s.plan.Integration = c.compileIntegration(s, method.MethodIntegration)
	return s.plan
}

// breakMethod reports d and makes the method answer 500, unless it does already.
func (c *compiler) breakMethod(s *subject, d Diagnostic) {
	if d.Id == "" {
		d.Id = fault.MethodMisconfigured
	}
	c.report(d)
	if s.plan.Refusal == nil {
		s.plan.Refusal = &plan.Refusal{Id: d.Id, Feature: d.Where, Reason: d.Message, Fix: "correct " + d.Where + " and deploy"}
	}
}
