// Known from: elbv2's model; texts observed unless a case says otherwise.

package elbv2

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func TestRegisterTargets(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("web", types.ProtocolEnumHttp)
	f.register(group.TargetGroupArn, types.TargetDescription{Id: aws.String("10.0.0.1")}, types.TargetDescription{Id: aws.String("backend.internal"), Port: aws.Int32(8080)})
	f.register(group.TargetGroupArn, types.TargetDescription{Id: aws.String("10.0.0.1")}) // again, which changes nothing
	got := f.health(group.TargetGroupArn)
	is(t, "count", len(got), 2)
	is(t, "port of the group", *got[0].Target.Port, 80)
	is(t, "host name", *got[1].Target.Id, "backend.internal")
}

// There is no instance to register here: AWS's answer to one that does not exist (text unconfirmed).
func TestRegisterTargets_instances(t *testing.T) {
	f := newFixture(t)
	made, err := f.client.CreateTargetGroup(f.ctx, &elasticloadbalancingv2.CreateTargetGroupInput{
		Name: aws.String("instances"), Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String("vpc-1"),
	})
	group := must(t, made, err).TargetGroups[0]
	is(t, "the default type", group.TargetType, types.TargetTypeEnumInstance)
	_, err = f.client.RegisterTargets(f.ctx, &elasticloadbalancingv2.RegisterTargetsInput{
		TargetGroupArn: group.TargetGroupArn, Targets: []types.TargetDescription{{Id: aws.String("i-0123456789abcdef0")}},
	})
	refused(t, err, "InvalidTarget", "Instance ID 'i-0123456789abcdef0' is not valid")
}

// Texts unconfirmed.
func TestRegisterTargets_refuses(t *testing.T) {
	f := newFixture(t)
	group := f.targetGroup("web", types.ProtocolEnumHttp)
	for id, message := range map[string]string{
		"i-0123456789abcdef0": "The IP address 'i-0123456789abcdef0' is not a valid IPv4 address",
		"a b":                 "The target 'a b' is neither an IP address nor a host name",
	} {
		_, err := f.client.RegisterTargets(f.ctx, &elasticloadbalancingv2.RegisterTargetsInput{TargetGroupArn: group.TargetGroupArn, Targets: []types.TargetDescription{{Id: &id}}})
		refused(t, err, validationCode, message)
	}
	_, err := f.client.RegisterTargets(f.ctx, &elasticloadbalancingv2.RegisterTargetsInput{TargetGroupArn: aws.String(missingArn + "targetgroup/x/1"), Targets: []types.TargetDescription{{Id: aws.String("10.0.0.1")}}})
	refused(t, err, "TargetGroupNotFound", messageNoGroup)
}
