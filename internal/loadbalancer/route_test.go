package loadbalancer

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

// Known from: elbv2's model (RuleCondition) and its user guide's page on listener rules.
func TestRule_Matches(t *testing.T) {
	request := &Request{
		Method: "POST", Scheme: "http", Host: "Api.Example.com:8080", Path: "/img/a.png", RawQuery: "version=V1&q=a+b",
		Header: http.Header{"User-Agent": {"Mozilla Chrome/1"}, "X-Many": {"one", "two"}}, SourceIp: netip.MustParseAddr("192.0.2.7"),
	}
	for name, row := range map[string]struct {
		condition Condition
		want      bool
	}{
		"host":                {Condition{Field: FieldHostHeader, Values: []string{"*.example.com"}}, true},
		"another host":        {Condition{Field: FieldHostHeader, Values: []string{"example.com"}}, false},
		"path":                {Condition{Field: FieldPathPattern, Values: []string{"/js/*", "/img/?.png"}}, true},
		"path in case":        {Condition{Field: FieldPathPattern, Values: []string{"/IMG/*"}}, false},
		"header":              {Condition{Field: FieldHttpHeader, HttpHeaderName: "user-agent", Values: []string{"*chrome*"}}, true},
		"second header":       {Condition{Field: FieldHttpHeader, HttpHeaderName: "x-many", Values: []string{"two"}}, true},
		"missing header":      {Condition{Field: FieldHttpHeader, HttpHeaderName: "x-none", Values: []string{"*"}}, false},
		"query pair":          {Condition{Field: FieldQueryString, QueryString: []QueryStringPair{{"version", "v1"}}}, true},
		"query value":         {Condition{Field: FieldQueryString, QueryString: []QueryStringPair{{"", "a b"}}}, true},
		"another query":       {Condition{Field: FieldQueryString, QueryString: []QueryStringPair{{"version", "v2"}}}, false},
		"source":              {Condition{Field: FieldSourceIp, Values: []string{"192.0.2.0/24"}}, true},
		"another source":      {Condition{Field: FieldSourceIp, Values: []string{"198.51.100.0/24", "2001:db8::/32"}}, false},
		"method":              {Condition{Field: FieldHttpRequestMethod, Values: []string{"GET", "POST"}}, true},
		"another method":      {Condition{Field: FieldHttpRequestMethod, Values: []string{"GET"}}, false},
		"an unknown field":    {Condition{Field: "weather"}, false},
		"escaped star":        {Condition{Field: FieldPathPattern, Values: []string{`/img/\*`}}, false},
		"pattern over stars":  {Condition{Field: FieldPathPattern, Values: []string{"/*a*.*g"}}, true},
		"pattern is anchored": {Condition{Field: FieldPathPattern, Values: []string{"/img"}}, false},
	} {
		rule := Rule{Conditions: []Condition{row.condition}}
		if got := rule.matches(request); got != row.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	both := Rule{Conditions: []Condition{{Field: FieldHttpRequestMethod, Values: []string{"POST"}}, {Field: FieldHttpRequestMethod, Values: []string{"GET"}}}}
	if both.matches(request) {
		t.Error("one condition of two was enough")
	}
}

func FuzzFits(f *testing.F) {
	f.Add("*a?c*", "xxabc")
	f.Add(`\*\?`, "*?")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 128 || len(text) > 1024 {
			return
		}
		if got, want := fits(pattern, text), fitsSlowly(pattern, text); got != want {
			t.Errorf("fits(%q, %q) is %t", pattern, text, got)
		}
	})
}

// fitsSlowly is what fits means, by its definition.
func fitsSlowly(pattern, text string) bool {
	reached := map[int]bool{0: true}
	for p := 0; p < len(pattern); {
		literal, width := patternByte(pattern, p)
		next := map[int]bool{}
		for at := range reached {
			switch {
			case width == 1 && pattern[p] == '*':
				for end := at; end <= len(text); end++ {
					next[end] = true
				}
			case at < len(text) && (width == 1 && pattern[p] == '?' || literal == text[at]):
				next[at+1] = true
			}
		}
		reached, p = next, p+width
	}
	return reached[len(text)]
}

// routed is an application load balancer whose rules are numbered by priority.
func routed(t *testing.T, rules ...Rule) *Router {
	t.Helper()
	_, target := serveName(t, "a")
	c := configuration(tcpCheck, target)
	c.Listeners[0].Protocol = ProtocolHttp
	for i := range rules {
		rules[i].ListenerArn, rules[i].Priority = listenerArn, 10-i // given last to first
	}
	c.Rules = rules
	r := newRouter(t, Options{})
	r.Set(c)
	return r
}

