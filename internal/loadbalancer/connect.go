package loadbalancer

import (
	"context"
	"net"
	"net/http"
	"strconv"
)

// Connection is the way to a target, or what the load balancer answers by itself.
type Connection struct {
	// Addresses are the healthy targets, host:port, in the order to try them; each
	// Connection begins with the next one in turn.
	Addresses []string
	// Unreachable makes the *Error of a request for which no address could be connected to.
	Unreachable func(err error) error
	// Dial connects to the first address that accepts; it ignores the address that it is
	// given. Its errors are *Error, or the context's. It is for those who keep no
	// connections.
	Dial Dial
	// Scheme is what to speak on the connection, http or https.
	Scheme string
	// InsecureSkipVerification says that the certificate is the target's own, behind a
	// listener that ended TLS, and no name was given to verify: load balancers do not.
	InsecureSkipVerification bool
	// Answer is the load balancer's own, in place of all the others; nil when it forwards.
	Answer *Answer
}

// Answer is an HTTP response of a load balancer.
type Answer struct {
	StatusCode int
	Header     http.Header
	Body       []byte
	// PlainToTls says that the request came in plain HTTP where the listener speaks HTTPS.
	PlainToTls bool
}

const (
	schemeHttp  = "http"
	schemeHttps = "https"
)

// Connect finds the way through a VPC link of version 1: the listener of the link's
// network load balancers on the port of the integration's URI, and its target group.
// The scheme is the URI's. The error is an *Error.
func (r *Router) Connect(link LinkId, scheme string, port int) (*Connection, error) {
	t := r.table.Load()
	found, err := t.link(link)
	if err != nil {
		return nil, err
	}
	if len(found.LoadBalancerArns) == 0 {
		return nil, failure(ReasonLink, "VPC link %s has no network load balancer", link.Id)
	}
	for _, arn := range found.LoadBalancerArns {
		if l, ok := t.byPort[portKey{arn, port}]; ok {
			return r.forward(t, l, l.DefaultActions, scheme)
		}
	}
	for _, arn := range found.LoadBalancerArns {
		if t.loadBalancers[arn] == nil {
			return nil, failure(ReasonLoadBalancer, "load balancer %s of VPC link %s does not exist", arn, link.Id)
		}
	}
	return nil, failure(ReasonListener, "no listener on port %d of the load balancers of VPC link %s", port, link.Id)
}

func (t *table) link(id LinkId) (*VpcLink, error) {
	found, ok := t.links[id]
	switch {
	case !ok:
		return nil, failure(ReasonLink, "VPC link %q does not exist", id.Id)
	case found.Failed != "":
		return nil, failure(ReasonLink, "VPC link %s has failed: %s", id.Id, found.Failed)
	default:
		return found, nil
	}
}

// forward finds the way to the target group that actions name.
func (r *Router) forward(t *table, l *listener, actions []Action, scheme string) (*Connection, error) {
	arn := r.choose(actions)
	g, ok := t.groups[arn]
	if !ok {
		return nil, failure(ReasonNoTarget, "listener %s forwards to no target group", l.Arn)
	}
	connection := &Connection{Scheme: scheme, Unreachable: g.unreachable}
	secure := scheme == schemeHttps
	switch {
	case l.Protocol == ProtocolTcp: // whatever is spoken passes through
	case l.endsTls() != secure:
		return nil, failure(ReasonProtocol, "the listener on port %d speaks %s, and the integration %s", l.Port, l.Protocol, scheme)
	default:
		connection.Scheme, connection.InsecureSkipVerification = schemeOf(g.protocol())
	}
	var err error
	if connection.Addresses, err = g.addresses(); err != nil {
		return nil, err
	}
	connection.Dial = func(ctx context.Context, _, _ string) (net.Conn, error) { return g.dialAny(ctx, connection.Addresses) }
	return connection, nil
}

func (l *listener) endsTls() bool { return l.Protocol == ProtocolTls || l.Protocol == ProtocolHttps }

// schemeOf says what targets speak behind a listener that reads what passes.
func schemeOf(protocol string) (scheme string, insecure bool) {
	if protocol == ProtocolTls || protocol == ProtocolHttps {
		return schemeHttps, true
	}
	return schemeHttp, false
}

func (g *group) protocol() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.config.Protocol
}

// choose takes one of the target groups of a forward action by weight.
func (r *Router) choose(actions []Action) string {
	for _, action := range actions {
		switch {
		case action.Type != ActionForward || len(action.Forward) == 0:
			continue
		case len(action.Forward) == 1:
			return action.Forward[0].TargetGroupArn
		}
		total := 0
		for _, to := range action.Forward {
			total += to.Weight
		}
		if total == 0 {
			return ""
		}
		at := int(r.options.Random() % uint64(total))
		for _, to := range action.Forward {
			if at < to.Weight {
				return to.TargetGroupArn
			}
			at -= to.Weight
		}
	}
	return ""
}

// PortOf is the port of an integration's URI: host may have one, or the scheme says.
func PortOf(scheme, host string) (int, bool) {
	if _, text, err := net.SplitHostPort(host); err == nil {
		port, err := strconv.Atoi(text)
		return port, err == nil
	}
	if scheme == schemeHttps {
		return 443, true
	}
	return 80, true
}
