package integration

import (
	"strings"
	"testing"
)

// BenchmarkEvent measures the events of the three kinds of API, for a request with a
// browser's headers, and the reading of the answer.
func BenchmarkEvent(b *testing.B) {
	headers := []Field{
		{Name: "Host", Value: "abcdefghij.execute-api.us-east-1.amazonaws.com"}, {Name: "Accept", Value: "*/*"}, {Name: "User-Agent", Value: "Mozilla/5.0 (X11; Linux x86_64)"},
		{Name: "Accept-Encoding", Value: "gzip, deflate, br"}, {Name: "Authorization", Value: "Bearer " + strings.Repeat("x", 400)}, {Name: "Content-Type", Value: "application/json"},
	}
	body := []byte(`{"name":"` + strings.Repeat("a", 1000) + `"}`)
	rest := &ProxyEvent{Resource: "/pets/{id}", Path: "/pets/1", HttpMethod: "POST", Headers: headers, Body: body}
	http := &HttpEvent{RouteKey: "POST /pets/{id}", RawPath: "/pets/1", Headers: headers, Body: body}
	socket := &WebSocketEvent{Body: body, HasBody: true}
	var buffer []byte
	for name, appendJSON := range map[string]func([]byte) []byte{"rest-1.0": rest.AppendJSON, "http-2.0": http.AppendJSON, "websocket": socket.AppendJSON} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				buffer = appendJSON(buffer[:0])
			}
		})
	}
	answer := []byte(`{"statusCode":200,"headers":{"content-type":"application/json"},"body":"` + strings.Repeat("a", 1000) + `"}`)
	b.Run("answer", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseProxyResponse(answer); err != nil {
				b.Fatal(err)
			}
		}
	})
}
