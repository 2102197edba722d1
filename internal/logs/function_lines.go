package logs

import (
	"strings"

	"gatehouse/internal/lambda"
)

// FunctionLines is the lambda.LogSink that keeps what functions print.
type FunctionLines struct{ Logs *Logs }

var _ lambda.LogSink = FunctionLines{}

// Positions in arn:aws:lambda:{region}:{account}:function:{name}.
const (
	arnRegion  = 3
	arnAccount = 4
	arnParts   = 7
)

// Write implements lambda.LogSink. A line of a function without an ARN has no log group.
func (f FunctionLines) Write(line lambda.LogLine) {
	parts := strings.SplitN(line.FunctionArn, ":", arnParts)
	if len(parts) < arnParts {
		return
	}
	f.Logs.Write(StreamId{Account: parts[arnAccount], Region: parts[arnRegion], Group: line.Group, Stream: line.Stream}, line.At, line.Text)
}
