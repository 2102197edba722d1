package awsapi

import "net/http"

// Error is an error that AWS answers by name: every generated exception, NotImplemented and
// Unmodelled. Anything else that an operation returns is an internal failure to the client.
type Error interface {
	error
	// ErrorCode is AWS's code as it stands on the wire.
	ErrorCode() string
	// ErrorMessage is the text for the client; it may be empty.
	ErrorMessage() string
	// HTTPStatus is the status of the response.
	HTTPStatus() int
}

// NotImplemented says that an operation is known and not built. It answers 501 and names the
// operation, so that a client learns what is missing instead of meeting a wrong answer.
type NotImplemented struct {
	// Service is the service's name as in its endpoint, for example "apigateway".
	Service string
	// Operation is AWS's name of the operation.
	Operation string
}

// Error describes the refusal with its code.
func (e NotImplemented) Error() string { return e.ErrorCode() + ": " + e.ErrorMessage() }

// ErrorCode is "NotImplementedException".
func (e NotImplemented) ErrorCode() string { return "NotImplementedException" }

// ErrorMessage names the service and the operation.
func (e NotImplemented) ErrorMessage() string {
	return e.Service + " " + e.Operation + " is not implemented by Gatehouse."
}

// HTTPStatus is 501.
func (e NotImplemented) HTTPStatus() int { return http.StatusNotImplemented }

// Unmodelled is an error that AWS answers but that a service's model does not list, such as the
// errors common to all services.
type Unmodelled struct {
	// Code is AWS's code, for example "AccessDeniedException".
	Code string
	// Message is the text for the client.
	Message string
	// Status is the HTTP status.
	Status int
}

// Error describes the error with its code.
func (e *Unmodelled) Error() string { return Describe(e) }

// ErrorCode is the code.
func (e *Unmodelled) ErrorCode() string { return e.Code }

// ErrorMessage is the message.
func (e *Unmodelled) ErrorMessage() string { return e.Message }

// HTTPStatus is the status.
func (e *Unmodelled) HTTPStatus() int { return e.Status }

// Describe is the text of an Error for logs: code and message.
func Describe(e Error) string {
	if e.ErrorMessage() == "" {
		return e.ErrorCode()
	}
	return e.ErrorCode() + ": " + e.ErrorMessage()
}
