package scripts

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gatehouse/test/awscli"
	"gatehouse/test/server"
)

// TestScripts runs the stories. Beside testscript's own commands they have `server
// start [FLAG...]|stop|kill`; $URL is the server's address and the aws CLI knows it
// already. $ADDRESS2, with $PORT2, is another that is free.
func TestScripts(t *testing.T) {
	binary := server.Build(t)
	for _, tool := range []string{"aws", "curl", "python3", "bash", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatalf("%s is missing; `make tools` installs it", tool)
		}
	}
	aws := awscli.Start(t)
	testscript.Run(t, testscript.Params{
		Dir:   "testdata",
		Setup: func(env *testscript.Env) error { return setUp(env, binary, aws) },
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"server": serverCommand},
	})
}

type serverKey struct{}

func setUp(env *testscript.Env, binary string, aws []string) error {
	address, err := server.FreeAddress()
	if err != nil {
		return err
	}
	second, err := server.FreeAddress()
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
	s := &server.Server{Binary: binary, Address: address, Data: filepath.Join(env.WorkDir, "data"), Log: log}
	env.Values[serverKey{}] = s
	env.Defer(func() { _ = s.Stop(os.Interrupt); _ = log.Close() })
	for name, value := range map[string]string{
		"URL": "http://" + address, "PORT": portOf(address), "ADDRESS2": second, "PORT2": portOf(second), "AWS_ENDPOINT_URL": "http://" + address, "AWS_ACCESS_KEY_ID": "000000000000",
		"AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "EXAMPLES": examples, "GATEHOUSE": binary,
		"HOME": os.Getenv("HOME"), "DATA": s.Data, "PYENV_VERSION": os.Getenv("PYENV_VERSION"),
	} {
		env.Setenv(name, value)
	}
	env.Vars = append(env.Vars, aws...)
	return s.Start()
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

func serverCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 1 && args[0] != "start" {
		ts.Fatalf("usage: server start [FLAG...]|stop|kill")
	}
	s, _ := ts.Value(serverKey{}).(*server.Server)
	switch args[0] {
	case "start":
		ts.Check(s.Start(args[1:]...))
	case "stop":
		ts.Check(s.Stop(os.Interrupt))
	case "kill":
		ts.Check(s.Stop(os.Kill))
	default:
		ts.Fatalf("server %s: unknown", args[0])
	}
}
