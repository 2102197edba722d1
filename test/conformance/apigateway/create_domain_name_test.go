// Known from: the service model; messages about certificates and existing names were reported by users; guide how-to-custom-domains.md.

package apigateway

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

const certificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/11111111-2222-3333-4444-555555555555"

// domainName makes a regional domain name that goes when the test ends.
func (f *fixture) domainName(name string) *apigateway.CreateDomainNameOutput {
	f.Helper()
	return f.createDomainName(&apigateway.CreateDomainNameInput{
		DomainName: &name, RegionalCertificateArn: aws.String(certificateArn), Tags: map[string]string{"k": "v"},
		EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}},
	})
}

func (f *fixture) createDomainName(in *apigateway.CreateDomainNameInput) *apigateway.CreateDomainNameOutput {
	f.Helper()
	created, err := f.client.CreateDomainName(f.ctx, in)
	must(f.T, created, err)
	f.Cleanup(func() {
		_, _ = f.client.DeleteDomainName(f.ctx, &apigateway.DeleteDomainNameInput{DomainName: in.DomainName})
	})
	return created
}

func TestCreateDomainName(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	got := f.domainName("API.example.com")
	is(t, "name", got.DomainName, "api.example.com")
	is(t, "arn", got.DomainNameArn, "arn:aws:apigateway:us-east-1::/domainnames/api.example.com")
	is(t, "certificate", got.RegionalCertificateArn, certificateArn)
	is(t, "status", &got.DomainNameStatus, types.DomainNameStatusAvailable)
	is(t, "policy", &got.SecurityPolicy, types.SecurityPolicyTls12)
	is(t, "mode", &got.RoutingMode, types.RoutingModeBasePathMappingOnly)
	is(t, "type", &got.EndpointConfiguration.Types[0], types.EndpointTypeRegional)
	if !strings.HasPrefix(*got.RegionalDomainName, "d-") || !strings.HasSuffix(*got.RegionalDomainName, ".execute-api.us-east-1.amazonaws.com") ||
		got.DistributionDomainName != nil || got.CertificateArn != nil || got.CertificateUploadDate == nil || got.Tags["k"] != "v" {
		t.Errorf("%+v", got)
	}
}

// Without an endpoint type it is edge-optimized.
func TestCreateDomainName_edge(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	got := f.createDomainName(&apigateway.CreateDomainNameInput{
		DomainName: aws.String("edge.example.com"), CertificateArn: aws.String(certificateArn), RoutingMode: types.RoutingModeRoutingRuleThenBasePathMapping,
	})
	is(t, "certificate", got.CertificateArn, certificateArn)
	is(t, "zone", got.DistributionHostedZoneId, "Z2FDTNDATAQYW2")
	is(t, "mode", &got.RoutingMode, types.RoutingModeRoutingRuleThenBasePathMapping)
	is(t, "type", &got.EndpointConfiguration.Types[0], types.EndpointTypeEdge)
	if !strings.HasSuffix(*got.DistributionDomainName, ".cloudfront.net") || got.RegionalDomainName != nil || got.RegionalCertificateArn != nil {
		t.Errorf("%+v", got)
	}
}

func TestCreateDomainName_refuses(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	f.domainName("taken.example.com")
	regional := &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}}
	name, arn := aws.String("new.example.com"), aws.String(certificateArn)
	for message, in := range map[string]*apigateway.CreateDomainNameInput{
		"The domain name you provided already exists.":                            {DomainName: aws.String("taken.example.com"), CertificateArn: arn},
		"Invalid domain name specified":                                           {DomainName: aws.String("nolabels"), CertificateArn: arn}, // unconfirmed
		"Cannot import certificates for EDGE while REGIONAL is active.":           {DomainName: name, CertificateArn: arn, EndpointConfiguration: regional},
		"Cannot import certificates for REGIONAL while EDGE is active.":           {DomainName: name, RegionalCertificateArn: arn},
		"A certificate ARN must be specified for the domain name's endpoint type": {DomainName: name, EndpointConfiguration: regional}, // unconfirmed
		"Invalid certificate ARN: arn:aws:acm:eu-west-1:{account}:certificate/1. Certificate must be in 'us-east-1'.": {
			DomainName: name, CertificateArn: aws.String("arn:aws:acm:eu-west-1:000000000000:certificate/1"),
		},
		"Gatehouse does not support mutualTlsAuthentication of DomainName yet: mutual TLS is not built": {
			DomainName: name, RegionalCertificateArn: arn, EndpointConfiguration: regional,
			MutualTlsAuthentication: &types.MutualTlsAuthenticationInput{TruststoreUri: aws.String("s3://b/t.pem")},
		},
		"Gatehouse does not support endpointConfiguration types PRIVATE of DomainName yet: private custom domain names are not built": {
			DomainName: name, CertificateArn: arn, EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypePrivate}},
		},
		"Gatehouse does not support securityPolicy other than TLS_1_2 of DomainName yet: the listener offers TLS 1.2 and 1.3": {
			DomainName: name, CertificateArn: arn, SecurityPolicy: types.SecurityPolicyTls10,
		},
	} {
		_, err := f.client.CreateDomainName(f.ctx, in)
		refused(t, err, badRequestCode, message)
	}
}
