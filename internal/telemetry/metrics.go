package telemetry

import (
	"fmt"
	"hash/maphash"
	"io"
	"maps"
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
	// Serves says whether a stage is still there; what was counted of others is forgotten when
	// room is needed. nil forgets nothing. Set it before the first exchange.
	Serves func(apiId, stageName string) bool
	// Store tells how storing goes; nil leaves its series out. Set it before the first exchange.
	Store func() Storing

	losses   []Loss
	overflow atomic.Uint64 // how often there was no room for a label set

	mu       sync.RWMutex // guards the maps
	methods  map[methodKey]*methodMetrics
	failures map[failureKey]*atomic.Uint64

	// latest are methods that were counted lately, each in its place: a request finds its
	// series there without a lock and without reading names.
	latest [256]atomic.Pointer[latestMethod]
	seed   maphash.Seed
}

type latestMethod struct {
	method     *record.Method
	httpMethod string // methods and routes may take any
	series     *methodMetrics
}

// methodKey names the series of a method or route. kind is the protocol type of its API,
// which decides which series it has; it is no label.
type methodKey struct{ kind, api, stage, resource, method string }

type failureKey struct{ api, stage, errorId string }

// methodMetrics are the series of one method.
type methodMetrics struct {
	latency, integrationLatency                                  histogram
	clientError, serverError, cacheHit, cacheMiss, dataProcessed atomic.Uint64
	// Those that WebSocket APIs have.
	connects, messages, integrationErrors, clientErrors, executionErrors atomic.Uint64
}

// latencyBuckets are upper bounds in microseconds, up to AWS's integration timeout.
var latencyBuckets = [...]int64{1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 29_000_000}

// histogram counts durations by bucket; the last one has no bound. The sum is before the
// buckets of short durations, so that both are in one line of the processor's cache.
type histogram struct {
	microseconds atomic.Int64
	buckets      [len(latencyBuckets) + 1]atomic.Uint64
}

//go:noinline
func (h *histogram) observe(microseconds int64) {
	at := 0
	for at < len(latencyBuckets) && microseconds > latencyBuckets[at] {
		at++
	}
	h.buckets[at].Add(1)
	h.microseconds.Add(microseconds)
}

// count is how many durations were observed.
func (h *histogram) count() (total uint64) {
	for i := range h.buckets {
		total += h.buckets[i].Load()
	}
	return total
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
	return &Metrics{losses: losses, methods: map[methodKey]*methodMetrics{}, failures: map[failureKey]*atomic.Uint64{}, seed: maphash.MakeSeed()}
}

// Status codes of errors.
const (
	firstClientError = 400
	firstServerError = 500
)

// Observe counts an exchange with a method.
func (m *Metrics) Observe(method *record.Method, e *record.Exchange) {
	if method.ProtocolType == record.FunctionUrl {
		m.observeFailure(e.Fault) // AWS counts requests of APIs here
		return
	}
	series := m.series(method, e.HttpMethod)
	switch method.ProtocolType {
	case record.ProtocolWebSocket:
		series.observeWebSocket(e)
	case record.ProtocolHttp:
		series.dataProcessed.Add(uint64(e.RequestLength + e.ResponseLength)) //nolint:gosec // lengths
		series.observeRequest(e)
	default:
		series.observeRequest(e)
	}
	if e.Called {
		series.integrationLatency.observe(e.IntegrationLatency.Microseconds())
	}
	if e.Fault != nil {
		m.observeFault(method, e.Fault)
	}
}

func (m *Metrics) observeFault(method *record.Method, f *fault.Fault) {
	key := keyOf(method, "")
	m.failure(failureKey{key.api, key.stage, string(f.Id())}).Add(1)
}

func keyOf(method *record.Method, httpMethod string) methodKey {
	if method.AccountId == "" {
		return methodKey{} // ids that a client made up must not become labels
	}
	path := method.ResourcePath
	key := methodKey{kind: method.ProtocolType, api: method.ApiId, stage: method.StageName, resource: path[strings.IndexByte(path, ' ')+1:]}
	if path != "" {
		key.method = methodLabel(method, httpMethod)
	}
	return key
}

// methodLabel is the method that a request came with. Clients of HTTP APIs make up methods,
// which their $default route takes and which must not become labels.
func methodLabel(method *record.Method, httpMethod string) string {
	if method.ProtocolType != record.ProtocolHttp {
		return httpMethod
	}
	switch httpMethod {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return httpMethod
	default:
		return other
	}
}

