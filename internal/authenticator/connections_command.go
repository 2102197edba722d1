package authenticator

import (
	"net/http"
	"net/url"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/sigv4"
)

// connectionsMarker stands between the URL of a stage and the id of a connection.
const connectionsMarker = "/@connections/"

// connectionsOperations are the operations of @connections by their HTTP methods, as the aws
// CLI calls them.
var connectionsOperations = map[string]string{http.MethodPost: "post-to-connection", http.MethodGet: "get-connection", http.MethodDelete: "delete-connection"}

// signedConnections adds to the refusal of a call of @connections the same call, signed by the
// aws CLI with whatever credentials it has.
func signedConnections(f *fault.Fault, r *http.Request, failed *sigv4.Error) {
	base, id, ok := strings.Cut(r.URL.EscapedPath(), connectionsMarker)
	operation := connectionsOperations[r.Method]
	connectionId, err := url.PathUnescape(id)
	if !ok || operation == "" || err != nil || strings.Contains(connectionId, "/") || strings.HasPrefix(connectionId, "-") {
		return
	}
	endpoint := "http://"
	if r.TLS != nil {
		endpoint = "https://"
	}
	words := []string{"aws", "apigatewaymanagementapi", operation, "--connection-id", connectionId, "--endpoint-url", endpoint + r.Host + base}
	if r.Method == http.MethodPost {
		words = append(words, "--data", "fileb://body")
	}
	f.Command = fault.Command(words...)
	f.Fix = "Sign for the service execute-api, with credentials that are good here, as the SDKs' ApiGatewayManagementApi client and the aws CLI do."
	if r.Method == http.MethodPost {
		f.Fix += " Put the message into the file body: it is not recorded."
	}
	if failed.Kind == sigv4.MissingAuthenticationToken {
		f.Wanted = "a signed request: @connections takes no other, also in developer mode"
	}
}
