package unserved

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gatehouse/internal/apigw"
	"gatehouse/internal/fault"
)

// explain says what is wrong with a head that net/http refused with a status, and with a
// reason where it gave one.
func explain(h *head, statusCode int, reason string) *fault.Fault {
	switch statusCode {
	case http.StatusRequestHeaderFieldsTooLarge:
		return explainTooLarge(h)
	case http.StatusNotImplemented:
		return explainTransferEncoding(h)
	case http.StatusHTTPVersionNotSupported:
		return explainVersion(h)
	case http.StatusExpectationFailed:
		return explainExpectation(h)
	}
	if h.tls {
		return explainTls()
	}
	if f := explainHost(h, reason); f != nil {
		return f
	}
	f := fault.New(fault.HeadMalformed)
	f.Found, f.Wanted, f.Fix = malformation(h)
	return f
}

func explainTooLarge(h *head) *fault.Fault {
	f, what := fault.New(fault.HeadersTooLarge), "request line and headers"
	if h.isKnown && !h.isLineWhole {
		f, what = fault.New(fault.UriTooLong), "request line"
	}
	f.Found = strconv.FormatInt(h.size, 10) + " bytes of " + what + ", and no end of them"
	f.Wanted = "at most " + strconv.Itoa(apigw.HeaderSizeLimit)
	return f
}

func explainTransferEncoding(h *head) *fault.Fault {
	f := fault.New(fault.TransferEncoding)
	f.Wanted = "Transfer-Encoding: chunked, once, or none"
	f.Found = "a Transfer-Encoding that is not known"
	switch values := all(h.headers, "Transfer-Encoding"); len(values) {
	case 0:
	case 1:
		f.Found = "Transfer-Encoding " + shown(values[0])
		if strings.Contains(values[0], "gzip") || strings.Contains(values[0], "deflate") {
			f.Fix = "Say in Content-Encoding how the body is compressed, and send it in chunks or with its Content-Length."
		}
	default:
		f.Found = strconv.Itoa(len(values)) + " Transfer-Encoding headers"
	}
	return f
}

func explainVersion(h *head) *fault.Fault {
	f := fault.New(fault.HttpVersion)
	f.Wanted = "HTTP/1.1 or HTTP/1.0"
	switch {
	case h.http2:
		f.Found = "HTTP/2 without TLS (the preface of prior knowledge)"
		f.Fix = "Let the client speak HTTP/1.1: it took HTTP/2 for granted. On AWS HTTP/2 is agreed upon over TLS."
	case h.proto != "":
		f.Found = h.proto
	default:
		f.Found = "another version"
	}
	return f
}

func explainExpectation(h *head) *fault.Fault {
	f := fault.New(fault.ExpectationFailed)
	f.Found, f.Wanted = "an Expect header that is not known", "Expect: 100-continue, or none"
	if value, ok := first(h.headers, "Expect"); ok {
		f.Found = "Expect: " + shown(value)
	}
	return f
}

func explainTls() *fault.Fault {
	f := fault.New(fault.TlsSent)
	f.Found, f.Wanted = "the beginning of a TLS handshake", "a request in plain HTTP"
	f.Fix = "Call this listener with http:, or start the server with --tls-listen and call that address with https:."
	f.Command = "gatehouse serve --help"
	return f
}

// explainHost is nil where the Host header is not what is wrong.
func explainHost(h *head, reason string) *fault.Fault {
	values := all(h.headers, "Host")
	if !strings.Contains(reason, "Host header") && (len(values) < 2 || h.broken != "") {
		return nil
	}
	f := fault.New(fault.HostInvalid)
	f.Wanted = "one Host header with a host name"
	switch {
	case len(values) > 1:
		f.Found = strconv.Itoa(len(values)) + " Host headers"
		f.Fix = "Send one Host header. A client's own beside its library's, or a proxy that adds one in place of setting it, makes two."
	case strings.Contains(reason, "missing"):
		f.Found = "no Host header, in " + h.firstLine()
		f.Fix = "Send a Host header: HTTP/1.1 asks for it, and it may name the API."
	case len(values) == 1:
		f.Found = "Host: " + shown(values[0])
		f.Fix = "Send a host name, and a port if need be: no scheme, no path, no spaces."
	default:
		f.Found = "a Host header that is no host name"
	}
	return f
}

// proxyProtocol1 and 2 are what load balancers put in front of a connection where they are
// told to.
var (
	proxyProtocol1 = []byte("PROXY ")
	proxyProtocol2 = []byte("\r\n\r\n\x00\r\nQUIT\n")
)

