package loadbalancers

import (
	"context"
	"fmt"
	"slices"

	api "gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/control/list"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/loadbalancer/records"
)

// Certificates of listeners are kept and shown. TLS that a listener ends begins anew at
// its target, whose own certificate is the only one there is (package loadbalancer).

// AddListenerCertificates adds certificates for other names to a listener of TLS; one
// that is there already is no error.
func (s *Service) AddListenerCertificates(ctx context.Context, in *api.AddListenerCertificatesInput) (*api.AddListenerCertificatesOutput, error) {
	err := s.changeCertificates(ctx, in.ListenerArn, func(l *loadbalancer.Listener) error {
		if l.Protocol != loadbalancer.ProtocolHttps && l.Protocol != loadbalancer.ProtocolTls {
			return invalid("Certificates and SSL policies can only be specified for HTTPS and TLS listeners")
		}
		for _, arn := range certificateArns(in.Certificates) {
			if !slices.Contains(l.AdditionalCertificateArns, arn) {
				l.AdditionalCertificateArns = append(l.AdditionalCertificateArns, arn)
			}
		}
		if len(l.AdditionalCertificateArns) > certificatesLimit {
			return &api.TooManyCertificatesException{Message: fmt.Sprintf("The maximum number of certificates has been reached: %d", certificatesLimit)}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.AddListenerCertificatesOutput{Certificates: list.Convert(certificateArns(in.Certificates), additionalCertificate)}, nil
}

// RemoveListenerCertificates removes certificates that were added; the default one stays.
func (s *Service) RemoveListenerCertificates(ctx context.Context, in *api.RemoveListenerCertificatesInput) (*api.RemoveListenerCertificatesOutput, error) {
	gone := certificateArns(in.Certificates)
	err := s.changeCertificates(ctx, in.ListenerArn, func(l *loadbalancer.Listener) error {
		for _, arn := range gone {
			if slices.Contains(l.CertificateArns, arn) && !slices.Contains(l.AdditionalCertificateArns, arn) {
				return &api.OperationNotPermittedException{Message: "Default certificate cannot be removed"}
			}
		}
		l.AdditionalCertificateArns = slices.DeleteFunc(slices.Clone(l.AdditionalCertificateArns), func(arn string) bool { return slices.Contains(gone, arn) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &api.RemoveListenerCertificatesOutput{}, nil
}

func (s *Service) changeCertificates(ctx context.Context, listenerArn string, change func(*loadbalancer.Listener) error) error {
	return s.update(ctx, func(p place) error {
		found, err := p.listener(listenerArn)
		if err != nil {
			return err
		}
		if err := change(&found); err != nil {
			return err
		}
		return records.Listeners.Put(p.tx, found, p.at, found.Arn)
	})
}

// DescribeListenerCertificates lists a listener's certificates, the default one first.
func (s *Service) DescribeListenerCertificates(ctx context.Context, in *api.DescribeListenerCertificatesInput) (*api.DescribeListenerCertificatesOutput, error) {
	found, err := s.view(ctx).listener(in.ListenerArn)
	if err != nil {
		return nil, err
	}
	all := append(list.Convert(found.CertificateArns, defaultCertificate), list.Convert(found.AdditionalCertificateArns, additionalCertificate)...)
	id := func(c api.Certificate) string { return fmt.Sprint(*c.IsDefault) + *c.CertificateArn }
	page, err := paginate(all, id, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &api.DescribeListenerCertificatesOutput{Certificates: page.Items, NextMarker: page.Next}, nil
}

func certificateArns(certificates []api.Certificate) []string {
	return list.Convert(certificates, func(c api.Certificate) string { return given(c.CertificateArn, "") })
}

func defaultCertificate(arn string) api.Certificate { return certificate(arn, true) }

func additionalCertificate(arn string) api.Certificate { return certificate(arn, false) }

func certificate(arn string, isDefault bool) api.Certificate { //nolint:revive // the two callers above name the flag
	return api.Certificate{CertificateArn: &arn, IsDefault: &isDefault}
}
