// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestModifyTargetGroup(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("web", types.ProtocolEnumHttp)
	output, err := f.client.ModifyTargetGroup(f.ctx, &elasticloadbalancingv2.ModifyTargetGroupInput{
		TargetGroupArn: group.TargetGroupArn, HealthCheckPath: aws.String("/health"), HealthCheckPort: aws.String("8081"), Matcher: &types.Matcher{HttpCode: aws.String("200,204")},
	})
	got := must(t, output, err).TargetGroups[0]
	is(t, "path", *got.HealthCheckPath, "/health")
	is(t, "port", *got.HealthCheckPort, "8081")
	is(t, "matcher", *got.Matcher.HttpCode, "200,204")
	is(t, "interval, as it was", *got.HealthCheckIntervalSeconds, 5)
	_, err = f.client.ModifyTargetGroup(f.ctx, &elasticloadbalancingv2.ModifyTargetGroupInput{TargetGroupArn: aws.String(missingArn + "targetgroup/x/1")})
	refused(t, err, "TargetGroupNotFound", messageNoGroup)
}
