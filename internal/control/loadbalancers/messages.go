package loadbalancers

import (
	"fmt"
	"net/http"
	"strings"

	"gatehouse/internal/awsapi"
	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/fault"
)

// invalid is the error that AWS answers for values that its model allows and the
// service does not; the model does not list it.
func invalid(format string, values ...any) error {
	return &awsapi.Unmodelled{Code: "ValidationError", Message: fmt.Sprintf(format, values...), Status: http.StatusBadRequest}
}

// AWS's texts, observed in public reports.
const (
	messageNoPort       = "A port must be specified"
	messageNoProtocol   = "A protocol must be specified"
	messageNoVpc        = "A VPC ID must be specified"
	messageTwoSubnets   = "At least two subnets in two different Availability Zones must be specified"
	messageWeight       = "The weight for each target group must be between 0 and 999, inclusive"
	messageCertificate  = "A certificate must be specified for %s listeners"
	messageNotSupported = "Gatehouse does not support %s yet: %s"
)

func invalidArn(arn, noun string) error { return invalid("'%s' is not a valid %s ARN", arn, noun) }

func loadBalancerMissing(names ...string) error {
	if len(names) > 0 {
		return &api.LoadBalancerNotFoundException{Message: "Load balancers '[" + strings.Join(names, ", ") + "]' not found"}
	}
	return &api.LoadBalancerNotFoundException{Message: "One or more load balancers not found"}
}

func targetGroupMissing() error {
	return &api.TargetGroupNotFoundException{Message: "One or more target groups not found"}
}

func listenerMissing() error {
	return &api.ListenerNotFoundException{Message: "One or more listeners not found"}
}

func ruleMissing() error {
	return &api.RuleNotFoundException{Message: "One or more rules not found"}
}

func loadBalancerExists(name string) error {
	return &api.DuplicateLoadBalancerNameException{Message: "A load balancer with the same name '" + name + "' exists, but with different settings"}
}

func targetGroupExists(name string) error {
	return &api.DuplicateTargetGroupNameException{Message: "A target group with the same name '" + name + "' exists, but with different settings"}
}

func targetGroupInUse(arn string) error {
	return &api.ResourceInUseException{Message: "Target group '" + arn + "' is currently in use by a listener or a rule"}
}

func targetGroupElsewhere(arn string) error {
	return &api.TargetGroupAssociationLimitException{Message: "Target group '" + arn + "' cannot be associated with more than one load balancer"}
}

func deletionProtected(arn string) error {
	return &api.OperationNotPermittedException{Message: "Load balancer '" + arn + "' cannot be deleted because deletion protection is enabled"}
}

func loadBalancerInUse(arn string) error {
	return &api.ResourceInUseException{Message: "Load balancer '" + arn + "' cannot be deleted because it is currently associated with another service"}
}

// What follows is unconfirmed.

func listenerExists() error {
	return &api.DuplicateListenerException{Message: "A listener already exists on this port for this load balancer"}
}

func priorityInUse(priority int) error {
	return &api.PriorityInUseException{Message: fmt.Sprintf("Priority '%d' is currently in use", priority)}
}

func defaultRuleFixed(arn, verb string) error {
	return &api.OperationNotPermittedException{Message: "Default rule '" + arn + "' cannot be " + verb}
}

func incompatible(listener, group string) error {
	return &api.IncompatibleProtocolsException{Message: "Listener protocol '" + listener + "' is not supported with a target group with the protocol '" + group + "'"}
}

func notSupported(what, why string) error {
	return fault.RefuseSetting(invalid(messageNotSupported, what, why), what, why)
}
