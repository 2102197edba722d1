package bench

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"gatehouse/internal/apigw"
	compiler "gatehouse/internal/compile/restapi"
	"gatehouse/internal/dataplane"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/dataplane/restapi"
	"gatehouse/internal/deployment/deploymenttest"
	"gatehouse/internal/integration"
	"gatehouse/internal/plan"
	"gatehouse/internal/rawheader"
	"gatehouse/internal/telemetry"
	"gatehouse/internal/throttle"
)

// The size of BenchmarkRecording: in each of so many fresh processes, so many quads of
// blocks, off on on off.
const (
	recordingProcesses   = 24
	recordingQuads       = 12
	recordingBlock       = 240
	recordingWarmUp      = 12_000 // more than are kept of recent requests
	recordingConnections = 4
)

// gatewayHandler serves one HTTP_PROXY method; recorder may be nil.
func gatewayHandler(upstream string, backends restapi.Backends, recorder record.Recorder) http.Handler {
	snapshot, err := deploymenttest.Parse([]byte(`{"Methods": {"ANY /{proxy+}": {"MethodIntegration": {"Type": "HTTP_PROXY", "HttpMethod": "ANY",
		"Uri": "` + upstream + `/{proxy}", "RequestParameters": {"integration.request.path.proxy": "method.request.path.proxy"}}}}}`))
	if err != nil {
		panic(err)
	}
	compiled, _ := compiler.Compile(&snapshot, &apigw.Stage{StageName: "prod", DeploymentId: "d1"},
		compiler.Options{Scope: apigw.Scope{Account: "123456789012", Region: "us-east-1"}})
	table := plan.NewTable(1, map[string]*plan.Api{deploymenttest.ApiId: {Id: deploymenttest.ApiId, Stages: map[string]*plan.RestStage{"prod": compiled}}})
	return &dataplane.Handler{
		Published: func() *plan.Table { return table }, Now: time.Now, Random: rand.Uint64,
		Rest: &restapi.Pipeline{
			Backends: backends, Throttles: throttle.New(time.Now), Now: time.Now, Random: rand.Uint64,
			AccountThrottle: throttle.Limit{Rate: 1e9, Burst: 1e9}, Recorder: recorder,
		},
	}
}

// recordingSwitch is a recorder that does nothing, counts, or counts and records, request by
// request: all that a request touches besides is the same.
type recordingSwitch struct {
	recorder *telemetry.Recorder
	does     atomic.Pointer[string] // doNothing, doCount, doRecord or doRecordWhole
}

// What a recordingSwitch may do, as paths of its control.
const (
	doNothing     = "/nothing"
	doCount       = "/count"
	doRecord      = "/record"
	doRecordWhole = "/record/whole"
)

// Begin implements record.Recorder.
func (s *recordingSwitch) Begin(notes *record.Notes) {
	notes.Silent = !strings.HasPrefix(*s.does.Load(), doRecord)
	s.recorder.Begin(notes)
}

// End implements record.Recorder.
func (s *recordingSwitch) End(notes *record.Notes) {
	switch does := *s.does.Load(); {
	case notes.Silent && does != doCount:
	case notes.Silent:
		s.recorder.Metrics.Observe(notes.Method, &notes.Exchange)
	case does == doRecordWhole:
		s.recorder.Metrics.Observe(notes.Method, &notes.Exchange)
		s.recorder.Recent.Add(notes)
	default:
		s.recorder.End(notes)
	}
}

// serveSwitch is the role of a gateway with such a recorder. On a second address the process
// is told what to do from now on, and tells what processor time it has used.
func serveSwitch(upstream string) {
	backends := integration.NewClient(apigw.PayloadSizeLimit, time.Now)
	recording := &recordingSwitch{recorder: &telemetry.Recorder{
		Recent: telemetry.NewRecent(telemetry.MaxRecentRequests, telemetry.MaxRecentBytes), Metrics: telemetry.NewMetrics(),
	}}
	recording.does.Store(new(string))
	requests, control := listenAnywhere(), listenAnywhere()
	fmt.Println(requests.Addr(), control.Addr())
	go func() { panic(http.Serve(control, http.HandlerFunc(recording.control))) }()
	server := &http.Server{Handler: gatewayHandler(upstream, backends, recording), ConnContext: rawheader.ConnContext, ReadHeaderTimeout: time.Minute}
	panic(server.Serve(rawheader.Listener(requests)))
}

func (s *recordingSwitch) control(w http.ResponseWriter, r *http.Request) {
	s.does.Store(&r.URL.Path)
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	_, _ = io.WriteString(w, strconv.FormatInt(used.Utime.Nano()+used.Stime.Nano(), 10))
}

func listenAnywhere() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	return listener
}

// recordingGateway is a child in that role, with kept connections to it.
type recordingGateway struct {
	control     string
	command     *exec.Cmd
	connections []net.Conn
}

func startRecording(b *testing.B, upstream string) *recordingGateway {
	b.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), roleVariable+"="+roleRecording, "GATEHOUSE_BENCH_TARGET="+upstream)
	output, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	g := &recordingGateway{command: command}
	var requests string
	if _, err := fmt.Fscan(bufio.NewReader(output), &requests, &g.control); err != nil {
		b.Fatal(err)
	}
	g.connections = connect(b, requests)
	return g
}

