package diagnosis

import (
	"strconv"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// fixNoWebSocketRoute makes the route that a message asks for, with the integration of
// another route; a handshake can only be sent to another URL.
func fixNoWebSocketRoute(c *diagnosed, f *fault.Fault, finding *Finding) {
	if c.record.HttpMethod == eventConnect {
		finding.Fix.Text = "Connect to the stage's own URL, with nothing behind it."
		return
	}
	finding.Fix = Fix{
		Text:    "Send the key of a route that exists, or make the route, or $default, and deploy.",
		Command: c.apigatewayv2("get-routes", "--query", "Items[].RouteKey"),
	}
	if f.Nearest != "" {
		finding.Fix.Text = "Send " + f.Nearest + ", as the route is spelled, or make the route, or $default, and deploy."
	}
	like := c.messageRoute()
	if like == nil {
		return
	}
	key := plan.RouteKeyDefault
	if wanted, err := strconv.Unquote(strings.TrimPrefix(f.Found, "the route key ")); err == nil && wanted != "" && !strings.HasPrefix(wanted, "$") {
		key = wanted
	}
	finding.Fix.Text += " Here it gets the integration of route " + like.RouteKey + "."
	finding.Fix.Command = then(
		c.apigatewayv2("create-route", "--route-key", key, "--target", "integrations/"+like.Integration.IntegrationId),
		c.apigatewayv2("create-deployment", "--stage-name", c.record.StageName),
	)
}

// messageRoute is a route for messages of the stage as it is served now; nil without one.
func (c *diagnosed) messageRoute() *plan.WebSocketRoute {
	if c.published == nil {
		return nil
	}
	api, ok := c.published.Api(c.record.ApiId)
	if !ok || api.WebSocketStages[c.record.StageName] == nil {
		return nil
	}
	for _, route := range api.WebSocketStages[c.record.StageName].Api.Routes {
		if !strings.HasPrefix(route.RouteKey, "$") && route.Integration != nil {
			return route
		}
	}
	return nil
}

func fixNotAnUpgrade(_ *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Fix.Text = "Connect with a WebSocket client, to ws: or wss:; proxies between must pass Upgrade and Connection on."
}
