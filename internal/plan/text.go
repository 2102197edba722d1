package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/record"
)

// Text prints the plan of a stage for people and golden tests: one fact a line, in a
// fixed order, nothing of it left out.
func (s *RestStage) Text() string {
	p := &printer{}
	p.line("stage %s/%s deployment %s account %s region %s", s.ApiId, s.StageName, s.DeploymentId, s.AccountId, s.Region)
	for _, name := range slices.Sorted(maps.Keys(s.Variables)) {
		p.line("  variable %s = %s", name, s.Variables[name])
	}
	if s.AccessLog != nil {
		p.line("  access log to %s: %s", s.AccessLog.DestinationArn, s.AccessLog.Format.Text())
	}
	if s.TracingEnabled {
		p.line("  tracing")
	}
	if s.ClientCertificate != nil {
		p.line("  %s", s.ClientCertificate)
	}
	if cluster := s.CacheCluster; cluster != nil {
		p.line("  cache %s generation %d of %d bytes", cluster.Name, cluster.Generation, cluster.Bytes)
	}
	s.Api.print(p)
	for _, route := range s.Api.Routes.List() {
		p.line("resource %s %s", route.Path, route.ResourceId)
		for _, method := range route.Methods {
			method.print(p, &s.Settings[method.Index])
		}
	}
	if s.Canary != nil {
		p.line("canary %g%%", s.PercentTraffic)
		p.b.WriteString(indent(s.Canary.Text()))
	}
	return p.b.String()
}

type printer struct{ b strings.Builder }

func (p *printer) line(format string, arguments ...any) { fmt.Fprintf(&p.b, format+"\n", arguments...) }

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

func (a *RestApi) print(p *printer) {
	if a.ApiKeySource == ApiKeySourceAuthorizer {
		p.line("  api keys come from the authorizer")
	}
	if len(a.BinaryMediaTypeList) > 0 {
		p.line("  binary media types %s", strings.Join(a.BinaryMediaTypeList, ", "))
	}
	if a.MinimumCompressionSize >= 0 {
		p.line("  compresses from %d bytes", a.MinimumCompressionSize)
	}
	if a.DisableExecuteApiEndpoint {
		p.line("  default endpoint disabled")
	}
	if a.Private {
		p.line("%s", strings.Join(append([]string{"  private"}, a.VpcEndpointIds...), " "))
	}
	if a.Policy != nil {
		p.line("  resource policy of %d statements", a.Policy.Len())
	}
	for _, name := range slices.Sorted(maps.Keys(a.GatewayResponses)) {
		a.GatewayResponses[name].print(p)
	}
}

func (g *GatewayResponse) print(p *printer) {
	p.line("  gateway response %s status %s", g.Type, orDash(g.StatusCode))
	for _, header := range g.Headers {
		p.line("    header %s = %s", header.Name, header.Value)
	}
	for _, template := range g.Templates {
		p.line("    template %s = %s", template.ContentType, oneLine(template.Body.Text()))
	}
}

