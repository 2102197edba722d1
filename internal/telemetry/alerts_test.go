package telemetry_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v4"

	"gatehouse/internal/fault"
	"gatehouse/internal/telemetry"
)

// TestAlerts: the shipped rules name metrics that exist and articles that explain.
func TestAlerts(t *testing.T) {
	content, err := os.ReadFile("../../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Expr        string
				Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	known := telemetry.NewMetrics(telemetry.LostLogLines(none), telemetry.LostTraces(none)).Text()
	metric, article := regexp.MustCompile(`gatehouse_[a-z0-9_]+`), regexp.MustCompile(`GH-[A-Z]\d{3}`)
	rules := 0
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			rules++
			for _, name := range metric.FindAllString(rule.Expr, -1) {
				if !strings.Contains(known, "# TYPE "+strings.TrimSuffix(name, "_bucket")+" ") {
					t.Errorf("%s: there is no metric %s", rule.Alert, name)
				}
			}
			runbook := rule.Annotations["runbook_url"]
			if !strings.Contains(runbook, "/_gatehouse/kb/") {
				t.Errorf("%s: runbook_url %q", rule.Alert, runbook)
			}
			for _, id := range article.FindAllString(runbook, -1) {
				if _, ok := fault.Lookup(fault.Id(id)); !ok {
					t.Errorf("%s: no error %s", rule.Alert, id)
				}
			}
		}
	}
	if rules != 5 {
		t.Errorf("%d rules", rules)
	}
}

func none() uint64 { return 0 }
