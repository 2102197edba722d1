package app

import (
	"context"
	"errors"
	"fmt"

	"gatehouse/internal/apigw"
	"gatehouse/internal/integration/services"
	"gatehouse/internal/sigv4"
	"gatehouse/internal/store"
)

const (
	apiGatewayService        = "apigateway.amazonaws.com"
	serviceSessionName       = "BackplaneAssumeRoleSession" // seen in AWS's messages
	serviceSessionSeconds    = 3600
	developerSecretAccessKey = "developer"
)

// ownServices are the services that this server has itself, by the names of URIs.
var ownServices = []string{"apigateway", "lambda", "logs", "sts", "iam", "elasticloadbalancing"}

// serviceEndpoints are the servers that integrations call AWS services at.
func (a *App) serviceEndpoints(known *identities) *services.Endpoints {
	own := map[string]string{}
	for _, name := range ownServices {
		own[name] = a.URL()
	}
	return &services.Endpoints{Configured: a.options.Config.ServiceEndpoints, Own: own, Credentials: a.serviceCredentials(known), Now: a.now}
}

// serviceCredentials are what calls of services are signed with: the integration's role,
// or the access key of whoever calls the API. In developer mode, where roles and keys are
// often made up, a role that does not exist signs as its account, and an unknown key with
// a secret of ours.
func (a *App) serviceCredentials(known *identities) func(context.Context, *services.Caller) (sigv4.Credentials, error) {
	return func(_ context.Context, caller *services.Caller) (sigv4.Credentials, error) {
		if caller.RoleArn == apigw.CallerCredentials {
			return a.callerCredentials(known, caller)
		}
		made, err := known.sts.SessionOfRole(apiGatewayService, caller.RoleArn, serviceSessionName, serviceSessionSeconds)
		if err == nil {
			return sigv4.Credentials{AccessKeyID: made.AccessKeyId, Secret: made.SecretAccessKey, SessionToken: made.SessionToken}, nil
		}
		if errors.Is(err, store.ErrNotFound) && !a.options.Config.Secure {
			return sigv4.Credentials{AccessKeyID: caller.AccountId, Secret: developerSecretAccessKey}, nil
		}
		return sigv4.Credentials{}, fmt.Errorf("assuming role %s: %w", caller.RoleArn, err)
	}
}

func (a *App) callerCredentials(known *identities, caller *services.Caller) (sigv4.Credentials, error) {
	if caller.AccessKeyId == "" {
		return sigv4.Credentials{}, services.ErrNoCaller
	}
	key, ok := known.keyring.Find(caller.AccessKeyId, caller.SessionToken)
	if !ok {
		return sigv4.Credentials{}, fmt.Errorf("passing on the credentials of the caller: no access key %s", caller.AccessKeyId)
	}
	return sigv4.Credentials{AccessKeyID: key.ID, Secret: key.Secret, SessionToken: key.SessionToken}, nil
}
