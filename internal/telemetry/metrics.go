package telemetry

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// maxLabelSets bounds the methods that are counted apart, and the pairs of stage and
// error id; what comes after is counted under labels "other".
const maxLabelSets = 1000

// other stands for the labels of what is over maxLabelSets.
const other = "other"

// Metrics counts requests under CloudWatch's names, for Prometheus: per API, stage,
// resource and method, and failures by error id. It writes the text format itself: a
// counter costs a few nanoseconds of a request's time. Make one with NewMetrics.
type Metrics struct {
	losses []Loss

	mu       sync.RWMutex // guards the maps
	methods  map[methodKey]*methodMetrics
	failures map[failureKey]*atomic.Uint64
}

type methodKey struct{ api, stage, resource, method string }

type failureKey struct{ api, stage, errorId string }

// methodMetrics are the series of one method.
type methodMetrics struct {
	count, clientError, serverError, cacheHit, cacheMiss atomic.Uint64
	latency, integrationLatency                          histogram
}

// latencyBuckets are upper bounds in microseconds, up to AWS's integration timeout.
var latencyBuckets = [...]int64{1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 29_000_000}

// histogram counts durations by bucket; the last one has no bound.
type histogram struct {
	buckets      [len(latencyBuckets) + 1]atomic.Uint64
	microseconds atomic.Int64
}

func (h *histogram) observe(microseconds int64) {
	at := 0
	for at < len(latencyBuckets) && microseconds > latencyBuckets[at] {
		at++
	}
	h.buckets[at].Add(1)
	h.microseconds.Add(microseconds)
}

// Loss is a counter of what was lost beside the requests' way.
type Loss struct {
	Name, Help string
	Count      func() uint64
}

// LostLogLines counts log lines.
func LostLogLines(count func() uint64) Loss {
	return Loss{"gatehouse_dropped_log_lines_total", "Log lines that were lost because they came faster than they could be stored.", count}
}

// LostTraces counts exchanges whose spans were not sent.
func LostTraces(count func() uint64) Loss {
	return Loss{"gatehouse_dropped_traces_total", "Exchanges whose spans were lost because they came faster than they could be sent, or the collector did not take them.", count}
}

// NewMetrics makes empty metrics, with counters of what others lose.
func NewMetrics(losses ...Loss) *Metrics {
	return &Metrics{losses: losses, methods: map[methodKey]*methodMetrics{}, failures: map[failureKey]*atomic.Uint64{}}
}

// Status codes of errors.
const (
	firstClientError = 400
	firstServerError = 500
)

// Observe counts an exchange.
func (m *Metrics) Observe(r *record.Record) {
	key := methodKey{api: r.ApiId, stage: r.StageName, resource: r.ResourcePath}
	switch {
	case r.AccountId == "":
		key = methodKey{} // ids that a client made up must not become labels
	case r.ResourcePath != "":
		key.method = r.HttpMethod
	}
	series := m.method(key)
	series.count.Add(1)
	switch {
	case r.StatusCode >= firstServerError:
		series.serverError.Add(1)
	case r.StatusCode >= firstClientError:
		series.clientError.Add(1)
	}
	series.latency.observe(r.Duration.Microseconds())
	if r.Called {
		series.integrationLatency.observe(r.IntegrationLatency.Microseconds())
	}
	if r.Fault != nil {
		m.failure(failureKey{key.api, key.stage, string(r.Fault.Id())}).Add(1)
	}
}

// observeFailure counts a failure that belongs to no API.
func (m *Metrics) observeFailure(f *fault.Fault) {
	m.failure(failureKey{errorId: string(f.Id())}).Add(1)
}

// method finds or makes the series of a method.
func (m *Metrics) method(key methodKey) *methodMetrics {
	return find(m, m.methods, key, methodKey{other, other, other, other})
}

func (m *Metrics) failure(key failureKey) *atomic.Uint64 {
	return find(m, m.failures, key, failureKey{other, other, key.errorId})
}

func find[K comparable, V any](m *Metrics, series map[K]*V, key, overflow K) *V {
	m.mu.RLock()
	found := series[key]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(series) >= maxLabelSets {
		key = overflow
	}
	if series[key] == nil {
		series[key] = new(V)
	}
	return series[key]
}

// Occurrences counts failures by error id since the process began.
func (m *Metrics) Occurrences() map[string]int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	counts := map[string]int64{}
	for key, count := range m.failures {
		counts[key.errorId] += int64(count.Load()) //nolint:gosec // a count of requests
	}
	return counts
}

// ServeHTTP serves the metrics in Prometheus's text format, version 0.0.4.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_, _ = io.WriteString(w, m.Text()) // a scraper that is gone needs no answer
}

