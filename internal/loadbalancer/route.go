package loadbalancer

import (
	"net"
	"net/http"
	"strconv"
	"strings"
)

// Route finds the way through a VPC link of version 2 to the listener that the
// integration's URI names, whose rules choose by the request, or to the Cloud Map service. Request.Scheme is https
// when the integration's tlsConfig names a server. The error is an *Error.
func (r *Router) Route(link LinkId, uri string, request *Request) (*Connection, error) {
	t := r.table.Load()
	if _, err := t.link(link); err != nil {
		return nil, err
	}
	if strings.Contains(uri, cloudMapMarker) {
		return t.discover(uri, request.Scheme)
	}
	l := t.findListener(uri)
	if l == nil {
		return nil, failure(ReasonListener, "there is no listener %s", uri)
	}
	if l.Protocol == ProtocolHttps && request.Scheme == schemeHttp {
		return &Connection{Answer: plainToHttps()}, nil
	}
	actions := l.actions(request)
	for _, action := range actions {
		switch {
		case action.FixedResponse != nil:
			return &Connection{Answer: action.FixedResponse.answer()}, nil
		case action.Redirect != nil:
			return &Connection{Answer: action.Redirect.answer(l, request)}, nil
		}
	}
	connection, err := r.forward(t, l, actions, request.Scheme)
	if err == nil && request.Scheme == schemeHttps {
		// The integration names the server to verify. On AWS that is the listener's
		// certificate; here the target's is the only one there is.
		connection.InsecureSkipVerification = false
	}
	return connection, err
}

// actions are those of the first rule that fits, or the default ones.
func (l *listener) actions(request *Request) []Action {
	for i := range l.rules {
		if l.rules[i].matches(request) {
			return l.rules[i].Actions
		}
	}
	return l.DefaultActions
}

// plainToHttps is what an application load balancer answers to HTTP on a port of HTTPS
// (reported by users; the page around the sentence is ours).
func plainToHttps() *Answer {
	answer := page(http.StatusBadRequest, "The plain HTTP request was sent to HTTPS port")
	answer.PlainToTls = true
	return answer
}

func page(statusCode int, sentence string) *Answer {
	return &Answer{
		StatusCode: statusCode, Header: http.Header{"Content-Type": {"text/html"}},
		Body: []byte("<html><head><title>" + sentence + "</title></head><body><center><h1>" + sentence + "</h1></center></body></html>\n"),
	}
}

func (f *FixedResponse) answer() *Answer {
	answer := &Answer{StatusCode: f.StatusCode, Header: http.Header{}, Body: []byte(f.MessageBody)}
	if f.ContentType != "" {
		answer.Header.Set("Content-Type", f.ContentType)
	}
	return answer
}

// answer makes the Location of the request's own parts and what the redirect replaces.
func (r *Redirect) answer(l *listener, request *Request) *Answer {
	host, port := hostOf(request.Host), strconv.Itoa(l.Port)
	fill := strings.NewReplacer(
		"#{protocol}", request.Scheme, "#{host}", host, "#{port}", port,
		"#{path}", strings.TrimPrefix(request.Path, "/"), "#{query}", request.RawQuery,
	).Replace
	scheme := strings.ToLower(fill(r.Protocol))
	location := scheme + "://" + net.JoinHostPort(fill(r.Host), fill(r.Port)) + fill(r.Path) // always with its port
	if query := fill(r.Query); query != "" {
		location += "?" + query
	}
	return &Answer{StatusCode: r.StatusCode, Header: http.Header{"Location": {location}}}
}
