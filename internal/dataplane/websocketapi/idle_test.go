package websocketapi_test

import (
	"errors"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"gatehouse/internal/connections"
)

const (
	idleConnections = 10_000
	// idleBytesLimit is what an idle connection may take of resident memory, bytes. The
	// clients' ends, which live in this process too, are not subtracted.
	idleBytesLimit = 12 * 1024
	// filesPerConnection are both ends, in one process; otherFiles are all others.
	filesPerConnection = 2
	otherFiles         = 100
)

// Ten thousand idle connections over loopback: what each of them costs.
func TestIdleConnections(t *testing.T) {
	count := idleConnections
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		t.Fatal(err)
	}
	if most := (int(files.Cur) - otherFiles) / filesPerConnection; most < count {
		t.Logf("RLIMIT_NOFILE is %d: measuring %d connections, not %d", files.Cur, most, count)
		count = most
	}
	w := newWorld(t, echo)
	for range 100 { // what the first connections cost once is none of the others'
		_ = w.connect().Close()
	}
	eventually(t, func() bool { return w.pipeline.Registry.Len() == 0 })
	before := resident(t)
	sockets := dialMany(t, w, count)
	eventually(t, func() bool { return w.pipeline.Registry.Len() == count })
	after := resident(t)
	each := (after - before) / count
	t.Logf("%d idle connections: %d bytes resident each, client's socket included; heap and stacks %s", count, each, memory())
	if each > idleBytesLimit && !raceEnabled {
		t.Errorf("%d bytes for each connection, at most %d", each, idleBytesLimit)
	}
	for _, end := range w.pipeline.Registry.Sockets() {
		if errors.Is(end.Send([]byte("still there")), connections.ErrClosed) {
			t.Fatal("a connection is closed")
		}
	}
	got := make([]byte, len("still there")+2)
	for _, socket := range sockets {
		if _, err := socket.Read(got); err != nil || !strings.HasSuffix(string(got), "still there") {
			t.Fatalf("received %q: %v", got, err)
		}
		_ = socket.Close()
	}
	eventually(t, func() bool { return w.pipeline.Registry.Len() == 0 })
}

// dialMany connects clients that hold nothing but their sockets.
func dialMany(t *testing.T, w *world, count int) []net.Conn {
	t.Helper()
	sockets := make([]net.Conn, count)
	var dialers sync.WaitGroup
	const parallel = 16
	for first := range parallel {
		dialers.Go(func() {
			head := make([]byte, 256)
			for i := first; i < count; i += parallel {
				socket, err := net.Dial("tcp", w.address)
				if err != nil {
					t.Error(err)
					return
				}
				sockets[i] = socket
				_, _ = socket.Write([]byte("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
					"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"))
				if n, err := socket.Read(head); err != nil || !strings.HasPrefix(string(head[:n]), "HTTP/1.1 101 ") {
					t.Errorf("handshake %d: %q %v", i, head[:n], err)
					return
				}
			}
		})
	}
	dialers.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return sockets
}

// resident is the process's resident memory after what is free was given back.
func resident(t *testing.T) int {
	t.Helper()
	runtime.GC() // twice: pools and shrunk stacks are let go by the second
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	if err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

func memory() string {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return strconv.FormatUint(stats.HeapAlloc, 10) + " and " + strconv.FormatUint(stats.StackInuse, 10) + " bytes"
}