// counters are the families of counters, in order.
var counters = []struct {
	name, help string
	value      func(*methodMetrics) *atomic.Uint64
}{
	{"gatehouse_count_total", "Requests (CloudWatch: Count).", func(m *methodMetrics) *atomic.Uint64 { return &m.count }},
	{"gatehouse_4xxerror_total", "Requests answered with a status of 400 to 499 (CloudWatch: 4XXError).", func(m *methodMetrics) *atomic.Uint64 { return &m.clientError }},
	{"gatehouse_5xxerror_total", "Requests answered with a status of 500 to 599 (CloudWatch: 5XXError).", func(m *methodMetrics) *atomic.Uint64 { return &m.serverError }},
	{"gatehouse_cachehitcount_total", "Requests answered from the cache of the stage (CloudWatch: CacheHitCount).", func(m *methodMetrics) *atomic.Uint64 { return &m.cacheHit }},
	{"gatehouse_cachemisscount_total", "Requests that the cache of the stage did not have (CloudWatch: CacheMissCount).", func(m *methodMetrics) *atomic.Uint64 { return &m.cacheMiss }},
}

var histograms = []struct {
	name, help string
	value      func(*methodMetrics) *histogram
}{
	{"gatehouse_latency_seconds", "From a request's arrival to its answer (CloudWatch: Latency).", func(m *methodMetrics) *histogram { return &m.latency }},
	{"gatehouse_integrationlatency_seconds", "From the call of the backend to its answer (CloudWatch: IntegrationLatency).", func(m *methodMetrics) *histogram { return &m.integrationLatency }},
}

// Text is all metrics in Prometheus's text format, series in order of their labels.
func (m *Metrics) Text() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	methods := sortedKeys(m.methods, func(k methodKey) string {
		return fmt.Sprintf(`api=%s,stage=%s,resource=%s,method=%s`, label(k.api), label(k.stage), label(k.resource), label(k.method))
	})
	var b strings.Builder
	for _, family := range counters {
		writeFamily(&b, family.name, family.help, "counter")
		for _, series := range methods {
			writeSample(&b, family.name, series.labels, family.value(m.methods[series.key]).Load())
		}
	}
	for _, family := range histograms {
		writeFamily(&b, family.name, family.help, "histogram")
		for _, series := range methods {
			family.value(m.methods[series.key]).write(&b, family.name, series.labels)
		}
	}
	writeFamily(&b, "gatehouse_errors_total", "Failed requests by the id of the error, which /_gatehouse/kb/{error_id} explains.", "counter")
	for _, series := range sortedKeys(m.failures, func(k failureKey) string {
		return fmt.Sprintf(`api=%s,stage=%s,error_id=%s`, label(k.api), label(k.stage), label(k.errorId))
	}) {
		writeSample(&b, "gatehouse_errors_total", series.labels, m.failures[series.key].Load())
	}
	for _, loss := range m.losses {
		writeFamily(&b, loss.Name, loss.Help, "counter")
		fmt.Fprintf(&b, "%s %d\n", loss.Name, loss.Count())
	}
	return b.String()
}

type labelled[K comparable] struct {
	key    K
	labels string
}

func sortedKeys[K comparable, V any](series map[K]V, labels func(K) string) []labelled[K] {
	sorted := make([]labelled[K], 0, len(series))
	for key := range series {
		sorted = append(sorted, labelled[K]{key, labels(key)})
	}
	slices.SortFunc(sorted, func(a, b labelled[K]) int { return strings.Compare(a.labels, b.labels) })
	return sorted
}

func writeFamily(b *strings.Builder, name, help, kind string) {
	fmt.Fprintf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func writeSample(b *strings.Builder, name, labels string, value uint64) {
	fmt.Fprintf(b, "%s{%s} %d\n", name, labels, value)
}

const microsecondsPerSecond = 1e6

// write adds up the buckets: a bucket of Prometheus holds those below it too.
func (h *histogram) write(b *strings.Builder, name, labels string) {
	total := uint64(0)
	for i := range h.buckets {
		total += h.buckets[i].Load()
		bound := "+Inf"
		if i < len(latencyBuckets) {
			bound = strconv.FormatFloat(float64(latencyBuckets[i])/microsecondsPerSecond, 'g', -1, 64)
		}
		fmt.Fprintf(b, "%s_bucket{%s,le=%q} %d\n", name, labels, bound, total)
	}
	fmt.Fprintf(b, "%s_sum{%s} %g\n", name, labels, float64(h.microseconds.Load())/microsecondsPerSecond)
	fmt.Fprintf(b, "%s_count{%s} %d\n", name, labels, total)
}

// label quotes a label's value as the text format wants it.
func label(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(strings.ToValidUTF8(value, "?")) + `"`
}
