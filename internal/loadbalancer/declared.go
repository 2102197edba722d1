package loadbalancer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// Declared is a load balancer of a configuration file: an ARN that templates name, and
// where its listeners really lead.
type Declared struct {
	Arn       string             `yaml:"arn"`
	Listeners []DeclaredListener `yaml:"listeners"`
}

// DeclaredListener is a port of a Declared load balancer. Exactly one of Targets and
// Srv is set.
type DeclaredListener struct {
	// Arn is what integrations of HTTP APIs name. A load balancer with one listener needs none.
	Arn  string `yaml:"arn"`
	Port int    `yaml:"port"`
	// Protocol is TCP, TLS, HTTP or HTTPS; empty is TCP for network and HTTP for
	// application load balancers.
	Protocol string `yaml:"protocol"`
	// TargetProtocol is what targets speak; empty is the same as Protocol.
	TargetProtocol string   `yaml:"targetProtocol"`
	Targets        []string `yaml:"targets"` // host:port
	// Srv is a DNS name whose SRV records are the targets.
	Srv         string              `yaml:"srv"`
	HealthCheck DeclaredHealthCheck `yaml:"healthCheck"`
}

// DeclaredHealthCheck is how targets are checked: without settings by a connection every
// 10 s, two successes or failures changing the state.
type DeclaredHealthCheck struct {
	Protocol           string        `yaml:"protocol"` // TCP, HTTP or HTTPS; empty is TCP
	Path               string        `yaml:"path"`
	Matcher            string        `yaml:"matcher"`
	Interval           time.Duration `yaml:"interval"`
	Timeout            time.Duration `yaml:"timeout"`
	HealthyThreshold   int           `yaml:"healthyThreshold"`
	UnhealthyThreshold int           `yaml:"unhealthyThreshold"`
}

// Defaults of health checks (elbv2's model, CreateTargetGroup).
const (
	DefaultInterval           = 30 * time.Second
	DefaultTimeout            = 10 * time.Second
	DefaultHealthyThreshold   = 5
	DefaultUnhealthyThreshold = 2
	DefaultNetworkMatcher     = "200-399"
)

// Defaults of the health checks of a configuration file; they are ours.
const (
	declaredInterval  = 10 * time.Second
	declaredTimeout   = 5 * time.Second
	declaredThreshold = 2
)

// declaredPrefix begins the names of what a file declares without an ARN.
const declaredPrefix = "declared:"

// Declare checks what a configuration file says and makes a Configuration of it.
// Its error says everything that is wrong, joined.
func Declare(list []Declared) (Configuration, error) {
	var c Configuration
	var errs []error
	seen := map[string]bool{}
	for i, declared := range list {
		at := fmt.Sprintf("loadBalancers[%d]", i)
		kind, ok := typeOfArn(declared.Arn)
		if !ok || seen[declared.Arn] {
			errs = append(errs, fmt.Errorf("%s.arn: %q is not the ARN of one application or network load balancer", at, declared.Arn))
			continue
		}
		seen[declared.Arn] = true
		c.LoadBalancers = append(c.LoadBalancers, LoadBalancer{Arn: declared.Arn, Name: nameOfArn(declared.Arn), Type: kind})
		if len(declared.Listeners) == 0 {
			errs = append(errs, fmt.Errorf("%s.listeners: a load balancer has at least one", at))
		}
		ports := map[int]bool{}
		for j, listener := range declared.Listeners {
			if ports[listener.Port] {
				errs = append(errs, fmt.Errorf("%s.listeners[%d].port: %d is there twice", at, j, listener.Port))
			}
			ports[listener.Port] = true
			if err := c.declare(declared.Arn, kind, listener); err != nil {
				errs = append(errs, fmt.Errorf("%s.listeners[%d]: %w", at, j, err))
			}
		}
	}
	return c, errors.Join(errs...)
}

// arnParts are arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/{net|app}/{name}/{id}.
const arnParts = 6

func typeOfArn(arn string) (kind string, ok bool) {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) < arnParts || parts[0] != "arn" || parts[2] != "elasticloadbalancing" {
		return "", false
	}
	switch rest := parts[arnParts-1]; {
	case strings.HasPrefix(rest, "loadbalancer/net/"):
		return TypeNetwork, true
	case strings.HasPrefix(rest, "loadbalancer/app/"):
		return TypeApplication, true
	default:
		return "", false
	}
}

func nameOfArn(arn string) string {
	parts := strings.Split(arn, "/")
	return parts[min(2, len(parts)-1)]
}

