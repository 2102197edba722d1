package lambda

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serverArgument starts the test binary as a server that is then killed.
const serverArgument = "__server"

// levels are the isolations this machine is tested with.
func levels(t *testing.T) []isolation {
	if runtime.GOOS != "linux" {
		return []isolation{isolationDirect}
	}
	return append(isolations(), isolationDirect)
}

// withIsolation makes a runner that begins with a level; it may go down.
func withIsolation(t *testing.T, level isolation) (*Runner, *logLines) {
	r, log := newTestRunner(t)
	r.isolation.Store(int32(level))
	return r, log
}

// A function with a child in its group, one that left the group and its
// session, and one whose parent has ended.
const pythonFamily = `
import os, subprocess, sys

def detach(mark):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execvp("sleep", ["sleep", mark])
        os._exit(0)

def handler(event, context):
    subprocess.Popen(["sleep", event["mark"]])
    subprocess.Popen(["sleep", event["mark"]], start_new_session=True)
    detach(event["mark"])
    return os.environ["LAMBDA_TASK_ROOT"]
`

// sleepers lists processes that sleep for exactly this long.
func sleepers(t *testing.T, mark string) (ids []int) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if line, _ := os.ReadFile(path); string(line) == "sleep\x00"+mark+"\x00" {
			id, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
	}
	return ids
}

func awaitSleepers(t *testing.T, mark string, want int) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		if len(sleepers(t, mark)) == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d processes of the function are left, want %d", len(sleepers(t, mark)), want)
}

// Whatever a function started ends with its environment, at every isolation
// that has a supervisor; without one at least the process group does.
func TestClose_leavesNoProcess(t *testing.T) {
	for i, level := range levels(t) {
		t.Run(level.String(), func(t *testing.T) {
			mark := fmt.Sprintf("71%d.%d", i, os.Getpid())
			r, _ := withIsolation(t, level)
			f := pythonFunction(t, pythonFamily)
			result := invoke(t, r, f, `{"mark":"`+mark+`"}`)
			if result.FunctionError != "" {
				t.Fatalf("%s", result.Payload)
			}
			t.Logf("isolation %v, task at %s", isolation(r.isolation.Load()), result.Payload)
			awaitSleepers(t, mark, 3)
			r.Close()
			want := 0
			if level == isolationDirect {
				want = 2 // those that left the group; see DESIGN.md
			}
			left := sleepers(t, mark)
			if len(left) != want {
				t.Errorf("after Close %d processes of the function are left, want %d", len(left), want)
			}
			for _, id := range left {
				syscall.Kill(id, syscall.SIGKILL)
			}
		})
	}
}

// kill -9 of the server: its functions end with it.
func TestServerKilled_leavesNoProcess(t *testing.T) {
	for i, level := range levels(t) {
		if level == isolationDirect {
			continue // only the runtime itself ends there: see DESIGN.md
		}
		t.Run(level.String(), func(t *testing.T) {
			mark := fmt.Sprintf("72%d.%d", i, os.Getpid())
			server := exec.Command(os.Args[0], serverArgument, mark, fmt.Sprint(int(level)))
			output, err := server.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			server.Stderr = os.Stderr
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			line, _ := bufio.NewReader(output).ReadString('\n')
			if !strings.HasPrefix(line, "serving") {
				t.Errorf("the server said %q", line)
			}
			awaitSleepers(t, mark, 3)
			server.Process.Kill()
			server.Wait()
			awaitSleepers(t, mark, 0)
			if left := processesWith(t, mark); left != "" {
				t.Errorf("left behind: %s", left)
			}
		})
	}
}

// processesWith lists the processes whose environment names the mark.
func processesWith(t *testing.T, mark string) string {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		left = nil
		paths, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, path := range paths {
			if text, _ := os.ReadFile(path); strings.Contains(string(text), "MARK="+mark+"\x00") {
				left = append(left, path)
			}
		}
		if len(left) == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return strings.Join(left, " ")
}

