package telemetry

import (
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// ExecutionLines are AWS's lines for an exchange, in AWS's order, without the request id
// in front. What a level leaves out: ERROR has only how the exchange failed, and without
// data trace there are no parameters, headers and payloads. Lines were reported from AWS
// and stand in the guide (getting-started-lambda-non-proxy-integration.md).
func ExecutionLines(r *record.Record) []string {
	l := &lines{record: r}
	// Of a request that no method gets AWS logs nothing; here its end is logged, and why.
	if r.ResourcePath != "" && (r.LoggingLevel == record.LevelInfo || r.DataTraceEnabled) {
		if r.ProtocolType == record.ProtocolWebSocket { // has no id beside its own
			l.add("Extended Request Id: " + r.RequestId)
		} else {
			l.add("Extended Request Id: " + r.ExtendedRequestId)
		}
		l.addAuthorizer()
		if l.endsBeforePlan() {
			l.addEnd()
			return l.list
		}
		l.addPlan()
		if !endsInPlan(r.Fault) {
			l.add("Starting execution for request: " + r.RequestId)
			l.addSubject()
			l.addFacts()
		}
	}
	l.addEnd()
	return l.list
}

type lines struct {
	record *record.Record
	list   []string
}

func (l *lines) add(line string) { l.list = append(l.list, line) }

// addSubject adds what the exchange is about; the lines of WebSocket APIs are unconfirmed.
func (l *lines) addSubject() {
	r := l.record
	if r.ProtocolType != record.ProtocolWebSocket {
		l.add("HTTP Method: " + r.HttpMethod + ", Resource Path: " + r.ResourcePath)
		l.addKey()
		return
	}
	l.add("WebSocket Request Route: [" + r.ResourcePath + "]")
	if r.HttpMethod == webSocketMessage {
		l.add("WebSocket API [" + r.ApiId + "] received message from client [Connection Id: " + r.Path + "].")
	}
}

// addKey adds the key that let the request in, and its id (brefphp/bref#534).
func (l *lines) addKey() {
	if masked, ok := l.fact(record.ApiKey); ok {
		l.add("API Key: " + masked)
	}
	if id, ok := l.fact(record.ApiKeyId); ok {
		l.add("API Key ID: " + id)
	}
}

// endsInPlan says whether a usage plan or the stage's throttle ended the exchange; AWS's log
// then has no line about the method's execution (zappa/Zappa#52).
func endsInPlan(f *fault.Fault) bool {
	if f == nil {
		return false
	}
	id := f.Id()
	return id == fault.ApiKeyRefused || id == fault.QuotaExceeded || id == fault.Throttled && f.LogLine != ""
}

// addPlan adds the lines about API keys, which every request has.
func (l *lines) addPlan() {
	r := l.record
	stage := r.ApiId + "/" + r.StageName
	if masked, required := l.fact(record.ApiKey); required {
		l.add("Verifying Usage Plan for request: " + r.RequestId + ". API Key: " + masked + " API Stage: " + stage)
		if !endsInPlan(r.Fault) {
			l.add("Usage Plan check succeeded for API Key " + masked + " and API Stage " + stage)
		}
		return
	}
	l.add("Verifying Usage Plan for request: " + r.RequestId + ". API Key:  API Stage: " + stage)
	if endsInPlan(r.Fault) { // the stage's throttle does, too (public log of 2019)
		return
	}
	what := "method '" + r.HttpMethod + " " + r.ResourcePath + "'"
	if r.ProtocolType == record.ProtocolWebSocket {
		what = "route '" + r.ResourcePath + "'"
	}
	l.add("API Key  authorized because " + what + " does not require API Key. Request will not contribute to throttle or quota limits")
	l.add("Usage Plan check succeeded for API Key  and API Stage " + stage)
}

// fact is the text of the first fact of a kind.
func (l *lines) fact(kind record.Kind) (text string, ok bool) {
	for i := range l.record.Steps {
		for j := range l.record.Steps[i].Facts {
			if fact := &l.record.Steps[i].Facts[j]; fact.Kind == kind {
				return fact.Text, true
			}
		}
	}
	return "", false
}

// factLines says which line begins with what; the rest of the line is the fact.
var factLines = map[record.Kind]string{
	record.RequestPath:           "Method request path: ",
	record.RequestQuery:          "Method request query string: ",
	record.RequestHeaders:        "Method request headers: ",
	record.RequestBody:           "Method request body before transformations: ",
	record.EndpointUri:           "Endpoint request URI: ",
	record.EndpointHeaders:       "Endpoint request headers: ",
	record.EndpointBody:          "Endpoint request body after transformations: ",
	record.Sending:               "Sending request to ",
	record.ValidatedModel:        "Request validation succeeded for content type ",
	record.IntegrationLatency:    "Received response. ",
	record.EndpointReplyHeaders:  "Endpoint response headers: ",
	record.EndpointReplyBody:     "Endpoint response body before transformations: ",
	record.MethodResponseBody:    "Method response body after transformations: ",
	record.MethodResponseHeaders: "Method response headers: ",
	record.Cache:                 "Stage cache: ", // ours; what AWS logs of its cache is unconfirmed
}

// untraced are the facts that are logged without data trace too.
var untraced = map[record.Kind]bool{record.Sending: true, record.IntegrationLatency: true, record.Cache: true}

// unsent are the facts about a request that was mapped and, answered from the cache, not sent.
var unsent = map[record.Kind]bool{record.EndpointUri: true, record.EndpointHeaders: true, record.EndpointBody: true}

// isHit says whether the response came from the stage's cache.
func (l *lines) isHit() bool {
	for _, step := range l.record.Steps {
		for i := range step.Facts {
			if step.Facts[i].Kind == record.Cache {
				return strings.HasPrefix(step.Facts[i].Text, "HIT")
			}
		}
	}
	return false
}

func (l *lines) addFacts() {
	isHit := l.isHit()
	for _, step := range l.record.Steps {
		for i := range step.Facts {
			fact := replyInOrder(step.Facts, i)
			begin, known := factLines[fact.Kind]
			if isHit && unsent[fact.Kind] {
				continue
			}
			if fact.Kind == record.MethodResponseHeaders && l.record.Fault != nil {
				continue // they are a gateway response's, which AWS does not log
			}
			if fact.Kind == record.ValidatedModel {
				l.addValidation()
				continue
			}
			if known && (l.record.DataTraceEnabled || untraced[fact.Kind]) {
				l.add(begin + factText(fact, l.record.DataTraceEnabled))
			}
			if fact.Kind == record.EndpointUri && l.record.DataTraceEnabled && strings.HasPrefix(fact.Text, "arn:") {
				l.addInvocationHeaders()
			}
		}
	}
}

// replyInOrder is the i-th fact, but of a backend's answer the body comes before the headers,
// as in AWS's logs (guide: getting-started-lambda-non-proxy-integration.md).
func replyInOrder(facts []record.Fact, i int) *record.Fact {
	switch kind := facts[i].Kind; {
	case kind == record.EndpointReplyHeaders && i+1 < len(facts) && facts[i+1].Kind == record.EndpointReplyBody:
		return &facts[i+1]
	case kind == record.EndpointReplyBody && i > 0 && facts[i-1].Kind == record.EndpointReplyHeaders:
		return &facts[i-1]
	}
	return &facts[i]
}

// addInvocationHeaders adds the headers that AWS's log shows of a call of Lambda, without
// those of its signature, which a call here has not (public logs of 2017 and 2019).
func (l *lines) addInvocationHeaders() {
	r := l.record
	if r.ProtocolType != "" {
		return
	}
	l.add("Endpoint request headers: {x-amzn-lambda-integration-tag=" + r.RequestId + ", X-Amz-Date=" + r.Received.UTC().Format("20060102T150405Z") +
		", x-amzn-apigateway-api-id=" + r.ApiId + ", X-Amz-Source-Arn=arn:aws:execute-api:" + r.Region + ":" + r.AccountId + ":" + r.ApiId + "/" +
		r.StageName + "/" + r.HttpMethod + r.ResourcePath + ", Accept=application/json, User-Agent=AmazonAPIGateway_" + r.ApiId + "}")
}

// addValidation says that the body was valid, unless that ended the exchange.
func (l *lines) addValidation() {
	if f := l.record.Fault; f == nil || f.Id() != fault.BodyInvalid {
		l.add(factLines[record.ValidatedModel] + l.contentType())
	}
}

func factText(fact *record.Fact, traced bool) string {
	switch {
	case fact.Kind == record.EndpointUri, fact.Kind == record.Sending:
		return endpointText(fact.Text, traced)
	case fact.Body != nil:
		return string(fact.Body)
	case fact.Text != "":
		return fact.Text
	case fact.Kind == record.RequestBody, fact.Kind == record.EndpointBody, fact.Kind == record.EndpointReplyBody, fact.Kind == record.MethodResponseBody:
		return ""
	}
	return fieldsText(fact.Fields)
}

// endpointText is the URL of a backend. That of a function is Lambda's Invoke, as AWS
// logs it.
func endpointText(text string, traced bool) string {
	const service, region, resource, parts = 2, 3, 5, 6
	if arn := strings.SplitN(text, ":", parts); strings.HasPrefix(text, "arn:") && len(arn) == parts {
		path := "2015-03-31/functions/" + text + "/invocations"
		if arn[service] == "apigateway" {
			path = strings.TrimPrefix(arn[resource], "path/")
		}
		return "https://lambda." + arn[region] + ".amazonaws.com/" + path
	}
	if traced {
		return text
	}
	return withoutQuery(text)
}

// withoutQuery leaves the query string of a URL out, whose values may be secret.
func withoutQuery(text string) string {
	before, _, _ := strings.Cut(text, "?")
	return before
}

// fieldsText prints fields as AWS does, {a=1, b=2}, secrets masked.
func fieldsText(fields []record.Field) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, field := range fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(field.Name + "=" + record.Masked(field.Name, field.Value))
	}
	b.WriteByte('}')
	return b.String()
}

