package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gatehouse/internal/iam/records"
	"gatehouse/internal/lambda"
)

// Bounds of what is remembered of functions' credentials.
const (
	maxRoleCredentials = 4096
	// roleCredentialsLife is far longer than an execution environment should live: its
	// credentials cannot be replaced while it runs. Deleting the role ends them at once.
	roleCredentialsLife = 7 * 24 * time.Hour
	// roleCredentialsFresh is how long the same credentials are given to new environments.
	roleCredentialsFresh = time.Hour
	lambdaService        = "lambda.amazonaws.com"
)

// roleCredentials gives functions the credentials of their execution roles.
type roleCredentials struct {
	app   *App
	known *identities

	mu    sync.Mutex // guards given
	given map[roleUse]issuedCredentials
}

// roleUse is a role, as it now is, used by a function.
type roleUse struct{ roleArn, roleId, functionName string }

type issuedCredentials struct {
	credentials *lambda.Credentials
	at          time.Time
}

func newRoleCredentials(a *App, known *identities) *roleCredentials {
	return &roleCredentials{app: a, known: known, given: map[roleUse]issuedCredentials{}}
}

// of returns the credentials of a function's role. A role that does not exist, or does
// not trust Lambda, gives none in secure mode; in developer mode, where roles are often
// made up, the function then acts as its account.
func (r *roleCredentials) of(account, roleArn, functionName string) *lambda.Credentials {
	if parsed, ok := records.ParseArn(roleArn); !ok || parsed.Account != account {
		return r.without(account, functionName, errors.New("its role is not of its account"))
	}
	use := roleUse{roleArn: roleArn, roleId: r.roleId(roleArn), functionName: functionName}
	now := r.app.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if issued, ok := r.given[use]; ok && use.roleId != "" && now.Sub(issued.at) < roleCredentialsFresh {
		return issued.credentials
	}
	made, err := r.known.sts.SessionOfRole(lambdaService, roleArn, functionName, int32(roleCredentialsLife/time.Second))
	if err != nil {
		return r.without(account, functionName, err)
	}
	if len(r.given) >= maxRoleCredentials {
		clear(r.given)
	}
	credentials := &lambda.Credentials{AccessKeyID: made.AccessKeyId, SecretAccessKey: made.SecretAccessKey, SessionToken: made.SessionToken}
	r.given[use] = issuedCredentials{credentials: credentials, at: now}
	return credentials
}

// without is what a function gets whose role cannot be assumed.
func (r *roleCredentials) without(account, functionName string, err error) *lambda.Credentials {
	if r.app.options.Config.Secure {
		r.app.log.LogAttrs(context.Background(), slog.LevelWarn, "function runs without credentials", slog.String("function", functionName), slog.Any("error", err))
		return nil
	}
	return &lambda.Credentials{AccessKeyID: account, SecretAccessKey: "function", SessionToken: "function"}
}

// roleId is the unique id of the role that now has the ARN.
func (r *roleCredentials) roleId(roleArn string) string {
	parsed, ok := records.ParseArn(roleArn)
	if !ok {
		return ""
	}
	role, err := records.Roles.Get(r.app.store.View(), records.Scope(parsed.Account), records.NameId(parsed.Name))
	if err != nil {
		return ""
	}
	return role.RoleId
}
