package httpapi

import (
	"net/http"

	"gatehouse/internal/fault"
)

// answerPreflight answers for CORS without calling the integration. An origin that is
// not allowed gets the same status and no headers, which is what makes a browser refuse.
func answerPreflight(e *exchange) *fault.Fault {
	if !e.isPreflight() {
		return nil
	}
	e.answered = true
	e.response.statusCode = http.StatusNoContent
	if e.allowedOrigin() == "" {
		return nil
	}
	cors := e.stage.Api.Cors
	for _, header := range [...]struct{ name, value string }{
		{headerAllowMethods, cors.AllowMethods}, {headerAllowHeaders, cors.AllowHeaders}, {headerMaxAge, cors.MaxAge},
	} {
		if header.value != "" {
			e.response.header.Set(header.name, header.value)
		}
	}
	return nil
}
