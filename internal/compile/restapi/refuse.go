package restapi

import (
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

// What Gatehouse has not built. A method that needs one of these is refused: a
// Diagnostic names the feature, and each request to the method gets 500.
//
//   - AWS_PROXY integrations with services other than Lambda's Invoke
//   - response streaming: responseTransferMode STREAM
//   - of a stage: web ACLs.
func (c *compiler) refuseMethod(s *subject) {
	if i := s.method.MethodIntegration; i != nil {
		c.refuseIntegration(s, i)
	}
}

func (c *compiler) refuseIntegration(s *subject, i *apigw.Integration) {
	if i.ResponseTransferMode == "STREAM" {
		c.refuse(s, "methodIntegration.responseTransferMode", "response streaming (STREAM)")
	}
	if i.Type == string(plan.IntegrationAwsProxy) && !integration.IsFunctionUri(i.Uri) {
		c.refuse(s, "methodIntegration.uri", "AWS_PROXY integrations other than Lambda functions ("+serviceOf(i.Uri)+")")
	}
}

const uriServicePart = 4

// serviceOf names the service of arn:aws:apigateway:{region}:{service}:….
func serviceOf(uri string) string {
	parts := strings.Split(uri, ":")
	if len(parts) <= uriServicePart {
		return uri
	}
	return parts[uriServicePart]
}

func (c *compiler) refuse(s *subject, where, feature string) {
	c.report(Diagnostic{
		Severity: Refused, Id: fault.MethodNotServed, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
		Where: where, Message: "not built: " + feature,
	})
	if s.plan.Refusal == nil {
		s.plan.Refusal = notBuilt(feature)
	}
}

func notBuilt(feature string) *plan.Refusal {
	return &plan.Refusal{
		Id: fault.MethodNotServed, Feature: feature, Reason: "Gatehouse has not built it",
		Fix: "remove it from the method, or the stage, and deploy",
	}
}

// refuseStage finds what a stage sets and Gatehouse has not built; the refusal holds
// for every method.
func refuseStage(stage *apigw.Stage, options Options) (refusal *plan.Refusal, diagnostics []Diagnostic) {
	features := []struct {
		where, feature string
		set            bool
	}{
		{"webAclArn", "web ACLs (AWS WAF)", stage.WebAclArn != ""},
	}
	for _, f := range features {
		if f.set {
			refusal = notBuilt(f.feature)
			diagnostics = append(diagnostics, Diagnostic{
				Severity: Refused, Id: fault.MethodNotServed, Where: "stage." + f.where, Message: "not built: " + f.feature,
			})
		}
	}
	if stage.ClientCertificateId != "" && options.ClientCertificate == nil {
		// A backend that trusts whoever shows the certificate must not be called without it.
		const message = "the stage's client certificate cannot be opened"
		refusal = &plan.Refusal{
			Id: fault.MethodMisconfigured, Feature: "client certificate " + stage.ClientCertificateId, Reason: message,
			Fix: "generate another client certificate and set it as the stage's clientCertificateId",
		}
		diagnostics = append(diagnostics, Diagnostic{Severity: Broken, Id: fault.MethodMisconfigured, Where: "stage.clientCertificateId", Message: message})
	}
	if stage.TracingEnabled && !options.TracesRequests {
		diagnostics = append(diagnostics, Diagnostic{
			Severity: Warning, Where: "stage.tracingEnabled", Message: "trace ids are passed on, but the server has no collector to send traces to (--otlp-endpoint)",
		})
	}
	return refusal, diagnostics
}
