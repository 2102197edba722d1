package unserved

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What Go's server answers by itself, observed with go1.26. When one of these tests fails,
// net/http has changed: look for what it answers now, and whether conn recognises it.

const refusedHeaders = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

func TestAnswersOfNetHttp(t *testing.T) {
	t.Parallel()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(echo), ReadHeaderTimeout: impatience}
	go func() { _ = server.Serve(inner) }()
	defer func() { _ = server.Close() }()
	p := &place{&recorder{}, inner.Addr().String()}
	for sent, want := range map[string]string{
		"nonsense\r\n":                                      "400 Bad Request" + refusedHeaders + "400 Bad Request",
		"GET / HTTP/1.1\r\n\r\n":                            "400 Bad Request: missing required Host header" + refusedHeaders + "400 Bad Request: missing required Host header",
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n":               "400 Bad Request: malformed Host header" + refusedHeaders + "400 Bad Request: malformed Host header",
		"GET / HTTP/1.1\r\n" + host + "A: " + long:          "431 Request Header Fields Too Large" + refusedHeaders + "431 Request Header Fields Too Large",
		"GET / HTTP/1.1\r\n" + host + "A: \x01\r\n\r\n":     "400 Bad Request" + refusedHeaders + "400 Bad Request",
		"GET / HTTP/2.0\r\n" + host + "\r\n":                "505 HTTP Version Not Supported: unsupported protocol version" + refusedHeaders + "505 HTTP Version Not Supported: unsupported protocol version",
		"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n": "501 Not Implemented" + refusedHeaders + "Unsupported transfer encoding",
		// The time is up in the middle of a line.
		"GET / HTTP/1.1\r\nHo": "400 Bad Request" + refusedHeaders + "400 Bad Request",
	} {
		want = "HTTP/1.1 " + want
		if answer := p.talkLenient(t, sent); answer != want {
			t.Errorf("%.60q\ngot  %q\nwant %q", sent, answer, want)
		}
	}
	answer := p.talkLenient(t, "GET / HTTP/1.1\r\n"+host+"Expect: magic\r\n\r\n")
	if !strings.HasPrefix(answer, "HTTP/1.1 417 Expectation Failed\r\n") || !strings.HasSuffix(answer, "Content-Length: 0\r\n\r\n") {
		t.Errorf("an expectation: %q", answer)
	}
}

// talkLenient is talk with a server that may reset the connection.
func (p *place) talkLenient(t *testing.T, text string) string {
	t.Helper()
	connection, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	go func() { _, _ = io.WriteString(connection, text) }()
	answer, _ := io.ReadAll(connection)
	return string(answer)
}

// TestSourceOfNetHttp reads Go's own server: each place where it writes to a connection, or
// refuses with a reason, must be one that this package knows.
func TestSourceOfNetHttp(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	directory := filepath.Join(strings.TrimSpace(string(root)), "src", "net", "http")
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(directory, "server.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var writes, reasons []string
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		ast.Inspect(function.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if name := nameOf(n.Fun); writesToConnection(n) || name == "sendExpectationFailed" {
					writes = append(writes, function.Name.Name+": "+name)
				} else if name == "badRequestError" {
					reasons = append(reasons, n.Args[0].(*ast.BasicLit).Value)
				}
			case *ast.CompositeLit:
				if nameOf(n.Type) == "statusError" {
					reasons = append(reasons, function.Name.Name)
				}
			}
			return true
		})
	}
	slices.Sort(writes)
	slices.Sort(reasons)
	wantWrites := []string{
		"Write: Write",       // checkConnErrorWriter, through which answers of handlers go
		"serve: Fprintf",     // 431
		"serve: Fprintf",     // 501
		"serve: Fprintf",     // 400 and 505 with a reason
		"serve: Fprintf",     // 400
		"serve: WriteString", // plain HTTP to a *tls.Conn, which no connection of a Guard is
		"serve: sendExpectationFailed",
	}
	if diff := cmp.Diff(wantWrites, writes); diff != "" {
		t.Errorf("net/http writes elsewhere:\n%s", diff)
	}
	wantReasons := []string{
		`"invalid header name"`, `"invalid header value"`, `"malformed Host header"`, `"missing required Host header"`, "badRequestError", "readRequest",
	}
	if diff := cmp.Diff(wantReasons, reasons); diff != "" {
		t.Errorf("net/http refuses for other reasons:\n%s", diff)
	}
}

func nameOf(n ast.Expr) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.SelectorExpr:
		return n.Sel.Name
	}
	return ""
}

// writesToConnection says whether a call is X.rwc.Write, or of a function that writes and
// whose first argument is X.rwc or X.Conn.
func writesToConnection(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if selector.Sel.Name == "Write" || selector.Sel.Name == "WriteString" {
		if nameOf(selector.X) == "rwc" {
			return true
		}
	}
	isWriter := strings.HasPrefix(selector.Sel.Name, "Fprint") || selector.Sel.Name == "WriteString" || selector.Sel.Name == "Copy"
	return isWriter && len(call.Args) > 0 && (nameOf(call.Args[0]) == "rwc" || nameOf(call.Args[0]) == "Conn")
}
