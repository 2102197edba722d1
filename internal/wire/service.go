package wire

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"runtime/debug"
	"strconv"
	"time"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/caller"
	"gatehouse/internal/fault"
	"gatehouse/internal/requestbody"
	"gatehouse/internal/wire/awsquery"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/restjson"
	"gatehouse/internal/wire/validate"
)

// ServeHTTP answers one request to an AWS service API. A request that Match does not know is
// answered like an unknown path of API Gateway.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := &arrival{requestID: s.options.NewRequestID()}
	if s.options.Refused != nil {
		at.received = s.options.Now()
	}
	r, finish := requestbody.Guard(w, r)
	defer finish()
	match, ok := s.Match(r)
	at.match = match
	service := s.service(match.Service)
	var response *message.Response
	switch {
	case !ok:
		response = s.refuse(restjson.Codec{Service: &schema.Service{}}, r, at, fault.Refuse(missingAuthenticationToken(), fault.New(fault.OperationUnknown)))
	case service == nil:
		response = s.refuse(restjson.Codec{Service: &schema.Service{}}, r, at, s.notServed(match.SigningName))
	default:
		response = s.answer(service, r, at)
	}
	if match.SigningName == "apigateway" || match.Service == "apigateway" || match.Service == "apigatewayv2" {
		response.Header.Set("x-amz-apigw-id", apigwID(at.requestID))
	}
	if r.ContentLength != 0 && len(response.Body) > longResponse {
		time.Sleep(settle)
	}
	write(w, response, at.requestID)
}

// The Go SDK closes a request's body as soon as it sees the response's headers; when its
// transport has not yet looked for the end of that body, it drops the connection, and a response
// longer than its read buffer of 4 KB is cut short (observed with smithy-go 1.28: the closed body
// answers WriteTo with io.EOF). AWS is never that near. Answers that could be cut wait a moment.
const (
	longResponse = 3 << 10
	settle       = 2 * time.Millisecond
)

// arrival is a request on its way: what is known of it when it arrives, and what the steps
// find out.
type arrival struct {
	match     Match
	requestID string
	received  time.Time
	operation string
	caller    caller.Caller
	input     any // of the operation; nil until it is decoded
}

// answer calls the operation and encodes what it returns. A panic is an internal failure of this
// request alone.
func (s *Server) answer(service *served, r *http.Request, at *arrival) (response *message.Response) {
	defer func() {
		if cause := recover(); cause != nil {
			s.options.Logger.ErrorContext(r.Context(), "operation panicked", slog.String("service", service.schema.Name),
				slog.String("requestId", at.requestID), slog.Any("panic", cause), slog.String("stack", string(debug.Stack())))
			response = s.refuse(service.codec, r, at, internalFailure())
		}
	}()
	operation, output, err := s.call(service, r, at)
	if err == nil {
		if response, err = service.codec.Encode(operation, output, at.requestID); err == nil {
			return response
		}
	}
	return s.refuse(service.codec, r, at, s.failure(r.Context(), service.schema, err))
}

// call takes a request through all steps up to the operation's output.
func (s *Server) call(service *served, r *http.Request, at *arrival) (operation *schema.Operation, output any, err error) {
	located := service.locate(r, at.match)
	bound := limit(service.schema, located.operation)
	if err := s.authenticateEarly(r, service.schema.SigningName); err != nil {
		return nil, nil, err
	}
	raw, err := readBody(r.Body, bound)
	if err != nil {
		return nil, nil, err
	}
	who, err := s.options.Authenticator.Authenticate(r, raw, service.schema.SigningName)
	if err != nil {
		return nil, nil, err
	}
	at.caller = complete(who, r, at)
	ctx := caller.WithCaller(r.Context(), at.caller)
	body, err := decodeBody(r.Header, raw, bound)
	if err != nil {
		return nil, nil, err
	}
	request, located, err := service.request(r, located, body)
	if err != nil {
		return nil, nil, err
	}
	at.operation = located.operation.Name
	input, err := service.input(located.operation, request)
	at.input = input
	if err != nil {
		return nil, nil, err
	}
	if s.options.Authorizer != nil {
		call := Call{Service: service.schema, Operation: located.operation, Method: r.Method, Path: r.URL.Path, Input: input}
		if err := s.options.Authorizer.Authorize(ctx, call); err != nil {
			return nil, nil, err
		}
	}
	output, err = located.operation.Handler.Call(ctx, service.implementation, input)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", located.operation.Name, err)
	}
	return located.operation, output, nil
}

