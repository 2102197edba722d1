package diagnosis

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/plan"
)

// idDomainMapping is what is wrong where a request reaches an API, or none, through a
// custom domain name that leads elsewhere than the caller expects. It stands beside the
// fault, which is the API's own view.
const idDomainMapping = "GH-R201"

const domainMappingSummary = "A custom domain's mapping leads elsewhere than the caller expects."

// misleading are the faults that a mapping may be the reason of.
var misleading = []fault.Id{fault.UnmappedPath, fault.NoRoute, fault.NoRouteForToken, fault.UnknownStage, fault.NoWebSocketRoute}

// misled is a request that came to a custom domain name.
type misled struct {
	*diagnosed
	domain *plan.Domain
	// path is what the API got, sent what the client sent.
	path, sent string
}

// domainMapping explains what a custom domain name has to do with a failure.
func (c *diagnosed) domainMapping() (Finding, bool) {
	if c.record.DomainName == "" || c.record.Fault == nil || c.published == nil || !slices.Contains(misleading, c.record.Fault.Id()) {
		return Finding{}, false
	}
	domain := c.published.Domain(c.record.DomainName)
	if domain == nil {
		return Finding{}, false
	}
	m := &misled{diagnosed: c, domain: domain, path: c.record.Path, sent: c.record.Path}
	if base := c.record.BasePath; base != "" && !strings.HasPrefix(m.path, base+"/") && m.path != base {
		m.sent = base + m.path
	}
	finding := Finding{
		ErrorId: idDomainMapping, Name: "domain-mapping", Summary: domainMappingSummary, Article: idDomainMapping, Nearest: []string{},
		Checked: m.mappings(), Found: m.leads(),
	}
	for _, explain := range []func(*Finding) bool{m.stageTwice, m.basePathMissing, m.otherStage, m.rule, m.unmapped} {
		if explain(&finding) {
			return finding, true
		}
	}
	return Finding{}, false
}

// maxMappingsShown bounds how many mappings a finding names.
const maxMappingsShown = 8

// mappings names the mappings of the domain, in the order in which they are tried.
func (m *misled) mappings() string {
	text := "the mappings of " + m.domain.DomainName + ": "
	switch {
	case len(m.domain.Mappings) == 0 && len(m.domain.Rules) == 0:
		return text + "there are none"
	case len(m.domain.Mappings) == 0:
		return text + "there are none, and " + itoa(len(m.domain.Rules)) + " routing rules"
	}
	var shown []string
	for i, mapping := range m.domain.Mappings {
		if i == maxMappingsShown {
			shown = append(shown, "and "+itoa(len(m.domain.Mappings)-i)+" more")
			break
		}
		shown = append(shown, keyText(mapping.Key)+" → API "+mapping.ApiId+" stage "+stageText(mapping.StageName))
	}
	return text + strings.Join(shown, "; ")
}

// leads says where the domain led the request.
func (m *misled) leads() string {
	text := m.record.DomainName + m.sent + " → "
	if m.record.ApiId == "" {
		return text + "no mapping"
	}
	way := "mapping " + keyText(m.key())
	if m.mapping() == nil {
		way = "a routing rule"
	}
	return text + way + " → API " + m.record.ApiId + " stage " + stageText(m.record.StageName) + ", path " + m.path
}

func (m *misled) key() string { return strings.TrimPrefix(m.record.BasePath, "/") }

func keyText(key string) string {
	if key == "" {
		return "(none)"
	}
	return key
}

func stageText(stageName string) string {
	if stageName == "" {
		return "(none, so that the path names it)"
	}
	return stageName
}

// stageTwice explains a path that names the stage which the mapping selects already.
func (m *misled) stageTwice(finding *Finding) bool {
	stageName := m.record.StageName
	rest, ok := strings.CutPrefix(m.path, "/"+stageName)
	if !ok || stageName == "" || m.record.ApiId == "" || rest != "" && rest[0] != '/' {
		return false
	}
	if !m.serves(m.record.ApiId, stageName, orRoot(rest)) {
		return false
	}
	finding.Wanted = m.record.DomainName + m.record.BasePath + orRoot(rest)
	finding.Fix = Fix{
		Text: "Remove /" + stageName + " from the path: the mapping selects the stage already. " +
			"For clients that cannot change, map that base path too.",
		Command: m.createMapping(strings.TrimPrefix(m.record.BasePath+"/"+stageName, "/"), stage{m.record.ApiId, stageName}),
	}
	return true
}

