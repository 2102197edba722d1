package lambda

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Options are everything a runner needs from outside; nothing is ambient.
type Options struct {
	// Now is the clock. Required.
	Now func() time.Time
	// NewID makes request ids, in the form of a UUID. Required.
	NewID func() string
	// Directory is where extracted code and other working files are kept;
	// absolute, or relative to the working directory now. Required. Its
	// content may be removed while no runner uses it.
	Directory string
	// Interpreters finds Python and Node.js. Required.
	Interpreters *Interpreters
	// LogSink takes the log lines; nil drops them.
	LogSink LogSink
	// Logger is for what concerns the server, not the functions; nil drops it.
	Logger *slog.Logger
	// SandboxCommand runs this binary as a supervisor, normally its path and
	// SandboxArgument. Empty runs functions as plain children in a process
	// group: no private /tmp, nothing read only, and a process that left the
	// group survives a killed server.
	SandboxCommand []string
	// Hidden directories of the host appear empty to functions where namespaces
	// work: the server's own data.
	Hidden []string
	// Endpoints map functions to places elsewhere; the first match is used.
	Endpoints []Endpoint
	// HTTPClient calls Endpoints; nil uses one of the runner's own.
	HTTPClient *http.Client
	// Concurrency of the account; zero means MaximumConcurrency.
	Concurrency int
	// Environments bounds the processes; zero means DefaultEnvironments. When
	// it is reached, the one that was idle for longest makes room; when all are
	// busy, invocations wait.
	Environments int
	// Starts bounds the environments that start at once; zero means one for each
	// processor, and at least two.
	Starts int
	// WaitTime is how long an invocation waits for an environment before it is
	// refused; zero means DefaultWaitTime.
	WaitTime time.Duration
	// IdleTime until an environment ends; zero means DefaultIdleTime.
	IdleTime time.Duration
	// RetryDelays before the first and second retry of an asynchronous event;
	// nil means one and two minutes, as AWS.
	RetryDelays []time.Duration
	// OnEventFailure hears of each asynchronous event that was given up; nil
	// ignores them (they are in the function's log).
	OnEventFailure func(EventFailure)
}

// Runner runs functions. Its methods may be called from many goroutines.
type Runner struct {
	options   Options
	logger    *slog.Logger
	code      *codeStore
	starter   *starter
	queue     *eventQueue
	runtimes  string // directory of our bootstraps
	root      string // empty directory, mount point of private roots
	isolation atomic.Int32
	warned    sync.Map // warnings given once
	done      chan struct{}
	waiting   sync.WaitGroup // janitor and environments

	mu           sync.Mutex // guards all below; no other lock is taken under it
	pools        map[poolKey]*pool
	running      map[string]int // invocations by function ARN
	runningTotal int
	environments map[*environment]struct{}
	starts       map[*start]struct{}
	lines        map[*pool]struct{} // pools with a line, replaced ones included
	review       *time.Timer        // reviews the lines; nil until there is one
	closed       bool
}

//go:embed python/bootstrap.py nodejs/index.mjs
var bootstraps embed.FS

// New prepares a runner; no process is started before the first Invoke.
func New(options Options) (*Runner, error) {
	if options.Now == nil || options.NewID == nil || options.Directory == "" || options.Interpreters == nil {
		return nil, errors.New("making a function runner: Now, NewID, Directory and Interpreters are required")
	}
	r := &Runner{
		options: withDefaults(options), logger: options.Logger, done: make(chan struct{}),
		pools: make(map[poolKey]*pool), running: make(map[string]int), environments: make(map[*environment]struct{}),
		starts: make(map[*start]struct{}), lines: make(map[*pool]struct{}),
	}
	if r.logger == nil {
		r.logger = slog.New(slog.DiscardHandler)
	}
	if err := r.prepareDirectories(); err != nil {
		return nil, err
	}
	r.isolation.Store(int32(isolationDirect))
	if levels := isolations(); len(options.SandboxCommand) > 0 && len(levels) > 0 {
		r.isolation.Store(int32(levels[0]))
	}
	r.starter = newStarter()
	r.queue = newEventQueue(r)
	r.waiting.Go(r.reapIdle)
	return r, nil
}

func withDefaults(o Options) Options {
	if o.Concurrency <= 0 {
		o.Concurrency = MaximumConcurrency
	}
	if o.Environments <= 0 {
		o.Environments = DefaultEnvironments
	}
	if o.Starts <= 0 {
		o.Starts = max(2, runtime.NumCPU())
	}
	if o.WaitTime <= 0 {
		o.WaitTime = DefaultWaitTime
	}
	if o.IdleTime <= 0 {
		o.IdleTime = DefaultIdleTime
	}
	if o.RetryDelays == nil {
		o.RetryDelays = []time.Duration{time.Minute, 2 * time.Minute}
	}
	if o.HTTPClient == nil {
		o.HTTPClient = newEndpointClient()
	}
	return o
}

