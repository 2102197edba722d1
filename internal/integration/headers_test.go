package integration

import "testing"

// Source: observed on AWS; each row names the integration type it was seen with.
func TestResponseHeader(t *testing.T) {
	for _, row := range []struct{ integrationType, name, want string }{
		{"HTTP_PROXY", "Date", "x-amzn-Remapped-Date"},
		{"AWS_PROXY", "Connection", "x-amzn-Remapped-Connection"},
		{"HTTP", "WWW-Authenticate", "x-amzn-Remapped-WWW-Authenticate"},
		{"HTTP_PROXY", "WWW-Authenticate", "WWW-Authenticate"},
		{"HTTP_PROXY", "Via", ""},
		{"HTTP", "Via", "Via"},
		{"AWS", "transfer-encoding", ""},
		{"HTTP_PROXY", "x-amzn-requestid", "x-amzn-Remapped-x-amzn-RequestId"},
		{"AWS_PROXY", "x-custom", "x-custom"},
	} {
		got, ok := ResponseHeader(row.integrationType, row.name)
		if got != row.want || ok != (row.want != "") {
			t.Errorf("%+v: got %q %v", row, got, ok)
		}
	}
}

func TestRequestHeaderTables(t *testing.T) {
	if !DropsRequestHeader("content-md5") || DropsRequestHeader("Authorization") {
		t.Error("the table of dropped request headers is wrong")
	}
	if !RefusesMappedHeader("HTTP", "x-amzn-trace-id") || RefusesMappedHeader("HTTP", "Authorization") || !RefusesMappedHeader("AWS_PROXY", "authorization") {
		t.Error("the table of refused mapped headers is wrong")
	}
}

func TestFunctionArnOf(t *testing.T) {
	const arn = "arn:aws:lambda:us-east-1:000000000000:function:f:live"
	for uri, want := range map[string]string{
		"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + arn + "/invocations": arn,
		"arn:aws:apigateway:us-east-1:sqs:path/1/q":                                             "",
		"http://x/functions/function:f/invocations":                                             "",
	} {
		if got, ok := FunctionArnOf(uri); got != want || ok != (want != "") {
			t.Errorf("%s: got %q %v", uri, got, ok)
		}
	}
}
