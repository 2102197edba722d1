package restapis

import (
	"context"
	"errors"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/store"
)

// The records of custom domain names are those that HTTP APIs and WebSocket APIs share:
// what these operations make, package apis shows, and the other way around.

// CreateDomainName makes a custom domain name. Its certificate is not looked at: there is
// no certificate manager here.
func (s *Service) CreateDomainName(ctx context.Context, in *apigateway.CreateDomainNameInput) (*apigateway.DomainName, error) {
	scope := scopeOf(ctx)
	target, err := s.Ids.Api()
	if err != nil {
		return nil, err
	}
	uploaded := s.Now().UTC()
	created := newDomainName(in)
	created.target, created.certificateUploadDate = target, &uploaded
	if len(created.types) > 1 {
		return nil, badRequest(messageDomainEndpointType)
	}
	if err := created.validate(scope.Region); err != nil {
		return nil, err
	}
	at := records.Scope(scope)
	err = s.transact(ctx, func(tx *store.Tx) error {
		if records.DomainNames.Has(tx, at, created.name) {
			return badRequest(messageDomainNameExists)
		}
		return records.DomainNames.Put(tx, created.record(scope.Region), at, created.name)
	})
	if err != nil {
		return nil, err
	}
	return domainNameOutput(created.record(scope.Region), scope.Region), s.awaitPublished(ctx)
}

// GetDomainName returns a custom domain name.
func (s *Service) GetDomainName(ctx context.Context, in *apigateway.GetDomainNameInput) (*apigateway.DomainName, error) {
	scope := scopeOf(ctx)
	found, err := findDomainName(s.Store.View(), records.Scope(scope), domainNameKey{in.DomainName, in.DomainNameId})
	if err != nil {
		return nil, err
	}
	return domainNameOutput(found, scope.Region), nil
}

// GetDomainNames lists the custom domain names of the account in the region.
func (s *Service) GetDomainNames(ctx context.Context, in *apigateway.GetDomainNamesInput) (*apigateway.DomainNames, error) {
	if in.ResourceOwner == apigateway.ResourceOwnerOtherAccounts {
		return nil, badRequest(unsupportedResourceOwner.Message())
	}
	scope := scopeOf(ctx)
	all, err := records.DomainNames.List(s.Store.View(), records.Scope(scope))
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(d apigwv2.DomainName) string { return d.DomainName }, pageRequest{in.Position, in.Limit})
	if err != nil {
		return nil, err
	}
	output := func(d apigwv2.DomainName) *apigateway.DomainName { return domainNameOutput(d, scope.Region) }
	return &apigateway.DomainNames{Items: convert(found.Items, output), Position: found.Next}, nil
}

// UpdateDomainName patches a custom domain name.
func (s *Service) UpdateDomainName(ctx context.Context, in *apigateway.UpdateDomainNameInput) (*apigateway.DomainName, error) {
	scope := scopeOf(ctx)
	at := records.Scope(scope)
	var updated apigwv2.DomainName
	err := s.transact(ctx, func(tx *store.Tx) error {
		found, err := findDomainName(tx, at, domainNameKey{in.DomainName, in.DomainNameId})
		if err != nil {
			return err
		}
		patched := domainNameOf(found)
		before := patched.certificates()
		if err := applyPatch(domainNamePatches, &patched, in.PatchOperations); err != nil {
			return err
		}
		if patched.certificates() != before {
			uploaded := s.Now().UTC()
			patched.certificateUploadDate = &uploaded
		}
		if err := patched.validate(scope.Region); err != nil {
			return err
		}
		updated = patched.record(scope.Region)
		return records.DomainNames.Put(tx, updated, at, updated.DomainName)
	})
	if err != nil {
		return nil, err
	}
	return domainNameOutput(updated, scope.Region), s.awaitPublished(ctx)
}

// DeleteDomainName deletes a custom domain name with its mappings and routing rules.
func (s *Service) DeleteDomainName(ctx context.Context, in *apigateway.DeleteDomainNameInput) (*apigateway.DeleteDomainNameOutput, error) {
	at := records.Scope(scopeOf(ctx))
	err := s.transact(ctx, func(tx *store.Tx) error {
		found, err := findDomainName(tx, at, domainNameKey{in.DomainName, in.DomainNameId})
		if err != nil {
			return err
		}
		records.DomainNames.Delete(tx, at, found.DomainName)
		records.ApiMappings.Delete(tx, at, found.DomainName)
		records.RoutingRules.Delete(tx, at, found.DomainName)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigateway.DeleteDomainNameOutput{}, s.awaitPublished(ctx)
}

// domainNameKey is how operations name a custom domain name; only private ones have an id.
type domainNameKey struct {
	name string
	id   *string
}

// findDomainName reads a custom domain name. Errors: NotFoundException.
func findDomainName(r store.Reader, at store.Scope, key domainNameKey) (apigwv2.DomainName, error) {
	if text(key.id) != "" {
		return apigwv2.DomainName{}, badRequest(unsupportedDomainNameId.Message())
	}
	found, err := records.DomainNames.Get(r, at, strings.ToLower(key.name))
	if errors.Is(err, store.ErrNotFound) {
		return found, notFound(messageInvalidDomainName)
	}
	return found, err
}

func domainNameOutput(d apigwv2.DomainName, region string) *apigateway.DomainName {
	arn := apigwv2.DomainNameArn(region, d.DomainName)
	shown := domainNameOf(d)
	out := &apigateway.DomainName{
		DomainName: &d.DomainName, DomainNameArn: &arn, DomainNameStatus: apigateway.DomainNameStatus(apigwv2.DomainNameAvailable),
		SecurityPolicy: apigateway.SecurityPolicy(shown.securityPolicy), RoutingMode: apigateway.RoutingMode(shown.routingMode), Tags: d.Tags,
		EndpointConfiguration: &apigateway.EndpointConfiguration{IpAddressType: apigateway.IpAddressType(shown.ipAddressType)},
	}
	for _, kind := range shown.types {
		out.EndpointConfiguration.Types = append(out.EndpointConfiguration.Types, apigateway.EndpointType(kind))
	}
	if shown.certificateUploadDate != nil {
		out.CertificateUploadDate = seconds(*shown.certificateUploadDate)
	}
	for i := range d.DomainNameConfigurations {
		configuration := &d.DomainNameConfigurations[i]
		if configuration.EndpointType == endpointEdge {
			out.CertificateArn, out.CertificateName = optional(configuration.CertificateArn), optional(configuration.CertificateName)
			out.DistributionDomainName, out.DistributionHostedZoneId = &configuration.ApiGatewayDomainName, &configuration.HostedZoneId
			continue
		}
		out.RegionalCertificateArn, out.RegionalCertificateName = optional(configuration.CertificateArn), optional(configuration.CertificateName)
		out.RegionalDomainName, out.RegionalHostedZoneId = &configuration.ApiGatewayDomainName, &configuration.HostedZoneId
	}
	return out
}
