//go:build !linux

package lambda

import (
	"errors"
	"os"
	"syscall"
)

// isolations: outside Linux there is neither namespace nor Landlock.
func isolations() []isolation { return nil }

func childAttributes(isolation) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

func socketPair() (ours, theirs *os.File, err error) {
	return nil, nil, errors.ErrUnsupported
}

func (p *process) kill() {
	p.stopping.Do(func() { killGroup(p.command.Process.Pid) })
}

func killGroup(pid int) {
	syscall.Kill(-pid, syscall.SIGKILL) //nolint:errcheck // nobody left is what is wanted
}

// SandboxMain is the supervisor, which exists on Linux only.
func SandboxMain([]string) int { return 1 }
