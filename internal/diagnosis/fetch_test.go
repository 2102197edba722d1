package diagnosis

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/dataplane/record"
)

// Source: ours; AWS explains no request. What stands around ids is as AWS's logs, SDKs and
// shells have it.

const (
	anId       = "5c1bf98d-c02b-4c40-82fa-8398469cb6c5"
	anExtended = "CA3fuaXjRm0-C4A="
)

// TestRequestIds is about what people paste.
func TestRequestIds(t *testing.T) {
	for text, want := range map[string][]string{
		anId:                   {anId},
		" " + anId + "\n":      {anId},
		`"` + anId + `"`:       {anId},
		"'" + anId + "'":       {anId},
		strings.ToUpper(anId):  {anId},
		"<" + anId + ">,":      {anId},
		anExtended:             {anExtended},
		"latest":               {"latest"},
		"gh-r101":              {"GH-R101"},
		"GH-R101.":             {"GH-R101"},
		"a1b2c3d4e5":           {"a1b2c3d4e5"},
		"unknown":              {"unknown"},
		"":                     nil,
		" \n":                  nil,
		`""`:                   nil,
		"why does it not work": nil,
		"/tmp/log":             nil,
		"requestId=" + anId:    {anId},
		"extendedRequestId=" + anExtended + " status=403":                               {"extendedRequestId=", anExtended},
		"(" + anId + ") Method completed with status: 403":                              {anId},
		"x-amzn-RequestId: " + anId:                                                     {anId},
		"< x-amz-apigw-id: " + anExtended + "\r\n< x-amzn-RequestId: " + anId + "\r":    {anExtended, anId},
		`{"requestId":"` + anId + `","ip":"127.0.0.1","extended":"` + anExtended + `"}`: {anId, anExtended},
		"http://127.0.0.1:4566/_gatehouse/kb/GH-R101?request=" + anId:                   {anId},
		"http://127.0.0.1:4566/_gatehouse/requests/CA3fuaXjRm0-C4A%3D":                  {anExtended},
		"An error occurred (NotFoundException) … (RequestID: " + anId + ", service: x)": {anId},
		"START RequestId: " + anId + " Version: $LATEST\nEND RequestId: " + anId:        {anId},
		"Root=1-6b046f01-79edb8806c764006dbd9a9db":                                      {"1-6b046f01-79edb8806c764006dbd9a9db"},
		strings.Repeat(anId+" ", 2*maxIds):                                              {anId},
		strings.Repeat("x", 2*MaxNamed) + " " + anId:                                    nil,
	} {
		got := RequestIds(text)
		if len(text) > MaxNamed {
			got = nil // of what is cut off nothing is found; the rest is one long word
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%.80q (-want +got):\n%s", text, diff)
		}
	}
}

// FuzzRequestIds: no text makes it find more than it may, or what is not in it.
func FuzzRequestIds(f *testing.F) {
	f.Add(anId + " " + anExtended)
	f.Add("%3D%zz=")
	f.Fuzz(func(t *testing.T, text string) {
		ids := RequestIds(text)
		if len(ids) > maxIds {
			t.Errorf("%d ids", len(ids))
		}
		for _, id := range ids {
			if strings.TrimSpace(id) == "" {
				t.Errorf("%q has the id %q", text, id)
			}
		}
	})
}

// A request is also found by the id of its backend's answer, which a function's log has, and
// by that of its trace.
func TestFindByOtherIds(t *testing.T) {
	const invocation, traced = "57593f79-6e46-4a6f-91b1-f5d848cc2059", "1-6b046f01-79edb8806c764006dbd9a9db"
	r := petRequest(anId, at("10:00:00"), true)
	r.Steps[0].Facts = append(r.Steps[0].Facts, record.Fact{Kind: record.EndpointRequestId, Text: invocation},
		record.Fact{Kind: record.RequestHeaders, Fields: []record.Field{{Name: "X-Amzn-Trace-Id", Value: "Root=" + traced}}})
	h := NewHandler(served{petRequest("another", at("10:01:00"), true), r}, &Explainer{})
	for _, id := range []string{invocation, traced} {
		if found := h.Find(t.Context(), id); found.Explanation == nil || found.Explanation.RequestId != anId {
			t.Errorf("%s: %+v", id, found.Explanation)
		}
	}
	if found := h.Find(t.Context(), "00000000-6e46-4a6f-91b1-f5d848cc2059"); found.Explanation != nil {
		t.Error("an id that nothing has was found")
	}
	h.Sight = func(context.Context) Sight { return Sight{Account: "another"} }
	if found := h.Find(t.Context(), invocation); found.Explanation != nil {
		t.Error("another account's request was found")
	}
}

