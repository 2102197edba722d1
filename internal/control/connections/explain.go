package connections

import (
	"context"
	"net/url"

	api "gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/caller"
	"gatehouse/internal/connections"
	"gatehouse/internal/fault"
)

// explain says of a connection that is gone why, and what would mend it.
func explain(ctx context.Context, gone *connections.Gone) error {
	f := fault.New(fault.ConnectionGone)
	who := caller.From(ctx)
	f.Checked, f.Found = "connection "+gone.ConnectionId+" at "+endpointOf(who, who.BasePath), gone.Because
	switch {
	case gone.Connecting:
		f.Wanted = "a $connect integration that has returned"
		f.Fix = "Send once $connect has returned 200: let the client send a first message and answer that, or send from a queue afterwards. This answers then:"
		f.Command = getConnection(gone.ConnectionId, endpointOf(who, who.BasePath))
	case gone.Elsewhere != nil:
		f.Wanted = "the URL of stage " + gone.Elsewhere.StageName + " of API " + gone.Elsewhere.ApiId
		f.Fix = "Send to the stage that the client is connected to: the event of its messages names it (requestContext.domainName and stage)."
		f.Command = getConnection(gone.ConnectionId, endpointOf(caller.Caller{Host: who.Host, SecureTransport: who.SecureTransport}, awsPrefix+gone.Elsewhere.ApiId+"/"+gone.Elsewhere.StageName))
	case gone.Closing != nil && gone.Closing.By == connections.ByGateway && gone.Closing.Detail != "":
		f.Fix = "Delete the id where it is kept; the client has a new one once it connects again. Why the gateway closed it, and what would prevent that:"
		f.Command = fault.Command("gatehouse", "explain", gone.ConnectionId)
	default:
		f.Fix = "Delete the id where it is kept; the client has a new one once it connects again."
	}
	return fault.Refuse(&api.GoneException{}, f) // AWS says no more
}

// wrongUrl is AWS's 403 of a URL that leads to no stage, with what is wrong with it.
// stage is the URL that was meant, as far as one can tell.
func wrongUrl(found, stage string) error {
	f := fault.New(fault.ConnectionsUrl)
	f.Checked, f.Found = "what stands in front of /@connections", found
	f.Wanted = "the host of the API and one stage, or a custom domain name and the key of a mapping without the stage"
	f.Fix = "Build the endpoint from requestContext.domainName and stage of the client's own events; on a custom domain name leave the stage out. The SDK adds /@connections itself."
	if stage != "" {
		f.Command = "aws apigatewaymanagementapi get-connection --connection-id \"$CONNECTION\" --endpoint-url " + fault.Quote(stage)
	}
	return fault.Refuse(&api.ForbiddenException{Message: "Forbidden"}, f)
}

func getConnection(id, endpoint string) string {
	return fault.Command("aws", "apigatewaymanagementapi", "get-connection", "--connection-id", id, "--endpoint-url", endpoint)
}

// endpointOf is the URL of a base path at the host that was called.
func endpointOf(who caller.Caller, basePath string) string {
	endpoint := url.URL{Scheme: "http", Host: who.Host, Path: basePath}
	if who.SecureTransport {
		endpoint.Scheme = "https"
	}
	return endpoint.String()
}
