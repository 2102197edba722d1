package websocketapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/tracing"
	"gatehouse/internal/value"
)

// mapRequest makes what goes to the backend: an event for a function behind AWS_PROXY,
// the message as it is for HTTP_PROXY, or what a request template makes of it.
func mapRequest(e *exchange) *fault.Fault {
	target := e.route.Integration
	if target.Type == plan.IntegrationAwsProxy {
		event := e.event()
		e.outbound.body = event.AppendJSON(make([]byte, 0, eventRoom+len(e.message)))
		return mapFunctionArn(e)
	}
	if f := mapBody(e); f != nil {
		return f
	}
	switch target.Type {
	case plan.IntegrationMock:
		return readMockStatusCode(e)
	case plan.IntegrationAws:
		if target.IsService {
			return mapServiceRequest(e)
		}
		return mapInvocation(e)
	default:
		return mapEndpointRequest(e)
	}
}

// eventRoom is about the size of an event without a message.
const eventRoom = 1024

// event is what functions are told (samples of AWS's: messages have no headers,
// $disconnect has four).
func (e *exchange) event() integration.WebSocketEvent {
	event := integration.WebSocketEvent{
		StageVariables: e.stage.VariableFields, Body: e.message, HasBody: e.eventType == eventMessage,
		RequestContext: integration.WebSocketRequestContext{
			RouteKey: e.route.RouteKey, Authorizer: e.eventAuthorizer(), MessageId: e.messageId, EventType: e.eventType,
			ExtendedRequestId: e.requestId, RequestTime: formatRequestTime(e.received), Stage: e.stage.StageName,
			ConnectedAt: e.connection.ConnectedAt.UnixMilli(), RequestTimeEpoch: e.received.UnixMilli(), RequestId: e.requestId,
			DomainName: e.domainName, ConnectionId: e.connection.Id, ApiId: e.stage.ApiId, Identity: e.eventIdentity(),
		},
	}
	switch e.eventType {
	case eventConnect:
		event.Headers, event.Query = e.in.Headers, e.in.Query
	case eventDisconnect:
		event.Headers = []integration.Field{
			{Name: "Host", Value: e.domainName}, {Name: "x-api-key"}, {Name: "X-Forwarded-For", Value: e.connection.SourceIp}, {Name: "x-restapi"},
		}
		event.RequestContext.DisconnectStatusCode, event.RequestContext.DisconnectReason = e.closing.Code, e.closing.Reason
	default:
		e.encodeBinary(&event)
	}
	return event
}

// encodeBinary has a function see a base64 message as binary data, where the
// integration converts to it.
func (e *exchange) encodeBinary(event *integration.WebSocketEvent) {
	if e.route.Integration == nil || e.route.Integration.ContentHandling != integration.ConvertToBinary {
		return
	}
	if body, binary, err := integration.ConvertRequest(e.message, false, integration.ConvertToBinary); err == nil && binary {
		event.Body, event.IsBase64Encoded = body, true
	}
}

func (e *exchange) eventIdentity() integration.WebSocketIdentity {
	shown := integration.WebSocketIdentity{SourceIp: e.connection.SourceIp, UserAgent: e.connection.UserAgent}
	if e.identity != nil {
		shown.ApiKey, shown.ApiKeyId = e.identity.apiKey, e.identity.apiKeyId
	}
	if e.identity != nil && e.identity.principal != nil {
		signer := e.identity.principal
		shown.AccountId, shown.Caller, shown.User, shown.UserArn = signer.Account, signer.UserID, signer.UserID, signer.ARN
		shown.AccessKey = e.identity.accessKey
	}
	return shown
}

// eventAuthorizer is requestContext.authorizer: strings, with the principal first.
func (e *exchange) eventAuthorizer() []integration.Field {
	if e.identity == nil || e.identity.grant == nil {
		return nil
	}
	grant := e.identity.grant
	fields := []integration.Field{{Name: "principalId", Value: quoteJSON(grant.PrincipalId)}}
	for _, member := range grant.ContextStrings() {
		fields = append(fields, integration.Field{Name: member.Name, Value: quoteJSON(member.Value)})
	}
	return append(fields, integration.Field{Name: "integrationLatency", Value: strconv.FormatInt(grant.Latency.Milliseconds(), 10)})
}

