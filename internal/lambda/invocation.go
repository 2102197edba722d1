package lambda

import (
	"strconv"
	"time"
)

// invocation is one event on its way through an environment.
type invocation struct {
	Invocation
	function *Function
	// done receives the result once; it has room for it, so that nobody who
	// went away is waited for.
	done chan ended
	// begun is when the environment got it; the duration counts from there.
	begun    time.Time
	deadline time.Time
	// initDuration is set on the first invocation of an environment.
	initDuration time.Duration
	timer        *time.Timer
	tail         *logTail
	// pool in whose line it stood, since then; nil and zero if it never did.
	pool         *pool
	waitingSince time.Time
}

// ended is what the caller of Invoke gets.
type ended struct {
	result Result
	err    error
}

// outcome is how an invocation ended, before durations and logs are added.
type outcome struct {
	payload       []byte
	functionError string
	errorType     string
	// status of the REPORT line: "", "timeout", "error".
	status string
	// logLines are written before END.
	logLines []string
}

// succeeded is the outcome of an answer of the function.
func succeeded(payload []byte) outcome { return outcome{payload: payload} }

// reported is the outcome of an error document the runtime sent.
func reported(document []byte, errorType string) outcome {
	return outcome{payload: document, functionError: functionErrorUnhandled, errorType: errorType}
}

// failed is the outcome of a failure the service found: the document, the same
// text in the log, and the type behind it in the REPORT line.
func failed(errorType, message string) outcome {
	return outcome{
		payload:       errorDocument(errorType, message),
		functionError: functionErrorUnhandled,
		errorType:     errorType,
		status:        "error",
		logLines:      []string{message, errorType},
	}
}

// exited is the outcome of a process that ended instead of answering.
func exited(requestID string, status exitStatus) outcome {
	return failed(errorTypeExit, "RequestId: "+requestID+" Error: "+status.describe())
}

// timedOut is the outcome of an invocation that met its timeout.
func timedOut(requestID string, at time.Time, timeout time.Duration) outcome {
	text := "Task timed out after " + strconv.FormatFloat(timeout.Seconds(), 'f', 2, 64) + " seconds"
	return outcome{
		payload:       errorDocument(errorTypeTimedout, "RequestId: "+requestID+" Error: "+text),
		functionError: functionErrorUnhandled,
		errorType:     errorTypeTimedout,
		status:        "timeout",
		logLines:      []string{at.UTC().Format("2006-01-02T15:04:05.000Z") + " " + requestID + " " + text},
	}
}

// responseTooLarge is the outcome of an answer above 6 MB.
func responseTooLarge() outcome {
	return outcome{
		payload: errorDocument(errorTypeResponseSize,
			"Response payload size exceeded maximum allowed payload size ("+strconv.Itoa(MaximumResponseSize)+" bytes)."),
		functionError: functionErrorUnhandled,
		errorType:     errorTypeResponseSize,
		status:        "error",
	}
}

// exitStatus is how a process ended.
type exitStatus struct {
	// Code is the exit code; Signal, when not empty, ended the process instead
	// ("killed", "segmentation fault").
	Code   int
	Signal string
}

// describe words it as AWS does.
func (s exitStatus) describe() string {
	switch {
	case s.Signal != "":
		return "Runtime exited with error: signal: " + s.Signal
	case s.Code != 0:
		return "Runtime exited with error: exit status " + strconv.Itoa(s.Code)
	}
	return "Runtime exited without providing a reason"
}
