package lambda

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// SandboxArgument is the first argument that makes the binary a supervisor:
// its main calls SandboxMain when os.Args[1] is this.
const SandboxArgument = "__lambda-sandbox"

// isolation is how far a process is kept apart; the first that works is used.
type isolation int

const (
	// isolationNamespaces: PID and mount namespaces of its own. A private
	// root with /var/task, /var/runtime and /tmp as on AWS; every process in it
	// ends with the supervisor, whatever it did to detach.
	isolationNamespaces isolation = iota
	// isolationUserNamespace: the same through a user namespace, without root.
	isolationUserNamespace
	// isolationProcessGroup: a process group and Landlock only; paths are
	// those of the host and /tmp is a directory named by TMPDIR.
	isolationProcessGroup
	// isolationDirect: no supervisor at all (no SandboxCommand, or not Linux).
	isolationDirect
)

// String describes the isolation for the log.
func (i isolation) String() string {
	return [...]string{"namespaces", "user namespace", "process group", "none"}[i]
}

// sandboxSpec is what the supervisor is told, as one JSON document on its
// control socket, so that neither arguments nor environment show in ps.
type sandboxSpec struct {
	Program     string
	Arguments   []string // with the program's name
	Environment []string
	Directory   string // working directory
	// PrivateRoot asks for a mount namespace; all below but Writable are for it.
	PrivateRoot bool
	// RootDirectory is an empty directory of the host to build the root at.
	RootDirectory string
	// TaskDirectory and RuntimeDirectory appear as /var/task and /var/runtime.
	TaskDirectory, RuntimeDirectory string
	// TemporarySize of /tmp in MB.
	TemporarySize int
	// Hidden directories of the host appear empty.
	Hidden []string
	// Writable are the directories Landlock leaves writable.
	Writable []string
}

// sandboxEvent is what the supervisor tells back, one JSON document each.
type sandboxEvent struct {
	// Event is warning, unprepared (no isolation), unstarted (the program
	// cannot be run), started or exited.
	Event  string
	Text   string      `json:",omitempty"`
	Status *exitStatus `json:",omitempty"`
}

// errUnprepared is that this isolation is not possible on this machine.
type errUnprepared struct{ text string }

func (e *errUnprepared) Error() string { return e.text }

// errUnstarted is that the program itself cannot be run.
type errUnstarted struct{ text string }

func (e *errUnstarted) Error() string { return e.text }

// process is a started function process, with its supervisor if it has one.
type process struct {
	command   *exec.Cmd
	control   *os.File // nil without a supervisor
	isolation isolation
	// exited is closed when nothing of the process is left; status is then set.
	exited chan struct{}
	status exitStatus
	// stopping makes kill act once.
	stopping sync.Once
}

// starter starts processes from one operating system thread that lives as long
// as it does, because Linux sends the parent-death signal when the *thread*
// that started a process ends, and Go ends threads as it likes.
type starter struct {
	requests chan func()
	done     chan struct{}
}

func newStarter() *starter {
	s := &starter{requests: make(chan func()), done: make(chan struct{})}
	go func() {
		runtime.LockOSThread() // never unlocked while processes live
		defer runtime.UnlockOSThread()
		defer close(s.done)
		for request := range s.requests {
			request()
		}
	}()
	return s
}

func (s *starter) start(command *exec.Cmd) error {
	result := make(chan error, 1)
	s.requests <- func() { result <- command.Start() }
	return <-result
}

// close ends the thread; every process must be gone.
func (s *starter) close() {
	close(s.requests)
	<-s.done
}

// startDirect runs the program as a child of the server.
func startDirect(s *starter, spec sandboxSpec, output *os.File) (*process, error) {
	command := &exec.Cmd{
		Path: spec.Program, Args: spec.Arguments, Env: spec.Environment, Dir: spec.Directory,
		Stdout: output, Stderr: output, SysProcAttr: childAttributes(isolationDirect),
	}
	if err := s.start(command); err != nil {
		return nil, &errUnstarted{text: err.Error()}
	}
	p := &process{command: command, isolation: isolationDirect, exited: make(chan struct{})}
	go func() {
		p.status = waitStatus(command.Wait())
		killGroup(command.Process.Pid) // what the function left behind
		close(p.exited)
	}()
	return p, nil
}

// startSupervised runs the program under a supervisor.
func startSupervised(s *starter, supervisor []string, run supervised) (*process, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, fmt.Errorf("making a control socket: %w", err)
	}
	command := &exec.Cmd{
		Path: supervisor[0], Args: supervisor, Env: []string{"GOMAXPROCS=1"}, Dir: "/",
		Stdout: run.output, Stderr: run.output, ExtraFiles: []*os.File{theirs},
		SysProcAttr: childAttributes(run.isolation),
	}
	err = s.start(command)
	theirs.Close() //nolint:errcheck // the child has its own
	if err != nil {
		ours.Close() //nolint:errcheck // nobody at the other end
		return nil, &errUnprepared{text: err.Error()}
	}
	p := &process{command: command, control: ours, isolation: run.isolation, exited: make(chan struct{})}
	events := json.NewDecoder(ours)
	err = p.awaitStart(events, run)
	if err != nil {
		p.kill()
	}
	go p.await(events)
	if err != nil {
		<-p.exited
		return nil, err
	}
	return p, nil
}

// supervised is one attempt to run a program under a supervisor.
type supervised struct {
	spec      sandboxSpec
	isolation isolation
	output    *os.File
	warn      func(text string)
}

// awaitStart tells the supervisor what to run and waits until it runs.
func (p *process) awaitStart(events *json.Decoder, run supervised) error {
	if err := json.NewEncoder(p.control).Encode(run.spec); err != nil {
		return &errUnprepared{text: "the supervisor ended: " + err.Error()}
	}
	for {
		var event sandboxEvent
		if err := events.Decode(&event); err != nil {
			return &errUnprepared{text: "the supervisor ended: " + err.Error()}
		}
		switch event.Event {
		case "warning":
			run.warn(event.Text)
		case "started":
			return nil
		case "unstarted":
			return &errUnstarted{text: event.Text}
		default:
			return &errUnprepared{text: event.Text}
		}
	}
}

// await reads how the program ended and waits for the supervisor to end.
func (p *process) await(events *json.Decoder) {
	status := exitStatus{Signal: "killed"}
	for {
		var event sandboxEvent
		if err := events.Decode(&event); err != nil {
			break
		}
		if event.Event == "exited" && event.Status != nil {
			status = *event.Status
		}
	}
	p.command.Wait() //nolint:errcheck // how the supervisor ends says nothing
	killGroup(p.command.Process.Pid)
	p.control.Close() //nolint:errcheck // nobody at the other end
	p.status = status
	close(p.exited)
}

func waitStatus(err error) exitStatus {
	var exit *exec.ExitError
	if err == nil || !errors.As(err, &exit) {
		return exitStatus{}
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitStatus{Signal: status.Signal().String()}
	}
	return exitStatus{Code: exit.ExitCode()}
}
