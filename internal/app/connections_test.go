package app

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"gatehouse/internal/config"
	"gatehouse/internal/sigv4"
)

// whoami makes a WebSocket API whose stage prod answers every message with the
// connection's id, as whoever has the credentials, and returns the API's id.
func whoami(t *testing.T, server *App, with sigv4.Credentials, connect map[string]any) string {
	t.Helper()
	apiId := made(t, server, with, "POST", "/v2/apis", map[string]any{
		"name": "chat", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action",
	})["apiId"].(string)
	path := "/v2/apis/" + apiId
	integration := made(t, server, with, "POST", path+"/integrations", map[string]any{
		"integrationType": "MOCK", "requestTemplates": map[string]string{"200": `{"statusCode":200}`}, "templateSelectionExpression": "200",
	})["integrationId"].(string)
	made(t, server, with, "POST", path+"/integrations/"+integration+"/integrationresponses", map[string]any{
		"integrationResponseKey": "$default", "responseTemplates": map[string]string{"id": `{"you":"$context.connectionId"}`}, "templateSelectionExpression": "id",
	})
	target := "integrations/" + integration
	route := made(t, server, with, "POST", path+"/routes", map[string]any{"routeKey": "who", "target": target, "routeResponseSelectionExpression": "$default"})["routeId"].(string)
	made(t, server, with, "POST", path+"/routes/"+route+"/routeresponses", map[string]any{"routeResponseKey": "$default"})
	if connect != nil {
		connect["routeKey"], connect["target"] = "$connect", target
		made(t, server, with, "POST", path+"/routes", connect)
	}
	deployment := made(t, server, with, "POST", path+"/deployments", map[string]any{})["deploymentId"]
	made(t, server, with, "POST", path+"/stages", map[string]any{"stageName": "prod", "deploymentId": deployment})
	return apiId
}

// connect opens a connection to the stage prod and asks for its id.
func connect(t *testing.T, server *App, apiId string) (client net.Conn, connectionId string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	client, _, _, err := ws.Dial(ctx, "ws://"+server.Addr()+"/_aws/execute-api/"+apiId+"/prod")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	_ = client.SetDeadline(time.Now().Add(patience))
	if err := wsutil.WriteClientText(client, []byte(`{"action":"who"}`)); err != nil {
		t.Fatal(err)
	}
	answer, err := wsutil.ReadServerText(client)
	if err != nil {
		t.Fatal(err)
	}
	var who struct{ You string }
	if err := json.Unmarshal(answer, &who); err != nil || who.You == "" {
		t.Fatalf("got %s %v", answer, err)
	}
	return client, who.You
}