// malformation says what is wrong with a request line or headers.
func malformation(h *head) (found, wanted, fix string) {
	switch {
	case !h.isKnown:
		return "something behind another request of its connection: no request line, or one that came together with the request before it", "a request line and headers", ""
	case bytes.HasPrefix(h.bytes, proxyProtocol1), bytes.HasPrefix(h.bytes, proxyProtocol2):
		return "the PROXY protocol in front of the request", "a request line", "Turn the PROXY protocol off at the load balancer or proxy in front; it can add X-Forwarded-For instead."
	case h.proto == "":
		return malformedLine(h)
	case !isTarget(h):
		return "a target that is no URL: " + targetProblem(h.target), "a path that is percent-encoded",
			"Percent-encode the path: a % that stands for itself is %25."
	case h.broken != "":
		return h.broken, "a name, a colon and a value in each line", ""
	case !h.isWhole:
		return "the connection ended, after " + strconv.FormatInt(h.size, 10) + " bytes, before the empty line behind the headers", "the whole of the headers", "Send the empty line behind the headers, and close only after the answer."
	}
	return malformedField(h)
}

func malformedLine(h *head) (found, wanted, fix string) {
	wanted = "method, target and version with one space between: GET /path HTTP/1.1"
	words := strings.Fields(h.line)
	switch {
	case h.line == "":
		return "an empty line in place of the request line", wanted, ""
	case len(words) > 0 && len(words[0]) <= maxShown && isToken(words[0]) && methodFirst.MatchString(h.line):
		return lineProblem(words), wanted, "Percent-encode spaces in the path as %20, and end the line with the version."
	default:
		return "a first line that is no request line, of " + strconv.Itoa(len(h.line)) + " bytes, beginning with " + strconv.QuoteToASCII(beginning(h.line)), wanted,
			"Find out which program speaks another protocol to this port."
	}
}

// beginning is enough of a line to know another protocol by, such as SSH-2.0.
func beginning(line string) string {
	const enough = 8
	return line[:min(len(line), enough)]
}

func lineProblem(words []string) string {
	last := words[len(words)-1]
	switch {
	case !strings.HasPrefix(last, "HTTP/"):
		return "a request line of " + words[0] + " that does not end with a version, in " + strconv.Itoa(len(words)) + " words"
	case len(words) != 3:
		return "a request line of " + words[0] + " in " + strconv.Itoa(len(words)) + " words"
	default:
		return "a request line of " + words[0] + " with the version " + shown(last) + ", or with more than one space between its words"
	}
}

func isTarget(h *head) bool {
	target := h.target
	if h.httpMethod == http.MethodConnect && !strings.HasPrefix(target, "/") {
		target = "http://" + target
	}
	_, err := url.ParseRequestURI(target)
	return err == nil
}

// targetProblem names what is wrong with a target, without its query string.
func targetProblem(target string) string {
	path := PathOf(target)
	for i := range len(path) {
		if path[i] != '%' {
			continue
		}
		if _, err := url.PathUnescape(path[i:min(len(path), i+3)]); err != nil {
			return shown(path) + " has a % without two hexadecimal digits behind it, its " + ordinal(i+1)
		}
	}
	if !strings.HasPrefix(path, "/") {
		return shown(path) + " does not begin with a slash"
	}
	return shown(path)
}

// malformedField names the header that keeps the request's end from being known.
func malformedField(h *head) (found, wanted, fix string) {
	lengths := all(h.headers, "Content-Length")
	for _, length := range lengths {
		switch _, err := strconv.ParseUint(length, 10, 63); {
		case len(lengths) > 1 && length != lengths[0]:
			return strconv.Itoa(len(lengths)) + " Content-Length headers that differ", "one", "Let the HTTP library compute Content-Length, and set it nowhere else."
		case err != nil:
			return "Content-Length: " + shown(length), "the number of the body's bytes", "Let the HTTP library compute Content-Length."
		}
	}
	if trailer, ok := first(h.headers, "Trailer"); ok {
		return "Trailer: " + shown(trailer), "names of headers that may come behind a body", "Send no Trailer header: trailers are not used."
	}
	return "a request line or header that is no HTTP", "a request line and headers", ""
}

func (c *conn) explainTimeout(h *head) *fault.Fault {
	f := fault.New(fault.HeadTimeout)
	f.Found = strconv.FormatInt(h.size, 10) + " bytes"
	if h.tls {
		f.Found += " of what looks like a TLS handshake"
	} else if h.isKnown && h.httpMethod != "" {
		f.Found += " of " + h.firstLine()
	}
	f.Found += ", and no empty line behind headers"
	f.Wanted = "the whole request line and headers within " + c.guard.HeaderTimeout.String()
	if h.tls {
		tls := explainTls()
		tls.Found = f.Found
		return tls
	}
	return f
}
