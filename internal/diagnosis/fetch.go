package diagnosis

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
)

// ErrForgotten says that a server knows no recent request of an id.
var ErrForgotten = errors.New("no recent request has this id")

// maxAnswer bounds what Fetch reads.
const maxAnswer = 16 << 20

// Fetch asks the server at a URL to explain a request, and says for people why it cannot.
// Errors: ErrForgotten, those of the network.
func Fetch(ctx context.Context, client *http.Client, serverUrl, requestId string) (*Explanation, error) {
	explanation := &Explanation{}
	err := ask(ctx, client, serverUrl, apiPath+"/"+url.PathEscape(requestId)+"/explanation", explanation)
	if err != nil {
		return nil, err
	}
	return explanation, nil
}

// FetchNamed explains the request that a text names: its id in whatever stands around it, a
// log line say, or the latest one with an error's id. Of several ids the first that the
// server knows counts. Errors: those of Fetch, ErrNoId.
func FetchNamed(ctx context.Context, client *http.Client, serverUrl, text string) (*Explanation, error) {
	ids := RequestIds(text)
	if len(ids) == 0 {
		return nil, noId(text)
	}
	var err error
	for _, id := range ids {
		var found *Explanation
		if IsErrorId(id) {
			found, err = fetchLatestWith(ctx, client, serverUrl, id)
		} else {
			found, err = Fetch(ctx, client, serverUrl, id)
		}
		if err == nil || !errors.Is(err, ErrForgotten) {
			return found, err
		}
	}
	return nil, forgottenOf(serverUrl, ids, err)
}

// fetchLatestWith explains the latest request that failed with an error.
func fetchLatestWith(ctx context.Context, client *http.Client, serverUrl, errorId string) (*Explanation, error) {
	var list listAnswer
	if err := ask(ctx, client, serverUrl, apiPath+"?limit=1&error="+url.QueryEscape(errorId), &list); err != nil {
		return nil, err
	}
	if len(list.Requests) == 0 {
		return nil, fmt.Errorf("%w: none failed with %s", ErrForgotten, errorId)
	}
	return Fetch(ctx, client, serverUrl, list.Requests[0].RequestId)
}

// forgottenOf says what to do about ids that a server does not know.
func forgottenOf(serverUrl string, ids []string, err error) error {
	page := ServerUrl(serverUrl) + pagesPath + "/"
	if ids[0] == Latest {
		return fmt.Errorf("%w: nothing that this server remembers failed\nAll requests: %s", ErrForgotten, page)
	}
	if apiId.MatchString(ids[0]) {
		return fmt.Errorf("%w\n%s looks like the id of an API. Its requests: %s?api=%s", err, ids[0], page, ids[0])
	}
	if IsErrorId(ids[0]) {
		return fmt.Errorf("%w\nWhat the error means: gatehouse kb show %s", err, ids[0])
	}
	return fmt.Errorf("%w\nThe latest failure: gatehouse explain    All requests: %s", err, page)
}

// ask gets an answer of the server's API.
func ask(ctx context.Context, client *http.Client, serverUrl, path string, answer any) error {
	serverUrl = ServerUrl(serverUrl)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, serverUrl+path, http.NoBody)
	if err != nil || request.URL.Host == "" {
		return fmt.Errorf("%s is not the URL of a server, such as http://127.0.0.1:4566", serverUrl)
	}
	response, err := client.Do(request)
	if err != nil {
		return unreachable(serverUrl, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", serverUrl, err)
	}
	if response.StatusCode != http.StatusOK {
		return refusedBy(serverUrl, response, body)
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return notGatehouse(serverUrl, response)
	}
	return nil
}

// ServerUrl is the URL of a server that a person means by an address alone, by one with a
// slash at the end, or by that of a page.
func ServerUrl(given string) string {
	given, _, _ = strings.Cut(strings.TrimSpace(given), "/_gatehouse")
	if !strings.HasSuffix(given, "://") {
		given = strings.TrimSuffix(given, "/")
	}
	if strings.Contains(given, "://") {
		return given
	}
	return "http://" + given
}

// unreachable says what to do about a server that does not answer.
func unreachable(serverUrl string, err error) error {
	advice := "Start it with gatehouse serve, or say where it is: --url or AWS_ENDPOINT_URL."
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var notTls tls.RecordHeaderError
	switch {
	case errors.As(err, &notTls), errors.Is(err, http.ErrSchemeMismatch):
		advice = "It speaks plain HTTP: use " + strings.Replace(serverUrl, "https://", "http://", 1)
	case errors.As(err, &certificate), errors.As(err, &unknown):
		advice = "The certificate is not one to trust. If it is the server's own, name the authority's file in SSL_CERT_FILE."
	case errors.As(err, &name):
		advice = "The host name is not known. " + advice
	case errors.Is(err, syscall.ECONNREFUSED):
		advice = "No server runs there. " + advice
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		advice = "It does not answer in time."
	}
	return fmt.Errorf("asking %s: %w\n%s", serverUrl, innermost(err), advice)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

// innermost is an error without what the client says around it: the URL, which may be long.
func innermost(err error) error {
	var sending *url.Error
	if errors.As(err, &sending) {
		return sending.Err
	}
	return err
}

// refusedBy says what to do about an answer that is no explanation.
func refusedBy(serverUrl string, response *http.Response, body []byte) error {
	var refusal forgotten
	isJson := json.Unmarshal(body, &refusal) == nil && refusal.Message != ""
	switch {
	case !isJson || response.StatusCode == http.StatusNotFound && !strings.HasPrefix(refusal.Message, messageForgottenBegins):
		if strings.Contains(string(body), "HTTPS server") || response.Header.Get("X-Gatehouse-Error") == "GH-V310" {
			return fmt.Errorf("asking %s: it speaks TLS\nUse %s", serverUrl, strings.Replace(serverUrl, "http://", "https://", 1))
		}
		return notGatehouse(serverUrl, response)
	case response.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w%s. %s", ErrForgotten, unansweredIn(refusal.Unanswered), strings.TrimPrefix(strings.TrimPrefix(refusal.Message, messageForgottenBegins), " "))
	case response.StatusCode == http.StatusForbidden:
		return fmt.Errorf("%s answered %s: %s\nIt is in secure mode: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that may do gatehouse:ViewRequests, or log in at %s/_gatehouse/login",
			serverUrl, response.Status, strings.TrimSuffix(refusal.Message, "."), serverUrl)
	}
	return fmt.Errorf("%s answered %s: %s", serverUrl, response.Status, refusal.Message)
}

func notGatehouse(serverUrl string, response *http.Response) error {
	server := cmp.Or(response.Header.Get("Server"), "not known")
	return fmt.Errorf("what answers at %s is not Gatehouse, or its data plane alone: %s, server %s\nSay where it is: --url or AWS_ENDPOINT_URL", serverUrl, response.Status, printable(server))
}

// unansweredIn says which nodes could not be asked.
func unansweredIn(list []Unanswered) string {
	text := ""
	for _, one := range list {
		text += "; " + one.String() + ", and may know it"
	}
	return text
}
