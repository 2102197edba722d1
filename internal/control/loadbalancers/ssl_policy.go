package loadbalancers

import (
	"context"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
)

// sslPolicy is a security policy: protocols and ciphers, in order of preference.
type sslPolicy struct{ name, protocols, ciphers string }

// Parts of the policies' lists.
const (
	ciphersTls13   = "TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256 "
	ciphersGcm     = "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384"
	ciphersForward = "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 " +
		"ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384"
	ciphersStatic = " AES128-GCM-SHA256 AES128-SHA256 AES256-GCM-SHA384 AES256-SHA256"
	ciphers2016   = "ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES128-SHA " +
		"ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384 " +
		"ECDHE-RSA-AES256-SHA ECDHE-ECDSA-AES256-SHA AES128-GCM-SHA256 AES128-SHA256 AES128-SHA AES256-GCM-SHA384 AES256-SHA256 AES256-SHA"
)

// sslPolicies are those that are described; listeners take AWS's others by name too
// (their ciphers from AWS's tables of security policies, unconfirmed in their order).
var sslPolicies = []sslPolicy{
	{"ELBSecurityPolicy-2016-08", "TLSv1 TLSv1.1 TLSv1.2", ciphers2016},
	{"ELBSecurityPolicy-TLS-1-2-2017-01", "TLSv1.2", ciphersForward + ciphersStatic},
	{"ELBSecurityPolicy-FS-1-2-Res-2020-10", "TLSv1.2", ciphersGcm},
	{"ELBSecurityPolicy-TLS13-1-2-2021-06", "TLSv1.2 TLSv1.3", ciphersTls13 + ciphersForward},
	{"ELBSecurityPolicy-TLS13-1-2-Res-2021-06", "TLSv1.2 TLSv1.3", ciphersTls13 + ciphersGcm},
	{"ELBSecurityPolicy-TLS13-1-3-2021-06", "TLSv1.3", strings.TrimSuffix(ciphersTls13, " ")},
}

// DescribeSSLPolicies describes security policies: all, or those that are named.
func (s *Service) DescribeSSLPolicies(_ context.Context, in *api.DescribeSSLPoliciesInput) (*api.DescribeSSLPoliciesOutput, error) {
	if in.LoadBalancerType == api.LoadBalancerTypeEnumGateway {
		return &api.DescribeSSLPoliciesOutput{SslPolicies: []api.SslPolicy{}}, nil // they end no TLS
	}
	named := sslPolicies
	if len(in.Names) > 0 {
		named = nil
	}
	for _, name := range in.Names {
		at := slices.IndexFunc(sslPolicies, func(p sslPolicy) bool { return p.name == name })
		if at < 0 {
			return nil, &api.SSLPolicyNotFoundException{Message: "SSL policy '" + name + "' not found"}
		}
		named = append(named, sslPolicies[at])
	}
	page, err := paginate(named, func(p sslPolicy) string { return p.name }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeSSLPoliciesOutput{SslPolicies: list.Convert(page.Items, sslPolicyOutput), NextMarker: page.Next}, nil
}

func sslPolicyOutput(p sslPolicy) api.SslPolicy {
	out := api.SslPolicy{
		Name: &p.name, SslProtocols: strings.Fields(p.protocols), SupportedLoadBalancerTypes: []string{loadbalancer.TypeApplication, loadbalancer.TypeNetwork},
	}
	for i, name := range strings.Fields(p.ciphers) {
		out.Ciphers = append(out.Ciphers, api.Cipher{Name: &name, Priority: number(i + 1)})
	}
	return out
}
