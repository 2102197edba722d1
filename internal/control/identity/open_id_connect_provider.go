package identity

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/iam"
	"gatehouse/internal/iam"
	"gatehouse/internal/iam/records"
	"gatehouse/internal/store"
)

// providerId is the id of the provider of an issuer: its URL without the scheme.
func providerId(issuer string) string {
	_, rest, _ := strings.Cut(issuer, "://")
	return strings.TrimSuffix(rest, "/")
}

// checkProviderUrl refuses what cannot be an issuer: AWS wants https. An issuer on this
// machine may also be http, for developers who run one.
func checkProviderUrl(issuer string) error {
	parsed, err := url.Parse(issuer)
	if err != nil || parsed.Host == "" || parsed.RawQuery != "" || parsed.Fragment != "" || parsed.User != nil ||
		parsed.Scheme != "https" && (parsed.Scheme != "http" || !isLoopback(parsed.Hostname())) {
		return invalidInput("Invalid Open ID Connect Provider URL")
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// CreateOpenIDConnectProvider trusts an issuer of tokens. Its certificate is verified
// as any other, so thumbprints are kept and returned, and not needed.
func (s *Service) CreateOpenIDConnectProvider(ctx context.Context, in *api.CreateOpenIDConnectProviderInput) (*api.CreateOpenIDConnectProviderOutput, error) {
	if err := checkProviderUrl(in.Url); err != nil {
		return nil, err
	}
	if len(in.ClientIDList) > clientIDsPerProvider {
		return nil, quotaExceeded("ClientIdsPerOpenIdConnectProvider", clientIDsPerProvider)
	}
	tags, err := tagsFrom(in.Tags)
	if err != nil {
		return nil, err
	}
	scope, id := scopeOf(ctx), providerId(in.Url)
	provider := records.OpenIDConnectProvider{
		Url: strings.TrimSuffix(in.Url, "/"), ClientIDs: in.ClientIDList, Thumbprints: in.ThumbprintList, CreateDate: s.now(), Tags: tags,
	}
	err = s.Store.Update(ctx, func(tx *store.Tx) error {
		switch {
		case records.OpenIDConnectProviders.Has(tx, scope, id):
			return &api.EntityAlreadyExistsException{Message: "Provider with url " + in.Url + " already exists."}
		case len(records.OpenIDConnectProviders.IDs(tx, scope)) >= providersPerAccount:
			return quotaExceeded("OpenIdConnectProvidersPerAccount", providersPerAccount)
		}
		return records.OpenIDConnectProviders.Put(tx, provider, scope, id)
	})
	return orNil(&api.CreateOpenIDConnectProviderOutput{OpenIDConnectProviderArn: new(records.ProviderArn(scope.Account, id)), Tags: tagsOf(tags)}, err)
}

// findProvider reads the provider of an ARN.
func findProvider(r store.Reader, account, arn string) (records.OpenIDConnectProvider, error) {
	id, ok := strings.CutPrefix(arn, records.ProviderArn(account, ""))
	if !ok {
		return records.OpenIDConnectProvider{}, noSuchProvider(arn)
	}
	provider, err := records.OpenIDConnectProviders.Get(r, records.Scope(account), id)
	if errors.Is(err, store.ErrNotFound) {
		return provider, noSuchProvider(arn)
	}
	return provider, err
}

// GetOpenIDConnectProvider returns an issuer that is trusted.
func (s *Service) GetOpenIDConnectProvider(ctx context.Context, in *api.GetOpenIDConnectProviderInput) (*api.GetOpenIDConnectProviderOutput, error) {
	provider, err := findProvider(s.Store.View(), account(ctx), in.OpenIDConnectProviderArn)
	if err != nil {
		return nil, err
	}
	return &api.GetOpenIDConnectProviderOutput{
		Url: new(providerId(provider.Url)), ClientIDList: slices.Clone(provider.ClientIDs), ThumbprintList: slices.Clone(provider.Thumbprints),
		CreateDate: &provider.CreateDate, Tags: tagsOf(provider.Tags),
	}, nil
}

// ListOpenIDConnectProviders lists the issuers that are trusted.
func (s *Service) ListOpenIDConnectProviders(ctx context.Context, _ *api.ListOpenIDConnectProvidersInput) (*api.ListOpenIDConnectProvidersOutput, error) {
	out := &api.ListOpenIDConnectProvidersOutput{OpenIDConnectProviderList: []api.OpenIDConnectProviderListEntry{}}
	for _, id := range records.OpenIDConnectProviders.IDs(s.Store.View(), scopeOf(ctx)) {
		out.OpenIDConnectProviderList = append(out.OpenIDConnectProviderList,
			api.OpenIDConnectProviderListEntry{Arn: new(records.ProviderArn(account(ctx), id[0]))})
	}
	return out, nil
}

// DeleteOpenIDConnectProvider stops trusting an issuer. Deleting what is not there is no error.
func (s *Service) DeleteOpenIDConnectProvider(ctx context.Context, in *api.DeleteOpenIDConnectProviderInput) (*api.DeleteOpenIDConnectProviderOutput, error) {
	id, ok := strings.CutPrefix(in.OpenIDConnectProviderArn, records.ProviderArn(account(ctx), ""))
	if !ok {
		return nil, invalidInput("Invalid ARN %s", in.OpenIDConnectProviderArn)
	}
	err := s.Store.Update(ctx, func(tx *store.Tx) error {
		records.OpenIDConnectProviders.Delete(tx, scopeOf(ctx), id)
		return nil
	})
	return orNil(&api.DeleteOpenIDConnectProviderOutput{}, err)
}

// webIdentity is the principal of a token: the provider's ARN is its name.
func webIdentity(providerArn string) *iam.Principal {
	return &iam.Principal{Type: iam.WebIdentity, Name: providerArn}
}
