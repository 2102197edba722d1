package restapis

import (
	"slices"
	"strings"
	"time"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/control/patch"
)

// securityTls12 is the one policy that the server's listener keeps.
const securityTls12 = "TLS_1_2"

const (
	regionalHostSuffix = ".amazonaws.com"
	edgeHostSuffix     = ".cloudfront.net"
	edgeRegion         = "us-east-1" // where CloudFront takes certificates from
)

// domainName is a custom domain name as REST APIs' operations see it: the certificate of
// each endpoint type is a setting of its own.
type domainName struct {
	name                                            string
	types                                           []string
	ipAddressType                                   string
	certificateArn, certificateName                 string // of EDGE
	regionalCertificateArn, regionalCertificateName string
	securityPolicy, endpointAccessMode, routingMode string
	ownershipVerificationCertificateArn             string
	policy, managementPolicy                        string
	truststoreUri, truststoreVersion                string
	uploadsCertificate                              bool
	certificateUploadDate                           *time.Time
	tags                                            map[string]string
	target                                          string // what tells the endpoint's host name from others
}

// newDomainName reads an input, with AWS's defaults.
func newDomainName(in *apigateway.CreateDomainNameInput) domainName {
	d := domainName{
		name: strings.ToLower(in.DomainName), types: []string{endpointEdge}, ipAddressType: addressIpv4,
		certificateArn: text(in.CertificateArn), certificateName: text(in.CertificateName),
		regionalCertificateArn: text(in.RegionalCertificateArn), regionalCertificateName: text(in.RegionalCertificateName),
		securityPolicy: string(in.SecurityPolicy), endpointAccessMode: string(in.EndpointAccessMode), routingMode: string(in.RoutingMode),
		ownershipVerificationCertificateArn: text(in.OwnershipVerificationCertificateArn), policy: text(in.Policy), tags: in.Tags,
		uploadsCertificate: in.CertificateBody != nil || in.CertificatePrivateKey != nil || in.CertificateChain != nil,
	}
	if endpoint := in.EndpointConfiguration; endpoint != nil {
		if len(endpoint.Types) > 0 {
			d.types = nil
		}
		for _, kind := range endpoint.Types {
			d.types = append(d.types, string(kind))
		}
		if endpoint.IpAddressType != "" {
			d.ipAddressType = string(endpoint.IpAddressType)
		}
	}
	if in.MutualTlsAuthentication != nil {
		d.truststoreUri, d.truststoreVersion = text(in.MutualTlsAuthentication.TruststoreUri), text(in.MutualTlsAuthentication.TruststoreVersion)
	}
	if d.securityPolicy == "" {
		d.securityPolicy = securityTls12
	}
	if d.routingMode == "" {
		d.routingMode = string(apigateway.RoutingModeBasePathMappingOnly)
	}
	return d
}

// The two generations name the same modes.
const mappingWord, apiMappingWord = "BASE_PATH_MAPPING", "API_MAPPING"

// domainNameOf reads a record.
func domainNameOf(record apigwv2.DomainName) domainName {
	d := domainName{
		name: record.DomainName, routingMode: strings.Replace(record.RoutingMode, apiMappingWord, mappingWord, 1), tags: record.Tags,
	}
	for i := range record.DomainNameConfigurations {
		configuration := &record.DomainNameConfigurations[i]
		d.types = append(d.types, configuration.EndpointType)
		d.ipAddressType, d.securityPolicy, d.certificateUploadDate = configuration.IpAddressType, configuration.SecurityPolicy, configuration.CertificateUploadDate
		label, _, _ := strings.Cut(configuration.ApiGatewayDomainName, ".")
		d.target = strings.TrimPrefix(strings.TrimPrefix(label, "d"), "-")
		if configuration.EndpointType == endpointEdge {
			d.certificateArn, d.certificateName = configuration.CertificateArn, configuration.CertificateName
		} else {
			d.regionalCertificateArn, d.regionalCertificateName = configuration.CertificateArn, configuration.CertificateName
		}
	}
	return d
}

// record is what the store keeps of a domain name that is valid.
func (d *domainName) record(region string) apigwv2.DomainName {
	var configurations []apigwv2.DomainNameConfiguration
	for _, kind := range slices.Sorted(slices.Values(d.types)) {
		configurations = append(configurations, d.configuration(kind, region))
	}
	return apigwv2.DomainName{
		DomainName: d.name, DomainNameConfigurations: configurations,
		ApiMappingSelectionExpression: apigwv2.ApiMappingSelection, RoutingMode: strings.Replace(d.routingMode, mappingWord, apiMappingWord, 1), Tags: d.tags,
	}
}

// configuration is that of one endpoint type.
func (d *domainName) configuration(kind, region string) apigwv2.DomainNameConfiguration {
	configuration := apigwv2.DomainNameConfiguration{
		EndpointType: kind, IpAddressType: d.ipAddressType, SecurityPolicy: d.securityPolicy,
		DomainNameStatus: apigwv2.DomainNameAvailable, CertificateUploadDate: d.certificateUploadDate,
	}
	if kind == endpointEdge {
		configuration.CertificateArn, configuration.CertificateName = d.certificateArn, d.certificateName
		configuration.ApiGatewayDomainName, configuration.HostedZoneId = "d"+d.target+edgeHostSuffix, apigwv2.CloudFrontHostedZoneId
		return configuration
	}
	configuration.CertificateArn, configuration.CertificateName = d.regionalCertificateArn, d.regionalCertificateName
	configuration.ApiGatewayDomainName = "d-" + d.target + ".execute-api." + region + regionalHostSuffix
	configuration.HostedZoneId = apigwv2.RegionalHostedZoneId
	return configuration
}

