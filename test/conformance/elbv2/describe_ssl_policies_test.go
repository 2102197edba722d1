// Known from: elbv2's model and AWS's tables of security policies; the text of the refusal is unconfirmed.

package elbv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestDescribeSSLPolicies(t *testing.T) {
	f := newFixture(t)
	describe := func(in elasticloadbalancingv2.DescribeSSLPoliciesInput) []types.SslPolicy {
		output, err := f.client.DescribeSSLPolicies(f.ctx, &in)
		return must(t, output, err).SslPolicies
	}
	all := describe(elasticloadbalancingv2.DescribeSSLPoliciesInput{})
	is(t, "first", *all[0].Name, "ELBSecurityPolicy-2016-08")
	named := describe(elasticloadbalancingv2.DescribeSSLPoliciesInput{Names: []string{"ELBSecurityPolicy-TLS13-1-2-2021-06"}})
	is(t, "named", len(named), 1)
	is(t, "protocols", strings.Join(named[0].SslProtocols, " "), "TLSv1.2 TLSv1.3")
	is(t, "ciphers", len(named[0].Ciphers), 11)
	is(t, "first cipher", *named[0].Ciphers[0].Name, "TLS_AES_128_GCM_SHA256")
	is(t, "of gateways", len(describe(elasticloadbalancingv2.DescribeSSLPoliciesInput{LoadBalancerType: types.LoadBalancerTypeEnumGateway})), 0)
	is(t, "a page", len(describe(elasticloadbalancingv2.DescribeSSLPoliciesInput{PageSize: aws.Int32(2)})), 2)
	_, err := f.client.DescribeSSLPolicies(f.ctx, &elasticloadbalancingv2.DescribeSSLPoliciesInput{Names: []string{"none"}})
	refused(t, err, "SSLPolicyNotFound", "SSL policy 'none' not found")
}