func (r *Runner) prepareDirectories() error {
	directory, err := filepath.Abs(r.options.Directory)
	if err != nil {
		return fmt.Errorf("finding the runner's directory: %w", err)
	}
	r.options.Directory = directory
	if r.code, err = newCodeStore(directory); err != nil {
		return err
	}
	r.root, r.runtimes = filepath.Join(directory, "root"), filepath.Join(directory, "runtime")
	if err := os.RemoveAll(filepath.Join(directory, "tmp")); err != nil {
		return fmt.Errorf("removing what a former server left: %w", err)
	}
	for _, path := range []string{r.root, filepath.Join(directory, "tmp"), filepath.Join(directory, "none")} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			return fmt.Errorf("making the runner's directories: %w", err)
		}
	}
	for _, name := range []string{"python/bootstrap.py", "nodejs/index.mjs"} {
		if err := r.writeBootstrap(name); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) writeBootstrap(name string) error {
	text, err := bootstraps.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading an embedded bootstrap: %w", err)
	}
	path := filepath.Join(r.runtimes, name)
	if found, err := os.ReadFile(path); err == nil && bytes.Equal(found, text) {
		return nil // A full disk may have no room to write the same again.
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making the runtime directory: %w", err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("writing a bootstrap: %w", err)
	}
	return nil
}

// Check answers what will run a function of this runtime, or *ErrRuntimeMissing:
// for CreateFunction, which refuses what could never run.
func (r *Runner) Check(ctx context.Context, runtime string) (Interpreter, error) {
	return r.options.Interpreters.Find(ctx, runtime)
}

// Invoke runs a function once and waits for its answer. A function that fails
// is a Result with FunctionError set; an error is *ErrTooManyRequests,
// *ErrRequestTooLarge, *ErrRuntimeMissing, *ErrInvalidCode, *ErrRemote,
// ErrClosed, or a failure of the server. When ctx ends first it is
// *ErrUnanswered, which is the context's error too: a function that runs then
// runs on, as on AWS, and its answer is dropped.
func (r *Runner) Invoke(ctx context.Context, function Function, call Invocation) (Result, error) {
	if len(call.Payload) > MaximumPayloadSize {
		return Result{}, &ErrRequestTooLarge{
			InvocationType: "RequestResponse", Size: len(call.Payload), Limit: MaximumPayloadSize,
		}
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if call.RequestID == "" {
		call.RequestID = r.options.NewID()
	}
	if endpoint := r.findEndpoint(function); endpoint != nil {
		return r.invokeEndpoint(ctx, endpoint, function, call)
	}
	function = function.withDefaults()
	for {
		result, err := r.invokeHere(ctx, &function, call)
		if !errors.Is(err, errNotDelivered) {
			return result, err
		}
	}
}

func (r *Runner) invokeHere(ctx context.Context, function *Function, call Invocation) (Result, error) {
	inv := &invocation{Invocation: call, function: function, done: make(chan ended, 1)}
	if err := r.place(inv); err != nil {
		return Result{}, err
	}
	select {
	case end := <-inv.done:
		return end.result, end.err
	case <-ctx.Done():
		return Result{}, r.leave(inv, ctx.Err())
	}
}

// Forget ends the environments of a function that was deleted, all versions;
// one that is busy ends when it is done. The extracted code of the given
// version goes with the last that uses it.
func (r *Runner) Forget(function Function) error {
	r.mu.Lock()
	var gone []*environment
	for key, p := range r.pools {
		if key.arn == function.Arn {
			gone = append(gone, p.retire()...)
			delete(r.pools, key)
		}
	}
	r.mu.Unlock()
	for _, e := range gone {
		e.stop("the function was deleted")
	}
	for _, e := range gone {
		<-e.removed
	}
	return r.code.forget(function.Code)
}

// Reset ends all environments that are idle and forgets the events that wait;
// what runs ends on its own. For a server that is emptied between tests.
func (r *Runner) Reset() {
	r.queue.clear()
	r.mu.Lock()
	var gone []*environment
	for key, p := range r.pools {
		gone = append(gone, p.retire()...)
		delete(r.pools, key)
	}
	r.mu.Unlock()
	for _, e := range gone {
		e.stop("the server was reset")
	}
}

// Close ends all environments, what they run included, and returns when no
// process of a function is left. Events that still wait are dropped.
func (r *Runner) Close() error {
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil
	}
	r.closed = true
	var all []*environment
	for e := range r.environments {
		all = append(all, e)
	}
	gone := r.sendAway()
	r.mu.Unlock()
	for _, inv := range gone {
		inv.done <- ended{err: ErrClosed}
	}
	close(r.done)
	r.queue.close()
	for _, e := range all {
		e.stop("the server is stopping")
	}
	r.waiting.Wait()
	r.starter.close()
	r.options.HTTPClient.CloseIdleConnections()
	return nil
}

// Statistics are numbers for metrics.
type Statistics struct {
	// Environments that exist, and of these how many wait for work.
	Environments, Idle int
	// Running invocations, of these those that wait for an environment, and
	// asynchronous events that wait.
	Running, Waiting, QueuedEvents int
	// Isolation in use: "namespaces", "user namespace", "process group", "none".
	Isolation string
}

// Statistics counts.
func (r *Runner) Statistics() Statistics {
	queued := r.queue.length()
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Statistics{
		Environments: len(r.environments), Running: r.runningTotal, QueuedEvents: queued,
		Isolation: isolation(r.isolation.Load()).String(),
	}
	for _, p := range r.pools {
		s.Idle += len(p.idle)
	}
	for p := range r.lines {
		s.Waiting += len(p.line)
	}
	return s
}
