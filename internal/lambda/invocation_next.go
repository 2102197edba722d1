package lambda

import (
	"net/http"
	"strconv"
)

// invocationNext is GET /runtime/invocation/next: it waits for work.
func (a runtimeAPI) invocationNext(w http.ResponseWriter, r *http.Request) {
	e := a.environment
	if !e.askedForWork() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the current invocation has not been answered")
		return
	}
	select {
	case inv := <-e.work:
		e.delivered(inv)
		writeInvocation(w, inv)
	case <-e.gone:
		refuse(w, http.StatusGone, "Stopping", "the execution environment is ending")
	case <-r.Context().Done():
	}
}

// askedForWork moves to idle, and is false while an answer is owed.
func (e *environment) askedForWork() bool {
	e.mu.Lock()
	was := e.state
	switch was {
	case starting, settling, idle:
		e.state = idle
	case busy:
		// The invocation may be on its way to another request of the same
		// process, whose connection broke: only an owed answer is refused.
		if len(e.work) == 0 {
			e.mu.Unlock()
			return false
		}
	case stopping:
	}
	e.mu.Unlock()
	switch was {
	case starting:
		close(e.ready)
	case settling:
		e.runner.settled(e)
	case idle, busy, stopping:
	}
	return true
}

func writeInvocation(w http.ResponseWriter, inv *invocation) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", inv.RequestID)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", inv.function.invokedArn(inv.Qualifier))
	if inv.TraceID != "" {
		header.Set("Lambda-Runtime-Trace-Id", inv.TraceID)
	}
	if len(inv.ClientContext) > 0 {
		header.Set("Lambda-Runtime-Client-Context", string(inv.ClientContext))
	}
	if len(inv.CognitoIdentity) > 0 {
		header.Set("Lambda-Runtime-Cognito-Identity", string(inv.CognitoIdentity))
	}
	payload := inv.Payload
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	header.Set("Content-Length", strconv.Itoa(len(payload)))
	w.WriteHeader(http.StatusOK)
	w.Write(payload) //nolint:errcheck // the process is gone; its exit is reported
}
