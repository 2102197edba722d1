package apis

import (
	"context"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/control/list"
)

const (
	endpointRegional = "REGIONAL"
	endpointEdge     = "EDGE"

	securityTls12 = "TLS_1_2"
)

// CreateDomainName makes a custom domain. Its certificate is not looked at: there is
// no certificate manager here.
func (s *Service) CreateDomainName(ctx context.Context, in *apigatewayv2.CreateDomainNameInput) (*apigatewayv2.CreateDomainNameOutput, error) {
	created := apigwv2.DomainName{
		DomainName: strings.ToLower(in.DomainName), DomainNameConfigurations: configurationsOf(in.DomainNameConfigurations),
		MutualTlsAuthentication: mutualTlsOf(in.MutualTlsAuthentication), RoutingMode: string(in.RoutingMode), Tags: in.Tags,
		ApiMappingSelectionExpression: apigwv2.ApiMappingSelection,
	}
	if created.RoutingMode == "" {
		created.RoutingMode = apigwv2.RoutingModeMappingOnly
	}
	target, err := s.Ids.Api()
	if err != nil {
		return nil, err
	}
	var p place
	err = s.updateServed(ctx, func(current place) error {
		p = current
		if records.DomainNames.Has(p.r, p.at, created.DomainName) {
			return badRequest(messageDomainExists)
		}
		return p.putDomainName(&created, target)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.CreateDomainNameOutput)(p.domainNameOutput(created)), nil
}

// GetDomainName returns a custom domain.
func (s *Service) GetDomainName(ctx context.Context, in *apigatewayv2.GetDomainNameInput) (*apigatewayv2.GetDomainNameOutput, error) {
	p := s.view(ctx)
	found, err := p.domainName(in.DomainName)
	if err != nil {
		return nil, err
	}
	return p.domainNameOutput(found), nil
}

// GetDomainNames lists the custom domains of the account in the region.
func (s *Service) GetDomainNames(ctx context.Context, in *apigatewayv2.GetDomainNamesInput) (*apigatewayv2.GetDomainNamesOutput, error) {
	p := s.view(ctx)
	all, err := records.DomainNames.List(p.r, p.at)
	if err != nil {
		return nil, err
	}
	found, err := paginate(all, func(d apigwv2.DomainName) string { return d.DomainName }, pageRequest{in.NextToken, in.MaxResults})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetDomainNamesOutput{Items: list.Convert(found.Items, p.domainNameItem), NextToken: found.Next}, nil
}

// UpdateDomainName changes a custom domain.
func (s *Service) UpdateDomainName(ctx context.Context, in *apigatewayv2.UpdateDomainNameInput) (*apigatewayv2.UpdateDomainNameOutput, error) {
	var (
		updated apigwv2.DomainName
		p       place
	)
	err := s.updateServed(ctx, func(current place) error {
		p = current
		var err error
		if updated, err = p.domainName(in.DomainName); err != nil {
			return err
		}
		target := targetOf(updated)
		if in.DomainNameConfigurations != nil {
			updated.DomainNameConfigurations = configurationsOf(in.DomainNameConfigurations)
		}
		if in.MutualTlsAuthentication != nil {
			updated.MutualTlsAuthentication = mutualTlsOf(in.MutualTlsAuthentication)
		}
		setEnum(&updated.RoutingMode, in.RoutingMode)
		return p.putDomainName(&updated, target)
	})
	if err != nil {
		return nil, err
	}
	return (*apigatewayv2.UpdateDomainNameOutput)(p.domainNameOutput(updated)), nil
}

// DeleteDomainName deletes a custom domain with its mappings and routing rules.
func (s *Service) DeleteDomainName(ctx context.Context, in *apigatewayv2.DeleteDomainNameInput) (*apigatewayv2.DeleteDomainNameOutput, error) {
	err := s.updateServed(ctx, func(p place) error {
		found, err := p.domainName(in.DomainName)
		if err != nil {
			return err
		}
		records.DomainNames.Delete(p.tx, p.at, found.DomainName)
		records.ApiMappings.Delete(p.tx, p.at, found.DomainName)
		records.RoutingRules.Delete(p.tx, p.at, found.DomainName)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.DeleteDomainNameOutput{}, nil
}

func (p place) domainName(name string) (apigwv2.DomainName, error) {
	return find(p, records.DomainNames, notFound("Invalid domain name identifier specified"), strings.ToLower(name))
}

// putDomainName checks a custom domain, completes its configuration and puts it; target
// is the first label, without d-, of the host that the domain is an alias of.
func (p place) putDomainName(d *apigwv2.DomainName, target string) error {
	if !apigwv2.ValidDomainName(d.DomainName) {
		return badRequest(messageInvalidDomain)
	}
	if len(d.DomainNameConfigurations) != 1 {
		return badRequest(messageDomainConfiguration)
	}
	configuration := &d.DomainNameConfigurations[0]
	if configuration.CertificateArn == "" {
		return badRequest(messageCertificateNeeded)
	}
	if !strings.HasPrefix(configuration.CertificateArn, arnPrefix) {
		return badRequest(messageInvalidArn)
	}
	p.complete(configuration, target)
	if err := validateTags(d.Tags); err != nil {
		return err
	}
	if err := unsupportedOfDomainName.Refuse(d, badRequest); err != nil {
		return err
	}
	return records.DomainNames.Put(p.tx, *d, p.at, d.DomainName)
}

// complete gives a configuration AWS's defaults, and what no client chooses.
func (p place) complete(configuration *apigwv2.DomainNameConfiguration, target string) {
	if configuration.EndpointType == "" {
		configuration.EndpointType = endpointRegional
	}
	if configuration.SecurityPolicy == "" {
		configuration.SecurityPolicy = securityTls12
	}
	if configuration.IpAddressType == "" {
		configuration.IpAddressType = ipv4
	}
	configuration.DomainNameStatus = apigwv2.DomainNameAvailable
	configuration.HostedZoneId = apigwv2.RegionalHostedZoneId
	configuration.ApiGatewayDomainName = "d-" + target + ".execute-api." + p.scope.Region + ".amazonaws.com"
}

// targetOf finds in a domain what putDomainName was given.
func targetOf(d apigwv2.DomainName) string {
	for _, configuration := range d.DomainNameConfigurations {
		label, _, _ := strings.Cut(configuration.ApiGatewayDomainName, ".")
		return strings.TrimPrefix(label, "d-")
	}
	return ""
}

func configurationsOf(in []apigatewayv2.DomainNameConfiguration) []apigwv2.DomainNameConfiguration {
	var configurations []apigwv2.DomainNameConfiguration
	for _, one := range in {
		configurations = append(configurations, apigwv2.DomainNameConfiguration{
			CertificateArn: text(one.CertificateArn), CertificateName: text(one.CertificateName), EndpointType: string(one.EndpointType),
			IpAddressType: string(one.IpAddressType), SecurityPolicy: string(one.SecurityPolicy),
			OwnershipVerificationCertificateArn: text(one.OwnershipVerificationCertificateArn),
		})
	}
	return configurations
}

func mutualTlsOf(in *apigatewayv2.MutualTlsAuthenticationInput) *apigwv2.MutualTlsAuthentication {
	if in == nil || text(in.TruststoreUri) == "" {
		return nil
	}
	return &apigwv2.MutualTlsAuthentication{TruststoreUri: *in.TruststoreUri, TruststoreVersion: text(in.TruststoreVersion)}
}

func (p place) domainNameOutput(d apigwv2.DomainName) *apigatewayv2.GetDomainNameOutput {
	arn := apigwv2.DomainNameArn(p.scope.Region, d.DomainName)
	out := &apigatewayv2.GetDomainNameOutput{
		ApiMappingSelectionExpression: optional(d.ApiMappingSelectionExpression), DomainName: &d.DomainName, DomainNameArn: &arn,
		RoutingMode: apigatewayv2.RoutingMode(d.RoutingMode), Tags: entries(d.Tags),
		DomainNameConfigurations: list.Convert(d.DomainNameConfigurations, configurationOutput),
	}
	if tls := d.MutualTlsAuthentication; tls != nil {
		out.MutualTlsAuthentication = &apigatewayv2.MutualTlsAuthentication{
			TruststoreUri: &tls.TruststoreUri, TruststoreVersion: optional(tls.TruststoreVersion),
		}
	}
	return out
}

func configurationOutput(c apigwv2.DomainNameConfiguration) apigatewayv2.DomainNameConfiguration {
	return apigatewayv2.DomainNameConfiguration{
		ApiGatewayDomainName: optional(c.ApiGatewayDomainName), CertificateArn: optional(c.CertificateArn),
		CertificateName: optional(c.CertificateName), CertificateUploadDate: c.CertificateUploadDate,
		DomainNameStatus: apigatewayv2.DomainNameStatus(c.DomainNameStatus), EndpointType: apigatewayv2.EndpointType(c.EndpointType),
		HostedZoneId: optional(c.HostedZoneId), IpAddressType: apigatewayv2.IpAddressType(c.IpAddressType),
		SecurityPolicy:                      apigatewayv2.SecurityPolicy(c.SecurityPolicy),
		OwnershipVerificationCertificateArn: optional(c.OwnershipVerificationCertificateArn),
	}
}

func (p place) domainNameItem(d apigwv2.DomainName) apigatewayv2.DomainName {
	out := p.domainNameOutput(d)
	return apigatewayv2.DomainName{
		ApiMappingSelectionExpression: out.ApiMappingSelectionExpression, DomainName: d.DomainName, DomainNameArn: out.DomainNameArn,
		DomainNameConfigurations: out.DomainNameConfigurations, MutualTlsAuthentication: out.MutualTlsAuthentication,
		RoutingMode: out.RoutingMode, Tags: out.Tags,
	}
}
