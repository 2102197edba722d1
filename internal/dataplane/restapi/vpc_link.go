package restapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/netip"
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
	// Route returns the way through a VPC link of version 2 to a target of the listener
	// that uri names, or what the load balancer answers by itself.
	Route(link loadbalancer.LinkId, uri string, request *loadbalancer.Request) (*loadbalancer.Connection, error)
}

// connectPrivately has the request go through the integration's VPC link, if it has one;
// the URI's host stays in the Host header. What a load balancer answers by itself is the
// backend's answer.
func connectPrivately(e *exchange, request *integration.Request) (*loadbalancer.Answer, error) {
	if e.method.Integration.VpcLinkId == nil {
		return nil, nil //nolint:nilnil // the request goes over the internet
	}
	endpoint, err := url.Parse(request.URL)
	if err != nil {
		return nil, &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: err}
	}
	connection, err := findConnection(e, request, endpoint)
	if err != nil || connection.Answer != nil {
		return connectionAnswer(connection), err
	}
	request.Dial, request.Addresses, request.Unreachable = connection.Dial, connection.Addresses, connection.Unreachable
	request.InsecureSkipVerification = request.InsecureSkipVerification || connection.InsecureSkipVerification
	if rest, ok := strings.CutPrefix(request.URL, endpoint.Scheme); ok {
		request.URL = connection.Scheme + rest
	}
	return nil, nil //nolint:nilnil // the request goes to a target
}

func connectionAnswer(connection *loadbalancer.Connection) *loadbalancer.Answer {
	if connection == nil {
		return nil
	}
	return connection.Answer
}

// findConnection asks the link. Of the URI's host only the port counts, and only for a
// link of version 1: with one of version 2 the integration names the listener.
func findConnection(e *exchange, request *integration.Request, endpoint *url.URL) (*loadbalancer.Connection, error) {
	target := e.method.Integration
	link := loadbalancer.LinkId{Account: e.stage.AccountId, Region: e.stage.Region, Id: target.VpcLinkId.Fill(noPathParameter, e.stage.Variables)}
	if e.pipeline.VpcLinks == nil {
		return nil, &loadbalancer.Error{Reason: loadbalancer.ReasonLink, Message: "VPC link " + link.Id + ": no load balancers are served here"}
	}
	if target.Target != nil {
		sourceIp, _ := netip.ParseAddr(e.in.SourceIp) // on AWS, rules see the address of the link's network interface
		return e.pipeline.VpcLinks.Route(link, target.Target.Fill(noPathParameter, e.stage.Variables), &loadbalancer.Request{
			Method: request.Method, Scheme: endpoint.Scheme, Host: cmp.Or(request.Host, endpoint.Host), Path: endpoint.EscapedPath(), RawQuery: endpoint.RawQuery,
			Header: request.Header, SourceIp: sourceIp,
		})
	}
	port, ok := loadbalancer.PortOf(endpoint.Scheme, endpoint.Host)
	if !ok {
		return nil, &integration.Failure{Kind: integration.FailureRequest, Address: request.URL, Err: errors.New("the port is no number")}
	}
	return e.pipeline.VpcLinks.Connect(link, endpoint.Scheme, port)
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
	link := loadbalancer.LinkId{Id: e.method.Integration.VpcLinkId.Fill(noPathParameter, e.stage.Variables)}
	f.Checked = e.outbound.httpMethod + " " + e.outbound.url + " through VPC link " + link.Id
	f.Found, f.Cause = loadbalancer.Describe(link, unreached), err
	if unreached.Reason == loadbalancer.ReasonProtocol {
		proposeScheme(e, f)
	}
	f.Wanted = "an available VPC link, a listener on the port of the URI, and a healthy target"
	f.LogLine = "configuration error: There was an internal error while executing your request" // reported by users of private integrations
	return f
}

// proposeScheme says how to speak what the listener does.
func proposeScheme(e *exchange, f *fault.Fault) {
	uri := e.method.Integration.Uri.Text()
	scheme, rest, ok := strings.Cut(uri, "://")
	other := map[string]string{"http": "https", "https": "http"}[scheme]
	if !ok || other == "" {
		return
	}
	operation, _ := json.Marshal([]map[string]string{{"op": "replace", "path": "/uri", "value": other + "://" + rest}}) // texts always encode
	f.Fix = "Speak " + other + " to the listener, and deploy."
	f.Command = fault.Command("aws", "apigateway", "update-integration", "--rest-api-id", e.stage.ApiId, "--resource-id", e.method.ResourceId,
		"--http-method", e.method.HttpMethod, "--patch-operations", string(operation)) + " &&\n" +
		fault.Command("aws", "apigateway", "create-deployment", "--rest-api-id", e.stage.ApiId, "--stage-name", e.stage.StageName)
}
