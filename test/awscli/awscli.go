// Package awscli lets tests call the aws CLI some hundred times: starting it takes most
// of the time of a call, so aws.py starts it once and forks for each call. What tests find
// as aws is then the command aws beneath this package, which hands the call over.
//
// The CLI itself is unmodified and is the one of this machine; one that is not a package
// of this machine's Python is called as it is. Begin at Start.
package awscli

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	socketVariable = "GATEHOUSE_TEST_AWS_SOCKET"
	startTimeout   = 20 * time.Second
)

//go:embed aws.py
var program []byte

// Start starts the CLI for a test and returns the variables, "NAME=value", that a process
// calls it with: PATH, which has it first, then these directories, and where it listens.
func Start(t testing.TB, directories ...string) (variables []string) {
	t.Helper()
	path := strings.Join(append(directories, os.Getenv("PATH")), string(os.PathListSeparator))
	python, err := exec.Command("python3", "-c", "import sys, awscli.clidriver; print(sys.executable)").Output()
	if err != nil {
		return []string{"PATH=" + path}
	}
	interpreter, directory := strings.TrimSpace(string(python)), t.TempDir()
	link(t, interpreter, filepath.Join(directory, "python3")) // not a launcher that looks for it each time
	if output, err := exec.Command("go", "build", "-o", filepath.Join(directory, "aws"), "gatehouse/test/awscli/aws").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, output)
	}
	sockets, err := os.MkdirTemp("", "aws") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(sockets, "s")
	script := filepath.Join(sockets, "aws.py")
	if err := os.WriteFile(script, program, 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(interpreter, script, socket)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		_ = os.RemoveAll(sockets)
	})
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			return []string{"PATH=" + directory + string(os.PathListSeparator) + path, socketVariable + "=" + socket}
		}
	}
	t.Fatal("aws.py does not listen")
	return nil
}

func link(t testing.TB, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}
