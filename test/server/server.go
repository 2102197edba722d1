// Package server builds the gatehouse binary and runs servers of it for tests that
// drive it from outside: articles, scripts, situations.
//
// It knows nothing of what the tests do with a server. Begin at Run; a test that stops
// and starts its server makes a Server and calls its methods.
package server

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Server is a process of the binary. Its exported fields are set before Start.
type Server struct {
	Binary, Address, Data string
	Log                   io.Writer // nil for silence

	command *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	status  int           // of the last process that ended
}

// Build builds the binary for a test and returns its path.
func Build(t testing.TB) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "gatehouse")
	if output, err := exec.Command("go", "build", "-o", binary, "gatehouse/cmd/gatehouse").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, output)
	}
	return binary
}

// Run builds the binary and runs a server, with these flags, until the test ends.
func Run(t testing.TB, flags ...string) *Server {
	t.Helper()
	return RunBinary(t, Build(t), flags...)
}

// RunBinary is Run with a binary that is built already.
func RunBinary(t testing.TB, binary string, flags ...string) *Server {
	t.Helper()
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Binary: binary, Address: address, Data: t.TempDir()}
	if err := s.Start(flags...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(os.Interrupt) })
	return s
}

// The ports that FreeAddress chooses from. Those that a system gives out by itself, to
// connections and to listeners that name none, begin above (at 32768 on Linux): one of
// them may be taken in the moment between two runs of a server.
const (
	firstPort = 20_000
	ports     = 12_000
	portTries = 100
)

// FreeAddress is an address of this machine that nobody listens on, and that nobody gets
// by chance.
func FreeAddress() (string, error) {
	var err error
	for range portTries {
		var listener net.Listener
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(ports)))
		if listener, err = net.Listen("tcp", address); err == nil {
			return address, listener.Close()
		}
	}
	return "", fmt.Errorf("finding a free address: %w", err)
}

// Url is where the server answers.
func (s *Server) Url() string { return "http://" + s.Address }

// How long a server may take to start, and how often it is asked.
const (
	startTimeout = time.Minute
	startPause   = 5 * time.Millisecond
)

// Start starts the server and waits until it is healthy.
func (s *Server) Start(flags ...string) error {
	s.command = exec.Command(s.Binary, append([]string{"serve", "--listen", s.Address, "--data", s.Data}, flags...)...)
	s.command.Stdout, s.command.Stderr = s.Log, s.Log
	if err := s.command.Start(); err != nil {
		return fmt.Errorf("starting the server: %w", err)
	}
	ended := make(chan struct{})
	go func(command *exec.Cmd) { defer close(ended); _ = command.Wait() }(s.command) // its status is the signal's
	s.ended = ended
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(startPause) {
		response, err := http.Get(s.Url() + "/_gatehouse/health") // bounded by the loop
		if err == nil {
			_ = response.Body.Close()
		}
		if err == nil && response.StatusCode == http.StatusOK {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("the server at %s ended: %s", s.Address, s.command.ProcessState)
		default:
		}
	}
	return fmt.Errorf("the server at %s does not become healthy", s.Address)
}

// Pid is the number of the process, which must run.
func (s *Server) Pid() int { return s.command.Process.Pid }

// ExitCode is that of the process that Stop ended last; -1 for one that a signal killed.
func (s *Server) ExitCode() int { return s.status }

// Signal sends a signal and waits for nothing. A server that does not run is left alone.
func (s *Server) Signal(signal os.Signal) error {
	if s.command == nil {
		return nil
	}
	return s.command.Process.Signal(signal)
}

// Stop sends a signal, os.Interrupt or os.Kill, and waits for the end. A server that
// does not run is left alone.
func (s *Server) Stop(signal os.Signal) error {
	if s.command == nil {
		return nil
	}
	err := s.command.Process.Signal(signal)
	if errors.Is(err, os.ErrProcessDone) {
		err = nil
	}
	<-s.ended
	s.status, s.command = s.command.ProcessState.ExitCode(), nil
	return err
}
