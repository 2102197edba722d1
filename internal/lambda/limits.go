package lambda

import "time"

// Quotas of AWS Lambda, with the name AWS gives each in "Lambda quotas", and
// bounds of our own where AWS states none.
const (
	// MaximumPayloadSize is "Invocation payload (request and response)",
	// synchronous: 6 MB each.
	MaximumPayloadSize = 6 * 1024 * 1024
	// MaximumResponseSize is the size AWS names in its error for a response
	// that is too large: 6 MB and 100 bytes.
	MaximumResponseSize = MaximumPayloadSize + 100
	// MaximumEventSize is "Invocation payload", asynchronous: 1 MB.
	MaximumEventSize = 1024 * 1024
	// MaximumTimeout is "Function timeout": 900 seconds.
	MaximumTimeout = 900 * time.Second
	// MaximumConcurrency is "Concurrent executions", the default of an account.
	MaximumConcurrency = 1000
	// MaximumLogTail is how much of the log an invocation with LogType Tail
	// carries back: the last 4 KB.
	MaximumLogTail = 4 * 1024
	// MaximumLogLine is the largest log event: 256 KB.
	MaximumLogLine = 256 * 1024
	// MaximumCodeSize is "Deployment package (.zip file archive) size",
	// unzipped: 250 MB.
	MaximumCodeSize = 250 * 1024 * 1024
	// MaximumCodeEntries bounds the files of a deployment package (ours).
	MaximumCodeEntries = 100_000
	// InitTimeout is how long the init phase may take before it is repeated
	// under the timeout of the function: 10 seconds.
	InitTimeout = 10 * time.Second
	// MaximumOpenFiles is "File descriptors" of an execution environment.
	MaximumOpenFiles = 1024

	// DefaultEnvironments bounds the execution environments of one runner
	// (ours: each is a process of 10 to 100 MB).
	DefaultEnvironments = 64
	// DefaultWaitTime is how long an invocation waits while no environment is
	// free and none may be started (ours; AWS has room for as many environments
	// as its concurrency allows).
	DefaultWaitTime = 10 * time.Second
	// DefaultIdleTime is how long an environment stays without work (ours; AWS
	// states no number and is observed between 5 and 15 minutes).
	DefaultIdleTime = 10 * time.Minute
	// DefaultQueuedEvents bounds the asynchronous events that wait (ours).
	DefaultQueuedEvents = 10_000
	// DefaultQueuedBytes bounds the bytes of the events that wait (ours).
	DefaultQueuedBytes = 256 * 1024 * 1024
	// MaximumEventAge is the longest and the default
	// MaximumEventAgeInSeconds: 6 hours.
	MaximumEventAge = 6 * time.Hour
	// MaximumRetryAttempts is the largest and the default MaximumRetryAttempts
	// of an asynchronous event.
	MaximumRetryAttempts = 2

	// maximumReportBody bounds an error document sent by a runtime (ours).
	maximumReportBody = 256 * 1024
	// settleTime is how long an environment that has answered, but not asked for
	// more work yet, is expected to do so at once.
	settleTime = 20 * time.Millisecond
	// reviewInterval is how often the lines of invocations that wait are looked at.
	reviewInterval = 20 * time.Millisecond
	// assumedStartTime is how long the first start of a function is expected to take.
	assumedStartTime = 200 * time.Millisecond
	// slowStart is when a start no longer keeps others from starting.
	slowStart = time.Second
	// memoryInterval is how often the memory of a busy environment is read.
	memoryInterval = 20 * time.Millisecond
	// measureInterval is how old the "Max Memory Used" of a REPORT line may be.
	measureInterval = 50 * time.Millisecond
	// stopTime is how long a supervisor without a PID namespace may take to
	// end its processes before it is killed itself.
	stopTime = 2 * time.Second
	// eventWorkers bounds the asynchronous events that run at once.
	eventWorkers = 64
)
