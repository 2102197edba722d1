package unserved

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gatehouse/internal/fault"
	"gatehouse/internal/rawheader"
)

// recorder is a Refuser that keeps what it is told.
type recorder struct {
	mu       sync.Mutex
	refusals []*Refusal
}

func (r *recorder) Refuse(refusal *Refusal) Answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refusals = append(r.refusals, refusal)
	return Answer{
		StatusCode: refusal.Fault.Entry.StatusCode, Body: []byte("ours"),
		Header: http.Header{"x-gatehouse-error": {string(refusal.Fault.Id())}, "x-amzn-RequestId": {"id1"}},
	}
}

// take waits for the refusals that were made, and forgets them.
func (r *recorder) take() []*Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.refusals
	r.refusals = nil
	return taken
}

// takeOne waits for one refusal.
func (r *recorder) takeOne(t *testing.T) *Refusal {
	t.Helper()
	for range 200 {
		if taken := r.take(); len(taken) > 0 {
			return taken[0]
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("nothing was refused")
	return nil
}

type place struct {
	*recorder
	address string
}

// What a server waits for a head: so long that none is refused for it on a machine that is
// busy, or, where that is tested, so short that tests need not wait.
const (
	patience   = 20 * time.Second
	impatience = time.Second
)

// serve guards a server of a handler that answers what it was asked for; settings are for
// TLS, nil for plain HTTP.
func serve(t testing.TB, settings *tls.Config, headerTimeout time.Duration) *place {
	t.Helper()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &place{&recorder{}, inner.Addr().String()}
	if settings != nil {
		inner = ListenTls(inner, settings)
	}
	server := &http.Server{
		ReadHeaderTimeout: headerTimeout, MaxHeaderBytes: 1 << 20, IdleTimeout: 5 * time.Second, ConnContext: connContext,
		Handler: http.HandlerFunc(echo),
	}
	guard, ended := &Guard{Refuser: p, HeaderTimeout: headerTimeout}, make(chan struct{})
	go func() { defer close(ended); _ = guard.Serve(server, inner) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-ended
	})
	return p
}

// echo answers as clients ask for in headers.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("Upgrade") != "" {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 400 Bad Request\r\n")
			_ = connection.Close()
		}
		return
	}
	if refusal := r.Header.Get("Forge"); refusal != "" {
		w.Header()["Date"] = nil
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
}

// talk sends bytes and returns all that comes back until the connection is closed.
func (p *place) talk(t testing.TB, text string) string {
	t.Helper()
	connection, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(connection, text)
	answer, err := io.ReadAll(connection)
	if err != nil {
		t.Errorf("%.40q: %v after %.80q", text, err, answer)
	}
	return string(answer)
}

const host = "Host: a\r\n"

var long = strings.Repeat("a", 2<<20)

