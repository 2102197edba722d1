package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// startEnvironment starts a process for a function and its Runtime API, in the place
// that is reserved for it.
func (r *Runner) startEnvironment(s *start) (*environment, error) {
	function := s.function
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	interpreter, err := r.options.Interpreters.Find(ctx, function.Runtime)
	if err != nil {
		return nil, err
	}
	code, err := r.code.acquire(ctx, function.Code)
	if err != nil {
		return nil, err
	}
	e := &environment{
		runner: r, function: function, pool: s.pool, began: r.options.Now(), code: code, id: newEnvironmentID(r.options.NewID), logger: r.logger,
		ready: make(chan struct{}), work: make(chan *invocation, 1), gone: make(chan struct{}), removed: make(chan struct{}),
	}
	if err := r.openEnvironment(e, interpreter); err != nil {
		return nil, errors.Join(err, r.code.release(code))
	}
	r.waiting.Go(e.log.follow)
	r.waiting.Go(func() { e.server.Serve(e.listener) }) //nolint:errcheck // ends when the environment does
	kept := r.list(s, e)
	r.waiting.Go(e.watch)
	if !kept {
		e.stop("the server is stopping")
	}
	return e, nil
}

// newEnvironmentID makes the 32 hexadecimal digits of a log stream's name.
func newEnvironmentID(newID func() string) string {
	return strings.ReplaceAll(newID(), "-", "")
}

// openEnvironment opens what an environment consists of and starts its process.
func (r *Runner) openEnvironment(e *environment, interpreter Interpreter) error {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening for the Runtime API: %w", err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		listener.Close() //nolint:errcheck // the first error tells more
		return fmt.Errorf("making a log pipe: %w", err)
	}
	defer writer.Close() //nolint:errcheck // the process has its own
	e.listener = listener
	e.log = &logStream{
		sink: r.options.LogSink, functionArn: e.function.Arn, group: e.function.LogGroup, now: r.options.Now, pipe: reader,
		stream: logStreamName(r.options.Now(), e.function.Version, e.id),
	}
	e.log.write("INIT_START Runtime Version: %s\tRuntime: %s", e.function.Runtime, interpreter.Describe(e.function.Runtime))
	if err := r.startProcess(e, interpreter, writer); err != nil {
		listener.Close() //nolint:errcheck // the first error tells more
		reader.Close()   //nolint:errcheck // as above
		e.removeScratch()
		return err
	}
	e.memory = &memoryGauge{supervisor: e.process.command.Process.Pid, itself: e.process.isolation == isolationDirect}
	e.server = &http.Server{
		Handler: runtimeAPI{e}, ConnState: e.connectionState,
		ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(r.logger.Handler(), slog.LevelDebug),
	}
	return nil
}

// startProcess starts the process with the best isolation that works here.
func (r *Runner) startProcess(e *environment, interpreter Interpreter, output *os.File) error {
	for {
		level := isolation(r.isolation.Load())
		spec, err := r.sandboxSpec(e, level, interpreter)
		if err != nil {
			return err
		}
		if level == isolationDirect {
			e.process, err = startDirect(r.starter, spec, output)
			return err
		}
		e.process, err = startSupervised(r.starter, r.options.SandboxCommand, supervised{
			spec: spec, isolation: level, output: output, warn: r.warnOnce,
		})
		var unprepared *errUnprepared
		if !errors.As(err, &unprepared) {
			return err
		}
		if level == isolationProcessGroup {
			return fmt.Errorf("starting the sandbox: %w", err)
		}
		r.logger.Warn("functions cannot be isolated as on AWS", "tried", level.String(),
			"next", (level + 1).String(), "because", unprepared.text)
		r.isolation.CompareAndSwap(int32(level), int32(level+1))
	}
}

func (r *Runner) warnOnce(text string) {
	if _, given := r.warned.LoadOrStore(text, true); !given {
		r.logger.Warn("function sandbox", "warning", text)
	}
}

