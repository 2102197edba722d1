package lambda

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// report is what the REPORT line of an invocation says.
type report struct {
	requestID     string
	duration      time.Duration
	initDuration  time.Duration // zero without an init phase
	billed        time.Duration
	memorySize    int // MB
	maxMemoryUsed int64
	// status is empty, "timeout" or "error", the latter with errorType.
	status, errorType string
}

// line is the REPORT line; fields end in a tab, as AWS writes them.
func (r report) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB\t",
		r.requestID, milliseconds(r.duration), r.billed.Milliseconds(), r.memorySize, megabytes(r.maxMemoryUsed))
	if r.initDuration > 0 {
		fmt.Fprintf(&b, "Init Duration: %.2f ms\t", milliseconds(r.initDuration))
	}
	if r.status != "" {
		fmt.Fprintf(&b, "Status: %s", r.status)
	}
	if r.errorType != "" {
		fmt.Fprintf(&b, "\tError Type: %s", r.errorType)
	}
	return b.String()
}

// billedDuration rounds up to a millisecond; the init phase is billed.
func billedDuration(duration, initDuration time.Duration) time.Duration {
	return time.Duration(math.Ceil(milliseconds(duration+initDuration))) * time.Millisecond
}

func milliseconds(d time.Duration) float64 {
	return float64(d) / float64(time.Millisecond)
}

func megabytes(bytes int64) int64 {
	const mb = 1024 * 1024
	return (bytes + mb - 1) / mb
}

// logStreamName is the name AWS gives the stream of an environment.
func logStreamName(at time.Time, version, id string) string {
	return fmt.Sprintf("%s/[%s]%s", at.UTC().Format("2006/01/02"), version, id)
}
