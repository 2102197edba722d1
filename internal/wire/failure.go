package wire

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/awsapi"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
)

// failure turns any error into the one that the client sees. What AWS has no name for is an
// internal failure: its text stays in the log, which it enters here and nowhere else.
func (s *Server) failure(ctx context.Context, service *schema.Service, err error) awsapi.Error {
	var refusal *AuthenticationFailure
	var modelled awsapi.Error
	switch {
	case errors.As(err, &refusal):
		return refusal.render(service.Protocol)
	case errors.As(err, &modelled):
		return modelled
	case errors.Is(err, errTooLarge):
		return tooLarge(service)
	}
	s.options.Logger.ErrorContext(ctx, "operation failed", slog.String("service", service.Name), slog.Any("error", err))
	return internalFailure()
}

func internalFailure() awsapi.Error {
	return &awsapi.Unmodelled{Code: "InternalFailure", Message: "The request failed because of an internal error.", Status: http.StatusInternalServerError}
}

// violation is the error of an input that its model does not allow; every service has its own.
func violation(service *schema.Service, message string) awsapi.Error {
	switch service.Name {
	case "apigateway":
		return &apigateway.BadRequestException{Message: message}
	case "apigatewayv2":
		return &apigatewayv2.BadRequestException{Message: message}
	case "logs":
		return &logs.InvalidParameterException{Message: message}
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