// sandboxSpec says what to run, where the paths depend on the isolation.
func (r *Runner) sandboxSpec(e *environment, level isolation, interpreter Interpreter) (sandboxSpec, error) {
	places := placesOf{task: e.code, runtime: filepath.Join(r.runtimes, language(e.function.Runtime))}
	spec := sandboxSpec{
		TaskDirectory: places.task, RuntimeDirectory: places.runtime, RootDirectory: r.root,
		TemporarySize: e.function.EphemeralStorageSize, Hidden: r.options.Hidden,
	}
	if language(e.function.Runtime) == "provided" {
		if err := checkBootstrap(e.code); err != nil {
			return spec, err
		}
		spec.RuntimeDirectory = filepath.Join(r.options.Directory, "none")
	}
	if level == isolationNamespaces || level == isolationUserNamespace {
		spec.PrivateRoot = true
		spec.Writable = []string{temporaryDirectoryOnAWS}
		places.task, places.runtime = taskDirectoryOnAWS, runtimeDirectoryOnAWS
	} else {
		if err := e.makeScratch(filepath.Join(r.options.Directory, "tmp", e.id)); err != nil {
			return spec, err
		}
		spec.Writable = []string{e.scratch}
		places.temporary = e.scratch
	}
	spec.Directory = places.task
	spec.Arguments = places.command(e.function, interpreter)
	spec.Program = spec.Arguments[0]
	spec.Environment = e.variables(places, interpreter)
	return spec, nil
}

func checkBootstrap(code string) error {
	info, err := os.Stat(filepath.Join(code, "bootstrap"))
	if err != nil || info.IsDir() {
		return &errUnstarted{text: "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}
	}
	return nil
}

// makeScratch makes the directory that stands in for /tmp.
func (e *environment) makeScratch(directory string) error {
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return fmt.Errorf("making a temporary directory: %w", err)
	}
	e.scratch = directory
	return nil
}

func (e *environment) removeScratch() {
	if e.scratch == "" {
		return
	}
	if err := os.RemoveAll(e.scratch); err != nil {
		e.logger.Warn("a function's temporary directory stays", "directory", e.scratch, "error", err)
	}
}

// startFailed answers the invocations that hear of a start that failed: before there
// was a process (err), or in its init phase.
func (r *Runner) startFailed(e *environment, failure *initFailure, blamed []*invocation, err error) {
	if err == nil {
		e.initFailed(failure, blamed)
		return
	}
	for _, inv := range blamed {
		r.finished(inv.function)
		r.unstarted(inv, err)
	}
}

// unstarted answers the caller when there was no process: a function error
// when the package is to blame, else an error.
func (r *Runner) unstarted(inv *invocation, err error) {
	function := inv.function
	var broken *errUnstarted
	if !errors.As(err, &broken) {
		inv.done <- ended{err: err}
		return
	}
	o := failed(errorTypeEntrypoint, "RequestId: "+inv.RequestID+" Error: "+broken.text)
	log := &logStream{
		sink: r.options.LogSink, functionArn: function.Arn, group: function.LogGroup, now: r.options.Now,
		stream: logStreamName(r.options.Now(), function.Version, newEnvironmentID(r.options.NewID)),
	}
	e := &environment{runner: r, function: function, log: log, memory: &memoryGauge{ended: true}}
	inv.begun = r.options.Now()
	e.delivered(inv)
	e.end(inv, o)
}

// initFailed ends an environment that did not get ready, and answers the invocations
// that hear of it.
func (e *environment) initFailed(failure *initFailure, blamed []*invocation) {
	now := e.runner.options.Now()
	e.stop("the init phase failed")
	e.log.drain()
	took := now.Sub(e.began)
	if failure.timedOut {
		e.log.write("INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: timeout", milliseconds(took))
	} else {
		e.log.write("INIT_REPORT Init Duration: %.2f ms\tPhase: init\tStatus: error\tError Type: %s",
			milliseconds(took), failure.outcome(e, "", now).errorType)
	}
	for _, inv := range blamed {
		inv.begun, inv.initDuration = now, took
		e.delivered(inv)
		e.runner.finished(e.function)
		e.end(inv, failure.outcome(e, inv.RequestID, now))
	}
}
