package websocketapi

import (
	"strconv"
	"time"

	"gatehouse/internal/connections"
	"gatehouse/internal/dataplane/record"
	"gatehouse/internal/fault"
)

// tooIdle and tooOld are the ends that the limits of a connection's time make.
func (c *client) tooIdle(now time.Time) error {
	limits := &c.pipeline.Limits
	return &violation{closeIdle, "Going away", remedy{
		detail: "idle for " + now.Sub(c.LastActive()).Round(time.Second).String() + " (last frame at " + c.LastActive().UTC().Format(time.RFC3339) +
			"); the limit is " + limits.Idle.String() + ". The connection was " + c.age(now) + " old, of " + limits.Duration.String(),
		fix:     "Let the client send something every " + (limits.Idle / 2).String() + ", a ping or a message, or raise the limit of this server.",
		command: "gatehouse serve --web-socket-idle-timeout " + (2 * limits.Idle).String(),
	}}
}

func (c *client) tooOld(now time.Time) error {
	limits := &c.pipeline.Limits
	return &violation{closeOld, "Going away", remedy{
		detail:  "the connection was " + c.age(now) + " old; the limit is " + limits.Duration.String() + ", however busy it is",
		fix:     "Let the client connect again when it is closed, with a growing, random pause, or raise the limit of this server.",
		command: "gatehouse serve --web-socket-duration " + (2 * limits.Duration).String(),
	}}
}

func (c *client) age(now time.Time) string {
	return now.Sub(c.connection.ConnectedAt).Round(time.Second).String()
}

// tooSlow is a client that does not read what it is sent.
func tooSlow(waiting int) *remedy {
	return &remedy{
		detail: "the client did not read for " + writeTimeout.String() + ", or left " + strconv.Itoa(maxUnsent) + " bytes unread; " + strconv.Itoa(waiting) + " bytes were waiting",
		fix:    "Let the client read its messages as they come, or post fewer to it.",
	}
}

// closedByGateway leaves a record of a connection that a limit or a violation ended. It is
// found by the connection's id, which is all that the client and the backend know.
func (p *Pipeline) closedByGateway(c *client, closing *connections.Closing) {
	if p.Recorder == nil || closing.Detail == "" {
		return
	}
	stage := c.connection.Stage
	kept := record.NewNotes(&record.Method{
		AccountId: stage.AccountId, Region: stage.Region, ApiId: stage.ApiId, StageName: stage.StageName, ProtocolType: record.ProtocolWebSocket,
	}, record.Exchange{
		RequestId: c.connection.Id, ExtendedRequestId: c.connection.Id, HttpMethod: eventDisconnect, Path: c.connection.Id, Received: closing.At,
	})
	p.Recorder.Begin(kept)
	f := fault.New(fault.ConnectionClosed)
	f.Checked = "the limits of connection " + c.connection.Id
	f.Found = "closed by the gateway, code " + strconv.Itoa(closing.Code) + ": " + closing.Detail
	if c.remedy != nil {
		f.Fix, f.Command = c.remedy.fix, c.remedy.command
	}
	kept.Fault = f
	p.Recorder.End(kept)
}
