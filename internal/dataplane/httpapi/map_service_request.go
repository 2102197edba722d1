package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/plan"
)

// serviceParameters are the evaluated parameters of a service integration. One without
// a value is not there: the service says what it misses.
type serviceParameters map[string]string

// serviceRequest makes the call of one action; base is the service's endpoint.
type serviceRequest func(action, base string, parameters serviceParameters) integration.Request

// calledService is how an AWS service is called.
type calledService struct {
	signingName string
	request     serviceRequest
}

// calledServices are the first half of subtypes.
var calledServices = map[string]calledService{
	"SQS":           {"sqs", sqsRequest},
	"EventBridge":   {"events", eventBridgeRequest},
	"Kinesis":       {"kinesis", kinesisRequest},
	"StepFunctions": {"states", stepFunctionsRequest},
	"AppConfig":     {"appconfig", appConfigRequest},
}

// mapServiceRequest makes the request to an AWS service (guide:
// http-api-develop-integrations-aws-services.md).
func mapServiceRequest(e *exchange) *fault.Fault {
	target := e.route.Integration
	name, action, _ := strings.Cut(target.Subtype, "-")
	called := calledServices[name]
	parameters := serviceParameters{}
	input := e.mappingInput()
	for i := range target.Parameters {
		if value, ok := target.Parameters[i].Value.Evaluate(input); ok {
			parameters[target.Parameters[i].Target.Name] = value
		}
	}
	e.outbound.service, e.outbound.region = called.signingName, e.stage.Region
	if region := parameters[plan.ServiceRegion]; region != "" {
		e.outbound.region = region
	}
	base, ok := e.serviceEndpoint()
	if !ok {
		return e.integrationFault(services.NotConfigured(called.signingName, e.outbound.region, target.Subtype))
	}
	e.outbound.request = called.request(action, strings.TrimSuffix(base, "/"), parameters)
	e.outbound.request.Timeout = target.Timeout
	e.record.Note(record.EndpointUri, e.outbound.request.Method+" "+e.outbound.request.URL)
	return nil
}

func (e *exchange) serviceEndpoint() (string, bool) {
	if e.pipeline.Services == nil {
		return "", false
	}
	return e.pipeline.Services.Endpoint(e.outbound.service, e.outbound.region)
}

const (
	contentTypeForm   = "application/x-www-form-urlencoded; charset=utf-8"
	contentTypeJSON10 = "application/x-amz-json-1.0"
	contentTypeJSON11 = "application/x-amz-json-1.1"
	headerTarget      = "X-Amz-Target"
)

// jsonRequest is a call in AWS's JSON protocol.
func jsonRequest(base, contentType, target string, members map[string]any) integration.Request {
	body, err := json.Marshal(members)
	if err != nil {
		body = []byte("{}") // texts, numbers and JSON always encode
	}
	return integration.Request{
		Method: http.MethodPost, URL: base + "/", Body: body,
		Header: http.Header{headerContentType: {contentType}, headerTarget: {target}, "User-Agent": {userAgent}},
	}
}

const userAgent = "AmazonAPIGateway"

// members picks parameters under the names that the service has for them.
func (p serviceParameters) members(names map[string]string) map[string]any {
	members := map[string]any{}
	for ours, theirs := range names {
		if value, ok := p[ours]; ok {
			members[theirs] = value
		}
	}
	return members
}

func same(names ...string) map[string]string {
	pairs := map[string]string{}
	for _, name := range names {
		pairs[name] = name
	}
	return pairs
}

// kinesisRequest passes Data on as it is; the service takes base64 (unconfirmed: whether
// API Gateway encodes it).
func kinesisRequest(action, base string, p serviceParameters) integration.Request {
	members := p.members(same("StreamName", "Data", "PartitionKey", "SequenceNumberForOrdering", "ExplicitHashKey"))
	return jsonRequest(base, contentTypeJSON11, "Kinesis_20131202."+action, members)
}