func orDash(number int) string {
	if number == 0 {
		return "-"
	}
	return fmt.Sprint(number)
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", `\n`) }

func (m *Method) print(p *printer, settings *MethodSettings) {
	p.line("  %s authorization %s", m.HttpMethod, m.AuthorizationType)
	for _, refusal := range []*Refusal{m.Refusal, settings.Refusal} {
		if refusal != nil {
			p.line("    refused %s: %s (%s)", refusal.Id, refusal.Feature, oneLine(refusal.Reason))
		}
	}
	if m.Function != nil {
		printFunction(p, "    ", m.Function)
	}
	if m.UserPools != nil {
		p.line("    authorizer %s in %s", m.UserPools.AuthorizerId, m.UserPools.Source.Text)
		for _, pool := range m.UserPools.Pools {
			p.line("      user pool %s", pool.Arn)
		}
	}
	if len(m.AuthorizationScopes) > 0 {
		p.line("    scopes %s", strings.Join(m.AuthorizationScopes, " "))
	}
	settings.print(p)
	if m.ApiKeyRequired {
		p.line("    api key required")
	}
	if v := m.Validation; v != nil {
		for _, parameter := range v.Required {
			p.line("    requires %s %s", parameter.Location, parameter.Name)
		}
		for _, model := range v.Models {
			p.line("    validates %s by model %s", model.ContentType, model.Name)
		}
	}
	if m.Integration != nil {
		m.Integration.print(p)
	}
}

func (s *MethodSettings) print(p *printer) {
	if logs := s.Recorded; logs.LoggingLevel != record.LevelOff || logs.DataTraceEnabled || s.MetricsEnabled {
		p.line("    logging %s data trace %t metrics %t", logs.LoggingLevel, logs.DataTraceEnabled, s.MetricsEnabled)
	}
	if s.HasThrottle {
		p.line("    throttle rate %g burst %d", s.Throttle.Rate, s.Throttle.Burst)
	}
	if s.Cache != nil {
		s.Cache.print(p)
	}
}

func (c *CacheSettings) print(p *printer) {
	verbs := "GET"
	if c.AllVerbs {
		verbs = "all verbs"
	}
	p.line("    caches %s for %s encrypted %t, max-age=0 needs authorization %t else %s", verbs, c.Ttl, c.DataEncrypted, c.RequireAuthorization, c.UnauthorizedStrategy)
}

func (i *Integration) print(p *printer) {
	p.line("    integration %s %s timeout %s", i.Type, i.HttpMethod, i.Timeout)
	if i.Uri != nil {
		p.line("      uri %s", i.Uri.describe())
	}
	if i.VpcLinkId != nil {
		p.line("      VPC link %s", i.VpcLinkId.describe())
	}
	if i.Target != nil {
		p.line("      listener %s", i.Target.describe())
	}
	if i.Credentials != "" {
		p.line("      credentials %s", i.Credentials)
	}
	if i.InsecureSkipVerification {
		p.line("      accepts any certificate")
	}
	if i.UnmappableHeader != "" {
		p.line("      fails: maps onto header %s", i.UnmappableHeader)
	}
	printParameters(p, "      ", i.RequestParameters)
	if !i.IsProxy() {
		p.line("      passthrough %s", i.PassthroughBehavior)
	}
	if i.ContentHandling != "" {
		p.line("      content handling %s", i.ContentHandling)
	}
	printTemplates(p, "      ", i.RequestTemplates)
	if len(i.CacheKeys) > 0 {
		p.line("      cache keys %s", strings.Join(i.CacheKeyNames(), ", "))
	}
	for _, response := range i.Responses {
		response.print(p)
	}
	if i.Default != nil {
		i.Default.print(p)
	}
}

func (r *IntegrationResponse) print(p *printer) {
	selection := "default"
	if r.Pattern != nil {
		selection = "on " + r.Pattern.describe()
	}
	undeclared := ""
	if !r.Declared {
		undeclared = " without a method response"
	}
	p.line("      response %d %s%s", r.StatusCode, selection, undeclared)
	if r.ContentHandling != "" {
		p.line("        content handling %s", r.ContentHandling)
	}
	printParameters(p, "        ", r.ResponseParameters)
	printTemplates(p, "        ", r.ResponseTemplates)
}

func printParameters(p *printer, margin string, mappings []ParameterMapping) {
	for _, mapping := range mappings {
		p.line("%smaps %s %s = %s", margin, mapping.Target.Location, mapping.Target.Name, mapping.Compiled)
	}
}

func printTemplates(p *printer, margin string, templates []Template) {
	for _, template := range templates {
		if template.Broken != "" {
			p.line("%stemplate %s broken: %s", margin, template.ContentType, oneLine(template.Broken))
			continue
		}
		p.line("%stemplate %s = %s", margin, template.ContentType, oneLine(template.Text))
	}
}

// describe prints a URI with its placeholders told apart from text.
func (u *Uri) describe() string {
	var b strings.Builder
	for _, part := range u.parts {
		switch part.kind {
		case uriLiteral:
			b.WriteString(part.text)
		case uriPathParameter:
			b.WriteString("<path " + part.text + ">")
		case uriStageVariable:
			b.WriteString("<stageVariable " + part.text + ">")
		}
	}
	return b.String()
}

// describe prints a pattern and which engine runs it.
func (p *Pattern) describe() string {
	switch {
	case p.literal:
		return p.text + " (literal)"
	case p.linear != nil:
		return p.text + " (RE2)"
	default:
		return p.text + " (backtracking)"
	}
}