// observeFailure counts a failure that belongs to no API.
func (m *Metrics) observeFailure(f *fault.Fault) {
	m.failure(failureKey{errorId: string(f.Id())}).Add(1)
}

// observeRequest counts a request to a REST API or an HTTP API.
func (s *methodMetrics) observeRequest(r *record.Exchange) {
	switch {
	case r.StatusCode >= firstServerError:
		s.serverError.Add(1)
	case r.StatusCode >= firstClientError:
		s.clientError.Add(1)
	}
	switch r.Cache {
	case record.CacheHit:
		s.cacheHit.Add(1)
	case record.CacheMiss:
		s.cacheMiss.Add(1)
	case record.CacheNone:
	}
	s.latency.observe(r.Duration.Microseconds())
}

// webSocketConnect and webSocketMessage are the HttpMethod of a WebSocket API's records.
const (
	webSocketConnect = "CONNECT"
	webSocketMessage = "MESSAGE"
)

// observeWebSocket counts a handshake, a message or a disconnection (guide:
// apigateway-websocket-api-logging.md; how AWS tells integration from execution errors
// is unconfirmed).
func (s *methodMetrics) observeWebSocket(r *record.Exchange) {
	switch r.HttpMethod {
	case webSocketConnect:
		s.connects.Add(1)
	case webSocketMessage:
		s.messages.Add(1)
		if r.ResponseLength > 0 {
			s.messages.Add(1) // the answer is a message too
		}
	}
	switch {
	case r.StatusCode < firstClientError:
	case !r.Called && r.StatusCode < firstServerError:
		s.clientErrors.Add(1)
	case r.Called && answeredBadly(r):
		s.integrationErrors.Add(1)
	default:
		s.executionErrors.Add(1)
	}
}

// answeredBadly says that the integration answered, with an error.
func answeredBadly(r *record.Exchange) bool {
	return r.Fault == nil || r.Fault.Id() == fault.ConnectRefused || r.Fault.Id() == fault.FunctionError
}

// series finds or makes the series of requests to a method.
func (m *Metrics) series(method *record.Method, httpMethod string) *methodMetrics {
	place := m.place(method, httpMethod)
	if latest := place.Load(); latest != nil && latest.method == method && latest.httpMethod == httpMethod {
		return latest.series
	}
	return m.findSeries(place, method, httpMethod)
}

// place is where a method is among the latest. Those of HTTP have places of their own with
// each method or route.
func (m *Metrics) place(method *record.Method, httpMethod string) *atomic.Pointer[latestMethod] {
	const spread = 3 // the least that keeps the methods of HTTP apart
	at := maphash.Comparable(m.seed, method) + spread*uint64(len(httpMethod))
	if httpMethod != "" {
		at += uint64(httpMethod[0])
	}
	return &m.latest[at%uint64(len(m.latest))]
}

// maxLatestName bounds the methods that are kept: clients make them up for routes that take
// any.
const maxLatestName = 16

func (m *Metrics) findSeries(place *atomic.Pointer[latestMethod], method *record.Method, httpMethod string) *methodMetrics {
	isMadeUp := len(httpMethod) > maxLatestName
	if isMadeUp {
		httpMethod = other
	}
	httpMethod = strings.Clone(httpMethod) // a part of the request's first line
	key := keyOf(method, httpMethod)
	found := find(m, m.methods, key, methodKey{key.kind, other, other, other, other})
	if !isMadeUp && method.AccountId != "" { // without an account the next request has another Method
		place.Store(&latestMethod{method, httpMethod, found})
	}
	return found
}

func (m *Metrics) failure(key failureKey) *atomic.Uint64 {
	return find(m, m.failures, key, failureKey{other, other, key.errorId})
}

func find[K comparable, V any](m *Metrics, series map[K]*V, key, overflow K) *V {
	m.mu.RLock()
	found := series[key]
	if found == nil && len(series) >= maxLabelSets && m.overflow.Add(1)%maxLabelSets != 1 {
		found = series[overflow]
	}
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	return findOrMake(m, series, key, overflow)
}

// findOrMake makes a series where there is room for it; else it is the overflow's.
func findOrMake[K comparable, V any](m *Metrics, series map[K]*V, key, overflow K) *V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(series) >= maxLabelSets {
		m.forgetUnserved()
	}
	if series[key] == nil && len(series) >= maxLabelSets {
		key = overflow
	}
	if series[key] == nil {
		series[key] = new(V)
	}
	return series[key]
}

