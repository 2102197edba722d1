package loadbalancers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// defaultSslPolicy is AWS's for listeners that the API makes.
const defaultSslPolicy = "ELBSecurityPolicy-2016-08"

// CreateListener makes a listener, or returns the one of the same port and settings.
func (s *Service) CreateListener(ctx context.Context, in *api.CreateListenerInput) (*api.CreateListenerOutput, error) {
	if err := refuseListener(listenerSettings{string(in.Protocol), in.AlpnPolicy, in.MutualAuthentication}); err != nil {
		return nil, err
	}
	if in.Protocol == "" {
		return nil, invalid(messageNoProtocol)
	}
	if in.Port == nil {
		return nil, invalid(messageNoPort)
	}
	var made loadbalancer.Listener
	err := s.update(ctx, func(p place) error {
		made = loadbalancer.Listener{LoadBalancerArn: in.LoadBalancerArn, Port: int(*in.Port), Protocol: string(in.Protocol)}
		if err := setTls(&made, in.SslPolicy, in.Certificates); err != nil {
			return err
		}
		var err error
		if made.Tags, err = tagMap(nil, in.Tags); err != nil {
			return err
		}
		return p.addListener(&made, in.DefaultActions)
	})
	if err != nil {
		return nil, err
	}
	return &api.CreateListenerOutput{Listeners: []api.Listener{listenerOutput(made)}}, nil
}

func (p place) addListener(made *loadbalancer.Listener, actions []api.Action) error {
	l, err := p.loadBalancer(made.LoadBalancerArn)
	if err != nil {
		return err
	}
	if made.DefaultActions, err = p.actions(made, actions); err != nil {
		return err
	}
	siblings, err := p.listenersOf(l.Arn)
	if err != nil {
		return err
	}
	if err := validateListener(&l, made, siblings); err != nil {
		return err
	}
	if len(siblings) >= listenersLimit {
		return &api.TooManyListenersException{Message: fmt.Sprintf("The maximum number of listeners has been reached on this load balancer: %d", listenersLimit)}
	}
	id, err := p.service.newId()
	if err != nil {
		return err
	}
	made.Arn = beneath(l.Arn, kindLoadBalancer, kindListener, id)
	return records.Listeners.Put(p.tx, *made, p.at, made.Arn)
}

// setTls sets what TLS needs, and keeps it away from listeners without TLS.
func setTls(l *loadbalancer.Listener, policy *string, certificates []api.Certificate) error {
	l.CertificateArns = nil
	for _, certificate := range certificates {
		l.CertificateArns = append(l.CertificateArns, given(certificate.CertificateArn, ""))
	}
	l.SslPolicy = given(policy, l.SslPolicy)
	secure := l.Protocol == loadbalancer.ProtocolHttps || l.Protocol == loadbalancer.ProtocolTls
	switch {
	case !secure && (len(certificates) > 0 || given(policy, "") != ""):
		return invalid("Certificates and SSL policies can only be specified for HTTPS and TLS listeners")
	case !secure:
		l.SslPolicy, l.AdditionalCertificateArns = "", nil
	case len(l.CertificateArns) == 0:
		return invalid(messageCertificate, l.Protocol)
	case len(l.CertificateArns) > 1:
		return &api.TooManyCertificatesException{Message: "Up to '1' certificate ARNs can be specified, but '" + fmt.Sprint(len(certificates)) + "' were specified"}
	case l.SslPolicy == "":
		l.SslPolicy = defaultSslPolicy
	case !strings.HasPrefix(l.SslPolicy, "ELBSecurityPolicy-"):
		return &api.SSLPolicyNotFoundException{Message: "SSL policy '" + l.SslPolicy + "' not found"}
	}
	return nil
}

func validateListener(l *loadbalancer.LoadBalancer, listener *loadbalancer.Listener, siblings []loadbalancer.Listener) error {
	protocols := []string{loadbalancer.ProtocolHttp, loadbalancer.ProtocolHttps}
	if l.Type == loadbalancer.TypeNetwork {
		protocols = []string{loadbalancer.ProtocolTcp, loadbalancer.ProtocolTls}
	}
	if !slices.Contains(protocols, listener.Protocol) {
		return &api.UnsupportedProtocolException{Message: "Listener protocol '" + listener.Protocol + "' must be one of '" + strings.Join(protocols, ", ") + "'"}
	}
	if l.Type == loadbalancer.TypeNetwork && listener.DefaultActions[0].Type != loadbalancer.ActionForward {
		return &api.InvalidLoadBalancerActionException{Message: "Network load balancers only take the action 'forward'"}
	}
	for _, sibling := range siblings {
		if sibling.Port == listener.Port && sibling.Arn != listener.Arn {
			return listenerExists()
		}
	}
	return nil
}

// listener reads one by its ARN. Errors: ValidationError, ListenerNotFound.
func (p place) listener(arn string) (loadbalancer.Listener, error) {
	if !isArn(arn, kindListener) {
		return loadbalancer.Listener{}, invalidArn(arn, "listener")
	}
	return find(p, records.Listeners, listenerMissing(), arn)
}