func (c *Configuration) declare(loadBalancerArn, kind string, from DeclaredListener) error {
	l := Listener{Arn: from.Arn, LoadBalancerArn: loadBalancerArn, Port: from.Port, Protocol: from.Protocol}
	if l.Protocol == "" {
		l.Protocol = map[string]string{TypeNetwork: ProtocolTcp, TypeApplication: ProtocolHttp}[kind]
	}
	if l.Arn == "" {
		l.Arn = declaredPrefix + loadBalancerArn + ":" + strconv.Itoa(from.Port)
	}
	g := TargetGroup{Arn: l.Arn + ":targets", Name: nameOfArn(loadBalancerArn) + ":" + strconv.Itoa(from.Port), Protocol: from.TargetProtocol, Srv: from.Srv}
	if g.Protocol == "" {
		g.Protocol = l.Protocol
	}
	var errs []error
	if from.Port < 1 || from.Port > maxPort {
		errs = append(errs, fmt.Errorf("port: %d is not between 1 and %d", from.Port, maxPort))
	}
	for _, protocol := range []string{l.Protocol, g.Protocol} {
		if !speaks(kind, protocol) {
			errs = append(errs, fmt.Errorf("protocol: %q is none of a load balancer of type %s", protocol, kind))
		}
	}
	if (len(from.Targets) == 0) == (from.Srv == "") {
		errs = append(errs, errors.New("exactly one of targets and srv must be set"))
	}
	for _, address := range from.Targets {
		target, err := parseTarget(address)
		errs = append(errs, err)
		g.Targets = append(g.Targets, target)
	}
	var err error
	g.HealthCheck, err = from.HealthCheck.complete()
	errs = append(errs, err)
	l.DefaultActions = []Action{{Type: ActionForward, Forward: []WeightedTargetGroup{{TargetGroupArn: g.Arn, Weight: 1}}}}
	c.Listeners, c.TargetGroups = append(c.Listeners, l), append(c.TargetGroups, g)
	return errors.Join(errs...)
}

const maxPort = 65535

func speaks(kind, protocol string) bool {
	if kind == TypeNetwork {
		return protocol == ProtocolTcp || protocol == ProtocolTls
	}
	return protocol == ProtocolHttp || protocol == ProtocolHttps
}

func parseTarget(address string) (Target, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return Target{}, fmt.Errorf("targets: %q is not host:port", address)
	}
	number, err := strconv.Atoi(port)
	if err != nil || number < 1 || number > maxPort || !ValidHost(host) {
		return Target{}, fmt.Errorf("targets: %q is not host:port", address)
	}
	return Target{Id: host, Port: number}, nil
}

// ValidHost says whether a text is an IP address or can be a host name.
func ValidHost(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	if host == "" || len(host) > 253 || strings.HasPrefix(host, ".") || strings.HasPrefix(host, "-") {
		return false
	}
	for i := range len(host) {
		c := host[i] | 0x20
		if (c < 'a' || c > 'z') && (host[i] < '0' || host[i] > '9') && host[i] != '-' && host[i] != '.' && host[i] != '_' {
			return false
		}
	}
	return true
}

func (d DeclaredHealthCheck) complete() (HealthCheck, error) {
	check := HealthCheck{
		Protocol: d.Protocol, Port: TrafficPort, Path: d.Path, Matcher: d.Matcher, Interval: d.Interval, Timeout: d.Timeout,
		HealthyThreshold: d.HealthyThreshold, UnhealthyThreshold: d.UnhealthyThreshold,
	}
	setDefault(&check.Protocol, ProtocolTcp)
	setDefault(&check.Interval, declaredInterval)
	setDefault(&check.Timeout, min(declaredTimeout, check.Interval))
	setDefault(&check.HealthyThreshold, declaredThreshold)
	setDefault(&check.UnhealthyThreshold, declaredThreshold)
	isHttp := check.Protocol == ProtocolHttp || check.Protocol == ProtocolHttps
	if isHttp {
		setDefault(&check.Path, "/")
		setDefault(&check.Matcher, DefaultNetworkMatcher)
	}
	switch {
	case !isHttp && check.Protocol != ProtocolTcp:
		return check, fmt.Errorf("healthCheck.protocol: %q is not TCP, HTTP or HTTPS", check.Protocol)
	case !isHttp && (check.Path != "" || check.Matcher != ""):
		return check, errors.New("healthCheck: path and matcher belong to HTTP and HTTPS")
	case isHttp && !strings.HasPrefix(check.Path, "/"):
		return check, fmt.Errorf("healthCheck.path: %q does not begin with /", check.Path)
	case check.Interval < time.Second || check.Timeout <= 0 || check.Timeout > check.Interval:
		return check, errors.New("healthCheck: the interval is at least 1s, and the timeout no longer than it")
	case check.HealthyThreshold < 1 || check.UnhealthyThreshold < 1:
		return check, errors.New("healthCheck: thresholds are at least 1")
	}
	if _, err := ParseMatcher(check.Matcher); isHttp && err != nil {
		return check, fmt.Errorf("healthCheck.matcher: %w", err)
	}
	return check, nil
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// resolveInterval is how often SRV records are looked up again.
const resolveInterval = 15 * time.Second

// maxSrvTargets bounds what one DNS answer can make us check.
const maxSrvTargets = 1000

func resolveSrv(ctx context.Context, name string) ([]*net.SRV, error) {
	_, records, err := net.DefaultResolver.LookupSRV(ctx, "", "", name)
	return records, err
}

// followSrv tells take what the SRV records of a name say, again and again, unless DNS
// does not answer.
func (r *Router) followSrv(name string, take func(ctx context.Context, targets []Target)) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-r.running.Done():
			return
		case <-timer.C:
			timer.Reset(resolveInterval)
		}
		records, err := r.options.Resolve(r.running, name)
		if err != nil {
			if r.options.Log != nil && r.running.Err() == nil {
				r.options.Log.Warn("looking up the targets of a load balancer", "srv", name, "error", err)
			}
			continue
		}
		take(r.running, srvTargets(records))
	}
}

func srvTargets(records []*net.SRV) []Target {
	var targets []Target
	for _, record := range records[:min(len(records), maxSrvTargets)] {
		host := strings.TrimSuffix(record.Target, ".")
		if ValidHost(host) && record.Port > 0 {
			targets = append(targets, Target{Id: host, Port: int(record.Port), Priority: int(record.Priority)})
		}
	}
	return targets
}
