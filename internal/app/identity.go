package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"

	"gatehouse/internal/authenticator"
	iamapi "gatehouse/internal/awsapi/iam"
	stsapi "gatehouse/internal/awsapi/sts"
	"gatehouse/internal/control/functions"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/iam/sessions"
	"gatehouse/internal/jwks"
	"gatehouse/internal/login"
	"gatehouse/internal/origin"
	"gatehouse/internal/secret"
	"gatehouse/internal/wire"
)

// identities are the parts that know who calls and what they may do.
type identities struct {
	keeper       *secret.Keeper
	iam          *identity.Service
	sts          *identity.TokenService
	keyring      *authenticator.Keyring
	signatures   *authenticator.Signatures
	integrations *authenticator.Integrations
	proxies      origin.TrustedProxies
}

// openIdentities opens the key of this server's secrets and makes the parts. The two
// modes differ in authenticator and authorizer alone.
func (a *App) openIdentities() (*identities, error) {
	keeper, err := secret.Open(secret.PathOf(a.options.Config.Data), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("opening the key that seals secrets: %w", err)
	}
	i := &identities{keeper: keeper}
	if i.proxies, err = origin.ParseTrustedProxies(a.options.Config.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trustedProxies: %w", err)
	}
	secrets, sealer := records.NewSecrets(keeper), sessions.NewSealer(keeper, rand.Reader)
	i.keyring = &authenticator.Keyring{Store: a.store, Secrets: secrets, Sessions: sealer, Log: a.log}
	i.signatures = authenticator.NewSignatures(i.keyring, a.now)
	i.integrations = &authenticator.Integrations{Keyring: i.keyring, Now: a.now}
	i.iam = &identity.Service{Store: a.store, Secrets: secrets, Now: a.now, Random: rand.Reader, LastUsed: i.signatures.LastUsed}
	i.sts = &identity.TokenService{
		Store: a.store, Sessions: sealer, Issuers: jwks.NewClient(a.now), Now: a.now, Log: a.log, RootAssumesRoles: !a.options.Config.Secure,
	}
	return i, nil
}

// services are IAM and STS.
func (i *identities) services() []wire.Service {
	return []wire.Service{
		{Schema: iamapi.Schema(), Implementation: i.iam},
		{Schema: stsapi.Schema(), Implementation: i.sts},
	}
}

// authenticator says who calls AWS's service APIs.
func (a *App) authenticator(i *identities) wire.Authenticator {
	settings := a.options.Config
	secure := &authenticator.Secure{Signatures: i.signatures, TrustedProxies: i.proxies, Region: settings.Region, Log: a.log}
	if settings.Secure {
		return secure
	}
	return &authenticator.Developer{
		DeveloperAuthenticator: wire.DeveloperAuthenticator{DefaultAccount: settings.Account, DefaultRegion: settings.Region},
		Keyring:                i.keyring, TrustedProxies: i.proxies, Connections: secure,
	}
}

// authorizer decides what they may do; in developer mode over @connections alone.
func (a *App) authorizer(p *parts) wire.Authorizer {
	return &authenticator.Authorizer{
		Store: a.store, Now: a.now, Log: a.log, DeveloperMode: !a.options.Config.Secure, FunctionArn: functions.FunctionArn,
		FunctionPolicy: p.functions.PolicyOf, Connections: connectionsApi(p),
	}
}

// gate is in front of what Gatehouse itself shows in secure mode.
func (a *App) gate(ctx context.Context, p *parts) *login.Gate {
	gate := login.New(login.Options{
		Store: a.store, Sealer: p.known.keeper.Box("login sessions"),
		Keys: p.known.keyring, Signatures: p.known.signatures, Account: a.options.Config.Account, Now: a.now, Random: rand.Reader,
		BehindProxy: len(a.options.Config.TrustedProxies) > 0, Log: a.log,
	})
	a.background(ctx, gate.Run)
	return gate
}

// makeRootAccessKey makes the way into a new server in secure mode.
func (a *App) makeRootAccessKey(ctx context.Context, i *identities) error {
	if !a.options.Config.Secure {
		return nil
	}
	key, made, err := i.iam.EnsureRootAccessKey(ctx, a.options.Config.Account)
	if err != nil {
		return fmt.Errorf("making the root access key: %w", err)
	}
	if made {
		a.rootAccessKey = &key
	}
	return nil
}

// RootAccessKey is the access key of the root user, when Start has made one: it is to be
// shown once. Nil when there was one already, and in developer mode.
func (a *App) RootAccessKey() *identity.RootAccessKey { return a.rootAccessKey }

// hidden are the directories that functions must not see: the records, and the key of the secrets.
func (a *App) hidden() []string {
	data := a.options.Config.Data
	directories := []string{filepath.Join(data, "jetstream"), filepath.Dir(secret.PathOf(data))}
	for i, directory := range directories {
		if absolute, err := filepath.Abs(directory); err == nil {
			directories[i] = absolute
		}
	}
	return directories
}