// closingLines are AWS's last lines of a deployed method's exchange, which tests of a method
// have not (public logs of 2019 to 2026): the request's ids elsewhere.
func closingLines(r *record.Record) []string {
	if r.LoggingLevel != record.LevelInfo {
		return nil
	}
	var list []string
	for i := range r.Steps {
		for _, fact := range r.Steps[i].Facts {
			if fact.Kind == record.EndpointRequestId {
				list = append(list, "AWS Integration Endpoint RequestId : "+fact.Text)
			}
		}
	}
	if r.Trace != nil {
		list = append(list, "X-ray Tracing ID : Root="+r.Trace.Root)
	}
	return list
}

// addEnd says how the exchange ended.
func (l *lines) addEnd() {
	r := l.record
	if r.Fault == nil {
		l.add("Successfully completed execution")
	} else {
		l.addFault(r.Fault)
	}
	l.add("Method completed with status: " + strconv.Itoa(r.StatusCode))
}

func (l *lines) addFault(f *fault.Fault) {
	switch {
	case l.endsBeforePlan():
		l.addRefusal(f)
	case f.LogLine != "" && (endsInPlan(f) || f.Id() == fault.FunctionError):
		l.add(f.LogLine) // all of the line
	case f.LogLine != "":
		l.add("Execution failed due to " + f.LogLine)
	case f.Id() == fault.BodyInvalid:
		l.add("Request body does not match model schema for content type " + l.contentType() + ": " + f.ValidationError)
	case f.ValidationError != "":
		l.add(f.ValidationError)
	}
}

func (l *lines) contentType() string {
	for _, step := range l.record.Steps {
		for i := range step.Facts {
			if step.Facts[i].Kind != record.RequestHeaders {
				continue
			}
			for _, field := range step.Facts[i].Fields {
				if strings.EqualFold(field.Name, "Content-Type") {
					return field.Value
				}
			}
		}
	}
	return "application/json"
}
