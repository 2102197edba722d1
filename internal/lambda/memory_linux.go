package lambda

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// processStatus is an open /proc/PID/status, which is cheaper to read again
// than to open: it is read once per invocation.
type processStatus struct {
	file   *os.File
	buffer [4096]byte
}

// openProcessStatus opens that of the first child of the supervisor, or its
// own; nil when there is none.
func openProcessStatus(supervisor int, itself bool) *processStatus {
	pid := supervisor
	if !itself {
		children := childrenOf(supervisor)
		if len(children) == 0 {
			return nil
		}
		pid = children[0]
	}
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return nil
	}
	return &processStatus{file: file}
}

// peak is the largest resident size so far, in bytes; 0 when it ended.
func (s *processStatus) peak() int64 { return s.field("VmHWM:") }

// resident is the resident size now, in bytes; 0 when it ended.
func (s *processStatus) resident() int64 { return s.field("VmRSS:") }

func (s *processStatus) field(name string) int64 {
	if s == nil {
		return 0
	}
	count, _ := s.file.ReadAt(s.buffer[:], 0) //nolint:errcheck // a short read ends in io.EOF; none leaves count 0
	return statusField(s.buffer[:count], name)
}

func (s *processStatus) close() {
	if s != nil {
		s.file.Close() //nolint:errcheck // read only
	}
}

// statusField reads a field such as "VmRSS:     1234 kB", in bytes.
func statusField(status []byte, name string) int64 {
	_, rest, found := bytes.Cut(status, []byte(name))
	if !found {
		return 0
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	kilobytes, err := strconv.ParseInt(string(bytes.TrimSuffix(bytes.TrimSpace(line), []byte(" kB"))), 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes * 1024
}

// maximumTree bounds the processes one reading looks at.
const maximumTree = 4096

// treeMemory sums the resident sizes of the descendants of a process, and its
// own when asked to.
func treeMemory(root int, itself bool) int64 {
	var sum int64
	queue := childrenOf(root)
	if itself {
		queue = append(queue, root)
	}
	for i := 0; i < len(queue) && i < maximumTree; i++ {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", queue[i]))
		if err != nil {
			continue // it has ended
		}
		sum += statusField(status, "VmRSS:")
		if queue[i] != root {
			queue = append(queue, childrenOf(queue[i])...)
		}
	}
	return sum
}

// childrenOf lists the children of every thread of a process.
func childrenOf(pid int) []int {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	var children []int
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range bytes.Fields(text) {
			if child, err := strconv.Atoi(string(field)); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
