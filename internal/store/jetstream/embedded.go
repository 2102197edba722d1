package jetstream

import (
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"gatehouse/internal/store"
)

const (
	// maxPayloadBytes is the largest message of the embedded server; it is also what NATS allows at most without a warning.
	maxPayloadBytes = 8 << 20
	// maxPendingBytes is what the server queues for our own connection before it drops it as too slow.
	maxPendingBytes = 64 << 20
	// startTimeout bounds the start of the server; recovery of a large log after a crash is part of it.
	startTimeout = 2 * time.Minute
)

// embedded is a NATS server in this process. It may be ended and started again; its connections then come back by themselves.
type embedded struct {
	config Config
	server atomic.Pointer[server.Server] // nil before the start
	log    *serverLog
	lock   *os.File
	full   error // what the directory could not be written for at the start
}

// takeDir takes a data directory for this process, and finds out whether it can be written.
func takeDir(config Config) (*embedded, error) {
	if err := os.MkdirAll(config.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making data directory: %w", err)
	}
	lock, err := lockDir(config.Dir)
	if err != nil {
		return nil, err
	}
	e := &embedded{config: config, log: &serverLog{log: config.Log}, lock: lock}
	if e.full = probe(config.Dir); e.full != nil && !(isFull(e.full) && hasData(config.Dir)) {
		return nil, errors.Join(e.full, e.stop())
	}
	return e, nil
}

// isFull says whether an error is of a disk, a quota or a limit without room: then what is there can still be read, and served.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// hasData says whether a directory was used before.
func hasData(dir string) bool {
	names, err := storedStreams(dir)
	return err == nil && len(names) > 0
}

// start starts the server.
func (e *embedded) start() error {
	started, err := server.NewServer(serverOptions(e.config))
	if err != nil {
		return fmt.Errorf("making embedded NATS server: %w", err)
	}
	started.SetLoggerV2(e.log, false, false, false)
	started.Start()
	e.server.Store(started)
	if !started.ReadyForConnections(startTimeout) || !started.JetStreamEnabled() {
		return fmt.Errorf("starting embedded NATS server in %s: %w%s", e.config.Dir, store.ErrDamaged, e.log.reason())
	}
	return nil
}

// errNoServer says that the server is being started again.
var errNoServer = errors.New("the embedded NATS server does not run")

// InProcessConn implements nats.InProcessConnProvider: a connection to the server that runs now.
func (e *embedded) InProcessConn() (net.Conn, error) {
	running := e.server.Load()
	if running == nil || !running.Running() {
		return nil, errNoServer
	}
	return running.InProcessConn()
}

// serverOptions turn off what a server inside a process has no use for.
func serverOptions(config Config) *server.Options {
	return &server.Options{
		ServerName:             "gatehouse",
		DontListen:             true,
		NoSigs:                 true,
		NoLog:                  true,
		DisableJetStreamBanner: true,
		MaxPayload:             maxPayloadBytes,
		MaxPending:             maxPendingBytes,
		JetStream:              true,
		StoreDir:               config.Dir,
		SyncAlways:             true, // By default JetStream acknowledges before it syncs.
		JetStreamMaxMemory:     1 << 30,
		JetStreamMaxStore:      math.MaxInt64 / 4, // The disk is the limit; the server's own guess changes with what is free at start.
	}
}

// connect opens a connection that never leaves the process.
func (e *embedded) connect(options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect("", append(options, nats.InProcessServer(e))...)
}

// end ends the server, if it runs.
func (e *embedded) end() {
	if running := e.server.Swap(nil); running != nil {
		running.Shutdown()
		running.WaitForShutdown()
	}
}

// stop ends the server and gives the data directory back.
func (e *embedded) stop() error {
	e.end()
	return e.lock.Close()
}
