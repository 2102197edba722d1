package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"gatehouse/internal/diagnosis"
	"gatehouse/internal/diagnosis/definitions"
	"gatehouse/internal/knowledge"
	"gatehouse/internal/knowledge/ledger"
	"gatehouse/internal/login"
	"gatehouse/internal/telemetry"
)

// observability is what sees requests after the fact: the record of recent requests,
// the logs of stages, metrics, explanations and the knowledge base.
type observability struct {
	recorder   *telemetry.Recorder
	accessLogs telemetry.AccessLogs
	metrics    *telemetry.Metrics
	diagnosis  *diagnosis.Handler
	knowledge  *knowledge.Base
}

const processNameLength = 8 // of a UUID: it tells this process's log streams from others'

// openObservability makes the parts and ends them with the server.
func (a *App) openObservability(ctx context.Context, p *parts) (*observability, error) {
	if file := a.options.Config.MetricsTokenFile; file != "" {
		if _, err := login.ScrapeTokenFile(file).Read(); err != nil {
			return nil, err
		}
	}
	process := newUUID()[:processNameLength]
	helpBase := a.URL() + knowledge.Prefix
	explainer := &diagnosis.Explainer{
		Published: p.publisher.Table, Definitions: definitions.Store{Store: a.store}, HelpBase: helpBase,
		IntegrationTimeoutMaximum: a.options.Config.MaxIntegrationTimeout,
	}
	executionLogs := telemetry.NewExecutionLogs(a.logs, process, explainer.Lines)
	a.cleanups = append(a.cleanups, func(context.Context) error {
		executionLogs.Close()
		return nil
	})
	traces, err := a.openTraces(process)
	if err != nil {
		return nil, err
	}
	losses := []telemetry.Loss{telemetry.LostLogLines(func() uint64 { return a.logs.Dropped() + executionLogs.Dropped() })}
	if traces != nil {
		losses = append(losses, telemetry.LostTraces(traces.Dropped))
	}
	o := &observability{accessLogs: telemetry.AccessLogs{Writer: a.logs, Process: process}, metrics: telemetry.NewMetrics(losses...)}
	explainer.Latencies = o.metrics
	o.metrics.Store = a.storing
	o.metrics.Serves = func(apiId, stageName string) bool { return p.publisher.Table().Serves(apiId, stageName) }
	recent := telemetry.NewRecent(telemetry.MaxRecentRequests, telemetry.MaxRecentBytes)
	o.recorder = &telemetry.Recorder{Recent: recent, Metrics: o.metrics, ExecutionLogs: executionLogs, Traces: traces}
	o.diagnosis = diagnosis.NewHandler(recent, explainer)
	if p.nodes.shared {
		o.diagnosis.Nodes = p.nodes
	}
	return o, a.openKnowledge(ctx, o, p.nodes)
}

func (a *App) openKnowledge(ctx context.Context, o *observability, nodes *nodes) error {
	base, err := knowledge.New(knowledge.Options{
		Version: a.options.Version, Directory: a.options.Config.Articles, Support: a.options.Config.Support,
		Explainer: explanations{o.diagnosis},
		Occurrences: func(ctx context.Context) (map[string]int64, []string) {
			return nodes.occurrences(ctx, o.metrics.Occurrences())
		},
		Ledger: &ledger.Ledger{Store: a.store}, Log: a.log, Now: a.now, Random: rand.Reader,
	})
	if err != nil {
		return fmt.Errorf("opening the knowledge base: %w", err)
	}
	o.knowledge = base
	a.background(ctx, base.Run)
	return nil
}

// explanations lets articles show the values of a request.
type explanations struct{ handler *diagnosis.Handler }

// Explain implements knowledge.Explainer.
func (e explanations) Explain(ctx context.Context, requestId string) (knowledge.Explanation, bool) {
	found := e.handler.Find(ctx, requestId).Explanation
	if found == nil {
		return knowledge.Explanation{}, false
	}
	shown := knowledge.Explanation{
		RequestID: found.RequestId, Asked: cmp.Or(found.Operation, strings.TrimSpace(found.HttpMethod+" "+found.Path)), Status: found.Status,
		Finding: findingOf(&found.Finding),
	}
	for i := range found.Also {
		shown.Also = append(shown.Also, findingOf(&found.Also[i]))
	}
	for _, step := range found.Steps {
		shown.Steps = append(shown.Steps, knowledge.Step{Name: step.Name, Milliseconds: step.Milliseconds})
	}
	return shown, true
}

func findingOf(f *diagnosis.Finding) knowledge.Finding {
	return knowledge.Finding{
		ErrorID: f.ErrorId, Checked: f.Checked, Found: f.Found, Wanted: f.Wanted, Nearest: f.Nearest,
		Fix: knowledge.Fix{Text: f.Fix.Text, Command: f.Fix.Command}, Article: f.Article,
	}
}

// mount adds all pages and APIs, for everybody.
func (o *observability) mount(mux *http.ServeMux) {
	mux.Handle(knowledge.Prefix, o.knowledge.Handler())
	mux.Handle(knowledge.APIPrefix, o.knowledge.Handler())
	mux.Handle("/_gatehouse/api/requests", o.diagnosis)
	mux.Handle("/_gatehouse/api/requests/", o.diagnosis)
	mux.Handle("/_gatehouse/requests/", o.diagnosis)
	mux.Handle("GET "+metricsPath, o.metrics)
}

// mountBehind adds them behind a gate. The knowledge base stays public, but for the
// values of requests, which its articles show to whom may see them.
func (o *observability) mountBehind(mux *http.ServeMux, gate *login.Gate, scrapeToken login.ScrapeTokenFile) {
	o.diagnosis.Sight = func(ctx context.Context) diagnosis.Sight {
		visitor, ok := login.VisitorOf(ctx)
		if !ok {
			return diagnosis.Sight{}
		}
		return diagnosis.Sight{Account: visitor.Principal.Account, Unowned: gate.Sees(ctx, "")}
	}
	o.diagnosis.Visitor = func(ctx context.Context) string {
		if visitor, ok := login.VisitorOf(ctx); ok {
			return visitor.Principal.String()
		}
		return ""
	}
	articles := gate.Identify(o.knowledge.Handler())
	mux.Handle(knowledge.Prefix, articles)
	mux.Handle(knowledge.APIPrefix, articles)
	mux.Handle(knowledge.Prefix+"reports", gate.ProtectShared(login.ViewReports, o.knowledge.Handler()))
	requests := gate.Protect(login.ViewRequests, o.diagnosis)
	mux.Handle("/_gatehouse/api/requests", requests)
	mux.Handle("/_gatehouse/api/requests/", requests)
	mux.Handle("/_gatehouse/requests/", requests)
	mux.Handle("GET /_gatehouse/requests/style.css", o.diagnosis)
	mux.Handle("GET /_gatehouse/requests/page.js", o.diagnosis)
	mux.Handle("GET "+metricsPath, gate.ProtectMetrics(scrapeToken, o.metrics))
	mux.Handle(login.Path, gate.Handler())
	mux.Handle(login.Path+"/", gate.Handler())
	mux.Handle(login.LogoutPath, gate.Handler())
}
