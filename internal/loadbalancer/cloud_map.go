package loadbalancer

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
)

// CloudMapService is a service of AWS Cloud Map, to which integrations of HTTP APIs can
// lead in place of a listener. Its instances are not checked here: Cloud Map says how
// they are.
type CloudMapService struct {
	Arn       string
	Instances []CloudMapInstance
	// Srv is a DNS name whose SRV records are the instances, in place of Instances.
	Srv string
}

// CloudMapInstance is one instance of a service.
type CloudMapInstance struct {
	Id string
	// Address is host:port; empty for an instance that has no address and port among its
	// attributes, to which no request can go.
	Address    string
	Attributes map[string]string
	// Unhealthy says why no request goes there; empty for a healthy instance.
	Unhealthy string
}

// The attributes that say where an instance is (Cloud Map: RegisterInstance).
const (
	AttributeInstanceIpv4 = "AWS_INSTANCE_IPV4"
	AttributeInstancePort = "AWS_INSTANCE_PORT"
)

const cloudMapMarker = ":servicediscovery:"

// cloudMap is a CloudMapService at work.
type cloudMap struct {
	arn       string
	next      atomic.Uint64 // whose turn it is
	instances atomic.Pointer[[]CloudMapInstance]
}

// discover finds the way to an instance of the service that uri names; its query is
// what the instance's attributes must be (guide: http-api-develop-integrations-private.md).
func (t *table) discover(uri string, scheme string) (*Connection, error) {
	arn, query, _ := strings.Cut(uri, "?")
	wanted, err := url.ParseQuery(query)
	if err != nil {
		return nil, failure(ReasonCloudMap, "the query of %s cannot be read: %v", uri, err)
	}
	service, ok := t.cloudMaps[arn]
	if !ok {
		return nil, failure(ReasonCloudMap, "there is no Cloud Map service %s", arn)
	}
	matching := service.matching(wanted)
	if len(matching) == 0 {
		return nil, failure(ReasonNoTarget, "Cloud Map service %s has no instance with %s", arn, describeQuery(query))
	}
	var addresses []string
	for _, instance := range matching {
		if instance.Unhealthy == "" && instance.Address != "" {
			addresses = append(addresses, instance.Address)
		}
	}
	if len(addresses) == 0 {
		return nil, failure(ReasonNoHealthy, "no instance of Cloud Map service %s is healthy: %s", arn, describeInstances(matching))
	}
	turn := int((service.next.Add(1) - 1) % uint64(len(addresses))) // less than a length
	addresses = append(addresses[turn:len(addresses):len(addresses)], addresses[:turn]...)
	return &Connection{
		Scheme: scheme, Addresses: addresses,
		Unreachable: func(err error) error {
			return &Error{Reason: ReasonConnectionsAll, Message: "no instance of Cloud Map service " + arn + " accepts a connection", Err: err}
		},
	}, nil
}

func (c *cloudMap) matching(wanted url.Values) []CloudMapInstance {
	var matching []CloudMapInstance
	for _, instance := range *c.instances.Load() {
		fits := true
		for name := range wanted {
			value, ok := instance.Attributes[name]
			fits = fits && ok && value == wanted.Get(name)
		}
		if fits {
			matching = append(matching, instance)
		}
	}
	return matching
}

func describeQuery(query string) string {
	if query == "" {
		return "any attributes"
	}
	return query
}

func describeInstances(instances []CloudMapInstance) string {
	parts := make([]string, len(instances))
	for i, instance := range instances {
		reason := instance.Unhealthy
		if instance.Address == "" {
			reason = "it has no " + AttributeInstanceIpv4 + " and " + AttributeInstancePort
		}
		parts[i] = fmt.Sprintf("%s %s (%s)", instance.Id, instance.Address, reason)
	}
	return strings.Join(parts, ", ")
}

// setCloudMaps puts the services into a table; those that are declared win. The caller
// holds mu.
func (r *Router) setCloudMaps(t *table, configuration *Configuration) {
	kept := map[string]*cloudMap{}
	for _, list := range [2][]CloudMapService{configuration.CloudMapServices, r.options.Declared.CloudMapServices} {
		for _, config := range list {
			service, ok := r.cloudMaps[config.Arn]
			if !ok {
				service = &cloudMap{arn: config.Arn}
				service.instances.Store(&[]CloudMapInstance{})
			}
			if config.Srv == "" {
				service.instances.Store(&config.Instances)
			} else if !ok {
				r.checks.Go(func() { r.followSrv(config.Srv, service.resolved) })
			}
			kept[config.Arn], t.cloudMaps[config.Arn] = service, service
		}
	}
	r.cloudMaps = kept
}

// resolved takes what the SRV records say. Their attributes are those that Cloud Map
// gives such instances.
func (c *cloudMap) resolved(_ context.Context, targets []Target) {
	instances := make([]CloudMapInstance, len(targets))
	for i, target := range targets {
		instances[i] = newCloudMapInstance(target.Address(), nil)
	}
	c.instances.Store(&instances)
}

// newCloudMapInstance gives an instance the attributes that its address is.
func newCloudMapInstance(address string, attributes map[string]string) CloudMapInstance {
	instance := CloudMapInstance{Id: address, Address: address, Attributes: map[string]string{}}
	if host, port, err := net.SplitHostPort(address); err == nil {
		instance.Attributes[AttributeInstanceIpv4], instance.Attributes[AttributeInstancePort] = host, port
	}
	for name, value := range attributes {
		instance.Attributes[name] = value
	}
	return instance
}
