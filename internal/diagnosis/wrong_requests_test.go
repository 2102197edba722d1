package diagnosis_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	api "gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/diagnosis"
	"gatehouse/internal/fault"
)

// faultOf is the fault of a row of the registry.
func faultOf(entry *fault.Entry) *fault.Fault {
	f := fault.New(fault.Unregistered)
	f.Entry, f.Message = entry, entry.Message
	return f
}

// refused explains a request that ended in a fault, to an HTTP API where there is a choice.
func refused(f *fault.Fault, httpMethod string) *diagnosis.Explanation {
	protocolType := record.ProtocolHttp
	switch {
	case httpMethod == "MESSAGE" || httpMethod == "CONNECT":
		protocolType = record.ProtocolWebSocket
	case f.Id() == fault.ClientCertificateRefused || f.Id() == fault.ClientCertificateExpired:
		protocolType = "" // only REST APIs have client certificates
	}
	n := record.NewNotes(&record.Method{AccountId: account, Region: region, ApiId: "a1b2c3d4e5", StageName: "prod", ProtocolType: protocolType}, record.Exchange{HttpMethod: httpMethod, Received: time.Unix(1700000000, 0)})
	n.StatusCode, n.Fault = 403, f
	return (&diagnosis.Explainer{HelpBase: "http://127.0.0.1:4566/kb/"}).Explain(n.Record())
}

// Requests that were explained badly, or with a command that does not help.
func TestExplain_wrongUrls(t *testing.T) {
	w, _, _, _ := served(t)
	for path, want := range map[string][2]string{
		"/":            {"Put a stage that exists behind the host", "/prod/pets"},
		"/favicon.ico": {"Put a stage that exists behind the host", "get-stages"},
		"/pets":        {"Put the stage in front of the path.", "/prod/pets"},
		"/pets?a=1":    {"Set $QUERY_A first", "/prod/pets?a=$QUERY_A\""},
		"/dev/pets":    {"deploy the API to a stage dev", "create-deployment --rest-api-id " + w.apiId + " --stage-name dev"},
		"/PROD/pets":   {"did you mean prod?", "/prod/pets"},
	} {
		response, _ := w.send(request{path: path})
		e := w.explain(response.Header.Get("x-amzn-RequestId"))
		if e.ErrorId != "GH-R102" {
			t.Errorf("%s: %s", path, e.ErrorId)
		}
		contains(t, e.Fix.Text, want[0])
		contains(t, e.Fix.Command, want[1])
	}
}