func TestRoute_answers(t *testing.T) {
	everything := []Condition{{Field: FieldPathPattern, Values: []string{"*"}}}
	r := routed(t,
		Rule{Conditions: everything, Actions: []Action{{Type: ActionRedirect, Redirect: &Redirect{StatusCode: 301, Protocol: "HTTPS", Host: "#{host}", Port: "443", Path: "/v2/#{path}", Query: "#{query}"}}}},
		Rule{
			Conditions: []Condition{{Field: FieldPathPattern, Values: []string{"/down/*"}}},
			Actions:    []Action{{Type: ActionFixedResponse, FixedResponse: &FixedResponse{StatusCode: 503, ContentType: "text/plain", MessageBody: "later"}}},
		},
	)
	got, err := r.Route(link, listenerArn, &Request{Method: "GET", Scheme: "http", Host: "a.example", Path: "/down/x"})
	if err != nil || got.Answer.StatusCode != 503 || string(got.Answer.Body) != "later" || got.Answer.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = r.Route(link, listenerArn, &Request{Method: "GET", Scheme: "http", Host: "a.example", Path: "/x/y", RawQuery: "a=b"})
	if err != nil || got.Answer.StatusCode != 301 || got.Answer.Header.Get("Location") != "https://a.example:443/v2/x/y?a=b" {
		t.Errorf("got %+v, %v", got.Answer, err)
	}
}

func TestRoute_refuses(t *testing.T) {
	r := routed(t)
	for uri, want := range map[string]Reason{
		"arn:aws:servicediscovery:us-east-1:000000000000:service/srv-1": ReasonCloudMap,
		listenerArn + "0": ReasonListener,
	} {
		_, err := r.Route(link, uri, &Request{Scheme: "http"})
		var e *Error
		if !errors.As(err, &e) || e.Reason != want {
			t.Errorf("%s: got %v", uri, err)
		}
	}
	var e *Error
	if _, err := r.Route(link, listenerArn, &Request{Scheme: "https"}); !errors.As(err, &e) || e.Reason != ReasonProtocol {
		t.Errorf("TLS to an HTTP listener: %v", err)
	}
}

func TestRoute_plainToHttps(t *testing.T) {
	c := configuration(tcpCheck)
	c.Listeners[0].Protocol = ProtocolHttps
	r := newRouter(t, Options{})
	r.Set(c)
	got, err := r.Route(link, listenerArn, &Request{Scheme: "http"})
	if err != nil || got.Answer.StatusCode != 400 || !strings.Contains(string(got.Answer.Body), "The plain HTTP request was sent to HTTPS port") {
		t.Errorf("got %+v, %v", got, err)
	}
}

// Behind a listener that ends TLS, targets of HTTPS are verified where a name is given,
// and those of HTTP are spoken to plainly.
func TestRoute_endsTls(t *testing.T) {
	for protocol, scheme := range map[string]string{ProtocolHttp: "http", ProtocolHttps: "https"} {
		_, target := serveName(t, "a")
		c := configuration(tcpCheck, target)
		c.Listeners[0].Protocol, c.TargetGroups[0].Protocol = ProtocolHttps, protocol
		r := newRouter(t, Options{})
		r.Set(c)
		awaitStates(t, r, StateHealthy)
		got, err := r.Route(link, listenerArn, &Request{Scheme: "https"})
		if err != nil || got.Scheme != scheme || got.InsecureSkipVerification {
			t.Errorf("%s: got %+v, %v", protocol, got, err)
		}
	}
}

// Through a TCP listener TLS passes to the target, whose certificate is checked.
func TestConnect_tlsPassesThrough(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "secure") }))
	t.Cleanup(server.Close)
	r := newRouter(t, Options{})
	r.Set(configuration(tcpCheck, targetOf(t, server.Listener.Addr().String())))
	awaitStates(t, r, StateHealthy)
	connection, err := r.Connect(link, "https", 80)
	if err != nil || connection.Scheme != "https" || connection.InsecureSkipVerification {
		t.Fatalf("got %+v, %v", connection, err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for name, wantError := range map[string]bool{"example.com": false, "other.invalid": true} {
		transport := &http.Transport{DialContext: connection.Dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}}
		answer, err := (&http.Client{Transport: transport}).Get("https://nlb.invalid/")
		if err == nil {
			_ = answer.Body.Close()
		}
		if (err != nil) != wantError {
			t.Errorf("%s: %v", name, err)
		}
	}
}