// mapBody converts the message, chooses a template and renders it.
func mapBody(e *exchange) *fault.Fault {
	target := e.route.Integration
	body, binary, err := integration.ConvertRequest(e.message, false, target.ContentHandling)
	if err != nil {
		f := fault.New(fault.RequestNotBase64)
		f.Found, f.Cause = "a message that is not base64, with contentHandlingStrategy "+target.ContentHandling, err
		return f
	}
	e.outbound.body, e.outbound.binary = body, binary
	if binary || target.IsProxy() {
		return nil
	}
	template := chooseTemplate(target.RequestTemplates, target.TemplateSelection, e.mappingInput())
	if template != nil {
		e.record.Note(record.TemplateChosen, template.ContentType)
		var f *fault.Fault
		e.outbound.body, f = render(template, e.mappingInput())
		return f
	}
	refused := target.PassthroughBehavior == plan.Never || target.PassthroughBehavior == plan.WhenNoTemplates && len(target.RequestTemplates) > 0
	if !refused {
		return nil
	}
	f := fault.New(fault.UnsupportedMediaType)
	f.Checked = "the request templates of integration " + target.IntegrationId
	f.Found = "no template for the message, and passthroughBehavior " + string(target.PassthroughBehavior)
	return f
}

// chooseTemplate takes the template whose key the selection expression gives, else
// $default (guide: apigateway-websocket-api-selection-expressions.md), else
// application/json, which is what the guide's own MOCK example has.
func chooseTemplate(templates []plan.Template, selection *mapping.Expression, input *mapping.Input) *plan.Template {
	if len(templates) == 0 {
		return nil
	}
	if selection != nil {
		if template := templateOf(templates, selection.Select(input)); template != nil {
			return template
		}
	}
	if template := templateOf(templates, plan.RouteKeyDefault); template != nil {
		return template
	}
	return templateOf(templates, contentTypeJSON)
}

const contentTypeJSON = "application/json"

func templateOf(templates []plan.Template, key string) *plan.Template {
	for i := range templates {
		if templates[i].ContentType == key {
			return &templates[i]
		}
	}
	return nil
}

func render(template *plan.Template, input *mapping.Input) ([]byte, *fault.Fault) {
	if template.Compiled == nil {
		f := fault.New(fault.TemplateFailed)
		f.Checked, f.Found = "template "+template.ContentType, template.Broken
		return nil, f
	}
	body, err := template.Compiled.Render(input, nil)
	if err == nil {
		return body, nil
	}
	id := fault.TemplateFailed
	var payload *mapping.PayloadError
	if errors.As(err, &payload) {
		id = fault.RequestBodyNotJson
	}
	f := fault.New(id)
	if payload != nil {
		f.Message = payload.Error()
	}
	f.Checked, f.Found, f.Cause = "template "+template.ContentType, err.Error(), err
	return nil, f
}

// mappedParameters are the parameters of an integration request.
type mappedParameters struct {
	headers, query, path []integration.Field
}

// mapParameters evaluates the mappings; a name without a value is left out.
func (e *exchange) mapParameters() (mappedParameters, *fault.Fault) {
	var mapped mappedParameters
	for i := range e.route.Integration.RequestParameters {
		m := &e.route.Integration.RequestParameters[i]
		values, err := m.Compiled.Append(e.values[:0], e.mappingInput())
		e.values = values
		if err != nil {
			f := fault.New(fault.ParameterMappingFailed)
			f.Checked, f.Found, f.Cause = "the mapping "+m.Compiled.String()+" onto "+string(m.Target.Location)+" "+m.Target.Name, err.Error(), err
			return mapped, f
		}
		for _, text := range values {
			mapped.add(&m.Target, strings.Clone(text))
		}
	}
	return mapped, nil
}

func (m *mappedParameters) add(target *plan.Parameter, text string) {
	field := integration.Field{Name: target.Name, Value: text}
	switch target.Location {
	case plan.LocationHeader:
		m.headers = append(m.headers, field)
	case plan.LocationPath:
		m.path = append(m.path, field)
	default:
		m.query = append(m.query, field)
	}
}

// Headers of invocations and of requests to HTTP backends.
const (
	headerInvocationType = "X-Amz-Invocation-Type"
	invocationTypeEvent  = "Event"
	headerTraceId        = "X-Amzn-Trace-Id"
	headerTraceparent    = "Traceparent"
	headerApiId          = "X-Amzn-Apigateway-Api-Id"
	userAgentPrefix      = "AmazonAPIGateway_"
)

