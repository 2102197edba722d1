package plan

import (
	"strings"

	"gatehouse/internal/dataplane/record"
)

// Text prints the plan of a stage for people and golden tests: one fact a line, in a
// fixed order, nothing of it left out.
func (s *WebSocketStage) Text() string {
	p := &printer{}
	p.line("stage %s/%s deployment %s account %s region %s", s.ApiId, s.StageName, s.DeploymentId, s.AccountId, s.Region)
	for _, variable := range s.VariableFields {
		p.line("  variable %s = %s", variable.Name, variable.Value)
	}
	if s.AccessLog != nil {
		p.line("  access log to %s: %s", s.AccessLog.DestinationArn, s.AccessLog.Format.Text())
	}
	s.Api.print(p)
	for _, route := range s.Api.Routes {
		route.print(p, &s.Settings[route.Index])
	}
	return p.b.String()
}

func (a *WebSocketApi) print(p *printer) {
	if a.SelectionBroken != "" {
		p.line("  route selection broken: %s", oneLine(a.SelectionBroken))
	} else {
		p.line("  selects routes by %s", a.RouteSelection)
	}
	if a.ApiKeySource == ApiKeySourceAuthorizer {
		p.line("  api keys come from the authorizer")
	}
	if a.DisableExecuteApiEndpoint {
		p.line("  default endpoint disabled")
	}
	if a.DisableSchemaValidation {
		p.line("  models are not checked")
	}
}

func (r *WebSocketRoute) print(p *printer, settings *WebSocketRouteSettings) {
	p.line("route %s", r.RouteKey)
	if r.Refusal != nil {
		p.line("  refused %s: %s (%s)", r.Refusal.Id, r.Refusal.Feature, oneLine(r.Refusal.Reason))
	}
	if logs := settings.Recorded; logs.LoggingLevel != record.LevelOff || logs.DataTraceEnabled {
		p.line("  logging %s data trace %t", logs.LoggingLevel, logs.DataTraceEnabled)
	}
	if settings.HasThrottle {
		p.line("  throttle rate %g burst %d", settings.Throttle.Rate, settings.Throttle.Burst)
	}
	if r.AuthorizationType != AuthorizationNone {
		p.line("  authorization %s", r.AuthorizationType)
	}
	r.printAuthorizer(p)
	if r.ApiKeyRequired {
		p.line("  api key required")
	}
	for _, parameter := range r.Required {
		p.line("  requires %s %s", parameter.Location, parameter.Name)
	}
	if r.ModelSelection != nil {
		p.line("  selects models by %s", r.ModelSelection)
	}
	for _, model := range r.Models {
		p.line("  model %s = %s", model.ContentType, model.Name)
	}
	if r.HasResponse {
		p.line("  answers the client")
	}
	if r.Integration != nil {
		r.Integration.print(p)
	}
}

func (r *WebSocketRoute) printAuthorizer(p *printer) {
	if r.Authorizer == nil {
		return
	}
	var sources []string
	for _, source := range r.Authorizer.Sources {
		sources = append(sources, source.Text)
	}
	function := r.Authorizer.FunctionArn
	if r.AuthorizerUri != nil {
		function = r.AuthorizerUri.describe()
	}
	p.line("  authorizer %s function %s identity %s", r.Authorizer.AuthorizerId, function, strings.Join(sources, ", "))
}

func (i *WebSocketIntegration) print(p *printer) {
	p.line("  integration %s %s %s timeout %s", i.IntegrationId, i.Type, i.HttpMethod, i.Timeout)
	if i.Uri != nil {
		p.line("    uri %s", i.Uri.describe())
	}
	if i.VpcLinkId != nil {
		p.line("    through VPC link %s", i.VpcLinkId.describe())
	}
	if i.ServerNameToVerify != "" {
		p.line("    verifies the server name %s", i.ServerNameToVerify)
	}
	if i.Credentials != "" {
		p.line("    credentials %s", i.Credentials)
	}
	printParameters(p, "    ", i.RequestParameters)
	if !i.IsProxy() {
		p.line("    passthrough %s", i.PassthroughBehavior)
	}
	if i.ContentHandling != "" {
		p.line("    content handling %s", i.ContentHandling)
	}
	if i.TemplateSelection != nil {
		p.line("    selects templates by %s", i.TemplateSelection)
	}
	printTemplates(p, "    ", i.RequestTemplates)
	for _, response := range i.Responses {
		response.print(p)
	}
	if i.Default != nil {
		i.Default.print(p)
	}
}

func (r *WebSocketIntegrationResponse) print(p *printer) {
	if r.Pattern == nil {
		p.line("    response default")
	} else {
		p.line("    response on %s", r.Pattern.describe())
	}
	if r.ContentHandling != "" {
		p.line("      content handling %s", r.ContentHandling)
	}
	if r.TemplateSelection != nil {
		p.line("      selects templates by %s", r.TemplateSelection)
	}
	printTemplates(p, "      ", r.ResponseTemplates)
}