// basePathMissing explains a path that another mapping's stage serves, once its base path
// stands in front.
func (m *misled) basePathMissing(finding *Finding) bool {
	for _, mapping := range m.domain.Mappings {
		if mapping.Key == "" || mapping.Key == m.key() || !m.serves(mapping.ApiId, mapping.StageName, m.sent) {
			continue
		}
		finding.Wanted = m.record.DomainName + "/" + mapping.Key + m.sent
		finding.Nearest = append(finding.Nearest, "API "+mapping.ApiId+" stage "+mapping.StageName+" serves "+m.sent+" behind the base path "+mapping.Key)
		finding.Fix.Text = "Put the base path /" + mapping.Key + " in front of the path."
		if m.catchAll() == nil {
			finding.Fix.Text += " For clients that cannot change, map all other paths too."
			finding.Fix.Command = m.createMapping("", stage{mapping.ApiId, mapping.StageName})
		}
		return true
	}
	return false
}

func (m *misled) catchAll() *plan.DomainMapping {
	for i := range m.domain.Mappings {
		if m.domain.Mappings[i].Key == "" {
			return &m.domain.Mappings[i]
		}
	}
	return nil
}

// resembles says whether the stage that the mapping leads to has something close to what
// was asked for: then the path or the verb is wrong, and not the mapping.
func (m *misled) resembles() bool {
	deployed := m.deployed()
	if m.path == "/" || deployed == nil {
		return false
	}
	_, ok := deployed.nearest(m.record.HttpMethod, m.path)
	return ok
}

// otherStage explains a mapping to a stage that does not serve the path, where another
// does: of the same API first.
func (m *misled) otherStage(finding *Finding) bool {
	mapping := m.mapping()
	if mapping == nil {
		return false
	}
	if m.resembles() {
		return false
	}
	for _, candidate := range m.servingStages(m.path) {
		if candidate.apiId == m.record.ApiId && candidate.name == m.record.StageName {
			continue
		}
		if candidate.apiId != m.record.ApiId && m.servesAnyStage(m.path) {
			continue
		}
		where := "stage " + candidate.name + " of API " + candidate.apiId
		finding.Wanted = "a mapping to a stage that serves " + m.record.HttpMethod + " " + m.path
		finding.Nearest = append(finding.Nearest, where+" serves it")
		finding.Fix = Fix{
			Text: "Let the mapping " + keyText(mapping.Key) + " lead to " + where + ", or deploy to the stage that it leads to; a mapping needs no deployment.",
			Command: command("aws", "apigatewayv2", "update-api-mapping", "--domain-name", m.domain.DomainName, "--api-mapping-id", mapping.ApiMappingId,
				"--api-id", candidate.apiId, "--stage", candidate.name),
		}
		return true
	}
	return false
}

// rule explains a request that a routing rule took: rules come before mappings, the lowest
// priority first.
func (m *misled) rule(finding *Finding) bool {
	if m.record.ApiId == "" || m.mapping() != nil {
		return false
	}
	finding.Wanted = "a rule whose API serves " + m.record.HttpMethod + " " + m.path
	finding.Fix = Fix{
		Text: "Look at the rules in order of priority: the first whose conditions all hold takes the request, before any mapping. " +
			"A rule with a base path passes it on to the API unless its action has stripBasePath.",
		Command: command("aws", "apigatewayv2", "list-routing-rules", "--domain-name", m.domain.DomainName),
	}
	if rest, ok := strings.CutPrefix(m.path, m.record.BasePath); ok && m.record.BasePath != "" && m.serves(m.record.ApiId, m.record.StageName, orRoot(rest)) {
		finding.Nearest = append(finding.Nearest, "the API serves "+orRoot(rest)+", which it would get with stripBasePath")
	}
	return true
}