// How AWS answers is not known (unconfirmed); that each of these is refused is net/http's.
var refusals = map[string]struct {
	sent   string
	status int
	id     fault.Id
	found  string // part of Fault.Found
	shown  string // method and target
}{
	"no version":             {"GET /a\r\n\r\n", 400, fault.HeadMalformed, "a request line of GET that does not end with a version, in 2 words", "GET /a"},
	"space in the path":      {"GET /a b HTTP/1.1\r\n" + host + "\r\n", 400, fault.HeadMalformed, "GET in 4 words", "GET /a"},
	"two spaces":             {"GET  /a HTTP/1.1\r\n" + host + "\r\n", 400, fault.HeadMalformed, "no request line", ""},
	"invalid version":        {"GET /a HTTP/1.x\r\n" + host + "\r\n", 400, fault.HeadMalformed, `version "HTTP/1.x"`, "GET /a"},
	"empty line":             {"\r\n", 400, fault.HeadMalformed, "an empty line", ""},
	"other protocol":         {"SSH-2.0-OpenSSH_9.6\r\n", 400, fault.HeadMalformed, `beginning with "SSH-2.0-"`, ""},
	"binary":                 {"\x00\xff\xfe\n\n", 400, fault.HeadMalformed, `"\x00\xff\xfe"`, ""},
	"PROXY protocol":         {"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 400, fault.HeadMalformed, "PROXY protocol", "PROXY"},
	"PROXY protocol 2":       {string(proxyProtocol2) + "\x21\x11", 400, fault.HeadMalformed, "PROXY protocol", ""},
	"percent sign":           {"GET /100%?q=secret HTTP/1.1\r\n" + host + "\r\n", 400, fault.HeadMalformed, `"/100%" has a % without two`, "GET /100%?q=secret"},
	"target without slash":   {"GET a HTTP/1.1\r\n" + host + "\r\n", 400, fault.HeadMalformed, `"a" does not begin with a slash`, "GET a"},
	"no colon":               {"GET / HTTP/1.1\r\n" + host + "secret\r\n\r\n", 400, fault.HeadMalformed, "line 3 has no colon, in 6 characters", "GET /"},
	"no name":                {"GET / HTTP/1.1\r\n: secret\r\n\r\n", 400, fault.HeadMalformed, "line 2 has no name", "GET /"},
	"space in a name":        {"GET / HTTP/1.1\r\n" + host + "A B: secret\r\n\r\n", 400, fault.HeadMalformed, `line 3 has a character in the header's name that no name has: " "`, "GET /"},
	"space before the colon": {"GET / HTTP/1.1\r\n" + host + "Authorization : secret\r\n\r\n", 400, fault.HeadMalformed, `between the name "Authorization" and the colon`, "GET /"},
	"control character":      {"GET / HTTP/1.1\r\n" + host + "X-A: secret\x01\r\n\r\n", 400, fault.HeadMalformed, `in the value of "X-A": "\x01"`, "GET /"},
	"space first":            {"GET / HTTP/1.1\r\n X-A: secret\r\n\r\n", 400, fault.HeadMalformed, "line 2 begins with a space", "GET /"},
	"length no number":       {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1,5\r\n\r\n", 400, fault.HeadMalformed, `Content-Length: "1,5"`, "POST /"},
	"lengths differ":         {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, fault.HeadMalformed, "2 Content-Length headers", "POST /"},
	"trailer":                {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n", 400, fault.HeadMalformed, `Trailer: "Content-Length"`, "POST /"},
	"no host":                {"GET /a HTTP/1.1\r\n\r\n", 400, fault.HostInvalid, `no Host header, in GET "/a"`, "GET /a"},
	"two hosts":              {"GET /a HTTP/1.1\r\n" + host + host + "\r\n", 400, fault.HostInvalid, "2 Host headers", "GET /a"},
	"no host name":           {"GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", 400, fault.HostInvalid, `Host: "a b"`, "GET /a"},
	"headers too large":      {"GET /a HTTP/1.1\r\n" + host + "Cookie: " + long + "\r\n\r\n", 431, fault.HeadersTooLarge, " bytes of request line and headers", "GET /a"},
	"URL too long":           {"GET /" + long + " HTTP/1.1\r\n\r\n", 414, fault.UriTooLong, " bytes of request line", ""},
	"transfer encoding":      {"POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 501, fault.TransferEncoding, `Transfer-Encoding "gzip"`, "POST /a"},
	"transfer encoding twice": {"POST /a HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501, fault.TransferEncoding,
		"2 Transfer-Encoding headers", "POST /a"},
	"expectation":       {"POST /a HTTP/1.1\r\n" + host + "Expect: magic\r\nContent-Length: 3\r\n\r\nabc", 417, fault.ExpectationFailed, `Expect: "magic"`, "POST /a"},
	"version":           {"GET /a HTTP/3.0\r\n" + host + "\r\n", 505, fault.HttpVersion, "HTTP/3.0", "GET /a"},
	"version 0":         {"GET /a HTTP/0.9\r\n" + host + "\r\n", 505, fault.HttpVersion, "HTTP/0.9", "GET /a"},
	"TLS":               {"\x16\x03\x01\x02\x00\x01\x00\n", 400, fault.TlsSent, "TLS handshake", ""},
	"stops":             {"GET /a HTTP/1.1\r\nHo", 408, fault.HeadTimeout, `19 bytes of GET "/a", and no empty line`, "GET /a"},
	"stops in the line": {"GET /a", 408, fault.HeadTimeout, `6 bytes of GET "/a"`, "GET /a"},
	"TLS, and stops":    {"\x16\x03\x01", 400, fault.TlsSent, "3 bytes of what looks like a TLS handshake", ""},
}

func TestRefusals(t *testing.T) {
	for name, test := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := serve(t, nil, patienceFor(test.id))
			answer := p.talk(t, test.sent)
			response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
			if err != nil {
				t.Fatalf("%v in %.200q", err, answer)
			}
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != test.status || !response.Close || string(body) != "ours" || response.Header.Get("x-gatehouse-error") != string(test.id) {
				t.Errorf("got %.300q", answer)
			}
			refused := p.takeOne(t)
			f := refused.Fault
			if f.Id() != test.id || !strings.Contains(f.Found, test.found) {
				t.Errorf("found %s %q", f.Id(), f.Found)
			}
			if f.Wanted == "" || !strings.Contains(f.Checked, p.address+" for plain HTTP") || strings.Contains(f.Error(), "secret") {
				t.Errorf("says %s", f)
			}
			if shown := strings.TrimSpace(refused.HttpMethod + " " + refused.Target); shown != test.shown && test.id != fault.UriTooLong {
				t.Errorf("shown as %.100q", shown)
			}
		})
	}
}

func patienceFor(id fault.Id) time.Duration {
	if id == fault.HeadTimeout || id == fault.TlsSent {
		return impatience
	}
	return patience
}

// What is served stays as it is: keep-alive, pipelining, 100 Continue, OPTIONS *, answers
// that look like a refusal.
func TestServed(t *testing.T) {
	forged := "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
	for name, test := range map[string]struct {
		sent string
		want []string
	}{
		"pipelined":  {"GET /a HTTP/1.1\r\n" + host + "\r\nGET /b HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", []string{"GET /a ", "GET /b "}},
		"body":       {"POST /a HTTP/1.1\r\n" + host + "Content-Length: 3\r\nConnection: close\r\n\r\nabc", []string{"POST /a abc"}},
		"continue":   {"POST /a HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", []string{"HTTP/1.1 100 Continue\r\n\r\n", "POST /a abc"}},
		"OPTIONS *":  {"OPTIONS * HTTP/1.1\r\n" + host + "\r\nGET /b HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n", []string{"200 OK", "GET /b "}},
		"HTTP/1.0":   {"GET /a HTTP/1.0\r\n\r\n", []string{"GET /a "}},
		"forged":     {"GET /a HTTP/1.1\r\n" + host + "Forge: 1\r\nConnection: close\r\n\r\n", []string{"400 Bad Request", "GET /a "}},
		"forged too": {fmt.Sprintf("POST /a HTTP/1.1\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s", host, 4096+len(forged), strings.Repeat("x", 4096)+forged), []string{forged}},
		"upgraded":   {"GET /a HTTP/1.1\r\n" + host + "Connection: upgrade\r\nUpgrade: test\r\n\r\n", []string{"HTTP/1.1 101 ", "HTTP/1.1 400 Bad Request"}},
		"nothing":    {"GET /a HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n\r\n", []string{"GET /a "}},
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, nil, patience)
			rest := p.talk(t, test.sent)
			for _, want := range test.want {
				_, behind, ok := strings.Cut(rest, want)
				if !ok {
					t.Errorf("%q is missing in %q", want, rest)
				}
				rest = behind
			}
			if refused := p.take(); len(refused) > 0 {
				t.Errorf("refused %s", refused[0].Fault)
			}
		})
	}
}

