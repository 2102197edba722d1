package diagnosis

import (
	"strings"

	"gatehouse/internal/dataplane/record"
)

// Findings that are no fault of an exchange: the answer was made as configured, and the
// client cannot use it. Their ids are laid out in the knowledge base.
const (
	idCors         = "GH-R401"
	idBase64AsText = "GH-B101"
)

// others finds what is wrong beside a fault.
func (c *diagnosed) others() []Finding {
	var found []Finding
	if finding, ok := c.domainMapping(); ok {
		found = append(found, finding)
	}
	if text := c.fact(record.Base64AsText); text != "" {
		found = append(found, c.base64AsText(text))
	}
	origin := valueOf(c.headers, "Origin")
	if origin != "" && valueOf(c.replied, "Access-Control-Allow-Origin") == "" && !c.isPreflight() {
		found = append(found, c.cors(origin))
	}
	return found
}

func (c *diagnosed) base64AsText(text string) Finding {
	contentType := valueOf(c.replied, "Content-Type")
	mediaType, _, _ := strings.Cut(contentType, ";")
	if mediaType == "" {
		mediaType = "*/*"
	}
	accepted, _, _ := strings.Cut(valueOf(c.headers, "Accept"), ",")
	accepted, _, _ = strings.Cut(strings.TrimSpace(accepted), ";")
	declared := mediaType
	if accepted != "" && accepted != mediaType {
		declared = "*/*" // only the first item of Accept counts, and it is another
	}
	return Finding{
		ErrorId: idBase64AsText, Name: "base64-as-text", Summary: "A binary response left as base64 text.", Article: idBase64AsText,
		Checked: "the first media type of Accept against binaryMediaTypes", Found: text, Wanted: "an Accept that begins with a binary media type",
		Nearest: []string{},
		Fix: Fix{
			Text: "Declare " + declared + " a binary media type and deploy.",
			Command: then(c.apigateway("update-rest-api", "--patch-operations", jsonText([]struct {
				Op   string `json:"op"`
				Path string `json:"path"`
			}{{"add", "/binaryMediaTypes/" + pointer(declared)}})), c.deploy()),
		},
	}
}

// cors explains why a browser will not show the response.
func (c *diagnosed) cors(origin string) Finding {
	finding := Finding{
		ErrorId: idCors, Name: "cors", Summary: "A browser refuses to show a response, because it has no CORS headers.", Article: idCors,
		Checked: "the response's Access-Control-Allow-Origin for Origin " + origin, Found: "no such header", Nearest: []string{},
		Wanted: "Access-Control-Allow-Origin: " + origin,
	}
	if c.record.Fault == nil {
		finding.Found += " in the backend's answer"
		finding.Fix.Text = "Let the backend answer Access-Control-Allow-Origin: " + origin +
			"; of an integration that is no proxy, map it in the integration response."
		return finding
	}
	gatewayResponse := "DEFAULT_4XX"
	if c.record.StatusCode >= firstServerError {
		gatewayResponse = "DEFAULT_5XX"
	}
	finding.Found += ": the response is the gateway's (" + itoa(c.record.StatusCode) + " " + c.record.Fault.Entry.ResponseType +
		"), so that the backend's CORS headers were never used; the real problem is " + string(c.record.Fault.Id())
	finding.Fix = Fix{
		Text: "To let the browser read errors, add the header to " + gatewayResponse + " and deploy.",
		Command: then(c.apigateway("put-gateway-response", "--response-type", gatewayResponse, "--response-parameters",
			jsonText(map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'" + origin + "'"})), c.deploy()),
	}
	return finding
}

const firstServerError = 500

func (c *diagnosed) isPreflight() bool {
	return c.record.HttpMethod == "OPTIONS" && valueOf(c.headers, "Access-Control-Request-Method") != ""
}

// fixPreflight makes the OPTIONS method that a browser asks before it sends its request.
func (c *diagnosed) fixPreflight(finding *Finding) {
	origin, wanted := valueOf(c.headers, "Origin"), valueOf(c.headers, "Access-Control-Request-Method")
	finding.Summary = "A browser asked whether it may send a request, and no OPTIONS method answers."
	finding.Fix.Text = "Make an OPTIONS method that answers the browser, and deploy."
	resource, ok := c.anyMethodOf(c.record.Path)
	if !ok {
		return
	}
	headers := valueOf(c.headers, "Access-Control-Request-Headers")
	at := []string{"--resource-id", resource.ResourceId, "--http-method", "OPTIONS"}
	on := func(operation string, words ...string) string {
		return c.apigateway(operation, append(append([]string{}, at...), words...)...)
	}
	declared, mapped := map[string]bool{}, map[string]string{}
	for name, value := range map[string]string{
		"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": wanted, "Access-Control-Allow-Headers": headers,
	} {
		if value != "" {
			declared["method.response.header."+name] = false
			mapped["method.response.header."+name] = "'" + value + "'"
		}
	}
	finding.Fix.Command = then(
		on("put-method", "--authorization-type", "NONE"),
		on("put-integration", "--type", "MOCK", "--request-templates", `{"application/json":"{\"statusCode\": 200}"}`),
		on("put-method-response", "--status-code", "200", "--response-parameters", jsonText(declared)),
		on("put-integration-response", "--status-code", "200", "--response-parameters", jsonText(mapped)),
		c.deploy(),
	)
}
