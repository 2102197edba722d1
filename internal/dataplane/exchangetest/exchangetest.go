// Package exchangetest is the world around one API in the tests of REST and HTTP APIs: a
// client on a real connection, a backend and functions that answer what a text fixture says,
// an identity provider, signing users, and the recorder of what was seen.
//
// It knows no pipeline: a test makes its own, with the World in the place of whatever the
// pipeline asks, and serves it with Listen. It is for tests alone. Begin at World.Exchange.
package exchangetest

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fixture"
	"gatehouse/internal/rawheader"
)

// Account and Region are those of the APIs.
const (
	Account = "123456789012"
	Region  = "us-east-1"
)

// Now is when every fixture happens.
func Now() time.Time { return time.Date(2025, time.January, 2, 3, 4, 5, 678e6, time.UTC) }

// World is everything around one API. Its exported fields are set before a request.
type World struct {
	// Host is that of requests that name none.
	Host string
	// SignToken makes the value of Authorization from the claims of a line "Token: {claims}".
	SignToken func(t *testing.T, claims string) string
	// ShowsEvent says whether the fixture shows what a function other than auth was sent.
	ShowsEvent func(payload []byte) bool
	// ShowsAuthorizerEvent is the same for the function named auth.
	ShowsAuthorizerEvent bool
	// Redacts keeps records as the server does by default.
	Redacts bool

	// Last is the record of the exchange, and Encoded the same as it is kept.
	Last    *record.Record
	Encoded []byte

	serving                       sync.WaitGroup // the requests that the handler has not left
	mu                            sync.Mutex
	backend, function, authorizer string
	asked, outbound, line         string
	random                        uint64
	address                       string
	token                         string
}

// New is a world whose backend, function and authorizer answer what a fixture says.
func New(archive *fixture.Archive) *World {
	return &World{backend: archive.Text("backend"), function: archive.Text("function"), authorizer: archive.Text("authorizer")}
}

// Requests exchanges each request of a fixture and returns what was seen: "response 2" is
// what the client got for "request 2". "backend 2" and "function 2" hold from that request on.
func (w *World) Requests(t *testing.T, archive *fixture.Archive) []fixture.Section {
	t.Helper()
	var seen []fixture.Section
	for i := 1; ; i++ {
		suffix := ""
		if i > 1 {
			suffix = " " + strconv.Itoa(i)
		}
		request, ok := archive.Get("request" + suffix)
		if !ok {
			return seen
		}
		w.answerFrom(archive, suffix)
		got := w.Exchange(t, request)
		for _, name := range []string{"asked", "outbound", "response", "fault", "access log"} {
			seen = append(seen, fixture.Section{Name: name + suffix, Text: got[name]})
		}
		if _, ok := archive.Get("record" + suffix); ok {
			seen = append(seen, fixture.Section{Name: "record" + suffix, Text: got["record"]})
		}
	}
}

func (w *World) answerFrom(archive *fixture.Archive, suffix string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if backend, ok := archive.Get("backend" + suffix); ok {
		w.backend = backend
	}
	if function, ok := archive.Get("function" + suffix); ok {
		w.function = function
	}
}

// Listen serves a handler until the test ends.
func (w *World) Listen(t *testing.T, handler http.Handler) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	counted := http.HandlerFunc(func(writer http.ResponseWriter, r *http.Request) {
		w.serving.Add(1)
		defer w.serving.Done()
		handler.ServeHTTP(writer, r)
	})
	server := &http.Server{Handler: counted, ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(rawheader.Listener(listener)) }()
	w.address = listener.Addr().String()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// Random counts, so that ids are the same in every run.
func (w *World) Random() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.random++
	return w.random * 0x9E3779B97F4A7C15
}

// Exchange sends a request and returns what was seen of it, by the names of sections.
func (w *World) Exchange(t *testing.T, request string) map[string]string {
	t.Helper()
	w.asked, w.token, w.outbound, w.line, w.Last = "", "", "", "", nil
	connection, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil { //nolint:forbidigo // a deadline of the machine, not of the fixture
		t.Fatal(err)
	}
	wire := w.requestBytes(t, request)
	go func() { _, _ = connection.Write(wire) }()
	got := map[string]string{"response": printResponse(t, bufio.NewReader(connection), strings.HasPrefix(request, "HEAD "))}
	// A body that is announced and does not come is not waited for any longer.
	_ = connection.(*net.TCPConn).CloseWrite()
	w.waitForEnd(got)
	if w.token != "" {
		for name := range got {
			got[name] = strings.ReplaceAll(got[name], w.token, "(the token)") // the fixtures stay the same whatever the key
		}
	}
	return got
}

// waitForEnd collects what the pipeline leaves behind after it has written.
func (w *World) waitForEnd(got map[string]string) {
	w.serving.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got["asked"], got["outbound"], got["access log"] = w.asked, w.outbound, w.line
	if w.Last != nil {
		got["fault"], got["record"] = printFault(w.Last), printRecord(w.Last)
	}
}

// repeats is {{a*100}}, a hundred times "a".
var repeats = regexp.MustCompile(`\{\{(.)\*(\d+)\}\}`)

// requestBytes makes HTTP of a fixture's request: line ends, Content-Length, a body, a
// token, a signature.
func (w *World) requestBytes(t *testing.T, text string) []byte {
	t.Helper()
	text = repeats.ReplaceAllStringFunc(text, func(match string) string {
		parts := repeats.FindStringSubmatch(match)
		count, _ := strconv.Atoi(parts[2])
		return strings.Repeat(parts[1], count)
	})
	head, body, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
	content := requestBody(t, strings.TrimSuffix(body, "\n"))
	if !strings.Contains(head, "Host:") {
		lines = append(lines, "Host: "+w.Host)
	}
	for i, line := range lines {
		if claims, ok := strings.CutPrefix(line, "Token: "); ok {
			value := w.SignToken(t, claims)
			w.token = value[strings.LastIndexByte(value, ' ')+1:]
			lines[i] = "Authorization: " + value
		}
	}
	lines = signLines(lines, content)
	lower := strings.ToLower(head)
	if len(content) > 0 && !strings.Contains(lower, "content-length:") && !strings.Contains(lower, "transfer-encoding:") {
		lines = append(lines, "Content-Length: "+strconv.Itoa(len(content)))
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), content...)
}

// requestBody is a body of a fixture: "base64:…", "size:N", or text.
func requestBody(t *testing.T, body string) []byte {
	t.Helper()
	if encoded, ok := strings.CutPrefix(body, "base64:"); ok {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		return decoded
	}
	if size, ok := strings.CutPrefix(body, "size:"); ok {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Repeat([]byte("x"), n)
	}
	return []byte(body)
}

// Begin implements record.Recorder.
func (w *World) Begin(n *record.Notes) { n.Redacted = w.Redacts }

// End implements record.Recorder.
func (w *World) End(n *record.Notes) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Last, w.Encoded = n.Record(), bytes.Clone(n.Encode())
}

// Write implements the pipelines' AccessLogger.
func (w *World) Write(destinationArn, line string, _ time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.line = destinationArn + "\n" + line + "\n"
}
