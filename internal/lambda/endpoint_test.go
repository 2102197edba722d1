package lambda

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMatchPattern(t *testing.T) {
	cases := []struct {
		pattern, text string
		want          bool
	}{
		{"orders", "orders", true},
		{"orders", "orders2", false},
		{"ord*", "orders", true},
		{"*", "", true},
		{"*:function:pets-*", "arn:aws:lambda:us-east-1:1:function:pets-get", true},
		{"*:function:pets-*", "arn:aws:lambda:us-east-1:1:function:orders", false},
		{"a*a", "a", false},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "acb", false},
	}
	for _, c := range cases {
		if got := matchPattern(c.pattern, c.text); got != c.want {
			t.Errorf("matchPattern(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

// The wire of Invoke is that of the Lambda model: header and query names.
func TestInvoke_endpoint(t *testing.T) {
	type answer struct {
		status int
		header map[string]string
		body   string
	}
	var next answer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(body) != `{"a":1}` || r.Header.Get("Authorization") != "signed 7" {
			t.Errorf("got %s %s with %s", r.Method, body, r.Header.Get("Authorization"))
		}
		for name, value := range next.header {
			w.Header().Set(name, value)
		}
		w.Header().Set("X-Path", r.URL.String())
		w.WriteHeader(next.status)
		io.WriteString(w, strings.ReplaceAll(next.body, "PATH", r.URL.String()))
	}))
	defer server.Close()
	sign := func(request *http.Request, body []byte) error {
		request.Header.Set("Authorization", "signed "+string('0'+rune(len(body))))
		return nil
	}
	r, _ := newTestRunner(t, func(o *Options) {
		o.Endpoints = []Endpoint{
			{Pattern: "*:function:emulated", URL: server.URL, FunctionName: "function", Emulator: true, Sign: sign},
			{Pattern: "f", URL: server.URL + "/", Sign: sign},
		}
	})
	f := testFunction("java21", Code{})
	call := Invocation{Payload: []byte(`{"a":1}`), Qualifier: "live", LogTail: true}

	next = answer{200, map[string]string{
		"X-Amz-Log-Result": base64.StdEncoding.EncodeToString([]byte("tail")), "X-Amz-Executed-Version": "7",
	}, `"PATH"`}
	result, err := r.Invoke(t.Context(), f, call)
	if err != nil || string(result.Payload) != `"/2015-03-31/functions/f/invocations?Qualifier=live"` ||
		string(result.LogTail) != "tail" || result.ExecutedVersion != "7" || result.FunctionError != "" {
		t.Errorf("got %s %+v %v", result.Payload, result, err)
	}

	next = answer{200, map[string]string{"X-Amz-Function-Error": "Unhandled"}, `{"errorMessage":"x"}`}
	if result, err = r.Invoke(t.Context(), f, call); err != nil || result.FunctionError != "Unhandled" {
		t.Errorf("got %+v %v", result, err)
	}

	next = answer{429, map[string]string{"X-Amzn-Errortype": "TooManyRequestsException:"},
		`{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}`}
	_, err = r.Invoke(t.Context(), f, call)
	var remote *ErrRemote
	if !errors.As(err, &remote) || remote.Type != "TooManyRequestsException" || remote.Reason != ReasonConcurrency {
		t.Errorf("got %v", err)
	}

	f.FunctionName, f.Arn = "emulated", "arn:aws:lambda:us-east-1:1:function:emulated"
	next = answer{200, nil, `{"errorMessage":"PATH","errorType":"Pets"}`}
	result, err = r.Invoke(t.Context(), f, call)
	if err != nil || result.FunctionError != "Unhandled" || !strings.Contains(string(result.Payload), "/functions/function/invocations\"") {
		t.Errorf("got %s %q %v", result.Payload, result.FunctionError, err)
	}
	next.body = `{"errorMessage":"in a body of its own","statusCode":200}`
	if result, err = r.Invoke(t.Context(), f, call); err != nil || result.FunctionError != "" {
		t.Errorf("got %+v %v", result, err)
	}
}

func TestInvoke_endpointAway(t *testing.T) {
	r, _ := newTestRunner(t, func(o *Options) { o.Endpoints = []Endpoint{{Pattern: "*", URL: "http://127.0.0.1:1"}} })
	if !r.RunsElsewhere("arn:aws:lambda:us-east-1:000000000000:function:f", "f") {
		t.Error("a function of any name does not run elsewhere")
	}
	if _, err := r.Invoke(t.Context(), testFunction("java21", Code{}), Invocation{}); err == nil {
		t.Error("got no error from an endpoint that is away")
	}
}
