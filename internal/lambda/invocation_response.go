package lambda

import (
	"fmt"
	"net/http"
)

// invocationResponse is POST /runtime/invocation/{id}/response.
func (a runtimeAPI) invocationResponse(w http.ResponseWriter, r *http.Request, requestID string) {
	e := a.environment
	inv := e.running(requestID)
	if inv == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	if mode := r.Header.Get("Lambda-Runtime-Function-Response-Mode"); mode != "" {
		message := fmt.Sprintf("Lambda-Runtime-Function-Response-Mode: %s is not supported by this server", mode)
		e.answer(inv, failed("Function.ResponseModeNotSupported", message))
		refuse(w, http.StatusBadRequest, "InvalidFunctionResponseMode", message)
		return
	}
	body, tooLarge, err := readBody(r, MaximumResponseSize)
	switch {
	case tooLarge:
		e.answer(inv, responseTooLarge())
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("Exceeded maximum allowed payload size (%d bytes).", MaximumResponseSize))
	case err != nil:
		// The process died while it answered: its exit will be the answer.
		refuse(w, http.StatusBadRequest, "Runtime.TruncatedResponse", "the response did not arrive completely")
	case !e.answer(inv, succeeded(body)):
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	default:
		a.accept(w, r)
	}
}
