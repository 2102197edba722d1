package loadbalancer

import "time"

// The types of load balancers.
const (
	TypeApplication = "application"
	TypeNetwork     = "network"
)

// The protocols of listeners and target groups.
const (
	ProtocolHttp  = "HTTP"
	ProtocolHttps = "HTTPS"
	ProtocolTcp   = "TCP"
	ProtocolTls   = "TLS"
)

// LoadBalancer is an application or network load balancer.
type LoadBalancer struct {
	Arn            string
	Name           string
	DnsName        string
	Type           string // TypeApplication or TypeNetwork
	Scheme         string // internet-facing or internal
	VpcId          string
	IpAddressType  string
	Subnets        []string
	SecurityGroups []string
	CreatedTime    time.Time
	Attributes     map[string]string // those that were set
	Tags           map[string]string
}

// Listener is a port of a load balancer.
type Listener struct {
	Arn             string
	LoadBalancerArn string
	Port            int
	Protocol        string
	SslPolicy       string
	CertificateArns []string
	// AdditionalCertificateArns are for other names than the default certificate's.
	AdditionalCertificateArns []string
	DefaultActions            []Action
	Attributes                map[string]string
	Tags                      map[string]string
}

// Rule sends the requests that meet all of its conditions elsewhere than the
// listener's default actions do. Lower priorities are tried first.
type Rule struct {
	Arn         string
	ListenerArn string
	Priority    int
	Conditions  []Condition
	Actions     []Action
	Tags        map[string]string
}

// The types of actions.
const (
	ActionForward       = "forward"
	ActionFixedResponse = "fixed-response"
	ActionRedirect      = "redirect"
)

// Action is what becomes of a request; exactly one of its last three is set.
type Action struct {
	Type          string
	Order         int
	Forward       []WeightedTargetGroup
	FixedResponse *FixedResponse
	Redirect      *Redirect
}

// WeightedTargetGroup is a target group's share of what an action forwards.
type WeightedTargetGroup struct {
	TargetGroupArn string
	Weight         int // 0 to 999
}

// FixedResponse is an answer that a load balancer gives by itself.
type FixedResponse struct {
	StatusCode  int
	ContentType string
	MessageBody string
}

// Redirect is an answer with a Location; parts may hold #{protocol}, #{host},
// #{port}, #{path} and #{query}.
type Redirect struct {
	StatusCode int // 301 or 302
	Protocol   string
	Host       string
	Port       string
	Path       string
	Query      string
}

// The fields of conditions.
const (
	FieldHostHeader        = "host-header"
	FieldPathPattern       = "path-pattern"
	FieldHttpHeader        = "http-header"
	FieldQueryString       = "query-string"
	FieldSourceIp          = "source-ip"
	FieldHttpRequestMethod = "http-request-method"
)

// Condition is met when one of its values fits.
type Condition struct {
	Field string
	// Values are patterns, CIDR blocks of source-ip or methods; not of query-string.
	Values []string
	// HttpHeaderName belongs to http-header.
	HttpHeaderName string
	// QueryString belongs to query-string.
	QueryString []QueryStringPair
	// Shorthand says that the values came as the condition's own, not in its
	// configuration, which is how they are given back.
	Shorthand bool
}

// QueryStringPair is a pattern of a parameter; an empty Key fits any.
type QueryStringPair struct {
	Key   string
	Value string
}

// TargetGroup is a set of targets that are checked and served alike.
type TargetGroup struct {
	Arn             string
	Name            string
	Protocol        string
	ProtocolVersion string // HTTP1, or empty for TCP and TLS
	Port            int
	VpcId           string
	TargetType      string // ip
	IpAddressType   string
	HealthCheck     HealthCheck
	Targets         []Target
	// Srv is a DNS name whose SRV records are the targets, in place of Targets.
	Srv        string
	Attributes map[string]string
	Tags       map[string]string
}

// TrafficPort is the port of health checks that is the target's own.
const TrafficPort = "traffic-port"

// HealthCheck is how the targets of a group are checked.
type HealthCheck struct {
	Protocol           string // HTTP, HTTPS or TCP
	Port               string // TrafficPort or a number
	Path               string // of HTTP and HTTPS
	Interval           time.Duration
	Timeout            time.Duration
	HealthyThreshold   int
	UnhealthyThreshold int
	Matcher            string // of HTTP and HTTPS: "200", "200-399,404"
}

// Target is an address that serves.
type Target struct {
	Id               string // an IP address or host name
	Port             int
	AvailabilityZone string
	// DrainsUntil is when a target that was deregistered goes; zero while it serves.
	DrainsUntil time.Time
	// Priority orders targets of SRV records: higher ones serve when no lower one can.
	Priority int
}

// LinkId names a VPC link.
type LinkId struct {
	Account string
	Region  string
	Id      string
}

// VpcLink is the way from an API to load balancers.
type VpcLink struct {
	LinkId
	// LoadBalancerArns are those of a link of version 1; one of version 2 has none.
	LoadBalancerArns []string
	// Failed says why the link cannot be used; empty for a good one.
	Failed string
}

// Configuration is everything that a Router knows.
type Configuration struct {
	LoadBalancers []LoadBalancer
	Listeners     []Listener
	Rules         []Rule
	TargetGroups  []TargetGroup
	VpcLinks      []VpcLink
	// CloudMapServices are those of AWS Cloud Map.
	CloudMapServices []CloudMapService
}