// mapInvocation makes the invocation of a function from the mapped message.
func mapInvocation(e *exchange) *fault.Fault {
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	for _, header := range mapped.headers {
		if equalNames(header.Name, headerInvocationType) {
			e.outbound.async = header.Value == invocationTypeEvent
		}
	}
	if len(e.outbound.body) == 0 {
		e.outbound.body = []byte("{}")
	}
	if !json.Valid(e.outbound.body) {
		f := fault.New(fault.PayloadNotJson)
		f.Checked, f.Found, f.Wanted = "the message, which no template changes", "text that is not JSON", "JSON"
		e.blameTemplate(f)
		return f
	}
	return mapFunctionArn(e)
}

// mapFunctionArn reads the function from the URI, its stage variables put in.
func mapFunctionArn(e *exchange) *fault.Fault {
	uri := e.route.Integration.Uri.Fill(noPathParameter, e.stage.Variables)
	functionArn, ok := integration.FunctionArnOf(uri)
	if !ok {
		f := fault.New(fault.EndpointInvalid)
		f.Found, f.Wanted = "the URI "+uri, "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
		return f
	}
	e.outbound.functionArn = functionArn
	e.record.Note(record.EndpointUri, uri)
	e.record.NoteBody(record.EndpointBody, e.outbound.body)
	return nil
}

// mapEndpointRequest makes the request to an HTTP backend. $connect of HTTP_PROXY passes
// the client's headers; messages have none but what is mapped.
func mapEndpointRequest(e *exchange) *fault.Fault {
	target := e.route.Integration
	mapped, f := e.mapParameters()
	if f != nil {
		return f
	}
	e.outbound.httpMethod = target.HttpMethod
	if target.HttpMethod == "" || target.HttpMethod == "ANY" {
		e.outbound.httpMethod = http.MethodPost
	}
	header := http.Header{"Accept": {contentTypeJSON}, "User-Agent": {userAgentPrefix + e.stage.ApiId}, headerApiId: {e.stage.ApiId}}
	if len(e.outbound.body) > 0 {
		header["Content-Type"] = []string{contentTypeJSON}
	}
	if e.in != nil && target.IsProxy() {
		passHeaders(header, e.in.Headers)
	}
	if e.trace != nil {
		header[headerTraceId] = []string{e.trace.AmznTraceId(tracing.StepCallIntegration)}
		header[headerTraceparent] = []string{e.trace.Traceparent(tracing.StepCallIntegration)}
	}
	for _, field := range mapped.headers {
		name := http.CanonicalHeaderKey(field.Name)
		if name == "Host" {
			e.outbound.host = field.Value
			continue
		}
		header[name] = []string{field.Value}
	}
	e.outbound.header = header
	e.outbound.url = endpointUrl(e, mapped)
	e.record.Note(record.EndpointUri, e.outbound.url)
	e.record.NoteBody(record.EndpointBody, e.outbound.body)
	return nil
}

// passHeaders copies the headers of a handshake but those of the handshake itself, and a
// Signature Version 4.
func passHeaders(header http.Header, fields []integration.Field) {
	for _, field := range fields {
		name := http.CanonicalHeaderKey(field.Name)
		isSignature := name == "Authorization" && strings.HasPrefix(field.Value, "AWS4-HMAC-SHA256")
		if name != "Host" && !strings.HasPrefix(name, "Sec-Websocket-") && !isSignature {
			header[name] = append(header[name], field.Value)
		}
	}
}

func endpointUrl(e *exchange, mapped mappedParameters) string {
	target := e.route.Integration.Uri.Fill(func(name string) (string, bool) {
		text, ok := inbound.Last(mapped.path, name)
		return url.PathEscape(text), ok
	}, e.stage.Variables)
	query := mapped.query
	if e.in != nil && e.route.Integration.IsProxy() {
		query = append(query, e.in.Query...)
	}
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	for _, field := range query {
		target += separator + url.QueryEscape(field.Name) + "=" + url.QueryEscape(field.Value)
		separator = "&"
	}
	return target
}

// readMockStatusCode reads the status code that a MOCK's request template gave: lenient
// JSON with an integer statusCode (as MOCK of REST APIs).
func readMockStatusCode(e *exchange) *fault.Fault {
	document, err := value.Read(nil, string(e.outbound.body))
	if err == nil && document.Map() != nil {
		given, ok := document.Map().GetString("statusCode")
		if ok && given.Kind() == value.KindInteger && given.Int() >= 100 && given.Int() <= 599 {
			e.outbound.mockStatusCode = int(given.Int())
			return nil
		}
	}
	f := fault.New(fault.MockStatusCode)
	f.Checked = "the rendered request template of the MOCK integration"
	f.Found, f.Wanted = string(e.outbound.body), `an object with an integer statusCode, such as {"statusCode": 200}`
	return f
}