// A connection that is kept is refused later on, and what is said is of that request alone.
func TestRefusalAfterAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		second, shown, found string
	}{
		"no host":       {"GET /second HTTP/1.1\r\n\r\n", "GET /second", `no Host header, in GET "/second"`},
		"not a request": {"secret secret\r\n\r\n", "", "behind another request"},
		"stops":         {"GET /second?secret", "GET /second?secret", `18 bytes of GET "/second"`},
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, nil, impatience)
			connection, err := net.Dial("tcp", p.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			_ = connection.SetDeadline(time.Now().Add(patience))
			reader := bufio.NewReader(connection)
			for range 2 {
				_, _ = io.WriteString(connection, "POST /first HTTP/1.1\r\n"+host+"Content-Length: 6\r\n\r\nsecret")
				response, err := http.ReadResponse(reader, nil)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
			}
			_, _ = io.WriteString(connection, test.second)
			if rest, err := io.ReadAll(reader); err != nil || !bytes.Contains(rest, []byte("\r\n\r\nours")) {
				t.Errorf("got %q, %v", rest, err)
			}
			refused := p.takeOne(t)
			if shown := strings.TrimSpace(refused.HttpMethod + " " + refused.Target); shown != test.shown || !strings.Contains(refused.Fault.Found, test.found) || strings.Contains(refused.Fault.Error(), "secret") {
				t.Errorf("%q: %s", shown, refused.Fault)
			}
		})
	}
}

// A client that waits for nothing, or says nothing, is no refusal.
func TestSilence(t *testing.T) {
	t.Parallel()
	p := serve(t, nil, impatience)
	if answer := p.talk(t, ""); answer != "" {
		t.Errorf("got %q", answer)
	}
	if refused := p.take(); len(refused) > 0 {
		t.Errorf("refused %s", refused[0].Fault)
	}
}

// A client of HTTP/2 is told in HTTP/2 to use HTTP/1.1.
func TestHttp2(t *testing.T) {
	p := serve(t, nil, patience)
	answer := p.talk(t, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
	const wantSettings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
	rest, ok := strings.CutPrefix(answer, wantSettings)
	if !ok || len(rest) < 17 || int(rest[2]) != len(rest)-9 || rest[3] != 7 || rest[16] != 0xd || !strings.HasSuffix(rest, "HTTP/1.1; x-gatehouse-error: GH-V309; x-amzn-RequestId: id1") {
		t.Errorf("got %q", answer)
	}
	if f := p.takeOne(t).Fault; f.Id() != fault.HttpVersion || !strings.Contains(f.Found, "HTTP/2") {
		t.Errorf("%s", f)
	}
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: protocols}}
	defer client.CloseIdleConnections()
	response, err := client.Get("http://" + p.address + "/a")
	if err == nil {
		_ = response.Body.Close()
		t.Fatalf("got %s", response.Status)
	}
	// The word may have come before the client has a request for its connection.
	if !strings.Contains(err.Error(), "HTTP_1_1_REQUIRED") && !strings.Contains(err.Error(), "could not be established") {
		t.Errorf("Go's client says %v", err)
	}
}

