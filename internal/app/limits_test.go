package app

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A URL or headers over AWS's limits are answered as AWS answers them, not by net/http,
// far beyond the limits too.
func TestRequestsOverTheLimits(t *testing.T) {
	server := start(t)
	made := call(t, server, "POST", "/restapis", map[string]any{"name": "pets"})
	base := "/restapis/" + made["id"].(string)
	call(t, server, "PUT", base+"/resources/"+made["rootResourceId"].(string)+"/methods/GET", map[string]any{"authorizationType": "NONE"})
	call(t, server, "PUT", base+"/resources/"+made["rootResourceId"].(string)+"/methods/GET/integration", map[string]any{"type": "MOCK"})
	call(t, server, "POST", base+"/deployments", map[string]any{"stageName": "prod"})
	for name, test := range map[string]struct {
		path, header string
		want         int
	}{
		"URL of 12 KB":     {path: strings.Repeat("a", 12<<10), want: http.StatusRequestURITooLong},
		"URL of 600 KB":    {path: strings.Repeat("a", 600<<10), want: http.StatusRequestURITooLong},
		"header of 600 KB": {header: strings.Repeat("a", 600<<10), want: http.StatusRequestHeaderFieldsTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			connection, err := net.Dial("tcp", server.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			_ = connection.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = fmt.Fprintf(connection, "GET /_aws/execute-api/%s/prod/%s HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n", made["id"], test.path, test.header)
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			_ = response.Body.Close()
			if response.StatusCode != test.want || response.Header.Get("x-amzn-RequestId") == "" || len(body) > 1000 {
				t.Errorf("%s %v %.100s", response.Status, response.Header, body)
			}
		})
	}
}