// certificates tells when a certificate is another one.
func (d *domainName) certificates() [2]string {
	return [2]string{d.certificateArn, d.regionalCertificateArn}
}

func (d *domainName) isEdge() bool { return slices.Contains(d.types, endpointEdge) }

// validate checks a domain name before it is put.
func (d *domainName) validate(region string) error {
	if !apigwv2.ValidDomainName(d.name) {
		return badRequest(messageInvalidDomain)
	}
	if err := unsupportedOfDomainName.Refuse(d, badRequest); err != nil {
		return err
	}
	if len(d.types) == 0 || len(d.types) > 1 && slices.Contains(d.types, endpointPrivate) {
		return badRequest(messageDomainEndpointType)
	}
	if err := d.validateCertificates(region); err != nil {
		return err
	}
	return validateTags(d.tags)
}

// validateCertificates: each endpoint type needs its certificate, and none has one without
// its type. Both types are there while a domain name migrates from one to the other
// (apigateway-regional-api-custom-domain-migrate.md).
func (d *domainName) validateCertificates(region string) error {
	regional := slices.Contains(d.types, endpointRegional)
	switch {
	case !d.isEdge() && d.certificateArn != "":
		return badRequest("Cannot import certificates for EDGE while REGIONAL is active.")
	case !regional && d.regionalCertificateArn != "":
		return badRequest("Cannot import certificates for REGIONAL while EDGE is active.")
	}
	if d.isEdge() {
		if err := validateCertificate(d.certificateArn, edgeRegion); err != nil {
			return err
		}
	}
	if regional {
		return validateCertificate(d.regionalCertificateArn, region)
	}
	return nil
}

func validateCertificate(arn, region string) error {
	switch {
	case arn == "":
		return badRequest(messageCertificateNeeded)
	case !strings.HasPrefix(arn, "arn:"):
		return badRequest(messageInvalidArn)
	}
	if parts := strings.Split(arn, ":"); len(parts) > 3 && parts[2] == "acm" && parts[3] != region {
		return badRequest("Invalid certificate ARN: " + arn + ". Certificate must be in '" + region + "'.")
	}
	return nil
}

// domainNamePatches: API reference, "Patch operations", UpdateDomainName.
var domainNamePatches = patch.Table[domainName]{
	patch.Text("/certificateName", func(d *domainName) *string { return &d.certificateName }),
	patch.Text("/certificateArn", func(d *domainName) *string { return &d.certificateArn }),
	patch.Text("/regionalCertificateName", func(d *domainName) *string { return &d.regionalCertificateName }),
	patch.Text("/regionalCertificateArn", func(d *domainName) *string { return &d.regionalCertificateArn }),
	{Path: "/endpointConfiguration/types", Add: addDomainType, Remove: removeDomainType},
	{Path: "/endpointConfiguration/types/{type}", Replace: replaceDomainType},
	{Path: "/endpointConfiguration/ipAddressType", Replace: patch.Enum(func(d *domainName) *string { return &d.ipAddressType }, addressIpv4, addressDualstack)},
	{Path: "/securityPolicy", Replace: patch.String(func(d *domainName) *string { return &d.securityPolicy })},
	{Path: "/endpointAccessMode", Replace: patch.String(func(d *domainName) *string { return &d.endpointAccessMode })},
	patch.Text("/mutualTlsAuthentication/truststoreUri", func(d *domainName) *string { return &d.truststoreUri }),
	patch.Text("/mutualTlsAuthentication/truststoreVersion", func(d *domainName) *string { return &d.truststoreVersion }),
	patch.Text("/ownershipVerificationCertificateArn", func(d *domainName) *string { return &d.ownershipVerificationCertificateArn }),
	{Path: "/policy", Replace: patch.String(func(d *domainName) *string { return &d.policy })},
	{Path: "/managementPolicy", Replace: patch.String(func(d *domainName) *string { return &d.managementPolicy })},
	{Path: "/routingMode", Replace: patch.Enum(
		func(d *domainName) *string { return &d.routingMode },
		string(apigateway.RoutingModeBasePathMappingOnly), string(apigateway.RoutingModeRoutingRuleOnly), string(apigateway.RoutingModeRoutingRuleThenBasePathMapping),
	)},
}

func domainType(operation patch.Operation) (kind string, err error) {
	err = patch.Enum(func(v *string) *string { return v }, endpointRegional, endpointEdge, endpointPrivate)(&kind, operation)
	return kind, err
}

func addDomainType(d *domainName, operation patch.Operation) error {
	kind, err := domainType(operation)
	if err == nil && !slices.Contains(d.types, kind) {
		d.types = append(slices.Clone(d.types), kind)
	}
	return err
}

func removeDomainType(d *domainName, operation patch.Operation) error {
	kind, err := domainType(operation)
	d.types = slices.DeleteFunc(slices.Clone(d.types), func(other string) bool { return other == kind })
	return err
}

// replaceDomainType: {type} is the old type or its index. The old type's certificate goes
// with it, the new one's may come by an operation before or behind this one.
func replaceDomainType(d *domainName, operation patch.Operation) error {
	kind, err := domainType(operation)
	if err != nil {
		return err
	}
	if d.isEdge() && kind != endpointEdge {
		d.certificateArn, d.certificateName = "", ""
	}
	if !d.isEdge() && kind == endpointEdge {
		d.regionalCertificateArn, d.regionalCertificateName = "", ""
	}
	d.types = []string{kind}
	return nil
}
