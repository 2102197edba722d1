package jetstream

import (
	"errors"
	"fmt"
	"math"
	"os"
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

// embedded is a NATS server in this process.
type embedded struct {
	server *server.Server
	log    *serverLog
	lock   *os.File
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
	e := &embedded{log: &serverLog{log: config.Log}, lock: lock}
	if err := probe(config.Dir); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

// start starts the server.
func (e *embedded) start(config Config) error {
	var err error
	if e.server, err = server.NewServer(serverOptions(config)); err != nil {
		return fmt.Errorf("making embedded NATS server: %w", err)
	}
	e.server.SetLoggerV2(e.log, false, false, false)
	e.server.Start()
	if !e.server.ReadyForConnections(startTimeout) || !e.server.JetStreamEnabled() {
		return fmt.Errorf("starting embedded NATS server in %s: %w%s", config.Dir, store.ErrDamaged, e.log.reason())
	}
	return nil
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
	return nats.Connect("", append(options, nats.InProcessServer(e.server))...)
}

// stop ends the server and gives the data directory back.
func (e *embedded) stop() error {
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
	return e.lock.Close()
}
