package wire_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"gatehouse/internal/wire"
)

// Whatever arrives, a server whose operations are unimplemented refuses it as the client's fault
// or, once decoded, as not implemented. A 500 would be a panic or an error without a name.
func fuzzed(t *testing.T, server *wire.Server, request fuzzRequest) {
	r := httptest.NewRequest(request.method, "/", strings.NewReader(request.body))
	path, query, _ := strings.Cut(request.path, "?")
	r.URL.RawPath, r.URL.Path, r.URL.RawQuery = path, path, query
	for name, value := range request.header {
		r.Header.Set(name, value)
	}
	response := httptest.NewRecorder()
	server.ServeHTTP(response, r)
	if response.Code != 501 && (response.Code < 400 || response.Code > 499) {
		t.Errorf("%s %s answered %d %s", request.method, request.path, response.Code, response.Body)
	}
}

type fuzzRequest struct {
	method, path, body string
	header             map[string]string
}

func fuzzServer(f *testing.F) *wire.Server {
	server, err := wire.New(options())
	if err != nil {
		f.Fatal(err)
	}
	return server
}

func FuzzRestJSON(f *testing.F) {
	server := fuzzServer(f)
	f.Add("POST", "/restapis", `{"name":"n","endpointConfiguration":{"types":["EDGE"]},"tags":{"a":null}}`)
	f.Add("PATCH", "/restapis/a%2Fb", `{"patchOperations":[{"op":"add","path":"/a"},null]}`)
	f.Add("POST", "/v2/apis", `{"name":"n","protocolType":"HTTP","corsConfiguration":{"maxAge":1e3}}`)
	f.Add("GET", "/restapis/a/stages/b/exports/swagger?extensions=x&limit=1", ``)
	f.Add("POST", "/2015-03-31/functions", `{"Code":{"ZipFile":"UEs="},"Timeout":1.5}`)
	f.Add("DELETE", "/tags/%zz?tagKeys=", ``)
	f.Fuzz(func(t *testing.T, method, path, body string) {
		if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || method == "" {
			return
		}
		fuzzed(t, server, fuzzRequest{method: method, path: path, body: body})
	})
}

func FuzzJSON(f *testing.F) {
	server := fuzzServer(f)
	f.Add("PutLogEvents", `{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"m"}]}`)
	f.Add("DescribeLogGroups", `{"limit":"5"}`)
	f.Add("CreateLogGroup", "{\"logGroupName\":\"\\ud800\",\"tags\":{\"a\":[]}}\x00")
	f.Fuzz(func(t *testing.T, operation, body string) {
		fuzzed(t, server, fuzzRequest{method: "POST", path: "/", body: body, header: map[string]string{"X-Amz-Target": "Logs_20140328." + operation}})
	})
}

func FuzzQuery(f *testing.F) {
	server := fuzzServer(f)
	f.Add("iam", "Action=CreateUser&Version=2010-05-08&UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v")
	f.Add("elasticloadbalancing", "Action=CreateListener&Port=x&DefaultActions.member.1.ForwardConfig.TargetGroups.member.9.Weight=1")
	f.Add("cloudformation", "Action=CreateStack&Tags=&Tags.member.-1.Key=a&.=%zz")
	f.Fuzz(func(t *testing.T, service, form string) {
		scope := "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/" + service + "/aws4_request, x"
		fuzzed(t, server, fuzzRequest{method: "POST", path: "/", body: form, header: map[string]string{"Authorization": scope}})
	})
}

func FuzzBody(f *testing.F) {
	server := fuzzServer(f)
	f.Add("aws-chunked", "5\r\nhello\r\n0\r\n\r\n")
	f.Add("gzip, aws-chunked", "1\r\n\x1f\r\n0\r\n")
	f.Add("gzip", "\x1f\x8b\x08\x00")
	f.Fuzz(func(t *testing.T, encoding, body string) {
		fuzzed(t, server, fuzzRequest{method: "PUT", path: "/restapis/a", body: body, header: map[string]string{"Content-Encoding": encoding}})
	})
}