func connect(b *testing.B, address string) []net.Conn {
	b.Helper()
	var connections []net.Conn
	for range recordingConnections {
		connection, err := net.Dial("tcp", address)
		if err != nil {
			b.Fatal(err)
		}
		connections = append(connections, connection)
	}
	return connections
}

func (g *recordingGateway) stop() {
	for _, connection := range g.connections {
		_ = connection.Close()
	}
	_ = g.command.Process.Kill()
	_ = g.command.Wait()
}

// cpu is the processor time that the process has used, and tells it what to do from now on.
func (g *recordingGateway) cpu(b *testing.B, do string) float64 {
	b.Helper()
	response, err := http.Get("http://" + g.control + do)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.Fatal(err)
	}
	nanoseconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		b.Fatal(err)
	}
	return nanoseconds
}

const recordingRequest = "GET /prod/pets/1?a=b HTTP/1.1\r\nHost: " + deploymenttest.ApiId + ".execute-api.localhost\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n" +
	"Accept-Language: en\r\nAuthorization: Bearer abcdefghijklmnopqrstuvwxyz\r\nCookie: session=0123456789abcdef\r\nReferer: http://localhost/\r\n\r\n"

// block sends n requests and returns the processor time for each.
func (g *recordingGateway) block(b *testing.B, do string, n int) float64 {
	b.Helper()
	before := g.cpu(b, do)
	var group sync.WaitGroup
	failures := make(chan error, len(g.connections))
	for _, connection := range g.connections {
		group.Go(func() { failures <- exchangeAll(connection, n/len(g.connections)) })
	}
	group.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			b.Fatal(err)
		}
	}
	return (g.cpu(b, do) - before) / float64(n)
}

func exchangeAll(connection net.Conn, n int) error {
	reader := bufio.NewReader(connection)
	for range n {
		if _, err := io.WriteString(connection, recordingRequest); err != nil {
			return err
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d: %w", response.StatusCode, err)
		}
		_ = response.Body.Close()
	}
	return nil
}

// quad is what blocks without and with recording took for each request, mean.
type quad struct{ off, on float64 }

func (q quad) overhead() float64 { return percent * (q.on/q.off - 1) }

const percent = 100

// measureRecording compares blocks of one kind with blocks of another, in many processes:
// where a process happens to have its memory makes a difference too. Of each process there
// is one value, the mean of its quads.
func measureRecording(b *testing.B, without, with, upstream string) []quad {
	b.Helper()
	var processes []quad
	for range recordingProcesses {
		g := startRecording(b, upstream)
		g.block(b, with, recordingWarmUp)
		var mean quad
		for range recordingQuads {
			first, second := g.block(b, without, recordingBlock), g.block(b, with, recordingBlock)
			third, fourth := g.block(b, with, recordingBlock), g.block(b, without, recordingBlock)
			mean.off += (first + fourth) / 2 / recordingQuads
			mean.on += (second + third) / 2 / recordingQuads
		}
		processes = append(processes, mean)
		g.stop()
	}
	return processes
}

// median and the bounds of its 95 % confidence interval, from the order of the values
// alone: the ranks n/2 ± 0.98 √n.
func median(values []float64) (middle, low, high float64) {
	slices.Sort(values)
	n := float64(len(values))
	reach := 0.98 * math.Sqrt(n)
	at := func(rank float64) float64 { return values[max(0, min(len(values)-1, int(rank)))] }
	return at(n / 2), at(math.Floor(n/2 - reach)), at(math.Ceil(n/2 + reach))
}

// BenchmarkRecording is what the record of a request costs while logging is OFF, as a
// share of the gateway's processor time for a proxied request. Client and backend are
// processes of their own. One gateway serves all requests over the same connections and
// does one thing with those of every other two blocks, another with the rest. Short blocks in
// the order without, with, with, without cancel what drifts, and processor time is compared,
// not time. "record" is the record, with metrics counted in both kinds of blocks, at a rate at
// which most successes are recorded without what the client sent
// (telemetry.MaxWholeSuccesses); in "whole" it is recorded of all. "metrics" is counting
// them; "none" compares nothing with nothing: what such a measurement can tell.
// low and high bound the 95 % confidence interval of the median over the processes.
//
// Run it with -benchtime 1x, or 4x for an interval half as wide.
func BenchmarkRecording(b *testing.B) {
	upstream := startRole(b, roleUpstream, "")
	for _, row := range []struct{ name, without, with string }{
		{"none", doNothing, doNothing}, {"metrics", doNothing, doCount}, {"record", doCount, doRecord}, {"whole", doCount, doRecordWhole},
	} {
		b.Run(row.name, func(b *testing.B) {
			var processes []quad
			for b.Loop() {
				processes = append(processes, measureRecording(b, row.without, row.with, upstream.url)...)
			}
			reportRecording(b, processes)
		})
	}
}

func reportRecording(b *testing.B, processes []quad) {
	b.Helper()
	var overheads, off, added []float64
	for _, q := range processes {
		overheads, off, added = append(overheads, q.overhead()), append(off, q.off), append(added, q.on-q.off)
	}
	middle, low, high := median(overheads)
	b.ReportMetric(middle, "overhead-%")
	b.ReportMetric(low, "low-%")
	b.ReportMetric(high, "high-%")
	middle, _, _ = median(off)
	b.ReportMetric(middle/1e3, "off-cpu-µs")
	middle, _, _ = median(added)
	b.ReportMetric(middle, "added-cpu-ns")
}
