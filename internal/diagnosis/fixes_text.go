package diagnosis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gatehouse/internal/fault"
)

// fixTexts are what mends errors of which the request says nothing more.
var fixTexts = map[fault.Id]string{
	fault.MethodArnTooLong: "Send a shorter path: it becomes part of the method's ARN.",
	fault.UnmappedPath:     "Map a base path of the custom domain name to a stage, or call a path that is mapped.",
	fault.HeadersTooLarge:  "Send fewer or shorter headers: cookies and tokens are mostly the longest. The limit is fixed.",
	fault.RequestMalformed: "Send the body whole, as long as its Content-Length says or in valid chunks, and percent-encode the path as UTF-8.",
	fault.UriTooLong:       "Send long parameters in the body of a POST: the limit is fixed.",

	fault.PlainHttpSent:     "Call the listener with https:, or the one for plain HTTP.",
	fault.TlsSent:           "Call the listener with http:, or the one that --tls-listen opens.",
	fault.HandshakeFailed:   "Make the client trust the listener's certificate, under the name that it asks for, and speak TLS 1.2 or later.",
	fault.HeadMalformed:     "Let an HTTP library write the request line and the headers: one name, colon and value a line, and an empty line behind them.",
	fault.HostInvalid:       "Send exactly one Host header with a host name, and a port if need be.",
	fault.TransferEncoding:  "Send Transfer-Encoding: chunked once, or a Content-Length; what is compressed says so in Content-Encoding.",
	fault.ExpectationFailed: "Send Expect: 100-continue, or no Expect header.",
	fault.HttpVersion:       "Let the client speak HTTP/1.1.",
	fault.HeadTimeout:       "Send the request line, the headers and the empty line behind them without a pause.",

	fault.PathParameterUnmapped:  "Map the path parameter that the integration's URI names, and deploy.",
	fault.ParameterMappingFailed: "Correct the parameter mapping that is named, and deploy.",
	fault.HeaderNotMappable:      "Map to another header: the gateway sets this one itself. Then deploy.",
	fault.SelectionPatternFailed: "Write a selection pattern that needs no long search, and deploy.",
	fault.RequestNotBase64:       "Send base64, or take contentHandling off the integration and deploy.",
	fault.ResponseNotBase64:      "Let the backend answer base64, or take contentHandling off the integration response and deploy.",

	fault.EndpointInvalid:    "Correct the integration's URI, and deploy.",
	fault.ResponseTooLarge:   "Let the backend answer less, or a link to what is large: the limit is fixed.",
	fault.IntegrationRole:    "Name a role in the integration's credentials that exists, trusts apigateway.amazonaws.com and may call the service; then deploy.",
	fault.InvocationTooLarge: "Send less: a function takes 6 MB, in which a binary body counts as base64.",
	fault.InvokeFailed:       "Look for the request id in the server's own log.",

	fault.EndpointMismatch:               "Call a private API at one of its VPC endpoints, and a public one at the server's own address.",
	fault.JwtRejected:                    "Send a token that the issuer signed, for one of the authorizer's audiences.",
	fault.ResourcePolicyDenied:           "Add a statement that allows the request to the API's resource policy, and deploy.",
	fault.ResourcePolicyDeniedExplicitly: "Change the statement of the API's resource policy that denies, and deploy.",
	fault.CacheControlDenied:             "Allow the caller execute-api:InvalidateCache, or leave Cache-Control: max-age=0 out.",
	fault.ParametersMissing:              "Send the parameters that are required; names are case-sensitive.",

	fault.MockStatusCode:        "Give the MOCK integration a request template with an integer statusCode, and deploy.",
	fault.UnsupportedMediaType:  "Send a Content-Type that has a template, and the body without a Content-Encoding or with gzip or deflate.",
	fault.TemplateFailed:        "Mend the template, and deploy.",
	fault.RequestBodyNotJson:    "Send JSON: the template reads it.",
	fault.MethodResponseMissing: "Declare the method response, and deploy.",
	fault.NoIntegrationResponse: "Add a default integration response, and deploy.",

	fault.VpcLinkUnhealthy:    "Start the backends behind the VPC link, or correct the integration and deploy.",
	fault.ServiceNotReachable: "Name a server that speaks the service's protocol with --service-endpoint.",
	fault.ProxyMethodNotPost:  "Functions are invoked with POST, whatever the client's method: set it and deploy.",

	fault.ConnectionGone:      "Delete the id where it is kept; the client has a new one once it connects again.",
	fault.ConnectionsUrl:      "Build the endpoint from requestContext.domainName and stage of the client's own events.",
	fault.ConnectionClosed:    "Let the client connect again, and keep to the limit that is named.",
	fault.Unregistered:        "This is a bug of Gatehouse: an error without an entry in its registry.",
	fault.ConnectRefused:      "Let the integration of $connect answer a status from 200 to 299 to clients that may connect.",
	fault.MethodNotServed:     "Change the setting that is named, and deploy.",
	fault.MethodMisconfigured: "Correct what is named, and deploy.",
	fault.Panicked:            "This is a bug of Gatehouse: the server's log has the request id and where it happened.",
}

// sentence makes a sentence of a clause; a command stays one.
func sentence(text string) string {
	if text == "" || strings.HasPrefix(text, "aws ") || strings.HasPrefix(text, "gatehouse ") {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if strings.ContainsAny(text[len(text)-1:], ".:?!") {
		return text
	}
	return text + "."
}
