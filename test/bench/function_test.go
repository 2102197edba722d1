package bench

import (
	"archive/zip"
	"bytes"
	"net/http"
	"os"
	"strings"
	"testing"
)

var interrupt = os.Interrupt

func archive(b *testing.B, name, text string) []byte {
	b.Helper()
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	_, _ = file.Write([]byte(text))
	if err := writer.Close(); err != nil {
		b.Fatal(err)
	}
	return buffer.Bytes()
}

// BenchmarkFunction measures warm invocations through a proxy integration.
func BenchmarkFunction(b *testing.B) {
	gatehouse, _ := startGatehouse(b, b.TempDir())
	a := gatehouse.createApi(b, "bench")
	for name, function := range map[string]struct{ runtime, file, text string }{
		"python": {"python3.12", "index.py", "def handler(event, context):\n    return {'statusCode': 200, 'body': 'x' * 200}\n"},
		"node":   {"nodejs20.x", "index.mjs", "export const handler = async () => ({ statusCode: 200, body: 'x'.repeat(200) });\n"},
	} {
		gatehouse.call(b, http.MethodPost, "/2015-03-31/functions", map[string]any{
			"FunctionName": name, "Runtime": function.runtime, "Handler": "index.handler", "Role": "arn:aws:iam::000000000000:role/r",
			"Code": map[string]any{"ZipFile": archive(b, function.file, function.text)},
		})
		gatehouse.call(b, http.MethodPost, "/2015-03-31/functions/"+name+"/policy", map[string]any{
			"StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
		})
		a.add(b, name, map[string]any{
			"type": "AWS_PROXY", "httpMethod": "POST",
			"uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:" + name + "/invocations",
		})
	}
	a.deploy(b)
	httpApi := gatehouse.createHttpApi(b, map[string]any{
		"integrationType": "AWS_PROXY", "integrationUri": "arn:aws:lambda:us-east-1:000000000000:function:node", "payloadFormatVersion": "2.0",
	})
	for _, row := range []struct{ name, url string }{
		{"python", a.url("python")}, {"node", a.url("node")}, {"http-api-node", httpApi + "hello"},
	} {
		b.Run(row.name, func(b *testing.B) {
			host, path, _ := strings.Cut(strings.TrimPrefix(row.url, "http://"), "/")
			request := "GET /" + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
			if err := sendAll(host, request, 20, http.StatusOK); err != nil {
				b.Fatal(err)
			}
			before := gatehouse.cpu(b)
			b.ResetTimer()
			if err := sendAll(host, request, b.N, http.StatusOK); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			b.ReportMetric(float64((gatehouse.cpu(b)-before).Microseconds())/float64(b.N), "cpu-µs/op") // without the function's process
		})
	}
}