// certificate is one for example.com that nobody trusts.
func certificate() *tls.Config {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	defer server.Close()
	return &tls.Config{Certificates: server.TLS.Certificates, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
}

func TestHandshakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		client *tls.Config
		found  string
		fix    string
	}{
		"not trusted": {&tls.Config{ServerName: "api.test"}, `certificate; the client asked for the name "api.test"`, "to trust"},
		"too old":     {&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, "unsupported versions", "TLS 1.2 or 1.3"}, // that is tested
		"HTTP/2":      {&tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}, "application protocols", "http/1.1"},                                      // that is tested
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, certificate(), patience)
			connection, err := net.Dial("tcp", p.address)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			if err := tls.Client(connection, test.client).Handshake(); err == nil {
				t.Fatal("the handshake succeeds")
			}
			refused := p.takeOne(t)
			if f := refused.Fault; !refused.Unanswerable || f.Id() != fault.HandshakeFailed || !strings.Contains(f.Found, test.found) || !strings.Contains(f.Fix, test.fix) {
				t.Errorf("%s", f)
			}
		})
	}
}

func TestTlsListener(t *testing.T) {
	t.Parallel()
	p := serve(t, certificate(), patience)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // that is not tested
	defer client.CloseIdleConnections()
	response, err := client.Get("https://" + p.address + "/a")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	answer := p.talk(t, "GET /a?secret HTTP/1.1\r\n"+host+"\r\n")
	if f := p.takeOne(t).Fault; !strings.HasPrefix(answer, "HTTP/1.1 400 ") || f.Id() != fault.PlainHttpSent || !strings.HasSuffix(f.Found, `GET "/a"`) || !strings.HasSuffix(f.Checked, "for TLS") {
		t.Errorf("%q, %s", answer, f)
	}
	_ = p.talk(t, "\x16\x03garbage that is no handshake\n")
	if f := p.takeOne(t).Fault; f.Id() != fault.HandshakeFailed {
		t.Errorf("%s", f)
	}
	encrypted(t, p, map[string]fault.Id{"GET /a HTTP/1.1\r\n\r\n": fault.HostInvalid, "GET /a HTTP/1.1\r\n" + host + long: fault.HeadersTooLarge})
}

func TestTlsListener_slow(t *testing.T) {
	t.Parallel()
	p := serve(t, certificate(), impatience)
	if _ = p.talk(t, ""); len(p.take()) > 0 {
		t.Error("a connection without a word is recorded")
	}
	for _, stops := range []string{"\x16\x03\x01", "\x16\x03\x01\x00\xff\x01\x00"} {
		_ = p.talk(t, stops)
		if f := p.takeOne(t).Fault; f.Id() != fault.HandshakeFailed || !strings.Contains(f.Found, "the client stopped in the middle") {
			t.Errorf("%s", f)
		}
	}
	encrypted(t, p, map[string]fault.Id{"GET /a HTTP/1.1\r\nHo": fault.HeadTimeout})
}

// encrypted sees requests refused over TLS as they are over plain HTTP.
func encrypted(t *testing.T, p *place, requests map[string]fault.Id) {
	t.Helper()
	for sent, want := range requests {
		connection, err := tls.Dial("tcp", p.address, &tls.Config{InsecureSkipVerify: true}) // that is not tested
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(connection, sent)
		if answer, err := io.ReadAll(connection); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 4") || !strings.HasSuffix(string(answer), "ours") {
			t.Errorf("%.40q over TLS: %q, %v", sent, answer, err)
		}
		_ = connection.Close()
		if f := p.takeOne(t).Fault; f.Id() != want {
			t.Errorf("%.40q over TLS: %s", sent, f)
		}
	}
}

func TestPathOf(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b": "/a", "*": "*", "http://user:word@h/p?q": "http://***@h/p", "user:word@h": "***@h", "http://h/p": "http://h/p", "/a@b": "/a@b",
	} {
		if got := PathOf(target); got != want {
			t.Errorf("%q: %q", target, got)
		}
	}
}

func connContext(ctx context.Context, connection net.Conn) context.Context {
	remembered, _ := ConnOf(connection)
	return rawheader.ConnContext(ctx, remembered)
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
