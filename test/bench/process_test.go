package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The roles in which the test binary runs itself, so that each is a process of its own.
const (
	roleVariable = "GATEHOUSE_BENCH_ROLE"
	roleUpstream = "upstream"
	roleProxy    = "proxy"
	roleHandler  = "handler"
	// A gateway that records requests while it is told to, and one that never does.
	roleRecording = "recording"
)

var answer = bytes.Repeat([]byte("x"), 200)

func TestMain(m *testing.M) {
	switch role := os.Getenv(roleVariable); role {
	case "":
		os.Exit(m.Run())
	case roleUpstream, roleHandler:
		serveForever(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		}))
	case roleRecording:
		serveSwitch(os.Getenv("GATEHOUSE_BENCH_TARGET"))
	case roleProxy:
		target, err := url.Parse(os.Getenv("GATEHOUSE_BENCH_TARGET"))
		if err != nil {
			panic(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true}
		serveForever(proxy)
	}
}

func serveForever(handler http.Handler) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	panic(http.Serve(listener, handler))
}

// process is a child that serves on an address.
type process struct {
	url     string
	command *exec.Cmd
}

func startRole(b *testing.B, role, target string) *process {
	b.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), roleVariable+"="+role, "GATEHOUSE_BENCH_TARGET="+target)
	output, err := command.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start(b, command)
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &process{url: "http://" + strings.TrimSpace(line), command: command}
}

func start(b *testing.B, command *exec.Cmd) {
	b.Helper()
	command.Stderr = os.Stderr
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
}

// startGatehouse starts bin/gatehouse on a data directory and says how long it took
// until it was healthy.
func startGatehouse(b *testing.B, data string) (*process, time.Duration) {
	b.Helper()
	binary, err := filepath.Abs("../../bin/gatehouse")
	if err != nil {
		b.Fatal(err)
	}
	address := freeAddress(b)
	command := exec.Command(binary, "serve", "--listen", address, "--data", data, "--log-level", "warn")
	began := time.Now()
	start(b, command)
	p := &process{url: "http://" + address, command: command}
	for {
		response, err := http.Get(p.url + "/_gatehouse/health")
		if err == nil {
			_ = response.Body.Close()
			return p, time.Since(began)
		}
		if time.Since(began) > 30*time.Second {
			b.Fatal("the server does not become healthy")
		}
		time.Sleep(500 * time.Microsecond)
	}
}

func freeAddress(b *testing.B) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

const clockTicksPerSecond = 100

// cpu is the processor time that the process has used.
func (p *process) cpu(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", p.command.Process.Pid))
	if err == nil && !strings.HasPrefix(string(text), "0 0") && sumThreads(p) > 0 {
		return sumThreads(p)
	}
	text, err = os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * time.Second / clockTicksPerSecond
}

// sumThreads reads nanoseconds on a processor of all threads.
func sumThreads(p *process) time.Duration {
	paths, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.command.Process.Pid))
	var sum time.Duration
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		nanoseconds, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(nanoseconds, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// residentMB is the resident memory of the process.
func (p *process) residentMB(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.command.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	pages, _ := strconv.Atoi(strings.Fields(string(text))[1])
	return float64(pages) * float64(os.Getpagesize()) / (1 << 20)
}

// call makes one control-plane call, unsigned, and fails the benchmark unless it succeeds.
func (p *process) call(b *testing.B, method, path string, body any) map[string]any {
	b.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		b.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, p.url+path, bytes.NewReader(encoded))
	if err != nil {
		b.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		b.Fatalf("%s %s: %s %s %v", method, path, response.Status, text, err)
	}
	answered := map[string]any{}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &answered); err != nil {
			b.Fatal(err)
		}
	}
	return answered
}
