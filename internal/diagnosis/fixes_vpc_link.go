package diagnosis

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/loadbalancer"
)

// fixVpcLink says what would let a private integration reach a target. What the data
// plane knows better, the integration's own settings, stands.
func fixVpcLink(c *diagnosed, f *fault.Fault, finding *Finding) {
	var e *loadbalancer.Error
	if f.Command != "" || !errors.As(f.Cause, &e) {
		return
	}
	switch e.Reason {
	case loadbalancer.ReasonLink:
		finding.Fix = Fix{Text: "Name a VPC link that exists and is AVAILABLE in the integration's connectionId, and deploy.", Command: command("aws", c.service(), "get-vpc-links")}
	case loadbalancer.ReasonNoTarget:
		finding.Fix = noTargetFix(e)
	case loadbalancer.ReasonNoHealthy, loadbalancer.ReasonConnectionsAll:
		finding.Fix = unhealthyFix(e)
	case loadbalancer.ReasonCloudMap:
		finding.Fix.Text = "Declare the service in the configuration file (cloudMapServices), or correct the integration's URI and deploy."
	default:
		finding.Fix = Fix{Text: "Add the listener, or correct the integration and deploy.", Command: command("aws", "elbv2", "describe-load-balancers")}
	}
}

func (c *diagnosed) service() string {
	if c.record.ProtocolType == record.ProtocolHttp {
		return "apigatewayv2"
	}
	return "apigateway" // also for WebSocket APIs, whose links are of version 1
}

func noTargetFix(e *loadbalancer.Error) Fix {
	if e.TargetGroupArn == "" {
		return Fix{Text: "Declare a target, or an instance with those attributes, in the configuration file."}
	}
	return Fix{
		Text:    "Register where the backend listens.",
		Command: command("aws", "elbv2", "register-targets", "--target-group-arn", e.TargetGroupArn, "--targets", "Id=ADDRESS,Port=PORT"),
	}
}

const failedWithStatus = "status "

// unhealthyFix goes by what the first unhealthy target's check met.
func unhealthyFix(e *loadbalancer.Error) Fix {
	at := slices.IndexFunc(e.Targets, func(t loadbalancer.TargetHealth) bool { return t.LastFailure != "" })
	if at < 0 {
		return Fix{Text: "Start the backends; a target that answers is healthy within its health check's thresholds.", Command: describeHealth(e)}
	}
	target := e.Targets[at]
	status, hasStatus := strings.CutPrefix(target.LastFailure, failedWithStatus)
	modify := func(words ...string) string {
		if e.TargetGroupArn == "" {
			return ""
		}
		return command(append([]string{"aws", "elbv2", "modify-target-group", "--target-group-arn", e.TargetGroupArn}, words...)...)
	}
	switch {
	case target.LastFailure == loadbalancer.FailureTlsAnswer:
		return Fix{Text: "Check the targets with HTTPS, which is what they speak; the integration must speak it too.", Command: modify("--health-check-protocol", "HTTPS")}
	case target.LastFailure == loadbalancer.FailurePlainAnswer:
		return Fix{Text: "Check the targets with HTTP, which is what they speak.", Command: modify("--health-check-protocol", "HTTP")}
	case hasStatus:
		return Fix{
			Text:    "Check a path that answers 200 without a login (--health-check-path), or take " + status + " for healthy.",
			Command: modify("--matcher", `{"HttpCode":"200-399,`+status+`"}`),
		}
	case target.HealthCheckPort != strconv.Itoa(target.Port):
		return Fix{Text: "Check the port of the traffic.", Command: modify("--health-check-port", "traffic-port")}
	default:
		return Fix{Text: "Start the backend at " + target.Address() + ", let its firewall pass connections, or register another.", Command: describeHealth(e)}
	}
}

func describeHealth(e *loadbalancer.Error) string {
	if e.TargetGroupArn == "" {
		return ""
	}
	return command("aws", "elbv2", "describe-target-health", "--target-group-arn", e.TargetGroupArn)
}

// plainToTls says that a load balancer refused plain HTTP, and which command mends it.
func (c *diagnosed) plainToTls() (command string, ok bool) {
	for i := range c.record.Steps {
		for _, fact := range c.record.Steps[i].Facts {
			if fact.Kind == record.PlainToTls {
				return fact.Text, true
			}
		}
	}
	return "", false
}

func plainToTlsFinding(command string) Finding {
	entry, _ := fault.Lookup(fault.VpcLinkUnhealthy)
	finding := Finding{
		ErrorId: string(entry.Id), Name: entry.Name, Summary: "A load balancer refused plain HTTP on a port of HTTPS.", Article: entry.Article, Nearest: []string{},
		Checked: "the protocol of the load balancer's listener", Found: "the listener speaks HTTPS, and the integration plain HTTP",
		Wanted: "TLS to the listener", Fix: Fix{Text: "Use https in the integration's URI, and deploy."},
	}
	if command != "" {
		finding.Fix = Fix{Text: "Name the server to verify, which makes the integration speak TLS: NAME is a name in the certificate.", Command: command}
	}
	return finding
}
