package articles

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Starting the aws CLI takes most of the time of a test of some hundred calls. aws.py
// starts it once and forks for each call; what the articles call as aws is then this test
// binary, which hands the call over.

const (
	socketVariable = "ARTICLES_AWS_SOCKET"
	startTimeout   = 20 * time.Second
)

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "aws" {
		os.Exit(callAWS())
	}
	os.Exit(m.Run())
}

// callAWS hands this process's call to aws.py and returns its exit status.
func callAWS() int {
	status, err := handOver(os.Getenv(socketVariable))
	if err != nil {
		fmt.Fprintln(os.Stderr, "aws:", err)
		return 255
	}
	return status
}

func handOver(socket string) (status int, err error) {
	connection, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return 0, fmt.Errorf("calling aws.py: %w", err)
	}
	defer func() { _ = connection.Close() }()
	environment := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		environment[name] = value
	}
	directory, err := os.Getwd()
	if err != nil {
		return 0, fmt.Errorf("finding the directory: %w", err)
	}
	message, err := json.Marshal(map[string]any{"arguments": os.Args[1:], "environment": environment, "directory": directory})
	if err != nil {
		return 0, fmt.Errorf("writing the call: %w", err)
	}
	message = append(message, '\n')
	sent, _, err := connection.WriteMsgUnix(message, syscall.UnixRights(0, 1, 2), nil)
	if err == nil && sent < len(message) {
		_, err = connection.Write(message[sent:])
	}
	if err != nil {
		return 0, fmt.Errorf("handing the call over: %w", err)
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return 0, fmt.Errorf("reading the exit status: %w", err)
	}
	return strconv.Atoi(strings.TrimSpace(line))
}

// startAWS starts aws.py and returns what a shell needs to call it: a directory for PATH
// that has aws and python3, and a variable. An aws CLI that is not Python of this machine
// is called as it is; both are then empty.
func startAWS(t *testing.T) (path, variable string) {
	t.Helper()
	python, err := exec.Command("python3", "-c", "import sys, awscli.clidriver; print(sys.executable)").Output()
	if err != nil {
		return "", ""
	}
	interpreter, directory := strings.TrimSpace(string(python)), t.TempDir()
	link(t, interpreter, filepath.Join(directory, "python3")) // not a launcher that looks for it each time
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link(t, self, filepath.Join(directory, "aws"))
	sockets, err := os.MkdirTemp("", "aws") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(sockets, "s")
	server := exec.Command(interpreter, "aws.py", socket)
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
			return directory, socketVariable + "=" + socket
		}
	}
	t.Fatal("aws.py does not listen")
	return "", ""
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}
