package diagnosis

import (
	"net/http"
	"strconv"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// fixNoWebSocketRoute makes the route that a message asks for, with the integration of
// another route; a handshake can only be sent to another URL.
func fixNoWebSocketRoute(c *diagnosed, f *fault.Fault, finding *Finding) {
	if c.record.HttpMethod == eventConnect {
		finding.Summary = "WebSocket clients connect to a stage's own URL alone."
		finding.Checked = "what stands behind the stage in the URL"
		again := c.again()
		finding.Fix = c.send("Connect to the stage's own URL, with nothing behind it.", &again)
		return
	}
	if key := c.selectedRouteKey(); c.fixUndeployedKey(finding, key) {
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
	if wanted, err := strconv.Unquote(strings.TrimPrefix(f.Found, "the route key ")); err == nil && isRouteKey(wanted) {
		key = wanted
	}
	finding.Fix.Text += " Here it gets the integration of route " + like.RouteKey + "."
	finding.Fix.Command = then(
		c.apigatewayv2("create-route", "--route-key", key, "--target", "integrations/"+like.Integration.IntegrationId),
		c.apigatewayv2("create-deployment", "--stage-name", c.record.StageName),
	)
}

// fixUndeployedKey is for a message whose route, or $default, exists and is not deployed, or is
// deployed since.
func (c *diagnosed) fixUndeployedKey(finding *Finding, key string) bool {
	if c.definition == nil || c.definition.Http == nil {
		return false
	}
	for _, wanted := range []string{key, plan.RouteKeyDefault} {
		named := func(one apigwv2.Route) bool { return one.RouteKey == wanted }
		route, deployed := first(c.definition.Http.Routes, named), c.deployed()
		switch {
		case wanted == "" || deployed == nil || deployed.Http == nil:
		case c.deployedSince() && first(deployed.Http.Routes, named) != nil:
			finding.Nearest = append(finding.Nearest, "deployed since: route "+wanted, c.servesSince())
			finding.Fix = Fix{
				Text:    "Send the message again: stage " + c.record.StageName + " serves another deployment since, and it has route " + wanted + ".",
				Command: c.apigatewayv2("get-routes", "--query", "Items[].RouteKey"),
			}
			return true
		case route != nil && first(deployed.Http.Routes, named) == nil:
			c.sayUndeployed(finding, "route "+wanted, Noun{NounRoute, route.RouteId})
			finding.Fix = c.fixDeploy("Deploy the API: the route exists, and stage " + c.record.StageName + " serves an earlier deployment.")
			return true
		}
	}
	return false
}

// isRouteKey says whether a message's key is one that a route may be made for. The aws CLI
// takes what begins with a hyphen for an option, and reads what begins with file:// or the
// like from there.
func isRouteKey(key string) bool {
	return key != "" && !strings.ContainsAny(key[:1], "$-") && !strings.Contains(key, "://") && printable(key) == key
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

func fixNotAnUpgrade(c *diagnosed, _ *fault.Fault, finding *Finding) {
	finding.Checked = "the handshake's method and headers"
	again := c.again()
	finding.Fix = c.send("Connect with a WebSocket client, to ws: or wss:; proxies between must pass Upgrade and Connection on.", &again)
}

// fixMessageInvalid is for a message, which the model of its route refuses.
func fixMessageInvalid(c *diagnosed, f *fault.Fault, finding *Finding) {
	model := strings.TrimPrefix(f.Checked, "the message against model ")
	finding.Fix = Fix{
		Text:    "Send a message that satisfies the route's model.",
		Command: c.apigatewayv2("get-models", "--query", "Items[].[Name, Schema]", "--output", "text"),
	}
	if model != f.Checked {
		finding.Fix.Text = "Send a message that satisfies the model " + model + "."
	}
}

// fixConnectRefused is for a client whom the integration of $connect refused, which it does for
// reasons of its own: the client connects again, with what it lacked.
func fixConnectRefused(c *diagnosed, f *fault.Fault, finding *Finding) {
	finding.Checked = "the status that the integration of $connect answered, " + c.calledBackend()
	again := c.again()
	text := "Connect again with what the integration of $connect asks for"
	if sent := c.complete(&again); len(sent.variables) == 0 && (c.record.StatusCode == http.StatusUnauthorized || c.record.StatusCode == http.StatusForbidden) {
		again.headers = []placed{{"Authorization", "$AUTHORIZATION"}}
		text += ": the client sent no header and no parameter of its own, and here it sends the Authorization header $AUTHORIZATION"
	}
	text += ". Or let the integration answer a status from 200 to 299 to such clients"
	if arn := c.functionArn(); arn != "" {
		name, _ := nameOfFunction(arn)
		text += "; what its function said is in the log group /aws/lambda/" + name
	}
	finding.Fix = c.send(text+".", &again)
}
