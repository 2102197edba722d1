package restapi

import (
	"maps"
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
)

const (
	integrationRequestPrefix = "integration.request."
	methodResponsePrefix     = "method.response."
	connectionVpcLink        = "VPC_LINK"
)

// compileIntegration compiles the backend of a method.
func (c *compiler) compileIntegration(s *subject, from *apigw.Integration) *plan.Integration {
	compiled := &plan.Integration{
		Type: plan.IntegrationType(from.Type), HttpMethod: from.HttpMethod, Credentials: from.Credentials,
		Timeout:             timeoutOf(from),
		PassthroughBehavior: plan.PassthroughBehavior(from.PassthroughBehavior), ContentHandling: from.ContentHandling,
	}
	if from.TlsConfig != nil {
		compiled.InsecureSkipVerification = from.TlsConfig.InsecureSkipVerification
	}
	if compiled.PassthroughBehavior == "" {
		compiled.PassthroughBehavior = plan.WhenNoMatch
	}
	if from.ConnectionType == connectionVpcLink {
		compiled.VpcLinkId = plan.NewUri(from.ConnectionId)
		if from.IntegrationTarget != "" {
			compiled.Target = plan.NewUri(from.IntegrationTarget)
		}
	}
	switch compiled.Type {
	case plan.IntegrationMock:
	case plan.IntegrationHttp, plan.IntegrationHttpProxy, plan.IntegrationAws, plan.IntegrationAwsProxy:
		c.compileUri(s, compiled, from)
	default:
		c.broken(s, "methodIntegration.type", "there is no integration type "+from.Type)
		return compiled
	}
	c.findUnmappableHeader(s, compiled, from)
	c.compileCacheKeys(s, compiled, from)
	if compiled.Type != plan.IntegrationAwsProxy { // to which no mapping applies
		compiled.RequestParameters = c.compileRequestParameters(s, from.RequestParameters)
	}
	if !compiled.IsProxy() {
		compiled.RequestTemplates = c.compileTemplates(s, from.RequestTemplates, "methodIntegration.requestTemplates")
		c.compileIntegrationResponses(s, compiled, from)
	}
	return compiled
}

func timeoutOf(from *apigw.Integration) time.Duration {
	if from.TimeoutInMillis <= 0 {
		return apigw.IntegrationTimeoutMaximum
	}
	return time.Duration(from.TimeoutInMillis) * time.Millisecond
}

func (c *compiler) compileUri(s *subject, compiled *plan.Integration, from *apigw.Integration) {
	if from.Uri == "" {
		c.broken(s, "methodIntegration.uri", "the integration has no URI")
		return
	}
	compiled.Uri = plan.NewUri(from.Uri)
	compiled.IsService = compiled.Type == plan.IntegrationAws && !integration.IsFunctionUri(from.Uri)
}

// findUnmappableHeader finds a mapping onto a header that API Gateway keeps for
// itself. The check is made for AWS_PROXY too, which applies no mappings (observed on AWS).
func (c *compiler) findUnmappableHeader(s *subject, compiled *plan.Integration, from *apigw.Integration) {
	for _, key := range slices.Sorted(maps.Keys(from.RequestParameters)) {
		name, isHeader := strings.CutPrefix(key, integrationRequestPrefix+"header.")
		if !isHeader || !integration.RefusesMappedHeader(from.Type, name) {
			continue
		}
		compiled.UnmappableHeader = name
		c.report(Diagnostic{
			Severity: Broken, Id: fault.HeaderNotMappable, ResourcePath: s.resource.Path, HttpMethod: s.plan.HttpMethod,
			Where: "methodIntegration.requestParameters[" + key + "]", Message: "API Gateway keeps the header " + name + " for itself",
		})
		return
	}
}
