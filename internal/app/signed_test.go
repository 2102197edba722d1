package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	iamapi "gatehouse/internal/awsapi/iam"
	stsapi "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/caller"
	"gatehouse/internal/config"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/sigv4"
)

const (
	ownAccount   = "000000000000"
	otherAccount = "999988887777"
)

// people makes users, roles and their keys in a running server, beside its wire.
type people struct {
	*testing.T
	server *App
	known  *identities
	roots  map[string]sigv4.Credentials
}

// rootOnce is root for who asks more than once.
func (p *people) rootOnce(account string) sigv4.Credentials {
	p.Helper()
	if _, ok := p.roots[account]; !ok {
		p.roots[account] = p.root(account)
	}
	return p.roots[account]
}

func peopleOf(t *testing.T, server *App) *people {
	t.Helper()
	known, err := server.openIdentities()
	if err != nil {
		t.Fatal(err)
	}
	return &people{T: t, server: server, known: known, roots: map[string]sigv4.Credentials{}}
}

func rootIn(account string) context.Context {
	return caller.WithCaller(context.Background(), caller.Caller{Account: account, Region: "us-east-1", PrincipalArn: "arn:aws:iam::" + account + ":root"})
}

// root is the access key of an account's root user.
func (p *people) root(account string) sigv4.Credentials {
	p.Helper()
	if key := p.server.RootAccessKey(); key != nil && account == ownAccount {
		return credentialsOf(*key)
	}
	key, made, err := p.known.iam.EnsureRootAccessKey(context.Background(), account)
	if err != nil || !made {
		p.Fatal(made, err)
	}
	return credentialsOf(key)
}

func credentialsOf(key identity.RootAccessKey) sigv4.Credentials {
	return sigv4.Credentials{AccessKeyID: key.AccessKeyId, Secret: key.SecretAccessKey}
}

// user makes a user with a policy, "" for none, and returns a key of it.
func (p *people) user(account, name, policy string) sigv4.Credentials {
	p.Helper()
	ctx := rootIn(account)
	if _, err := p.known.iam.CreateUser(ctx, &iamapi.CreateUserInput{UserName: name}); err != nil {
		p.Fatal(err)
	}
	if policy != "" {
		if _, err := p.known.iam.PutUserPolicy(ctx, &iamapi.PutUserPolicyInput{UserName: name, PolicyName: "p", PolicyDocument: policy}); err != nil {
			p.Fatal(err)
		}
	}
	made, err := p.known.iam.CreateAccessKey(ctx, &iamapi.CreateAccessKeyInput{UserName: &name})
	if err != nil {
		p.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: made.AccessKey.AccessKeyId, Secret: made.AccessKey.SecretAccessKey}
}

// deactivate makes a user's key inactive.
func (p *people) deactivate(user, accessKeyId string) {
	p.Helper()
	if _, err := p.known.iam.UpdateAccessKey(rootIn(ownAccount), &iamapi.UpdateAccessKeyInput{UserName: &user, AccessKeyId: accessKeyId, Status: "Inactive"}); err != nil {
		p.Fatal(err)
	}
}

// role makes a role that an account's principals may assume.
func (p *people) role(account, name, trusted, policy string) (arn string) {
	p.Helper()
	ctx := rootIn(account)
	made, err := p.known.iam.CreateRole(ctx, &iamapi.CreateRoleInput{
		RoleName: name, AssumeRolePolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + trusted + `,"Action":"sts:AssumeRole"}]}`,
	})
	if err != nil {
		p.Fatal(err)
	}
	if policy != "" {
		if _, err := p.known.iam.PutRolePolicy(ctx, &iamapi.PutRolePolicyInput{RoleName: name, PolicyName: "p", PolicyDocument: policy}); err != nil {
			p.Fatal(err)
		}
	}
	return made.Role.Arn
}

// assume makes a session of a role, in the name of whoever has the key.
func (p *people) assume(with sigv4.Credentials, roleArn string) sigv4.Credentials {
	p.Helper()
	key, ok := p.known.keyring.Find(with.AccessKeyID, with.SessionToken)
	if !ok {
		p.Fatal("nobody has the key")
	}
	ctx := caller.WithCaller(context.Background(), caller.Caller{
		Account: key.Principal.Account, Region: "us-east-1", PrincipalArn: key.Principal.ARN, Signed: true,
		Identity: &caller.Identity{Principal: key.Principal, Policies: key.Policies},
	})
	made, err := p.known.sts.AssumeRole(ctx, &stsapi.AssumeRoleInput{RoleArn: roleArn, RoleSessionName: "session"})
	if err != nil {
		p.Fatal(err)
	}
	return sigv4.Credentials{AccessKeyID: made.Credentials.AccessKeyId, Secret: made.Credentials.SecretAccessKey, SessionToken: made.Credentials.SessionToken}
}

func allowing(action, resource string) string { return policyOf("Allow", action, resource) }

func policyOf(effect, action, resource string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"` + effect + `","Action":"` + action + `","Resource":"` + resource + `"}]}`
}

// sent is a request of a client, signed with its credentials if there are any.
type sent struct {
	method, host, path, body string // the path with its query, as on the wire
	with                     sigv4.Credentials
	service                  string
	region                   string // us-east-1 where it is empty
	headers                  http.Header
}

// request makes the request; its host may be any, it goes to the server.
func (s *sent) request(t *testing.T, server *App) *http.Request {
	t.Helper()
	request, err := http.NewRequest(s.method, server.URL()+s.path, strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range s.headers {
		request.Header[name] = values
	}
	if s.host != "" {
		request.Host = s.host
	}
	if s.with.AccessKeyID != "" {
		sign(request, s.body, s.with, sigv4.Scope{Region: cmp.Or(s.region, "us-east-1"), Service: s.service})
	}
	return request
}

// sign signs a request as it will stand on the wire.
func sign(request *http.Request, body string, with sigv4.Credentials, scope sigv4.Scope) {
	signer := sigv4.Signer{Credentials: with, Scope: scope}
	signed := &sigv4.Request{Method: request.Method, Path: request.URL.EscapedPath(), RawQuery: request.URL.RawQuery, Host: request.Host, Body: []byte(body)}
	signer.Sign(signed, time.Now())
	for _, header := range signed.Headers {
		request.Header.Set(header.Name, header.Value)
	}
}

// dummy are credentials of nobody, as developer mode takes them.
var dummy = sigv4.Credentials{AccessKeyID: "test", Secret: "test"}

// do returns the status, the body, and the headers of the answer.
func (s *sent) do(t *testing.T, server *App) (int, string, http.Header) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(s.request(t, server))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode, textOf(response), response.Header
}

func textOf(response *http.Response) string {
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// made does a call of the control plane that must succeed, and returns its answer.
func made(t *testing.T, server *App, with sigv4.Credentials, method, path string, body any) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	one := &sent{method: method, path: path, body: string(encoded), with: with, service: "apigateway"}
	status, text, _ := one.do(t, server)
	if status >= http.StatusMultipleChoices {
		t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	answer := map[string]any{}
	if len(bytes.TrimSpace([]byte(text))) > 0 {
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			t.Fatal(err)
		}
	}
	return answer
}

func secure(c *config.Config) { c.Secure = true }