// serveUntilKilled is a server with one idle and one busy environment.
func serveUntilKilled(mark, level string) int {
	directory, err := os.MkdirTemp("", "server")
	if err != nil {
		return 1
	}
	defer os.RemoveAll(directory)
	r, err := New(testOptions(directory))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	r.isolation.Store(int32(level[0] - '0'))
	task := filepath.Join(directory, "task")
	os.Mkdir(task, 0o755)
	os.WriteFile(filepath.Join(task, "index.py"), []byte(pythonFamily+
		"    \ndef wait(event, context):\n    import time\n    time.sleep(60)\n"), 0o644)
	f := testFunction("python3.12", Code{Directory: task})
	f.Environment, f.Timeout = map[string]string{"MARK": mark}, time.Minute
	busy := f
	busy.Arn, busy.Handler = f.Arn+"-busy", "index.wait"
	go r.Invoke(context.Background(), busy, Invocation{})
	if result, err := r.Invoke(context.Background(), f, Invocation{Payload: []byte(`{"mark":"` + mark + `"}`)}); err != nil || result.FunctionError != "" {
		fmt.Println(string(result.Payload), err)
		return 1
	}
	fmt.Println("serving")
	time.Sleep(time.Minute)
	return 0
}

// At every isolation the function's own directory for temporary files is
// empty at first, is its own, and is gone afterwards; its code is not writable
// where anything can prevent that.
func TestIsolation_files(t *testing.T) {
	const text = `
import os, tempfile

def handler(event, context):
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x")
    try:
        open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "written"), "w").close()
        written = "written"
    except OSError:
        written = "refused"
    return "%s %s %s" % (tempfile.gettempdir(), written, os.getcwd() == os.environ["LAMBDA_TASK_ROOT"])
`
	for _, level := range levels(t) {
		t.Run(level.String(), func(t *testing.T) {
			r, _ := withIsolation(t, level)
			result := invoke(t, r, pythonFunction(t, text), `{}`)
			fields := strings.Fields(strings.Trim(string(result.Payload), `"`))
			if len(fields) != 3 || fields[2] != "True" {
				t.Fatalf("got %s", result.Payload)
			}
			if private := isolation(r.isolation.Load()) < isolationProcessGroup; private != (fields[0] == "/tmp") {
				t.Errorf("temporary files are at %s", fields[0])
			}
			if refused := fields[1] == "refused"; refused != (level != isolationDirect) {
				t.Errorf("writing to the code was %s", fields[1])
			}
			r.Close()
			if left, _ := os.ReadDir(filepath.Join(r.options.Directory, "tmp")); len(left) > 0 {
				t.Errorf("temporary directory left behind: %v", left)
			}
		})
	}
}

// The server's own data is not to be seen.
func TestIsolation_hidden(t *testing.T) {
	secret := t.TempDir()
	os.WriteFile(filepath.Join(secret, "state"), nil, 0o644)
	if level := levels(t)[0]; level > isolationUserNamespace {
		t.Logf("no namespaces on this machine: %v", level)
		return
	}
	visible, err := os.MkdirTemp("/var/lib", "gatehouse-test")
	if err != nil {
		visible = secret // below /tmp, which is private anyway
	}
	defer os.RemoveAll(visible)
	os.WriteFile(filepath.Join(visible, "state"), nil, 0o644)
	r, _ := newTestRunner(t, func(o *Options) {
		o.Directory = filepath.Join(visible, "lambda") // the runner's own directory is part of what is hidden
		o.Hidden = []string{visible, secret, "/no/such"}
	})
	f := pythonFunction(t, "import os\ndef handler(event, context):\n    return [os.path.exists(p) for p in event]")
	result := invoke(t, r, f, fmt.Sprintf("[%q, %q]", visible+"/state", secret+"/state"))
	if string(result.Payload) != "[false, false]" {
		t.Errorf("got %s", result.Payload)
	}
	if level := isolation(r.isolation.Load()); level > isolationUserNamespace {
		t.Errorf("isolation went down to %v", level)
	}
	r.Close()
}

// A level that does not work here gives way to the next, once for all.
func TestIsolation_givesWay(t *testing.T) {
	r, _ := newTestRunner(t)
	if r.isolation.Load() == int32(isolationDirect) {
		t.Logf("no isolation on this system")
		return
	}
	r.root = filepath.Join(r.root, "missing") // no root can be mounted there
	result := invoke(t, r, pythonFunction(t, pythonEcho), `{}`)
	if result.FunctionError != "" || isolation(r.isolation.Load()) != isolationProcessGroup {
		t.Errorf("got %s at %v", result.Payload, isolation(r.isolation.Load()))
	}
}
