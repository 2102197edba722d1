package telemetry

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"gatehouse/internal/logs"
)

// AccessLogs writes the lines of access logs, which the data plane has rendered, to log
// groups.
type AccessLogs struct {
	Writer LogWriter
	// Process tells the log streams of this process from those of others.
	Process string
}

// Parts of arn:aws:logs:{region}:{account}:log-group:{name}.
const (
	arnService = 2
	arnRegion  = 3
	arnAccount = 4
	arnName    = 6
	arnParts   = 7
)

// Write implements restapi.AccessLogger. A destination that is no log group gets
// nothing; the control plane refuses those.
func (a AccessLogs) Write(destinationArn, line string, at time.Time) {
	id, ok := destinationGroup(destinationArn)
	if !ok {
		return
	}
	sum := sha256.Sum256([]byte(a.Process + destinationArn + at.UTC().Format(time.DateOnly)))
	id.Stream = hex.EncodeToString(sum[:])[:streamNameHex]
	a.Writer.Write(id, at, strings.TrimSuffix(line, "\n"))
}

// destinationGroup reads the log group of an access log's destination ARN; ok is false
// for anything else, such as a Firehose delivery stream.
func destinationGroup(arn string) (id logs.StreamId, ok bool) {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) < arnParts || parts[arnService] != "logs" || parts[arnName-1] != "log-group" {
		return logs.StreamId{}, false
	}
	group := strings.TrimSuffix(parts[arnName], ":*")
	return logs.StreamId{Account: parts[arnAccount], Region: parts[arnRegion], Group: group}, group != ""
}
