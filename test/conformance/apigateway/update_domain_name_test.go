// Known from: API reference, patch operations of UpdateDomainName; guide apigateway-regional-api-custom-domain-migrate.md.

package apigateway

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"gatehouse/test/conformance"
)

func TestUpdateDomainName(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	name := f.domainName("update.example.com").DomainName
	update := func(operations ...types.PatchOperation) (*apigateway.UpdateDomainNameOutput, error) {
		return f.client.UpdateDomainName(f.ctx, &apigateway.UpdateDomainNameInput{DomainName: name, PatchOperations: operations})
	}
	const other = certificateArn + "6"
	got, err := update(op(types.OpReplace, "/regionalCertificateArn", other), op(types.OpReplace, "/regionalCertificateName", "other"),
		op(types.OpReplace, "/routingMode", "ROUTING_RULE_ONLY"), op(types.OpReplace, "/endpointConfiguration/ipAddressType", "dualstack"))
	is(t, "certificate", must(t, got, err).RegionalCertificateArn, other)
	is(t, "name", got.RegionalCertificateName, "other")
	is(t, "mode", &got.RoutingMode, types.RoutingModeRoutingRuleOnly)
	is(t, "address type", &got.EndpointConfiguration.IpAddressType, types.IpAddressTypeDualstack)

	got, err = update(op(types.OpReplace, "/endpointConfiguration/types/REGIONAL", "EDGE"), op(types.OpReplace, "/certificateArn", other))
	is(t, "certificate", must(t, got, err).CertificateArn, other)
	if got.RegionalCertificateArn != nil || got.RegionalDomainName != nil || got.DistributionDomainName == nil {
		t.Errorf("%+v", got)
	}
	for message, operation := range map[string]types.PatchOperation{
		"Cannot import certificates for REGIONAL while EDGE is active.":                                               op(types.OpReplace, "/regionalCertificateArn", other),
		"A certificate ARN must be specified for the domain name's endpoint type":                                     op(types.OpAdd, "/endpointConfiguration/types", "REGIONAL"), // unconfirmed
		"A domain name must have exactly one endpoint configuration type":                                             op(types.OpRemove, "/endpointConfiguration/types", "EDGE"),  // unconfirmed
		"Gatehouse does not support endpointAccessMode of DomainName yet: TLS policies of domain names are not built": op(types.OpReplace, "/endpointAccessMode", "STRICT"),
	} {
		_, err := update(operation)
		refused(t, err, badRequestCode, message)
	}
}

// The guide's migration: both endpoints at once, then the old one goes.
func TestUpdateDomainName_migrates(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	name := f.domainName("migrate.example.com").DomainName
	update := func(operations ...types.PatchOperation) *apigateway.UpdateDomainNameOutput {
		t.Helper()
		got, err := f.client.UpdateDomainName(f.ctx, &apigateway.UpdateDomainNameInput{DomainName: name, PatchOperations: operations})
		return must(t, got, err)
	}
	got := update(op(types.OpAdd, "/endpointConfiguration/types", "EDGE"), op(types.OpAdd, "/certificateName", "edge-cert"), op(types.OpAdd, "/certificateArn", certificateArn))
	if len(got.EndpointConfiguration.Types) != 2 || got.DistributionDomainName == nil || got.RegionalDomainName == nil || got.RegionalCertificateArn == nil {
		t.Errorf("%+v", got)
	}
	is(t, "certificateName", got.CertificateName, "edge-cert")
	got = update(op(types.OpRemove, "/endpointConfiguration/types", "REGIONAL"), op(types.OpRemove, "regionalCertificateArn", ""))
	if len(got.EndpointConfiguration.Types) != 1 || got.DistributionDomainName == nil || got.RegionalDomainName != nil || got.RegionalCertificateArn != nil {
		t.Errorf("%+v", got)
	}
}

func TestUpdateDomainName_missing(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.UpdateDomainName(f.ctx, &apigateway.UpdateDomainNameInput{DomainName: aws.String("none.example.com"), PatchOperations: replace("/certificateName", "x")})
	refused(t, err, notFoundCode, messageDomainName)
}