// What no browser sends as its Origin, or asks for, is no value for a mapping.
func TestExplain_noOrigin(t *testing.T) {
	w, _, _, _ := served(t)
	for _, header := range []map[string]string{
		{"Origin": "https://o'brien.example", "Access-Control-Request-Method": "POST"}, {"Origin": "$(id)"}, {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT'"},
	} {
		response, _ := w.send(request{method: "OPTIONS", path: "/prod/pets", header: header})
		e := w.explain(response.Header.Get("x-amzn-RequestId"))
		if strings.Contains(e.Fix.Command, "Allow-Origin") || strings.Contains(e.Fix.Command, "'\"'") {
			t.Errorf("%v: %s", header, e.Fix.Command)
		}
	}
}

// A backend without TLS behind https: is not mended by a certificate that nobody checks.
func TestExplain_backendWithoutTls(t *testing.T) {
	w := newWorld(t)
	backend := httptest.NewServer(nil)
	t.Cleanup(backend.Close)
	uri := "https" + strings.TrimPrefix(backend.URL, "http") + "/"
	w.method(w.root, "GET", api.PutIntegrationInput{Type: "HTTP_PROXY", IntegrationHttpMethod: new("GET"), Uri: &uri})
	w.deploy()
	response, _ := w.send(request{path: "/prod/"})
	e := w.explain(response.Header.Get("x-amzn-RequestId"))
	if e.ErrorId != "GH-I212" || strings.Contains(e.Fix.Command, "insecureSkipVerification") || strings.Count(e.Found, "calling ") != 1 {
		t.Errorf("%+v", e.Finding)
	}
	contains(t, e.Fix.Command, `"path":"/uri","value":"`+backend.URL+`/"`)
	w.run(e.Fix.Command)
	response, _ = w.send(request{path: "/prod/"})
	if again := w.explain(response.Header.Get("x-amzn-RequestId")); again.ErrorId == "GH-I212" {
		t.Errorf("after the fix: %+v", again.Finding)
	}
}

func TestExplain_unreachableSaysItOnce(t *testing.T) {
	w := newWorld(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	w.check(err)
	_ = listener.Close()
	uri := "http://" + listener.Addr().String() + "/"
	w.method(w.root, "GET", api.PutIntegrationInput{Type: "HTTP_PROXY", IntegrationHttpMethod: new("GET"), Uri: &uri})
	w.deploy()
	response, _ := w.send(request{path: "/prod/"})
	if e := w.explain(response.Header.Get("x-amzn-RequestId")); strings.Count(e.Found, "connect after") != 1 {
		t.Errorf("found %s", e.Found)
	}
}

// The aws CLI would take these keys for options, or read files from there.
func TestExplain_keysThatAreNoRoutes(t *testing.T) {
	for _, key := range []string{`"file:///etc/passwd"`, `"--debug"`, `"$connect"`, `"\u001b[2J"`, `""`} {
		f := fault.New(fault.NoWebSocketRoute)
		f.Found = "the route key " + key
		if e := refused(f, "MESSAGE"); strings.Contains(e.Fix.Command, "create-route") {
			t.Errorf("%s: %s", key, e.Fix.Command)
		}
	}
}

// A key of a WebSocket API has a fix, as those of REST APIs.
func TestExplain_webSocketApiKey(t *testing.T) {
	f := fault.New(fault.ApiKeyRefused)
	f.Checked = "the API key in the header x-api-key"
	e := refused(f, "CONNECT")
	contains(t, e.Fix.Text, "Connect with the header x-api-key")
	contains(t, e.Fix.Command, "create-usage-plan-key")
}

// A function that ran out of time needs time, not another code.
func TestExplain_functionTimedOut(t *testing.T) {
	f := fault.New(fault.FunctionError)
	f.Found = "the function failed: RequestId: 1 Error: Task timed out after 5.00 seconds"
	e := refused(f, "GET")
	contains(t, e.Fix.Text, "more time than the 5 s")
	contains(t, e.Fix.Command, "update-function-configuration")
	contains(t, e.Fix.Command, "--timeout 10")
}

// Nothing is said of a signature that is not there.
func TestExplain_notSigned(t *testing.T) {
	w, _ := signedApi(t)
	for authorization, want := range map[string]string{
		"": "neither an Authorization header nor X-Amz-Signature", "Bearer abc": "Invalid key=value pair (missing equal-sign) in Authorization header",
	} {
		header := map[string]string{}
		if authorization != "" {
			header["Authorization"] = authorization
		}
		response, _ := w.send(request{path: "/prod/pets", header: header})
		e := w.explain(response.Header.Get("x-amzn-RequestId"))
		contains(t, e.Found, want)
		if strings.Contains(e.Found, "skew") || strings.Contains(e.Found, "signed for") {
			t.Errorf("found %s", e.Found)
		}
	}
}

// What is known of a key is said, and nothing else: a key that nobody looked up is not
// unknown, and temporary credentials need their session token.
func TestExplain_accessKeys(t *testing.T) {
	w, credentials := signedApi(t)
	expired := func(r *http.Request) {
		r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + credentials.AccessKeyID + "%2F20200101%2Fus-east-1%2Fexecute-api%2Faws4_request" +
			"&X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0"
		r.Header.Del("Authorization")
	}
	for name, c := range map[string]struct {
		credentials aws.Credentials
		change      func(*http.Request)
		want, never string
	}{
		"another region": {credentials, func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "/us-east-1/", "/eu-west-1/", 1))
		}, "Sign for service execute-api in region us-east-1", "unknown"},
		"no token":    {aws.Credentials{AccessKeyID: "ASIAXXXXXXXXXXXXXXXX", SecretAccessKey: "x"}, nil, "; without a session token", "does not belong"},
		"wrong token": {aws.Credentials{AccessKeyID: "ASIAXXXXXXXXXXXXXXXX", SecretAccessKey: "x", SessionToken: "t"}, nil, "does not belong", "without a session token"},
		"unknown":     {aws.Credentials{AccessKeyID: "AKIAXXXXXXXXXXXXXXXX", SecretAccessKey: "x"}, nil, "key AKIA…XX unknown", "token"},
		"expired URL": {credentials, expired, "Make a new presigned URL", "clock"},
		"both forms": {credentials, func(r *http.Request) { r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256" },
			"Found both 'X-Amz-Algorithm'", "clock"},
	} {
		e := w.sendSigned(c.credentials, "/prod/pets", c.change)
		said := e.Found + "\n" + e.Fix.Text + "\n" + e.Fix.Command
		if !strings.Contains(said, c.want) || strings.Contains(said, c.never) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// Every fault of a request says what to do in a sentence.
func TestExplain_everyFaultHasAFix(t *testing.T) {
	for _, entry := range fault.Registry() {
		e := refused(faultOf(&entry), "GET")
		if entry.ResponseType != "" && strings.HasPrefix(e.Fix.Text, "Read the article") {
			t.Errorf("%s: %s", entry.Id, e.Fix.Text)
		}
		if strings.ToUpper(e.Fix.Text[:1]) != e.Fix.Text[:1] || !strings.ContainsAny(e.Fix.Text[len(e.Fix.Text)-1:], ".:?") {
			t.Errorf("%s: %s", entry.Id, e.Fix.Text)
		}
	}
}

// An authorizer whose function ran out of time needs time, and no new code.
func TestExplain_authorizerTimedOut(t *testing.T) {
	f := fault.New(fault.AuthorizerFailed)
	f.Found = "the function threw: RequestId: 1 Error: Task timed out after 3.00 seconds"
	f.Wanted = "a policy, or an error whose text is exactly Unauthorized"
	e := refused(f, "GET")
	if e.Wanted != "an answer within the function's own timeout" || strings.Contains(e.Fix.Command, "update-function-code") {
		t.Errorf("%s: %s", e.Wanted, e.Fix.Command)
	}
	contains(t, e.Fix.Text, "more time")
}

// A token that fails its expression is told the expression.
func TestExplain_tokenExpression(t *testing.T) {
	f := fault.New(fault.IdentityMissing)
	f.Checked, f.Found = "the token against identityValidationExpression ^Bearer .*", "a token that does not match"
	contains(t, refused(f, "GET").Fix.Text, "Send a token that ^Bearer .* matches as a whole, in place of $TOKEN.")
}
