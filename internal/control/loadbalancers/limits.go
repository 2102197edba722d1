package loadbalancers

// Limits of Elastic Load Balancing, by the names of AWS's quota tables.
const (
	// nameLimit is the length of the names of load balancers and target groups.
	nameLimit = 32
	// loadBalancersLimit is "Application Load Balancers per Region" and "Network Load Balancers per Region".
	loadBalancersLimit = 50
	// listenersLimit is "Listeners per Application Load Balancer" and "Listeners per Network Load Balancer".
	listenersLimit = 50
	// rulesLimit is "Rules per Application Load Balancer".
	rulesLimit = 100
	// targetGroupsLimit is "Target Groups per Region".
	targetGroupsLimit = 3000
	// targetsLimit is "Targets per Application Load Balancer".
	targetsLimit = 1000
	// targetGroupsPerActionLimit is "Target Groups per Action per Application Load Balancer".
	targetGroupsPerActionLimit = 5
	// conditionValuesLimit is "Condition Values per Rule".
	conditionValuesLimit = 5
	// patternLimit is the length of a condition's value.
	patternLimit = 128
	// certificatesLimit is "Certificates per Application Load Balancer" and "Certificates per Network Load Balancer".
	certificatesLimit = 25
	// tagsLimit is the number of tags a resource can carry.
	tagsLimit = 50
	// pageSizeMaximum bounds PageSize.
	pageSizeMaximum = 400
)