func stepFunctionsRequest(action, base string, p serviceParameters) integration.Request {
	members := p.members(map[string]string{
		"StateMachineArn": "stateMachineArn", "Name": "name", "Input": "input", "TraceHeader": "traceHeader",
		"ExecutionArn": "executionArn", "Cause": "cause", "Error": "error",
	})
	return jsonRequest(base, contentTypeJSON10, "AWSStepFunctions."+action, members)
}

func eventBridgeRequest(action, base string, p serviceParameters) integration.Request {
	entry := p.members(same("Detail", "DetailType", "Source", "EventBusName", "TraceHeader"))
	if text, ok := p["Resources"]; ok {
		entry["Resources"] = listOf(text)
	}
	if text, ok := p["Time"]; ok {
		entry["Time"] = epochOf(text)
	}
	return jsonRequest(base, contentTypeJSON11, "AWSEvents."+action, map[string]any{"Entries": []any{entry}})
}

// listOf reads a JSON list, or a text with commas.
func listOf(text string) []string {
	var list []string
	if err := json.Unmarshal([]byte(text), &list); err == nil {
		return list
	}
	return strings.Split(text, ",")
}

// epochOf makes seconds of a time in RFC 3339; anything else is passed on.
func epochOf(text string) any {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.Unix()
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return seconds
	}
	return text
}

func appConfigRequest(_, base string, p serviceParameters) integration.Request {
	query := url.Values{}
	query.Set("client_id", p["ClientId"])
	if version, ok := p["ClientConfigurationVersion"]; ok {
		query.Set("client_configuration_version", version)
	}
	return integration.Request{
		Method: http.MethodGet, Header: http.Header{"User-Agent": {userAgent}},
		URL: base + "/applications/" + url.PathEscape(p["Application"]) + "/environments/" + url.PathEscape(p["Environment"]) +
			"/configurations/" + url.PathEscape(p["Configuration"]) + "?" + query.Encode(),
	}
}

const sqsVersion = "2012-11-05"

// sqsRequest is a call in SQS's query protocol, to the queue's path at the endpoint.
func sqsRequest(action, base string, p serviceParameters) integration.Request {
	form := url.Values{"Action": {action}, "Version": {sqsVersion}}
	for name, value := range p {
		switch name {
		case plan.ServiceRegion:
		case "AttributeNames":
			addList(form, "AttributeName", listOf(value))
		case "MessageAttributeNames":
			addList(form, "MessageAttributeName", listOf(value))
		case "MessageAttributes":
			addAttributes(form, "MessageAttribute", value)
		case "MessageSystemAttributes":
			addAttributes(form, "MessageSystemAttribute", value)
		default:
			form.Set(name, value)
		}
	}
	return integration.Request{
		Method: http.MethodPost, URL: base + queuePath(p["QueueUrl"]), Body: []byte(form.Encode()),
		Header: http.Header{headerContentType: {contentTypeForm}, "User-Agent": {userAgent}},
	}
}

func queuePath(queueUrl string) string {
	if parsed, err := url.Parse(queueUrl); err == nil && strings.HasPrefix(parsed.Path, "/") {
		return parsed.EscapedPath()
	}
	return "/"
}

func addList(form url.Values, prefix string, items []string) {
	for i, item := range items {
		form.Set(prefix+"."+strconv.Itoa(i+1), strings.TrimSpace(item))
	}
}

// addAttributes adds {"name":{"DataType":"String","StringValue":"…"}} in order of names.
func addAttributes(form url.Values, prefix, text string) {
	var attributes map[string]map[string]string
	if err := json.Unmarshal([]byte(text), &attributes); err != nil {
		form.Set(prefix, text) // the service refuses it and says why
		return
	}
	names := make([]string, 0, len(attributes))
	for name := range attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	for i, name := range names {
		entry := prefix + "." + strconv.Itoa(i+1)
		form.Set(entry+".Name", name)
		for member, value := range attributes[name] {
			form.Set(entry+".Value."+member, value)
		}
	}
}
