package app

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/config"
)

// sendRaw sends bytes and returns the answer and its body.
func sendRaw(t *testing.T, address, text string) (*http.Response, string) {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// What net/http refuses by itself has an id, is in the list of requests, is explained and
// counted, and no secret of it is kept. AWS's answers are not documented (unconfirmed).
func TestRefusalsBeforeAHandler(t *testing.T) {
	server := start(t)
	response, body := sendRaw(t, server.Addr(), "GET /_aws/execute-api/a1b2c3d4e5/prod/50%?token=zQ1secret HTTP/1.1\r\nHost: localhost\r\nX-Key: zQ2secret\r\nAuthorization : zQ3secret\r\n\r\n")
	requestId := response.Header.Get("x-amzn-RequestId")
	if response.StatusCode != http.StatusBadRequest || body != `{"message":"Bad Request"}` || response.Header.Get("Content-Type") != "application/json" ||
		response.Header.Get("x-amzn-ErrorType") != "BadRequestException" || response.Header.Get("x-amz-apigw-id") == "" {
		t.Errorf("%s %v %s", response.Status, response.Header, body)
	}
	if response.Header.Get("x-gatehouse-error") != "GH-V305" || !strings.Contains(response.Header.Get("Link"), "/kb/GH-V305?request="+requestId) {
		t.Errorf("help: %v", response.Header)
	}
	list := read(t, server.URL()+"/_gatehouse/api/requests?error=GH-V305")
	explanation := read(t, server.URL()+"/_gatehouse/api/requests/"+requestId+"/explanation")
	if !strings.Contains(list, requestId) || !strings.Contains(list, `"path":"/_aws/execute-api/a1b2c3d4e5/prod/50%"`) {
		t.Errorf("list: %s", list)
	}
	var explained struct{ ErrorId, Checked, Found, Wanted string }
	if err := json.Unmarshal([]byte(explanation), &explained); err != nil {
		t.Fatal(err)
	}
	if explained.ErrorId != "GH-V305" || !strings.Contains(explained.Checked, server.Addr()) || !strings.Contains(explained.Found, "has a % without two hexadecimal digits") || explained.Wanted == "" {
		t.Errorf("explanation: %+v", explained)
	}
	metrics := read(t, server.URL()+"/metrics")
	if !strings.Contains(metrics, `gatehouse_errors_total{api="",stage="",error_id="GH-V305"} 1`) {
		t.Errorf("metrics: %s", metrics)
	}
	if kept := list + explanation + metrics; strings.Contains(kept, "secret") {
		t.Errorf("a secret is kept: %s", kept)
	}
}

// The API that the Host header names is found, where it can be.
func TestRefusalNamesTheApi(t *testing.T) {
	server := start(t)
	response, body := sendRaw(t, server.Addr(), "POST /prod/pets HTTP/1.1\r\nHost: a1b2c3d4e5.execute-api.localhost\r\nExpect: magic\r\nContent-Length: 1\r\n\r\na")
	if response.StatusCode != http.StatusExpectationFailed || body != `{"message":"Expectation Failed"}` {
		t.Errorf("%s %s", response.Status, body)
	}
	list := read(t, server.URL()+"/_gatehouse/api/requests?api=a1b2c3d4e5")
	if !strings.Contains(list, response.Header.Get("x-amzn-RequestId")) || !strings.Contains(list, `"httpMethod":"POST"`) {
		t.Errorf("list: %s", list)
	}
}

// Outside of the profile dev clients are told what AWS tells, and no id.
func TestRefusalInOtherProfiles(t *testing.T) {
	server := start(t, func(c *config.Config) { c.Profile = "aws" })
	response, body := sendRaw(t, server.Addr(), "GET / HTTP/1.1\r\n\r\n")
	if response.StatusCode != http.StatusBadRequest || response.Header.Get("x-amzn-RequestId") == "" || response.Header.Get("x-gatehouse-error") != "" || response.Header.Get("Link") != "" || strings.Contains(body, "GH-") {
		t.Errorf("%s %v %s", response.Status, response.Header, body)
	}
}

func read(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url) // of this test's server
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
