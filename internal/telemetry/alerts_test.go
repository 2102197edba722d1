package telemetry_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
	"gatehouse/internal/telemetry"
)

type alertRule struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func alertRules(t *testing.T) []alertRule {
	t.Helper()
	content, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Groups []struct{ Rules []alertRule } }
	if err := yaml.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	var rules []alertRule
	for _, group := range file.Groups {
		rules = append(rules, group.Rules...)
	}
	return rules
}

// exposed maps the series of all kinds of API to their labels.
func exposed() map[string][]string {
	m := telemetry.NewMetrics(telemetry.LostLogLines(none), telemetry.LostTraces(none))
	m.Store = func() telemetry.Storing { return telemetry.Storing{Writable: true, Local: true, Free: 1 << 40} }
	for _, kind := range []string{"", record.ProtocolHttp, record.ProtocolWebSocket} {
		r := exchange("", false)
		r.Method.ProtocolType, r.Fault = kind, fault.New(fault.IntegrationTimeout)
		m.Observe(r.Method, &r.Exchange)
	}
	series, label := map[string][]string{}, regexp.MustCompile(`([a-z_]+)="`)
	for line := range strings.Lines(m.Text()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name := line[:strings.IndexAny(line, "{ ")]
		series[name] = nil
		for _, match := range label.FindAllStringSubmatch(line, -1) {
			series[name] = append(series[name], match[1])
		}
	}
	return series
}

func none() uint64 { return 0 }

var (
	alertMetric   = regexp.MustCompile(`gatehouse_[a-z0-9_]+`)
	alertGrouping = regexp.MustCompile(`(?:by|on)\s*\(([^)]*)\)`)
	alertMatcher  = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)\s*"`)
	alertShown    = regexp.MustCompile(`\$labels\.([a-z_]+)`)
	runbook       = regexp.MustCompile(`^http://localhost:4566/_gatehouse/kb/(.+)$`)
)

// TestAlerts: the shipped rules name series and labels that exist, show labels that are
// left, and lead to articles that exist.
func TestAlerts(t *testing.T) {
	rules, series := alertRules(t), exposed()
	if len(rules) != 9 {
		t.Errorf("%d rules", len(rules))
	}
	for _, rule := range rules {
		t.Run(rule.Alert, func(t *testing.T) {
			checkExpression(t, rule, series)
			if rule.Labels["severity"] == "" || rule.Annotations["summary"] == "" {
				t.Error("no severity or no summary")
			}
			article := runbook.FindStringSubmatch(rule.Annotations["runbook_url"])
			if article == nil {
				t.Fatalf("runbook_url %q is no article", rule.Annotations["runbook_url"])
			}
			if article[1] == "{{ $labels.error_id }}" {
				return // every error id has its article
			}
			if _, err := os.Stat("../knowledge/articles/" + article[1] + ".md"); err != nil {
				t.Errorf("no article %s", article[1])
			}
		})
	}
}

func checkExpression(t *testing.T, rule alertRule, series map[string][]string) {
	t.Helper()
	names := alertMetric.FindAllString(rule.Expr, -1)
	if len(names) == 0 || strings.Count(rule.Expr, "(") != strings.Count(rule.Expr, ")") {
		t.Fatalf("expr %q", rule.Expr)
	}
	var labels []string
	for _, name := range names {
		known, ok := series[name]
		if !ok {
			t.Errorf("there is no series %s", name)
		}
		labels = append(labels, known...)
	}
	var grouped []string
	for _, match := range alertGrouping.FindAllStringSubmatch(rule.Expr, -1) {
		for label := range strings.SplitSeq(match[1], ",") {
			grouped = append(grouped, strings.TrimSpace(label))
		}
	}
	used := slices.Clone(grouped)
	for _, match := range alertMatcher.FindAllStringSubmatch(rule.Expr, -1) {
		used = append(used, match[1])
	}
	for _, label := range used {
		if !slices.Contains(labels, label) {
			t.Errorf("no series has the label %s", label)
		}
	}
	for _, text := range rule.Annotations {
		for _, match := range alertShown.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(grouped, match[1]) {
				t.Errorf("the label %s is not left in the result", match[1])
			}
		}
	}
}
