package wire

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/fault"
	"gatehouse/internal/store"
	"gatehouse/internal/wire/message"
	"gatehouse/internal/wire/validate"
)

// failure turns any error into the one that the client sees, with its fault where it has one.
// What AWS has no name for is an internal failure: its text stays in the log, which it enters
// here and nowhere else.
func (s *Server) failure(ctx context.Context, service *schema.Service, err error) error {
	var explained *fault.Refusal
	var modelled awsapi.Error
	switch {
	case errors.As(err, &explained) && errors.As(explained, &modelled):
		return explained
	case errors.As(err, &modelled):
		return modelled
	case errors.Is(err, errTooLarge):
		return tooLarge(service)
	}
	if refused := unstored(service, err); refused != nil {
		level := slog.LevelDebug // The store tells when its disk is full, and when it has room again.
		if !errors.Is(err, store.ErrUnwritable) {
			level = slog.LevelWarn
		}
		s.options.Logger.Log(ctx, level, "operation refused: it could not be stored", slog.String("service", service.Name), slog.Any("error", err))
		return refused
	}
	s.options.Logger.ErrorContext(ctx, "operation failed", slog.String("service", service.Name), slog.Any("error", err))
	return internalFailure()
}

// refuse encodes an error, tells who is told of refusals, and names the error's article to
// the client where that is wanted.
func (s *Server) refuse(protocol codec, r *http.Request, at *arrival, err error) *message.Response {
	var modelled awsapi.Error
	if !errors.As(err, &modelled) {
		modelled = internalFailure()
	}
	response := protocol.EncodeError(modelled, at.requestID)
	f := faultOf(modelled, err)
	fault.SetHelp(response.Header, s.options.HelpBase, f, at.requestID)
	if s.options.Refused != nil {
		values := secretsOf(at.input)
		conceal(f, values)
		s.options.Refused(Refused{
			RequestID: at.requestID, Service: at.match.Service, Operation: at.operation, Method: r.Method, Path: concealPath(r.URL.Path, values),
			Caller: at.caller, Received: at.received, Duration: s.options.Now().Sub(at.received), Error: modelled, Fault: f,
		})
	}
	return response
}

// faultOf is the fault that came with an error, or what its code tells; it has found at
// least what the client is told.
func faultOf(modelled awsapi.Error, err error) *fault.Fault {
	var f *fault.Fault
	if !errors.As(err, &f) {
		id := fault.OfException(modelled.ErrorCode(), modelled.HTTPStatus())
		f = fault.New(id)
	}
	if f.Message == "" {
		f.Message = modelled.ErrorMessage()
	}
	if f.Found == "" {
		f.Found = awsapi.Describe(modelled)
	}
	return f
}

func internalFailure() awsapi.Error {
	return &awsapi.Unmodelled{Code: "InternalFailure", Message: "The request failed because of an internal error.", Status: http.StatusInternalServerError}
}

// violation is the error of an input that its model does not allow; every service has its own.
func violation(service *schema.Service, message string) awsapi.Error {
	switch service.Name {
	case "apigatewayv2":
		return &apigatewayv2.BadRequestException{Message: message}
	case "logs":
		return &logs.InvalidParameterException{Message: message}
	case "lambda":
		if message, ok := runtimeViolation(message); ok {
			return &lambda.InvalidParameterValueException{Message: message}
		}
	}
	code := "ValidationException"
	switch {
	case service.Protocol == schema.Query:
		code = "ValidationError"
	case service.Name == "apigatewaymanagementapi":
		code = "BadRequestException"
	}
	return &awsapi.Unmodelled{Code: code, Message: message, Status: http.StatusBadRequest}
}

// parentOf is what the paths of violations begin with: REST APIs' control plane names the
// operation's input (seen in answers of AWS that CloudFormation shows), the others do not.
func parentOf(service *schema.Service, operation *schema.Operation) string {
	if service.Name != "apigateway" {
		return ""
	}
	return validate.Path("", operation.Name) + "Input"
}

// runtimeViolation is Lambda's own text for an unknown runtime, which is the one
// enumeration that Lambda checks behind its model (seen on AWS).
func runtimeViolation(message string) (string, bool) {
	rest, ok := strings.CutPrefix(message, "1 validation error detected: Value '")
	name, constraint, found := strings.Cut(rest, "' at 'runtime' failed ")
	return "Value " + name + " at 'runtime' failed " + constraint + " or be a valid ARN", ok && found
}

// unknownOperation is the error of a request that names no operation of its service: by its
// Action, its X-Amz-Target or its method and path.
func unknownOperation(service *schema.Service, action string) awsapi.Error {
	switch {
	case service.Protocol == schema.Query:
		if action == "" {
			return &awsapi.Unmodelled{Code: "MissingAction", Message: "The request has no Action.", Status: http.StatusBadRequest}
		}
		return &awsapi.Unmodelled{
			Code: "InvalidAction", Message: "Could not find operation " + action + " for version " + service.APIVersion, Status: http.StatusBadRequest,
		}
	case service.Protocol == schema.JSON:
		return &awsapi.Unmodelled{Code: "UnknownOperationException", Message: unknownTo(service, action), Status: http.StatusBadRequest}
	case service.SigningName == "apigateway":
		return missingAuthenticationToken()
	}
	return &awsapi.Unmodelled{Code: "UnknownOperationException", Message: unknownTo(service, action), Status: http.StatusNotFound}
}

func unknownTo(service *schema.Service, action string) string {
	return service.FullName + " has no operation " + strconv.Quote(action) + "."
}

func missingAuthenticationToken() awsapi.Error {
	return &awsapi.Unmodelled{Code: "MissingAuthenticationTokenException", Message: "Missing Authentication Token", Status: http.StatusForbidden}
}

// notServed names a service that a request is signed for and that is not here.
func (s *Server) notServed(signingName string) awsapi.Error {
	names := make([]string, len(s.services))
	for i, service := range s.services {
		names[i] = service.schema.Name
	}
	return &awsapi.Unmodelled{
		Code:    "NotImplementedException",
		Message: "Gatehouse does not serve the AWS service \"" + signingName + "\". It serves " + strings.Join(names, ", ") + ".",
		Status:  http.StatusNotImplemented,
	}
}
