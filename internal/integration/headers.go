package integration

import "net/http"

// The header tables below were observed on AWS; names are canonical.

// droppedRequestHeaders never reach a REST API's mappings nor its backend.
var droppedRequestHeaders = set(
	"Connection", "Content-Length", "Content-Md5", "Expect", "Max-Forwards", "Proxy-Authenticate",
	"Server", "Te", "Transfer-Encoding", "Trailer", "Upgrade", "Www-Authenticate",
)

// unmappableHeaders make any integration fail with 500 when a mapping sets them.
var unmappableHeaders = set("Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id")

// unmappableAWSHeaders do so for AWS and AWS_PROXY integrations only.
var unmappableAWSHeaders = set("Authorization", "Connection", "Expect", "Proxy-Authenticate", "Te")

// remappedResponseHeaders are renamed x-amzn-Remapped-{name} for every integration type.
var remappedResponseHeaders = set("Connection", "Content-Length", "Date", "Server")

// remappedCustomResponseHeaders are renamed for HTTP and AWS integrations too.
var remappedCustomResponseHeaders = set(
	"Authorization", "Content-Md5", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate",
	"Trailer", "Upgrade", "User-Agent", "Www-Authenticate",
)

func set(names ...string) map[string]bool {
	members := make(map[string]bool, len(names))
	for _, name := range names {
		members[name] = true
	}
	return members
}

// DropsRequestHeader says whether API Gateway removes the header of a client's
// request before anything can see it.
func DropsRequestHeader(name string) bool {
	return droppedRequestHeaders[http.CanonicalHeaderKey(name)]
}

// RefusesMappedHeader says whether mapping a value onto the request header fails the
// integration of that type with 500.
func RefusesMappedHeader(integrationType, name string) bool {
	name = http.CanonicalHeaderKey(name)
	if unmappableHeaders[name] {
		return true
	}
	return (integrationType == "AWS" || integrationType == "AWS_PROXY") && unmappableAWSHeaders[name]
}

// remappedPrefix begins the name under which a reserved response header goes out.
const remappedPrefix = "x-amzn-Remapped-"

// ResponseHeader returns the name under which a response header of the backend (or
// of a mapping) reaches the client, and false when it is dropped.
func ResponseHeader(integrationType, name string) (string, bool) {
	canonical := http.CanonicalHeaderKey(name)
	custom := integrationType == "HTTP" || integrationType == "AWS"
	switch {
	case canonical == "Transfer-Encoding":
		return "", false
	case integrationType == "HTTP_PROXY" && (canonical == "Content-Encoding" || canonical == "Via"):
		return "", false
	case canonical == "X-Amzn-Requestid":
		return remappedPrefix + "x-amzn-RequestId", true
	case remappedResponseHeaders[canonical], custom && remappedCustomResponseHeaders[canonical]:
		return remappedPrefix + name, true
	default:
		return name, true
	}
}