// mapping is the one that led the request; nil for a routing rule, and for none.
func (m *misled) mapping() *plan.DomainMapping {
	for i := range m.domain.Mappings {
		if mapping := &m.domain.Mappings[i]; mapping.Key == m.key() && mapping.ApiId == m.record.ApiId {
			return mapping
		}
	}
	return nil
}

// servesAnyStage says whether a stage of the API that was reached serves a path.
func (m *misled) servesAnyStage(path string) bool {
	return slices.ContainsFunc(m.servingStages(path), func(s stage) bool { return s.apiId == m.record.ApiId })
}

// unmapped explains a path that no mapping fits: some stage serves it as it is, or without
// its first segment.
func (m *misled) unmapped(finding *Finding) bool {
	if m.record.Fault.Id() != fault.UnmappedPath {
		return false
	}
	finding.Wanted = "a mapping whose base path begins " + m.sent + ", or the base path (none)"
	first, rest, _ := strings.Cut(strings.TrimPrefix(m.sent, "/"), "/")
	for _, try := range []struct{ key, path string }{{"", m.sent}, {first, "/" + rest}} {
		candidates := m.servingStages(try.path)
		if len(candidates) == 0 {
			continue
		}
		finding.Nearest = append(finding.Nearest, "stage "+candidates[0].name+" of API "+candidates[0].apiId+" serves "+m.record.HttpMethod+" "+try.path)
		finding.Fix = Fix{
			Text:    "Map the base path " + keyText(try.key) + " to the stage that serves the path; a mapping needs no deployment.",
			Command: m.createMapping(try.key, candidates[0]),
		}
		return true
	}
	finding.Fix = Fix{
		Text:    "Map a base path to the stage of your API, and call a path that it serves.",
		Command: command("aws", "apigatewayv2", "get-api-mappings", "--domain-name", m.domain.DomainName),
	}
	return true
}

func (m *misled) createMapping(key string, to stage) string {
	words := []string{"aws", "apigatewayv2", "create-api-mapping", "--domain-name", m.domain.DomainName, "--api-id", to.apiId, "--stage", to.name}
	if key != "" {
		words = append(words, "--api-mapping-key", key)
	}
	return command(words...)
}

// stage is a stage of an API of any kind.
type stage struct{ apiId, name string }

// servingStages are the stages of the domain's account that serve the request's method at
// a path, in order of ids and names.
func (m *misled) servingStages(path string) []stage {
	var serving []stage
	apis := m.published.Apis()
	for _, apiId := range slices.Sorted(maps.Keys(apis)) {
		for _, name := range slices.Sorted(m.stagesOf(apis[apiId])) {
			if m.serves(apiId, name, path) {
				serving = append(serving, stage{apiId, name})
			}
		}
	}
	return serving
}

// stagesOf yields the names of the stages of an API that belong to the domain's account.
func (m *misled) stagesOf(api *plan.Api) func(yield func(string) bool) {
	mine := func(accountId, region string) bool {
		return accountId == m.domain.AccountId && region == m.domain.Region
	}
	return func(yield func(string) bool) {
		for name, s := range api.Stages {
			if mine(s.AccountId, s.Region) && !yield(name) {
				return
			}
		}
		for name, s := range api.HttpStages {
			if mine(s.AccountId, s.Region) && !yield(name) {
				return
			}
		}
		for name, s := range api.WebSocketStages {
			if mine(s.AccountId, s.Region) && !yield(name) {
				return
			}
		}
	}
}

// eventConnect is the HttpMethod of a handshake's record.
const eventConnect = "CONNECT"

// serves says whether a stage has a method or route for the request's method at a path.
func (m *misled) serves(apiId, stageName, path string) bool {
	api, ok := m.published.Api(apiId)
	if !ok {
		return false
	}
	if s := api.Stages[stageName]; s != nil {
		method, _ := s.Api.Routes.Find(plan.VerbOf(m.record.HttpMethod), path, nil)
		return method != nil
	}
	if s := api.HttpStages[stageName]; s != nil {
		route, _ := s.Api.Routes.Find(m.record.HttpMethod, path, nil)
		return route != nil
	}
	return api.WebSocketStages[stageName] != nil && m.record.HttpMethod == eventConnect && path == "/"
}

func orRoot(path string) string {
	if path == "" {
		return "/"
	}
	return path
}
