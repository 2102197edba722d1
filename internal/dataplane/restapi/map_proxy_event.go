package restapi

import (
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
)

// mapProxyEvent makes the event for a function behind AWS_PROXY. Mappings and
// templates do not apply.
func mapProxyEvent(e *exchange) *fault.Fault {
	event := e.proxyEvent()
	if !event.IsBase64Encoded {
		e.noteDamagedBody(record.RequestDamaged, e.header(headerContentType), e.in.Body)
	}
	e.outbound.body = event.AppendJSON(make([]byte, 0, eventRoom+len(e.in.Body)))
	return mapFunctionArn(e)
}

// proxyEvent is the request as functions see it; REQUEST authorizers get the same,
// without the body.
func (e *exchange) proxyEvent() integration.ProxyEvent {
	return integration.ProxyEvent{
		Resource: e.method.ResourcePath, Path: e.in.EventPath, HttpMethod: e.httpMethod,
		Headers: e.in.Headers, Query: e.in.Query, PathParameters: e.sentPathParameters(),
		StageVariables: e.stage.VariableFields, RequestContext: e.proxyRequestContext(), Body: e.in.Body,
		IsBase64Encoded: e.stage.Api.BinaryMediaTypes.MatchesContentType(e.requestMediaType()),
	}
}

// eventRoom is about the size of an event without a body.
const eventRoom = 4096

// sentPathParameters are the path parameters as the client sent them: a proxy event
// has them percent-encoded, as it has the path (public reports, aws/aws-sam-cli#771 and
// #3524). Templates and mappings get them decoded (guide: api-gateway-known-issues.md).
func (e *exchange) sentPathParameters() []integration.Field {
	if len(e.captures) == 0 {
		return nil
	}
	fields := make([]integration.Field, len(e.captures))
	for i, capture := range e.captures {
		fields[i] = integration.Field{Name: e.method.PathParameters[i], Value: e.in.Path[capture.Start:capture.End]}
	}
	return fields
}

func (e *exchange) proxyRequestContext() integration.ProxyRequestContext {
	vpc, _ := ofVpcEndpoint(e, vpcId)
	vpce, _ := ofVpcEndpoint(e, vpcEndpointId)
	return integration.ProxyRequestContext{
		ResourceId: e.method.ResourceId, ResourcePath: e.method.ResourcePath, OperationName: e.method.OperationName,
		Authorizer: e.proxyAuthorizer(), HttpMethod: e.httpMethod, ExtendedRequestId: e.in.ExtendedRequestId,
		RequestTime: formatRequestTime(e.in.Received), Path: e.in.ContextPath, AccountId: e.stage.AccountId,
		Protocol: protocol, Stage: e.stage.StageName, DomainPrefix: e.in.DomainPrefix, DomainName: e.in.Host,
		RequestTimeEpoch: e.in.Received.UnixMilli(), RequestId: e.in.RequestId, DeploymentId: e.stage.DeploymentId,
		ApiId: e.stage.ApiId, Identity: integration.ProxyIdentity{
			AccountId: e.principal.AccountId, AccessKey: e.principal.AccessKey, Caller: e.principal.Caller,
			User: e.principal.User, UserArn: e.principal.UserArn, SourceIp: e.in.SourceIp, UserAgent: e.in.HTTP.UserAgent(),
			ApiKey: e.apiKey, ApiKeyId: e.apiKeyId, VpcId: vpc, VpceId: vpce,
		},
	}
}

const claimsPrefix = "claims."

// proxyAuthorizer is requestContext.authorizer: strings, and claims as an object.
func (e *exchange) proxyAuthorizer() []integration.Field {
	var fields []integration.Field
	var claims strings.Builder
	for _, field := range e.authorizerContext {
		name, isClaim := strings.CutPrefix(field.Name, claimsPrefix)
		if !isClaim {
			text := quoteJSON(field.Value)
			if field.Name == integrationLatencyKey {
				text = field.Value
			}
			fields = append(fields, integration.Field{Name: field.Name, Value: text})
			continue
		}
		if claims.Len() > 0 {
			claims.WriteByte(',')
		}
		claims.WriteString(quoteJSON(name) + ":" + quoteJSON(field.Value))
	}
	if claims.Len() > 0 {
		fields = append(fields, integration.Field{Name: "claims", Value: "{" + claims.String() + "}"})
	}
	return fields
}
