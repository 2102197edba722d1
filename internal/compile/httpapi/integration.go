package httpapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
)

const (
	typeHttpProxy  = "HTTP_PROXY"
	typeAwsProxy   = "AWS_PROXY"
	connectionLink = "VPC_LINK"
	listenerMarker = ":elasticloadbalancing:"
	cloudMapMarker = ":servicediscovery:"
)

// compileIntegration compiles the backend of a route.
func (c *compiler) compileIntegration(route *plan.HttpRoute, record *apigwv2.Integration) *plan.HttpIntegration {
	compiled := &plan.HttpIntegration{
		IntegrationId: record.IntegrationId, Method: record.IntegrationMethod, Credentials: record.CredentialsArn,
		Timeout: apigwv2.IntegrationTimeoutMaximum, Response: map[int][]plan.HttpMapping{},
	}
	if record.TimeoutInMillis > 0 {
		compiled.Timeout = time.Duration(record.TimeoutInMillis) * time.Millisecond
	}
	switch record.IntegrationType {
	case typeHttpProxy:
		c.compileProxy(route, record, compiled)
	case typeAwsProxy:
		c.compileAwsProxy(route, record, compiled)
	default:
		c.broken(route, "integration.integrationType", "an HTTP API has no integration of type "+record.IntegrationType)
		return compiled
	}
	if compiled.Kind != plan.HttpIntegrationService {
		compiled.Request = c.compileRequest(route, record.RequestParameters)
	}
	c.compileResponse(route, record.ResponseParameters, compiled)
	return compiled
}

func (c *compiler) compileProxy(route *plan.HttpRoute, record *apigwv2.Integration, compiled *plan.HttpIntegration) {
	compiled.Kind, compiled.Uri = plan.HttpIntegrationProxy, plan.NewUri(record.IntegrationUri)
	if compiled.Method == "" {
		compiled.Method = plan.AnyMethod
	}
	if record.ConnectionType != connectionLink {
		if !strings.HasPrefix(record.IntegrationUri, "http://") && !strings.HasPrefix(record.IntegrationUri, "https://") &&
			!strings.HasPrefix(record.IntegrationUri, "${stageVariables.") {
			c.broken(route, "integration.integrationUri", record.IntegrationUri+" is not a URL")
		}
		return
	}
	compiled.Kind, compiled.VpcLinkId = plan.HttpIntegrationPrivate, plan.NewUri(record.ConnectionId)
	if record.TlsConfig != nil {
		compiled.ServerNameToVerify = record.TlsConfig.ServerNameToVerify
	}
	if !strings.Contains(record.IntegrationUri, listenerMarker) && !strings.Contains(record.IntegrationUri, cloudMapMarker) &&
		!strings.Contains(record.IntegrationUri, "${stageVariables.") {
		c.broken(route, "integration.integrationUri", record.IntegrationUri+" is not the ARN of a listener or a Cloud Map service")
	}
}

func (c *compiler) compileAwsProxy(route *plan.HttpRoute, record *apigwv2.Integration, compiled *plan.HttpIntegration) {
	if record.IntegrationSubtype != "" {
		c.compileService(route, record, compiled)
		return
	}
	compiled.Kind, compiled.Uri = plan.HttpIntegrationFunction, plan.NewUri(record.IntegrationUri)
	compiled.PayloadFormatVersion = record.PayloadFormatVersion
	if literal, ok := compiled.Uri.Literal(); ok {
		if _, ok := plan.FunctionArnOf(literal); !ok {
			c.broken(route, "integration.integrationUri", record.IntegrationUri+" names no Lambda function")
		}
	}
	if record.PayloadFormatVersion != "1.0" && record.PayloadFormatVersion != payloadFormat2 {
		c.broken(route, "integration.payloadFormatVersion", "must be 1.0 or 2.0")
	}
}

func (c *compiler) compileService(route *plan.HttpRoute, record *apigwv2.Integration, compiled *plan.HttpIntegration) {
	compiled.Kind, compiled.Subtype = plan.HttpIntegrationService, record.IntegrationSubtype
	service, ok := plan.HttpServices[record.IntegrationSubtype]
	if !ok {
		c.broken(route, "integration.integrationSubtype", "there is no service integration "+record.IntegrationSubtype)
		return
	}
	for _, name := range service.Required {
		if record.RequestParameters[name] == "" {
			c.broken(route, "integration.requestParameters", "the parameter "+name+" is required")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(record.RequestParameters)) {
		value, err := mapping.CompileHTTPRequestValue(record.RequestParameters[name])
		switch {
		case !service.Knows(name):
			c.broken(route, "integration.requestParameters", record.IntegrationSubtype+" takes no parameter "+name)
		case err != nil:
			c.broken(route, "integration.requestParameters["+name+"]", err.Error())
		default:
			compiled.Parameters = append(compiled.Parameters, plan.HttpMapping{Target: mapping.Target{Name: name}, Value: value})
		}
	}
}

// order is how mappings are applied whatever their order in the record: what is removed
// first, then what is overwritten, then what is appended (unconfirmed).
var order = []mapping.Action{mapping.ActionRemove, mapping.ActionOverwrite, mapping.ActionAppend}

// side compiles the mappings of a request or of a response.
type side struct {
	where  string
	target func(key string) (mapping.Target, error)
	value  func(expression string) (*mapping.Expression, error)
}

func (c *compiler) compileRequest(route *plan.HttpRoute, parameters map[string]string) []plan.HttpMapping {
	return c.compileMappings(route, parameters, side{"integration.requestParameters", mapping.ParseRequestTarget, mapping.CompileHTTPRequestValue})
}

func (c *compiler) compileResponse(route *plan.HttpRoute, byStatus map[string]map[string]string, compiled *plan.HttpIntegration) {
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		where := "integration.responseParameters[" + status + "]"
		code, err := strconv.Atoi(status)
		if err != nil {
			c.broken(route, where, "the key is not a status code")
			continue
		}
		compiled.Response[code] = c.compileMappings(route, byStatus[status], side{where, mapping.ParseResponseTarget, mapping.CompileHTTPResponseValue})
	}
}

func (c *compiler) compileMappings(route *plan.HttpRoute, parameters map[string]string, s side) []plan.HttpMapping {
	var mappings []plan.HttpMapping
	for _, key := range slices.Sorted(maps.Keys(parameters)) {
		target, err := s.target(key)
		m := plan.HttpMapping{Target: target}
		if err == nil && target.Action != mapping.ActionRemove {
			m.Value, err = s.value(parameters[key])
		}
		if err != nil {
			c.broken(route, s.where+"["+key+"]", err.Error())
			continue
		}
		mappings = append(mappings, m)
	}
	slices.SortStableFunc(mappings, func(a, b plan.HttpMapping) int {
		return slices.Index(order, a.Target.Action) - slices.Index(order, b.Target.Action)
	})
	return mappings
}
