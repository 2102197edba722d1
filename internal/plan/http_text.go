package plan

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/authorizer"
)

// Text prints the plan of a stage for people and golden tests: one fact a line, in a
// fixed order, nothing of it left out.
func (s *HttpStage) Text() string {
	p := &printer{}
	p.line("stage %s/%s deployment %s account %s region %s", s.ApiId, s.StageName, s.DeploymentId, s.AccountId, s.Region)
	for _, variable := range s.VariableFields {
		p.line("  variable %s = %s", variable.Name, variable.Value)
	}
	if s.AccessLog != nil {
		p.line("  access log to %s: %s", s.AccessLog.DestinationArn, s.AccessLog.Format.Text())
	}
	if s.Api.DisableExecuteApiEndpoint {
		p.line("  default endpoint disabled")
	}
	if s.Api.Cors != nil {
		s.Api.Cors.print(p)
	}
	for _, route := range s.Api.List {
		route.print(p, &s.Settings[route.Index])
	}
	return p.b.String()
}

func (c *Cors) print(p *printer) {
	origins := slices.Clone(c.Origins)
	if c.AnyOrigin {
		origins = append([]string{"*"}, origins...)
	}
	p.line("  cors origins %s credentials %t", strings.Join(origins, ","), c.AllowCredentials)
	for _, header := range []struct{ name, value string }{
		{"methods", c.AllowMethods}, {"headers", c.AllowHeaders}, {"exposes", c.ExposeHeaders}, {"max age", c.MaxAge},
	} {
		if header.value != "" {
			p.line("    %s %s", header.name, header.value)
		}
	}
}

func (r *HttpRoute) print(p *printer, settings *HttpRouteSettings) {
	p.line("route %s %s authorization %s", r.RouteKey, r.RouteId, r.AuthorizationType)
	if r.Refusal != nil {
		p.line("  refused %s: %s (%s)", r.Refusal.Id, r.Refusal.Feature, oneLine(r.Refusal.Reason))
	}
	if settings.HasThrottle {
		p.line("  throttle rate %g burst %d", settings.Throttle.Rate, settings.Throttle.Burst)
	}
	if r.Function != nil {
		printFunction(p, "  ", r.Function)
	}
	if r.Jwt != nil {
		p.line("  jwt %s issuer %s audience %s in %s", r.Jwt.AuthorizerId, r.Jwt.Issuer, strings.Join(r.Jwt.Audiences, ","), r.Jwt.Source.Text)
	}
	if len(r.AuthorizationScopes) > 0 {
		p.line("  scopes %s", strings.Join(r.AuthorizationScopes, " "))
	}
	if r.Integration != nil {
		r.Integration.print(p)
	}
}

func printFunction(p *printer, margin string, f *authorizer.Function) {
	form := [...]string{"TOKEN", "REQUEST", "REQUEST 1.0", "REQUEST 2.0"}[f.Form]
	if f.Simple {
		form += " simple"
	}
	p.line("%sauthorizer %s %s function %s ttl %s timeout %s", margin, f.AuthorizerId, form, f.FunctionArn, f.Ttl, f.Timeout)
	for _, source := range f.Sources {
		p.line("%s  identity %s", margin, source.Text)
	}
	if f.Validation != nil {
		p.line("%s  matches %s", margin, f.Validation.Text())
	}
}

func (i *HttpIntegration) print(p *printer) {
	p.line("  integration %s %s %s timeout %s", i.IntegrationId, i.Kind, i.Method, i.Timeout)
	if i.Uri != nil {
		p.line("    uri %s", i.Uri.describe())
	}
	for _, member := range []struct{ name, value string }{
		{"payload format", i.PayloadFormatVersion}, {"credentials", i.Credentials}, {"vpc link", i.VpcLinkId.textOf()},
		{"server name to verify", i.ServerNameToVerify}, {"service", i.Subtype},
	} {
		if member.value != "" {
			p.line("    %s %s", member.name, member.value)
		}
	}
	printMappings(p, "    ", i.Request)
	printMappings(p, "    parameter ", i.Parameters)
	for _, status := range slices.Sorted(maps.Keys(i.Response)) {
		p.line("    on %d", status)
		printMappings(p, "      ", i.Response[status])
	}
}

func printMappings(p *printer, margin string, mappings []HttpMapping) {
	for _, m := range mappings {
		target := m.Target.Name
		if m.Target.Action != "" {
			target = string(m.Target.Action) + ":" + m.Target.Location
			if m.Target.Name != "" {
				target += "." + m.Target.Name
			}
		}
		if m.Value == nil {
			p.line("%s%s", margin, target)
			continue
		}
		p.line("%s%s = %s", margin, target, m.Value.String())
	}
}
