package loadbalancers

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gatehouse/internal/loadbalancer"
)

// The kinds of ARNs, as they follow the account.
const (
	kindLoadBalancer = "loadbalancer/"
	kindListener     = "listener/"
	kindRule         = "listener-rule/"
	kindTargetGroup  = "targetgroup/"
)

func (p place) arn(rest string) string {
	return "arn:aws:elasticloadbalancing:" + p.at.Region + ":" + p.at.Account + ":" + rest
}

// isArn says whether a text is an ARN of the kind, of this service.
func isArn(text, kind string) bool {
	parts := strings.SplitN(text, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && parts[2] == "elasticloadbalancing" && strings.HasPrefix(parts[5], kind)
}

// typeSegment is how ARNs name a load balancer's type.
func typeSegment(kind string) string {
	if kind == loadbalancer.TypeNetwork {
		return "net"
	}
	return "app"
}

// beneath makes the ARN of a listener from its load balancer's, or of a rule from its
// listener's.
func beneath(arn, kind, kindBelow, id string) string {
	return strings.Replace(arn, ":"+kind, ":"+kindBelow, 1) + "/" + id
}

// defaultRuleArn is always the same for a listener.
func defaultRuleArn(listenerArn string) string {
	sum := sha256.Sum256([]byte(listenerArn))
	return beneath(listenerArn, kindListener, kindRule, hex.EncodeToString(sum[:idBytes]))
}

// listenerOfRule is the ARN of the listener of a rule.
func listenerOfRule(ruleArn string) string {
	listenerArn := strings.Replace(ruleArn, ":"+kindRule, ":"+kindListener, 1)
	if at := strings.LastIndexByte(listenerArn, '/'); at >= 0 {
		return listenerArn[:at]
	}
	return listenerArn
}
