package httpapi

import (
	"crypto/x509"
	"errors"
	"net/netip"
	"strings"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/loadbalancer"
	"gatehouse/internal/plan"
)

// connectPrivately has the request go through the integration's VPC link. What the load
// balancer answers by itself, a fixed response or a redirect, is the backend's answer.
func connectPrivately(e *exchange) *fault.Fault {
	request := &e.outbound.request
	d := cutUrl(request.URL)
	scheme, _, _ := strings.Cut(d.origin, "://")
	if e.pipeline.VpcLinks == nil {
		return linkFault(e, &loadbalancer.Error{Reason: loadbalancer.ReasonLink, Message: "no load balancers are served here"})
	}
	connection, err := e.pipeline.VpcLinks.Route(e.linkId(), e.listenerArn(), &loadbalancer.Request{
		Method: request.Method, Scheme: scheme, Host: request.Host, Path: d.path, RawQuery: d.query, Header: request.Header,
		SourceIp: e.sourceIp(),
	})
	if err != nil {
		return linkFault(e, err)
	}
	if answer := connection.Answer; answer != nil {
		e.answer.called = true
		if answer.PlainToTls {
			e.record.Note(record.PlainToTls, "aws apigatewayv2 update-integration --api-id "+e.stage.ApiId+" --integration-id "+e.route.Integration.IntegrationId+
				" --tls-config ServerNameToVerify=NAME")
		}
		e.answer.statusCode, e.answer.header, e.answer.body = answer.StatusCode, answer.Header, answer.Body
		return nil
	}
	request.Dial, request.Addresses, request.Unreachable = connection.Dial, connection.Addresses, connection.Unreachable
	request.InsecureSkipVerification = connection.InsecureSkipVerification
	if rest, ok := strings.CutPrefix(request.URL, scheme); ok {
		request.URL = connection.Scheme + rest
	}
	return nil
}

func (e *exchange) linkId() loadbalancer.LinkId {
	return loadbalancer.LinkId{Account: e.stage.AccountId, Region: e.stage.Region, Id: e.route.Integration.VpcLinkId.Fill(noPathParameter, e.stage.Variables)}
}

func noPathParameter(string) (string, bool) { return "", false }

// sourceIp is the caller's: it is what rules of a load balancer can tell callers apart by.
// On AWS they see the address of the VPC link's network interface.
func (e *exchange) sourceIp() netip.Addr {
	address, err := netip.ParseAddr(e.in.SourceIp)
	if err != nil {
		return netip.Addr{}
	}
	return address
}

func (e *exchange) listenerArn() string {
	return e.route.Integration.Uri.Fill(noPathParameter, e.stage.Variables)
}

// linkFault says what kept a private integration from reaching a target.
func linkFault(e *exchange, err error) *fault.Fault {
	f := fault.New(fault.VpcLinkUnhealthy)
	f.Checked = e.outbound.request.Method + " " + e.outbound.request.URL + " through VPC link " + e.linkId().Id + " to " + e.listenerArn()
	f.Found, f.Cause = loadbalancer.Describe(e.linkId(), err), err
	f.Wanted = "an available VPC link, a listener, and a healthy target"
	return e.integrationFault(f)
}

// proposeServerName says which name to verify, where the certificate at the end of a VPC
// link has another.
func proposeServerName(e *exchange, f *fault.Fault, err error) {
	var mismatch x509.HostnameError
	target := e.route.Integration
	if target.Kind != plan.HttpIntegrationPrivate || !errors.As(err, &mismatch) || len(mismatch.Certificate.DNSNames) == 0 {
		return
	}
	name := mismatch.Certificate.DNSNames[0]
	f.Fix = "Verify a name that the certificate has, and deploy unless the stage does by itself."
	f.Command = fault.Command("aws", "apigatewayv2", "update-integration", "--api-id", e.stage.ApiId, "--integration-id", target.IntegrationId,
		"--tls-config", "ServerNameToVerify="+name)
}