// Whatever goes wrong, the error says in few words what to do.
func TestFetchNamed_saysWhatToDo(t *testing.T) {
	h := wasBeforeAndSince()
	gatehouse := httptest.NewServer(h)
	defer gatehouse.Close()
	encrypted := httptest.NewTLSServer(h)
	defer encrypted.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	empty := httptest.NewServer(NewHandler(served{}, &Explainer{}))
	defer empty.Close()
	secure := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"message":"Missing Authentication Token"}`))
	}))
	defer secure.Close()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer silent.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	_ = listener.Close()
	for _, c := range []struct {
		url, text string
		says      []string
	}{
		{gatehouse.URL, "unknown", []string{"no recent request has this id. The latest 10,000 are kept", "gatehouse explain", gatehouse.URL + "/_gatehouse/requests/"}},
		{gatehouse.URL, "a1b2c3d4e5", []string{"looks like the id of an API", "/_gatehouse/requests/?api=a1b2c3d4e5"}},
		{gatehouse.URL, "GH-L101", []string{"none failed with GH-L101", "gatehouse kb show GH-L101"}},
		{gatehouse.URL, "", []string{"it is empty, as a variable without a value is", "x-amzn-RequestId"}},
		{gatehouse.URL, "it fails", []string{"no id is in it", "x-amzn-RequestId"}},
		{empty.URL, "latest", []string{"nothing that this server remembers failed"}},
		{nobody, "failed", []string{"connection refused", "No server runs there. Start it with gatehouse serve", "AWS_ENDPOINT_URL"}},
		{other.URL, "failed", []string{"is not Gatehouse", "404 Not Found"}},
		{secure.URL, "failed", []string{"Missing Authentication Token", "secure mode", "AWS_SECRET_ACCESS_KEY", "gatehouse:ViewRequests", secure.URL + "/_gatehouse/login"}},
		{"https://" + strings.TrimPrefix(gatehouse.URL, "http://"), "failed", []string{"It speaks plain HTTP: use " + gatehouse.URL}},
		{"http://" + strings.TrimPrefix(encrypted.URL, "https://"), "failed", []string{"it speaks TLS", "Use " + encrypted.URL}},
		{encrypted.URL, "failed", []string{"not one to trust", "SSL_CERT_FILE"}},
		{silent.URL, "failed", []string{"does not answer in time"}},
		{"http://", "failed", []string{"is not the URL of a server"}},
	} {
		client := &http.Client{Timeout: time.Second, Transport: &http.Transport{}}
		_, err := FetchNamed(t.Context(), client, c.url, c.text)
		client.CloseIdleConnections()
		if err == nil {
			t.Errorf("%s, %q: no error", c.url, c.text)
			continue
		}
		for _, part := range c.says {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s, %q: %q is not in\n%v", c.url, c.text, part, err)
			}
		}
		if strings.Count(err.Error(), "\n") > 1 || len(err.Error()) > 400 {
			t.Errorf("%s, %q: long:\n%v", c.url, c.text, err)
		}
	}
}

// An address alone, a page's URL and the latest request with an error are understood.
func TestFetchNamed(t *testing.T) {
	server := httptest.NewServer(wasBeforeAndSince())
	defer server.Close()
	for _, c := range [][3]string{
		{server.URL, "failed", "failed"}, {strings.TrimPrefix(server.URL, "http://"), " 'failed' ", "failed"}, {server.URL + "/_gatehouse/requests/", "latest", "failed"},
		{server.URL + "/", "GH-I101", "failed"}, {server.URL, anId + " failed=======", ""},
	} {
		found, err := FetchNamed(t.Context(), http.DefaultClient, c[0], c[1])
		switch {
		case c[2] == "" && errors.Is(err, ErrForgotten):
		case err != nil || found.RequestId != c[2]:
			t.Errorf("%q: %+v, %v", c[1], found, err)
		}
	}
}
