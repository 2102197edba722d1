package scripts

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts runs the stories. Beside testscript's own commands they have `server
// start [FLAG...]|stop|kill`; $URL is the server's address and the aws CLI knows it
// already. $ADDRESS2 is another that is free.
func TestScripts(t *testing.T) {
	binary := build(t)
	for _, tool := range []string{"aws", "curl", "python3", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; `make tools` installs it", tool)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: func(env *testscript.Env) error { return setUp(env, binary) },
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"server": serverCommand},
	})
}

func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "gatehouse")
	if output, err := exec.Command("go", "build", "-o", binary, "gatehouse/cmd/gatehouse").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, output)
	}
	return binary
}

type serverKey struct{}

// server is the server of one story.
type server struct {
	binary, address, data string
	command               *exec.Cmd
	log                   *os.File
}

func setUp(env *testscript.Env, binary string) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	second, err := freeAddress()
	if err != nil {
		return err
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(env.WorkDir, "server.log"))
	if err != nil {
		return err
	}
	s := &server{binary: binary, address: address, data: filepath.Join(env.WorkDir, "data"), log: log}
	env.Values[serverKey{}] = s
	env.Defer(func() { _ = s.stop(os.Interrupt); _ = log.Close() })
	for name, value := range map[string]string{
		"URL": "http://" + address, "PORT": portOf(address), "ADDRESS2": second, "AWS_ENDPOINT_URL": "http://" + address, "AWS_ACCESS_KEY_ID": "000000000000",
		"AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "EXAMPLES": examples, "GATEHOUSE": binary,
		"HOME": os.Getenv("HOME"), "DATA": s.data, "PYENV_VERSION": os.Getenv("PYENV_VERSION"),
	} {
		env.Setenv(name, value)
	}
	return s.start()
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

func (s *server) start(flags ...string) error {
	s.command = exec.Command(s.binary, append([]string{"serve", "--listen", s.address, "--data", s.data}, flags...)...)
	s.command.Stdout, s.command.Stderr = s.log, s.log
	if err := s.command.Start(); err != nil {
		return err
	}
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		response, err := http.Get("http://" + s.address + "/_gatehouse/health")
		if err == nil {
			return response.Body.Close()
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("the server does not become healthy; see %s", s.log.Name())
}

func (s *server) stop(signal os.Signal) error {
	if s.command == nil {
		return nil
	}
	err := s.command.Process.Signal(signal)
	_ = s.command.Wait() // its status is the signal's
	s.command = nil
	return err
}

func serverCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 1 && args[0] != "start" {
		ts.Fatalf("usage: server start [FLAG...]|stop|kill")
	}
	s, _ := ts.Value(serverKey{}).(*server)
	switch args[0] {
	case "start":
		ts.Check(s.start(args[1:]...))
	case "stop":
		ts.Check(s.stop(os.Interrupt))
	case "kill":
		ts.Check(s.stop(os.Kill))
	default:
		ts.Fatalf("server %s: unknown", args[0])
	}
}