// Source: guide, apigateway-websocket-control-access-iam.md, and the model's exceptions;
// what dummies may is ours.
func TestAuthorizationOfConnections(t *testing.T) {
	for mode, change := range map[string]func(*config.Config){"developer": func(*config.Config) {}, "secure": secure} {
		t.Run(mode, func(t *testing.T) {
			server := start(t, change)
			p := peopleOf(t, server)
			own := dummy
			if mode == "secure" {
				own = p.root(ownAccount)
			}
			apiId := whoami(t, server, own, nil)
			_, id := connect(t, server, apiId)
			made(t, server, own, "POST", "/v2/domainnames", map[string]any{"domainName": "ws.example.com", "domainNameConfigurations": []any{map[string]any{"certificateArn": "arn:aws:acm:us-east-1:" + ownAccount + ":certificate/c"}}})
			made(t, server, own, "POST", "/v2/domainnames/ws.example.com/apimappings", map[string]any{"apiId": apiId, "stage": "prod", "apiMappingKey": "v1"})
			const manage = "execute-api:ManageConnections"
			arn := "arn:aws:execute-api:us-east-1:" + ownAccount + ":" + apiId
			allowed := p.user(ownAccount, "allowed", allowing(manage, arn+"/prod/*/@connections/*"))
			denied := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"` + manage + `","Resource":"*"}]}`
			role := p.role(ownAccount, "managers", `{"AWS":"*"}`, allowing(manage, arn+"/*"))
			foreign := p.user(otherAccount, "foreign", allowing("*", "*"))
			session := p.assume(foreign, role)
			inactive := p.user(ownAccount, "inactive", allowing("*", "*"))
			p.deactivate("inactive", inactive.AccessKeyID)
			badToken := session
			badToken.SessionToken = "AAAA" + session.SessionToken[4:]
			dummies := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[mode == "developer"]
			for _, test := range []struct {
				name   string
				with   sigv4.Credentials
				want   int
				inBody string
			}{
				{"unsigned", sigv4.Credentials{}, 403, "Missing Authentication Token"},
				{"bad signature", sigv4.Credentials{AccessKeyID: allowed.AccessKeyID, Secret: "wrong"}, 403, "The request signature we calculated does not match"},
				{"unknown key", sigv4.Credentials{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", Secret: "x"}, 403, "The security token included in the request is invalid"},
				{"inactive key", inactive, 403, "The security token included in the request is invalid"},
				{"without a policy", p.user(ownAccount, "silent", ""), 403, "is not authorized to perform: " + manage + " on resource: " + arn + "/prod/GET/@connections/" + id},
				{"another stage's policy", p.user(ownAccount, "astray", allowing(manage, arn+"/dev/*")), 403, "not authorized"},
				{"another method's policy", p.user(ownAccount, "poster", allowing(manage, arn+"/prod/POST/*")), 403, "not authorized"},
				{"with a policy", allowed, 200, "connectedAt"},
				{"explicit deny", p.user(ownAccount, "denied", denied), 403, "with an explicit deny"},
				{"another account", foreign, 403, "not authorized"},
				{"another account's role session", session, 200, "connectedAt"},
				{"a token that is not the session's", badToken, 403, "The security token included in the request is invalid"},
				{"root", p.root(otherAccount), 403, "not authorized"},
				{"dummy", dummy, dummies, ""},
				{"dummy of the account", sigv4.Credentials{AccessKeyID: ownAccount, Secret: "x", SessionToken: "x"}, dummies, ""},
				{"dummy of another account", sigv4.Credentials{AccessKeyID: otherAccount, Secret: "x"}, 403, ""},
			} {
				for shape, at := range map[string]*sent{
					"host":         {host: apiId + ".execute-api.localhost", path: "/prod"},
					"path":         {path: "/_aws/execute-api/" + apiId + "/prod"},
					"user request": {path: "/restapis/" + apiId + "/prod/_user_request_"},
					"domain name":  {host: "ws.example.com", path: "/v1"},
					"id alone":     {},
				} {
					at.method, at.path, at.with, at.service = "GET", at.path+"/@connections/"+url.PathEscape(id), test.with, "execute-api"
					if status, text, _ := at.do(t, server); status != test.want || !strings.Contains(text, test.inBody) {
						t.Errorf("%s, %s: got %d %s, want %d %s", test.name, shape, status, text, test.want, test.inBody)
					}
				}
			}
		})
	}
}

// A dummy key that is signed for another service or region is not let in either.
func TestConnectionsNeedTheirOwnScope(t *testing.T) {
	server := start(t)
	apiId := whoami(t, server, sigv4.Credentials{}, nil)
	_, id := connect(t, server, apiId)
	path := "/_aws/execute-api/" + apiId + "/prod/@connections/" + url.PathEscape(id)
	for _, one := range []*sent{{service: "apigateway"}, {service: "execute-api", region: "eu-west-1"}} {
		one.method, one.path, one.with = "GET", path, dummy
		if status, text, _ := one.do(t, server); status != http.StatusForbidden {
			t.Errorf("signed for %s in %s: got %d %s", one.service, one.region, status, text)
		}
	}
}

// A function calls @connections with what its environment holds: the credentials of its
// role, which must allow it, or in developer mode, for a role that does not exist, its account.
func TestFunctionsManageConnections(t *testing.T) {
	server := start(t)
	p := peopleOf(t, server)
	apiId := whoami(t, server, sigv4.Credentials{}, nil)
	_, id := connect(t, server, apiId)
	const lambda = `{"Service":"lambda.amazonaws.com"}`
	credentials := newRoleCredentials(server, p.known)
	for roleArn, want := range map[string]int{
		"arn:aws:iam::" + ownAccount + ":role/made-up": http.StatusOK,
		p.role(ownAccount, "silent", lambda, ""):       http.StatusForbidden,
		p.role(ownAccount, "manager", lambda, allowing("execute-api:ManageConnections", "arn:aws:execute-api:*:*:"+apiId+"/*")): http.StatusOK,
	} {
		given := credentials.of(ownAccount, roleArn, "f")
		one := &sent{
			method: "GET", path: "/_aws/execute-api/" + apiId + "/prod/@connections/" + url.PathEscape(id), service: "execute-api",
			with: sigv4.Credentials{AccessKeyID: given.AccessKeyID, Secret: given.SecretAccessKey, SessionToken: given.SessionToken},
		}
		if status, text, _ := one.do(t, server); status != want {
			t.Errorf("%s: got %d %s, want %d", roleArn, status, text, want)
		}
	}
}
