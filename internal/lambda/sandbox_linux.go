package lambda

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// isolations lists what to try, best first.
func isolations() []isolation {
	if os.Geteuid() == 0 {
		return []isolation{isolationNamespaces, isolationUserNamespace, isolationProcessGroup}
	}
	return []isolation{isolationUserNamespace, isolationProcessGroup}
}

// childAttributes puts a child into a process group of its own, so that an
// interrupt from the terminal is the server's alone, and ties its life to the
// thread that starts it.
func childAttributes(level isolation) *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	switch level {
	case isolationNamespaces:
		attributes.Cloneflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC
	case isolationUserNamespace:
		attributes.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC
		// The same ids inside, so that files belong to whom they belong; the
		// supervisor keeps what it needs to mount, and drops it before it starts
		// the function.
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
		attributes.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN}
	case isolationProcessGroup:
		// A supervisor without a PID namespace must outlive a killed server for
		// the moment it takes to end its processes: the control socket tells it when.
		attributes.Pdeathsig = 0
	case isolationDirect:
	}
	return attributes
}

// socketPair makes a connected pair; the first end works with Go's poller.
func socketPair() (ours, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := unix.SetNonblock(pair[0], true); err != nil {
		unix.Close(pair[0]) //nolint:errcheck // the first error tells more
		unix.Close(pair[1]) //nolint:errcheck // as above
		return nil, nil, err
	}
	return os.NewFile(uintptr(pair[0]), "control"), os.NewFile(uintptr(pair[1]), "control"), nil
}

// kill ends the process and all it started. It does not wait.
func (p *process) kill() {
	p.stopping.Do(func() {
		switch p.isolation {
		case isolationNamespaces, isolationUserNamespace:
			p.command.Process.Kill() //nolint:errcheck // it may be gone; the kernel ends all in its namespace
		case isolationProcessGroup:
			// Only the supervisor knows the processes that left the group.
			shutdown(p.control)
			go func() {
				timer := time.NewTimer(stopTime)
				defer timer.Stop()
				select {
				case <-p.exited:
				case <-timer.C:
					killGroup(p.command.Process.Pid)
				}
			}()
		case isolationDirect:
			killGroup(p.command.Process.Pid)
		}
	})
}

// shutdown ends our half of the socket, so that the supervisor reads an end
// while it can still tell how the process ended.
func shutdown(control *os.File) {
	raw, err := control.SyscallConn()
	if err != nil {
		return
	}
	//nolint:errcheck // fails only when the supervisor is gone
	_ = raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_WR) })
}

func killGroup(pid int) {
	syscall.Kill(-pid, syscall.SIGKILL) //nolint:errcheck // nobody left is what is wanted
}
