package lambda

import "net/http"

// invocationError is POST /runtime/invocation/{id}/error.
func (a runtimeAPI) invocationError(w http.ResponseWriter, r *http.Request, requestID string) {
	inv := a.environment.running(requestID)
	if inv == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	if !a.environment.answer(inv, reported(reportedError(r))) {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return
	}
	a.accept(w, r)
}
