package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"gatehouse/internal/apigw"
	"gatehouse/internal/config"
	"gatehouse/internal/control/identity"
	"gatehouse/internal/lambda"
	"gatehouse/internal/logs"
	"gatehouse/internal/origin"
	"gatehouse/internal/store/jetstream"
	"gatehouse/internal/unserved"
	"gatehouse/internal/usage"
)

// Limits of the listener. Headers, the URL among them, are bounded far above API Gateway's
// own limits, so that the data plane can answer with AWS's errors.
const (
	readHeaderTimeout = 10 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 1 << 20
	shutdownTimeout   = 5 * time.Second
)

// Options are what the process gives the server.
type Options struct {
	Config  config.Config
	Version string
	Log     *slog.Logger
	// Salvage opens what is readable of damaged data instead of refusing to start.
	Salvage bool
	// SandboxCommand starts this binary as the sandbox of a function; empty runs
	// functions without one.
	SandboxCommand []string
	// Path is where interpreters are looked for, as in $PATH; Home is where version
	// managers keep theirs.
	Path, Home string
}

// App is a server. Its parts are made by Start and ended by Stop.
type App struct {
	options     Options
	log         *slog.Logger
	now         func() time.Time
	listener    net.Listener
	tlsListener net.Listener // nil without one
	// privateListeners are those of the VPC endpoints; atVpcEndpoint makes what serves one.
	privateListeners []privateListener
	atVpcEndpoint    func(origin.VpcEndpoint) http.Handler
	// refuser answers what reaches no handler.
	refuser unserved.Refuser
	store   *jetstream.Store
	logs    *logs.Logs
	runner  *lambda.Runner
	usage   *usage.Counters
	// rootAccessKey is set when Start has made one.
	rootAccessKey *identity.RootAccessKey
	// cleanups end what Start made, last made first.
	cleanups []func(context.Context) error
}

// New returns a server that has not opened anything.
func New(options Options) *App {
	return &App{options: options, log: options.Log, now: time.Now}
}

// Start opens the data, makes the parts and listens. When it returns nil the data
// plane serves. When it fails nothing is left open.
func (a *App) Start(ctx context.Context) error {
	if err := a.options.Config.Validate(); err != nil {
		return err
	}
	if err := a.start(ctx); err != nil {
		return errors.Join(err, a.Stop(ctx))
	}
	return nil
}

func (a *App) start(ctx context.Context) error {
	var err error
	if a.listener, err = a.listen(a.options.Config.Listen); err != nil {
		return err
	}
	if err := a.listenTls(); err != nil {
		return err
	}
	if err := a.listenPrivately(); err != nil {
		return err
	}
	if err := a.openStore(ctx); err != nil {
		return err
	}
	if err := a.openLogs(ctx); err != nil {
		return err
	}
	if err := a.startRunner(); err != nil {
		return err
	}
	handler, err := a.wire(ctx)
	if err != nil {
		return err
	}
	a.sweep(ctx)
	a.serve(a.listener, handler)
	if a.tlsListener != nil {
		a.serve(a.tlsListener, overTls(handler))
	}
	a.servePrivately()
	return nil
}

func (a *App) listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	a.cleanups = append(a.cleanups, func(context.Context) error { return ignoreClosed(listener.Close()) })
	return listener, nil
}

func (a *App) openStore(ctx context.Context) error {
	settings := jetstream.Config{Log: a.log, Now: a.now, Replicas: a.options.Config.NatsReplicas}
	if settings.URL = a.options.Config.Nats; settings.URL == "" {
		settings.Dir = filepath.Join(a.options.Config.Data, "jetstream")
	}
	settings.Salvage = a.options.Salvage
	opened, err := jetstream.Open(ctx, settings)
	if err != nil {
		return fmt.Errorf("opening the data in %s: %w%s", a.where(), err, a.startAdvice(err))
	}
	a.store = opened
	a.cleanups = append(a.cleanups, func(context.Context) error { return opened.Close() })
	return nil
}

func (a *App) openLogs(ctx context.Context) error {
	journal, err := logs.OpenJetStream(ctx, logs.JetStreamConfig{
		Conn: a.store.Conn(), Replicas: a.options.Config.NatsReplicas, Embedded: a.options.Config.Nats == "",
		Writing: a.store.Writing,
	})
	if err != nil {
		return fmt.Errorf("opening the log events in %s: %w", a.where(), err)
	}
	a.logs, err = logs.Open(ctx, logs.Options{Store: a.store, Journal: journal, Now: a.now, Log: a.log})
	if err != nil {
		return fmt.Errorf("opening the log events in %s: %w", a.where(), err)
	}
	a.cleanups = append(a.cleanups, a.logs.Close)
	return nil
}

// where names the place of the data in errors.
func (a *App) where() string {
	if a.options.Config.Nats != "" {
		return a.options.Config.Nats
	}
	return a.options.Config.Data
}

func (a *App) startRunner() error {
	directory, err := filepath.Abs(filepath.Join(a.options.Config.Data, "functions"))
	if err != nil {
		return fmt.Errorf("finding the functions' directory: %w", err)
	}
	if err := os.MkdirAll(directory, 0o755); err != nil { // functions of other users read their code there
		return fmt.Errorf("making the functions' directory: %w", err)
	}
	a.runner, err = lambda.New(a.runnerOptions(directory))
	if err != nil {
		return fmt.Errorf("starting the runner of functions: %w", err)
	}
	a.cleanups = append(a.cleanups, func(context.Context) error { return a.runner.Close() })
	return nil
}

// serve answers what comes to a listener until Stop.
func (a *App) serve(listener net.Listener, handler http.Handler) {
	arriving := &newcomers{connections: map[net.Conn]struct{}{}}
	server := &http.Server{
		ConnState: arriving.note,
		Handler:   handler, ReadHeaderTimeout: readHeaderTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ConnContext: connContext, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	serving := make(chan error, 1)
	a.cleanups = append(a.cleanups, func(ctx context.Context) error {
		_ = listener.Close()
		<-serving //nolint:errcheck // it is always that the listener is closed
		arriving.await(ctx)
		return shutdown(ctx, server)
	})
	guard := &unserved.Guard{Refuser: a.refuser, HeaderTimeout: readHeaderTimeout}
	go func() { serving <- guard.Serve(server, listener) }()
}

func shutdown(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	return err
}

// Stop ends everything that Start made, in reverse order.
func (a *App) Stop(ctx context.Context) error {
	var problems []error
	for i := len(a.cleanups) - 1; i >= 0; i-- {
		problems = append(problems, a.cleanups[i](context.WithoutCancel(ctx)))
	}
	a.cleanups = nil
	return errors.Join(problems...)
}

// Addr is the address that Start listens on, host and port.
func (a *App) Addr() string { return a.listener.Addr().String() }

// URL is where clients reach the server.
func (a *App) URL() string { return "http://" + a.Addr() }

func (a *App) ids() apigw.Ids { return apigw.Ids{Random: rand.Reader} }

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
