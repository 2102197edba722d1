package lambda

import "net/http"

// initError is POST /runtime/init/error: the process could not get ready. It
// is expected to exit, and that exit ends the init phase.
func (a runtimeAPI) initError(w http.ResponseWriter, r *http.Request) {
	document, errorType := reportedError(r)
	o := reported(document, errorType)
	o.status = "error"
	e := a.environment
	e.mu.Lock()
	taken := e.state == starting && e.initError == nil
	if taken {
		e.initError = &o
	}
	e.mu.Unlock()
	if !taken {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the init phase is over")
		return
	}
	accept(w)
}
