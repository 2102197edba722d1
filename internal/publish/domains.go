package publish

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/apigw/apigwv2"
	"gatehouse/internal/apigw/records"
	"gatehouse/internal/plan"
	"gatehouse/internal/store"
)

// domainId names a custom domain name of an account in a region.
type domainId struct {
	scope      store.Scope
	domainName string
}

// domainKinds are the kinds of records that a plan.Domain is made of. All of them have
// the domain's name behind the kind.
var domainKinds = []string{records.DomainNames.Kind(), records.ApiMappings.Kind(), records.RoutingRules.Kind()}

// changeDomains makes the domains that a change touches. changed is nil when it touches
// none. Domains are live: no deployment freezes them.
func (p *Publisher) changeDomains(change store.Change) (changed map[string]*plan.Domain) {
	touched := p.touchedDomains(change)
	if len(touched) == 0 {
		return nil
	}
	for id := range touched {
		if domain := p.compileDomain(change.Snapshot, id); domain != nil {
			p.domains[id] = domain
		} else {
			delete(p.domains, id)
		}
	}
	changed = make(map[string]*plan.Domain, len(p.domains))
	for _, domain := range p.domains {
		changed[domain.DomainName] = domain
	}
	return changed
}

func (p *Publisher) touchedDomains(change store.Change) map[domainId]bool {
	touched := map[domainId]bool{}
	add := func(key store.Key) {
		if segments := key.Segments(); len(segments) > keyApi && slices.Contains(domainKinds, segments[keyKind]) {
			touched[domainId{scopeOf(segments), segments[keyApi]}] = true
		}
	}
	if !change.Whole {
		for _, write := range change.Writes {
			add(write.Key)
		}
		return touched
	}
	for record := range change.Snapshot.List(store.NewKey()) {
		add(record.Key)
	}
	for id := range maps.Keys(p.domains) {
		touched[id] = true
	}
	return touched
}

// compileDomain makes a domain of its records; nil for one that is gone. A record that
// cannot be read is left out and logged.
func (p *Publisher) compileDomain(snapshot store.Snapshot, id domainId) *plan.Domain {
	record, err := records.DomainNames.Get(snapshot, id.scope, id.domainName)
	if err != nil {
		return nil
	}
	var rules []plan.DomainRule
	var mappings []plan.DomainMapping
	if usesRules(record.RoutingMode) {
		stored, err := records.RoutingRules.List(snapshot, id.scope, id.domainName)
		p.logDomain(id, err)
		for i := range stored {
			rules = append(rules, domainRules(&stored[i])...)
		}
	}
	if usesMappings(record.RoutingMode) {
		stored, err := records.ApiMappings.List(snapshot, id.scope, id.domainName)
		p.logDomain(id, err)
		for _, mapping := range stored {
			mappings = append(mappings, plan.DomainMapping{ApiMappingId: mapping.ApiMappingId, Key: plan.CleanBasePath(mapping.ApiMappingKey), ApiId: mapping.ApiId, StageName: stageName(mapping.Stage)})
		}
	}
	domain := plan.NewDomain(record.DomainName, rules, mappings)
	domain.AccountId, domain.Region = id.scope.Account, id.scope.Region
	return domain
}

func (p *Publisher) logDomain(id domainId, err error) {
	if err != nil {
		p.log.Error("a custom domain name is not served as configured", "domain", id.domainName, "error", err)
	}
}

// usesRules and usesMappings read a routing mode; without one, mappings alone decide.
// REST APIs' names of the modes end in BASE_PATH_MAPPING.
func usesRules(mode string) bool { return strings.HasPrefix(mode, "ROUTING_RULE") }

func usesMappings(mode string) bool { return mode != "ROUTING_RULE_ONLY" }

// stageName is a mapping's stage; a base path mapping without one leaves it to the path.
func stageName(text string) string {
	if text == "(none)" {
		return ""
	}
	return text
}

// domainRules are a rule's actions, each under the rule's conditions; AWS allows one.
func domainRules(rule *apigwv2.RoutingRule) []plan.DomainRule {
	var conditions []plan.DomainCondition
	for _, condition := range rule.Conditions {
		compiled := plan.DomainCondition{}
		for _, basePath := range condition.MatchBasePaths {
			compiled.BasePaths = append(compiled.BasePaths, plan.CleanBasePath(basePath))
		}
		for _, header := range condition.MatchHeaders {
			compiled.Headers = append(compiled.Headers, plan.DomainHeader{Name: header.Header, ValueGlob: header.ValueGlob})
		}
		conditions = append(conditions, compiled)
	}
	var rules []plan.DomainRule
	for _, action := range rule.Actions {
		rules = append(rules, plan.DomainRule{
			RoutingRuleId: rule.RoutingRuleId, Priority: rule.Priority, Conditions: conditions,
			ApiId: action.ApiId, StageName: action.Stage, StripBasePath: action.StripBasePath,
		})
	}
	return rules
}
