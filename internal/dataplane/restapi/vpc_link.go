package restapi

import (
	"errors"
	"net/url"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/integration"
	"gatehouse/internal/loadbalancer"
)

// VpcLinks finds the way to private backends; *loadbalancer.Router does.
type VpcLinks interface {
	// Connect returns the way through a VPC link to what listens on a port of its
	// network load balancers. Its errors are *loadbalancer.Error.
	Connect(link loadbalancer.LinkId, scheme string, port int) (*loadbalancer.Connection, error)
}

// connectPrivately has the request go through the integration's VPC link, if it has one.
// Of the URI's host only the port counts; the host stays in the Host header.
func connectPrivately(e *exchange, request *integration.Request) error {
	target := e.method.Integration
	if target.VpcLinkId == nil {
		return nil
	}
	link := loadbalancer.LinkId{Account: e.stage.AccountId, Region: e.stage.Region, Id: target.VpcLinkId.Fill(noPathParameter, e.stage.Variables)}
	if e.pipeline.VpcLinks == nil {
		return &loadbalancer.Error{Reason: loadbalancer.ReasonLink, Message: "VPC link " + link.Id + ": no load balancers are served here"}
	}
	endpoint, err := url.Parse(request.URL)
	if err != nil {
		return &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: err}
	}
	port, ok := loadbalancer.PortOf(endpoint.Scheme, endpoint.Host)
	if !ok {
		return &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: errors.New("the port is no number")}
	}
	connection, err := e.pipeline.VpcLinks.Connect(link, endpoint.Scheme, port)
	if err != nil {
		return err
	}
	request.Dial, request.Addresses, request.Unreachable = connection.Dial, connection.Addresses, connection.Unreachable
	request.InsecureSkipVerification = request.InsecureSkipVerification || connection.InsecureSkipVerification
	if rest, ok := strings.CutPrefix(request.URL, endpoint.Scheme); ok {
		request.URL = connection.Scheme + rest
	}
	return nil
}

func noPathParameter(string) (string, bool) { return "", false }

// linkFault says what kept a private integration from reaching a target; nil for
// another error.
func linkFault(e *exchange, err error) *fault.Fault {
	var unreached *loadbalancer.Error
	if !errors.As(err, &unreached) {
		return nil
	}
	f := fault.New(fault.VpcLinkUnhealthy)
	f.Checked = e.outbound.httpMethod + " " + e.outbound.url + " through VPC link " + e.method.Integration.VpcLinkId.Fill(noPathParameter, e.stage.Variables)
	f.Found, f.Cause = unreached.Error(), err
	f.Wanted = "an available VPC link, a listener on the port of the URI, and a healthy target"
	f.LogLine = "configuration error: There was an internal error while executing your request" // reported by users of private integrations
	return f
}
