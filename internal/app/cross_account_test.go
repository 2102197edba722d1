package app

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"gatehouse/internal/sigv4"
)

// Source: AWS's article on access from another account: a REST API lets the account in
// by its resource policy, or the caller assumes a role; HTTP and WebSocket APIs have no
// resource policies, so the role alone remains.
func TestAccessFromAnotherAccount(t *testing.T) {
	server := start(t)
	p := peopleOf(t, server)
	foreign := p.user(otherAccount, "foreign", allowing("*", "*"))
	session := p.assume(foreign, p.role(ownAccount, "callers", `{"AWS":"`+otherAccount+`"}`, allowing("execute-api:Invoke", "arn:aws:execute-api:us-east-1:"+ownAccount+":*")))
	powerless := p.assume(foreign, p.role(ownAccount, "powerless", `{"AWS":"`+otherAccount+`"}`, ""))
	expired := session
	expired.SessionToken = powerless.SessionToken

	rest, httpApi := iamRestApi(t, server), iamHttpApi(t, server)
	socketApi := whoami(t, server, sigv4.Credentials{}, map[string]any{"authorizationType": "AWS_IAM"})
	for name, api := range map[string]struct {
		status  func(with sigv4.Credentials) int
		through int
	}{
		"REST": {func(with sigv4.Credentials) int { return statusOf(t, server, "/_aws/execute-api/"+rest+"/prod/", with) }, http.StatusOK},
		"HTTP": {func(with sigv4.Credentials) int {
			return statusOf(t, server, "/_aws/execute-api/"+httpApi+"/$default/", with)
		}, http.StatusServiceUnavailable}, // of its backend, which nobody listens for
		"WEBSOCKET": {func(with sigv4.Credentials) int { return handshake(t, server, socketApi, with) }, http.StatusSwitchingProtocols},
	} {
		for who, test := range map[string]struct {
			with sigv4.Credentials
			want int
		}{
			"direct": {foreign, 403}, "root, direct": {p.rootOnce(otherAccount), 403}, "unsigned": {sigv4.Credentials{}, 403}, "through the role": {session, api.through},
			"through a role that allows nothing": {powerless, 403}, "with another session's token": {expired, 403}, "dummy": {dummy, 403},
		} {
			if got := api.status(test.with); got != test.want {
				t.Errorf("%s, %s: got %d, want %d", name, who, got, test.want)
			}
		}
	}

	call(t, server, "PATCH", "/restapis/"+rest, map[string]any{"patchOperations": []map[string]string{{"op": "replace", "path": "/policy", "value": strings.ReplaceAll(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::ACCOUNT:user/foreign"},"Action":"execute-api:Invoke","Resource":"execute-api:/*"}]}`, "ACCOUNT", otherAccount)}}})
	call(t, server, "POST", "/restapis/"+rest+"/deployments", map[string]any{"stageName": "prod"})
	if got := statusOf(t, server, "/_aws/execute-api/"+rest+"/prod/", foreign); got != http.StatusOK {
		t.Errorf("REST, let in by the resource policy: got %d", got)
	}
}

func statusOf(t *testing.T, server *App, path string, with sigv4.Credentials) int {
	t.Helper()
	status, _, _ := (&sent{method: "GET", path: path, with: with, service: "execute-api"}).do(t, server)
	return status
}

// handshake is what $connect answers.
func handshake(t *testing.T, server *App, apiId string, with sigv4.Credentials) int {
	t.Helper()
	request := (&sent{method: "GET", path: "/_aws/execute-api/" + apiId + "/prod", with: with, service: "execute-api"}).request(t, server)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	dialer := ws.Dialer{Header: ws.HandshakeHeaderHTTP(request.Header)}
	client, _, _, err := dialer.Dial(ctx, "ws://"+server.Addr()+request.URL.Path)
	var status ws.StatusError
	switch {
	case err == nil:
		_ = client.Close()
		return http.StatusSwitchingProtocols
	case errors.As(err, &status):
		return int(status)
	}
	t.Fatal(err)
	return 0
}