// forgetUnserved makes room: it drops the series of stages that are gone, and counts their
// failures under "other". m.mu is held.
func (m *Metrics) forgetUnserved() {
	if m.Serves == nil {
		return
	}
	isGone := func(api, stage string) bool { return api != "" && api != other && !m.Serves(api, stage) }
	for key := range m.methods {
		if isGone(key.api, key.stage) {
			delete(m.methods, key)
		}
	}
	for i := range m.latest {
		m.latest[i].Store(nil)
	}
	for key, count := range maps.Clone(m.failures) {
		if !isGone(key.api, key.stage) {
			continue
		}
		delete(m.failures, key)
		kept := failureKey{other, other, key.errorId}
		if m.failures[kept] == nil {
			m.failures[kept] = new(atomic.Uint64)
		}
		m.failures[kept].Add(count.Load())
	}
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

// The kinds of API that have a family of series.
var (
	restOnly      = []string{""}
	httpOnly      = []string{record.ProtocolHttp}
	webSocketOnly = []string{record.ProtocolWebSocket}
	requests      = []string{"", record.ProtocolHttp}
	all           = []string{"", record.ProtocolHttp, record.ProtocolWebSocket}
)

// counters are the families of counters, in order.
var counters = []struct {
	name, help string
	kinds      []string
	value      func(*methodMetrics) uint64
}{
	{"gatehouse_count_total", "Requests (CloudWatch: Count).", requests, func(m *methodMetrics) uint64 { return m.latency.count() }},
	{"gatehouse_4xxerror_total", "Requests answered with a status of 400 to 499 (CloudWatch: 4XXError; 4xx of HTTP APIs).", requests, func(m *methodMetrics) uint64 { return m.clientError.Load() }},
	{"gatehouse_5xxerror_total", "Requests answered with a status of 500 to 599 (CloudWatch: 5XXError; 5xx of HTTP APIs).", requests, func(m *methodMetrics) uint64 { return m.serverError.Load() }},
	{"gatehouse_cachehitcount_total", "Requests answered from the cache of the stage (CloudWatch: CacheHitCount).", restOnly, func(m *methodMetrics) uint64 { return m.cacheHit.Load() }},
	{"gatehouse_cachemisscount_total", "Requests that the cache of the stage did not have (CloudWatch: CacheMissCount).", restOnly, func(m *methodMetrics) uint64 { return m.cacheMiss.Load() }},
	{"gatehouse_dataprocessed_bytes_total", "Bytes of bodies of requests and responses (CloudWatch: DataProcessed).", httpOnly, func(m *methodMetrics) uint64 { return m.dataProcessed.Load() }},
	{"gatehouse_connectcount_total", "Handshakes that reached the $connect route (CloudWatch: ConnectCount).", webSocketOnly, func(m *methodMetrics) uint64 { return m.connects.Load() }},
	{"gatehouse_messagecount_total", "Messages of clients, and answers to them (CloudWatch: MessageCount).", webSocketOnly, func(m *methodMetrics) uint64 { return m.messages.Load() }},
	{"gatehouse_integrationerror_total", "Answers of integrations with a status of 400 to 599 (CloudWatch: IntegrationError).", webSocketOnly, func(m *methodMetrics) uint64 { return m.integrationErrors.Load() }},
	{"gatehouse_clienterror_total", "Refusals before an integration was called (CloudWatch: ClientError).", webSocketOnly, func(m *methodMetrics) uint64 { return m.clientErrors.Load() }},
	{"gatehouse_executionerror_total", "Failures of calling an integration (CloudWatch: ExecutionError).", webSocketOnly, func(m *methodMetrics) uint64 { return m.executionErrors.Load() }},
}

var histograms = []struct {
	name, help string
	kinds      []string
	value      func(*methodMetrics) *histogram
}{
	{"gatehouse_latency_seconds", "From a request's arrival to its answer (CloudWatch: Latency).", requests, func(m *methodMetrics) *histogram { return &m.latency }},
	{"gatehouse_integrationlatency_seconds", "From the call of the backend to its answer (CloudWatch: IntegrationLatency).", all, func(m *methodMetrics) *histogram { return &m.integrationLatency }},
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
			if !slices.Contains(family.kinds, series.key.kind) {
				continue
			}
			writeSample(&b, family.name, series.labels, family.value(m.methods[series.key]))
		}
	}
	for _, family := range histograms {
		writeFamily(&b, family.name, family.help, "histogram")
		for _, series := range methods {
			if !slices.Contains(family.kinds, series.key.kind) {
				continue
			}
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
	if m.Store != nil {
		m.Store().write(&b)
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
