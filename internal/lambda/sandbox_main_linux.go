package lambda

import (
	"encoding/json"
	"io"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// controlDescriptor is the first file after stdin, stdout and stderr.
const controlDescriptor = 3

// SandboxMain is the whole life of a supervisor: it prepares the isolation,
// starts the function's process, waits for it, reports how it ended and ends
// all that is left of it. The binary's main calls it when its first argument is
// SandboxArgument, before it does anything else, and exits with its answer.
//
// It is a process of its own because what it does (mounts, Landlock, dropped
// capabilities) cannot be done between fork and exec in Go, and because it
// outlives a killed server for as long as it takes to end the function.
func SandboxMain([]string) int {
	unix.CloseOnExec(controlDescriptor)
	control := os.NewFile(controlDescriptor, "control")
	s := &supervisor{control: control, events: json.NewEncoder(control)}
	decoder := json.NewDecoder(control)
	var spec sandboxSpec
	if err := decoder.Decode(&spec); err != nil {
		return 1
	}
	s.namespaced = spec.PrivateRoot
	// Credentials, Landlock and the parent-death signal belong to a thread; the
	// function's process inherits those of the thread that starts it.
	runtime.LockOSThread()
	if !s.run(spec, decoder) {
		return 1
	}
	return 0
}

type supervisor struct {
	control    *os.File
	events     *json.Encoder
	namespaced bool
	child      int
}

// run is false when the function's process never ran.
func (s *supervisor) run(spec sandboxSpec, control *json.Decoder) bool {
	if err := s.prepare(spec); err != nil {
		s.tell(sandboxEvent{Event: "unprepared", Text: err.Error()})
		return false
	}
	child, err := syscall.ForkExec(spec.Program, spec.Arguments, &syscall.ProcAttr{
		Dir: spec.Directory, Env: spec.Environment, Files: []uintptr{0, 1, 2},
		Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		s.tell(sandboxEvent{Event: "unstarted", Text: "fork/exec " + spec.Program + ": " + err.Error()})
		return false
	}
	s.child = child
	s.tell(sandboxEvent{Event: "started"})
	go s.endWithServer(control)
	status := s.wait()
	s.endOthers()
	s.tell(sandboxEvent{Event: "exited", Status: &status})
	return true
}

func (s *supervisor) prepare(spec sandboxSpec) error {
	if spec.PrivateRoot {
		if err := enterPrivateRoot(spec); err != nil {
			return err
		}
	} else if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	dropCapabilities()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := restrictFiles(spec.Writable); err != nil {
		s.tell(sandboxEvent{Event: "warning", Text: err.Error()})
	}
	return limitResources()
}

func (s *supervisor) tell(event sandboxEvent) {
	s.events.Encode(event) //nolint:errcheck // a server that is gone needs no news
}

// endWithServer ends everything when the server closes the control socket or
// is gone.
func (s *supervisor) endWithServer(control *json.Decoder) {
	io.Copy(io.Discard, control.Buffered()) //nolint:errcheck // in memory
	io.Copy(io.Discard, s.control)          //nolint:errcheck // any end is the end
	if s.namespaced {
		os.Exit(0) // process 1 of the namespace: the kernel ends all others
	}
	s.killDescendants()
	// wait sees the child end, reports and returns from SandboxMain.
}

// wait reaps until the function's process has ended.
func (s *supervisor) wait() exitStatus {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err == syscall.EINTR { //nolint:errorlint // an errno, never wrapped
			continue
		}
		if err != nil {
			return exitStatus{Signal: "killed"}
		}
		if pid != s.child || !(status.Exited() || status.Signaled()) {
			continue
		}
		if status.Signaled() {
			return exitStatus{Signal: status.Signal().String()}
		}
		return exitStatus{Code: status.ExitStatus()}
	}
}

// endOthers ends what the function left behind.
func (s *supervisor) endOthers() {
	if s.namespaced {
		syscall.Kill(-1, syscall.SIGKILL) //nolint:errcheck // all in the namespace but this process
		return
	}
	s.killDescendants()
}

// killDescendants ends the process group, and as the reaper of orphans also
// those that left it, until none is found.
func (s *supervisor) killDescendants() {
	const rounds = 16 // a process that forks faster than this is let go
	killGroup(s.child)
	for range rounds {
		children := childrenOf(os.Getpid())
		if len(children) == 0 {
			return
		}
		for _, child := range children {
			syscall.Kill(child, syscall.SIGKILL) //nolint:errcheck // it may have ended
			syscall.Wait4(child, nil, 0, nil)    //nolint:errcheck // reaped here or by wait
		}
	}
}

// limitResources sets the limits AWS sets.
func limitResources() error {
	files := syscall.Rlimit{Cur: MaximumOpenFiles, Max: MaximumOpenFiles}
	var current syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &current); err == nil && current.Max < files.Max {
		files = current
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return err
	}
	return syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

// dropCapabilities leaves the thread's children none, also when they run as
// root: an empty bounding set survives every exec. What may not be dropped is
// not held either.
func dropCapabilities() {
	unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) //nolint:errcheck // see above
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0) //nolint:errcheck // see above
	}
}