// authenticateEarly asks before a body that is large, or of unknown length, is read.
func (s *Server) authenticateEarly(r *http.Request, service string) error {
	early, ok := s.options.Authenticator.(EarlyAuthenticator)
	if !ok || r.ContentLength >= 0 && r.ContentLength <= smallBody {
		return nil
	}
	return early.AuthenticateEarly(r, service) // an awsapi.Error, for the client
}

// complete adds to a caller what the request itself says.
func complete(who caller.Caller, r *http.Request, at *arrival) caller.Caller {
	who.RequestId = at.requestID
	if who.SourceIp == "" {
		who.SourceIp = r.RemoteAddr
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
			who.SourceIp = host
		}
	}
	who.SecureTransport = who.SecureTransport || r.TLS != nil
	who.UserAgent = r.UserAgent()
	who.Host, who.BasePath = r.Host, at.match.BasePath
	if decoded, err := url.PathUnescape(at.match.BasePath); err == nil {
		who.BasePath = decoded
	}
	return who
}

// request makes the protocol's view of a request, and finds the operation of a query.
func (s *served) request(r *http.Request, located found, body []byte) (*message.Request, found, error) {
	request := &message.Request{Header: r.Header, Labels: located.labels, Body: body}
	if s.schema.Protocol != schema.Query {
		request.Query = parameters(r.URL.Query(), located.literals)
		action := r.Method + " " + r.URL.Path
		if s.schema.Protocol == schema.JSON {
			action = r.Header.Get("X-Amz-Target")
		}
		return request, located, s.check(located.operation, action)
	}
	form, err := awsquery.Form(restjson.Unsigned(r.URL.Query()), body)
	if err != nil {
		return nil, located, err
	}
	action := form.Get("Action")
	if version := form.Get("Version"); version == "" || version == s.schema.APIVersion {
		located.operation = s.schema.Operation(action)
	}
	request.Query = form
	return request, located, s.check(located.operation, action)
}

// check refuses operations that are unknown or have no types.
func (s *served) check(operation *schema.Operation, action string) error {
	if operation == nil {
		return fault.Refuse(unknownOperation(s.schema, action), fault.New(fault.OperationUnknown))
	}
	if !operation.Typed() {
		return awsapi.NotImplemented{Service: s.schema.Name, Operation: operation.Name}
	}
	return nil
}

// input decodes and validates; an input that is refused comes with the error.
func (s *served) input(operation *schema.Operation, request *message.Request) (any, error) {
	report := validate.Report{Parent: parentOf(s.schema, operation)}
	input, err := s.codec.Decode(operation, request, &report)
	if err != nil {
		return nil, err
	}
	report.Check(operation.Input, reflect.ValueOf(input).Elem())
	if text := report.Message(); text != "" {
		return input, violation(s.schema, text)
	}
	return input, nil
}

// apigwID makes the second id that API Gateway's responses carry, in the form AWS gives it.
func apigwID(requestID string) string {
	sum := sha256.Sum256([]byte(requestID))
	return base64.URLEncoding.EncodeToString(sum[:11])
}

func write(w http.ResponseWriter, response *message.Response, requestID string) {
	header := w.Header()
	for name, values := range response.Header {
		header[name] = values
	}
	header.Set("x-amzn-RequestId", requestID)
	if response.Status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(response.Body)))
	}
	w.WriteHeader(response.Status)
	if len(response.Body) > 0 {
		_, _ = w.Write(response.Body) // a client that went away has no more to be told
	}
}
