package websocketapi

import (
	"encoding/json"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
)

// renderFrame is what a client gets of a fault: the message of an open connection, or
// the body of a refused handshake. It is the only place that knows how a fault looks.
// The form is that of public reports; "Bad request body" names the message instead
// (guide: apigateway-websocket-api-routes-integrations.md).
func renderFrame(e *exchange) []byte {
	name, id := "requestId", e.requestId
	if e.fault.Message == badRequestBody {
		name, id = "messageId", e.messageId
	}
	message := e.fault.Message
	if message == "" {
		message = "Forbidden"
	}
	return []byte(`{"message": ` + quoteJSON(message) + `, "connectionId":"` + e.connection.Id + `", "` + name + `":"` + id + `"}`)
}

func statusCodeOf(f *fault.Fault) int {
	if f.Entry.StatusCode != 0 {
		return f.Entry.StatusCode
	}
	row, _ := apigw.FindGatewayResponseType(f.Entry.ResponseType)
	return row.ServedStatusCode
}

func errorTypeOf(f *fault.Fault) string {
	if f.Entry.ErrorType != "" {
		return f.Entry.ErrorType
	}
	row, _ := apigw.FindGatewayResponseType(f.Entry.ResponseType)
	return row.ErrorType
}

func quoteJSON(text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSuffix(b.String(), "\n")
}