// listenersOf are those of a load balancer, in order of ports.
func (p place) listenersOf(loadBalancerArn string) ([]loadbalancer.Listener, error) {
	all, err := records.Listeners.List(p.r, p.at)
	all = slices.DeleteFunc(all, func(l loadbalancer.Listener) bool { return l.LoadBalancerArn != loadBalancerArn })
	slices.SortFunc(all, func(a, b loadbalancer.Listener) int { return a.Port - b.Port })
	return all, err
}

// DescribeListeners lists the listeners of a load balancer, or those that are named.
func (s *Service) DescribeListeners(ctx context.Context, in *api.DescribeListenersInput) (*api.DescribeListenersOutput, error) {
	p := s.view(ctx)
	var all []loadbalancer.Listener
	switch {
	case in.LoadBalancerArn != nil && len(in.ListenerArns) > 0:
		return nil, invalid("You cannot specify both a load balancer ARN and listener ARNs")
	case in.LoadBalancerArn != nil:
		if _, err := p.loadBalancer(*in.LoadBalancerArn); err != nil {
			return nil, err
		}
		var err error
		if all, err = p.listenersOf(*in.LoadBalancerArn); err != nil {
			return nil, err
		}
	case len(in.ListenerArns) == 0:
		return nil, invalid("You must specify either listener ARNs or a load balancer ARN")
	}
	for _, arn := range in.ListenerArns {
		found, err := p.listener(arn)
		if err != nil {
			return nil, err
		}
		all = append(all, found)
	}
	page, err := paginate(all, func(l loadbalancer.Listener) string { return l.Arn }, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeListenersOutput{Listeners: list.Convert(page.Items, listenerOutput), NextMarker: page.Next}, nil
}

// ModifyListener changes the members that are given.
func (s *Service) ModifyListener(ctx context.Context, in *api.ModifyListenerInput) (*api.ModifyListenerOutput, error) {
	if err := refuseListener(listenerSettings{string(in.Protocol), in.AlpnPolicy, in.MutualAuthentication}); err != nil {
		return nil, err
	}
	var changed loadbalancer.Listener
	err := s.update(ctx, func(p place) error {
		var err error
		if changed, err = p.listener(in.ListenerArn); err != nil {
			return err
		}
		if err := p.modifyListener(&changed, in); err != nil {
			return err
		}
		return records.Listeners.Put(p.tx, changed, p.at, changed.Arn)
	})
	if err != nil {
		return nil, err
	}
	return &api.ModifyListenerOutput{Listeners: []api.Listener{listenerOutput(changed)}}, nil
}

func (p place) modifyListener(l *loadbalancer.Listener, in *api.ModifyListenerInput) error {
	before := *l
	l.Port = int(given(in.Port, int32(l.Port)))
	if in.Protocol != "" {
		l.Protocol = string(in.Protocol)
	}
	certificates := in.Certificates
	if secure := l.Protocol == loadbalancer.ProtocolHttps || l.Protocol == loadbalancer.ProtocolTls; certificates == nil && secure {
		for _, arn := range before.CertificateArns {
			certificates = append(certificates, api.Certificate{CertificateArn: &arn})
		}
	}
	if err := setTls(l, in.SslPolicy, certificates); err != nil {
		return err
	}
	actions := in.DefaultActions
	if actions == nil {
		actions = list.Convert(l.DefaultActions, actionOutput)
	}
	var err error
	if l.DefaultActions, err = p.actions(l, actions); err != nil {
		return err
	}
	owner, err := p.loadBalancer(l.LoadBalancerArn)
	if err != nil {
		return err
	}
	siblings, err := p.listenersOf(l.LoadBalancerArn)
	if err != nil {
		return err
	}
	return validateListener(&owner, l, siblings)
}

// DeleteListener deletes a listener with its rules.
func (s *Service) DeleteListener(ctx context.Context, in *api.DeleteListenerInput) (*api.DeleteListenerOutput, error) {
	err := s.update(ctx, func(p place) error {
		found, err := p.listener(in.ListenerArn)
		if err != nil {
			return err
		}
		p.deleteListener(found.Arn)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.DeleteListenerOutput{}, nil
}

func (p place) deleteListener(arn string) {
	records.Rules.Delete(p.tx, p.at, arn)
	records.Listeners.Delete(p.tx, p.at, arn)
}

func listenerOutput(l loadbalancer.Listener) api.Listener {
	out := api.Listener{
		ListenerArn: &l.Arn, LoadBalancerArn: &l.LoadBalancerArn, Port: number(l.Port), Protocol: api.ProtocolEnum(l.Protocol),
		SslPolicy: optional(l.SslPolicy), DefaultActions: list.Convert(l.DefaultActions, actionOutput),
	}
	for _, arn := range l.CertificateArns {
		out.Certificates = append(out.Certificates, api.Certificate{CertificateArn: &arn})
	}
	return out
}
