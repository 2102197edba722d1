package diagnosis

import (
	"strconv"
	"time"

	"gatehouse/internal/fault"
)

// maxHttpIntegrationTimeout is AWS's quota "Maximum integration timeout" of HTTP APIs.
const maxHttpIntegrationTimeout = 30 * time.Second

func fixHttpTimeout(c *diagnosed, f *fault.Fault, finding *Finding) {
	c.sayTimeout(f, finding)
	if !waitedInVain(f) && c.record.IntegrationLatency < maxHttpIntegrationTimeout-time.Second {
		finding.Fix.Text = "Give the integration more time (an HTTP API allows " + inMillis(maxHttpIntegrationTimeout) + " ms); or make the backend faster, or let it answer 202 and work on."
		finding.Fix.Command = c.updateIntegration("--timeout-in-millis", inMillis(maxHttpIntegrationTimeout))
	}
}

// fixTimeout gives the integration all the time that there is, or has the function run
// on behind an answer of 202.
func fixTimeout(c *diagnosed, f *fault.Fault, finding *Finding) {
	c.sayTimeout(f, finding)
	if waitedInVain(f) {
		return
	}
	if c.record.IntegrationLatency < c.longestTimeout-time.Second {
		finding.Fix.Text = "Give the integration more time (timeoutInMillis; this server allows " + inMillis(c.longestTimeout) +
			"), and deploy; or make the backend faster, or answer 202 and work on"
		if c.functionArn() != "" {
			finding.Fix.Text += " (X-Amz-Invocation-Type: Event)"
		}
		finding.Fix.Text += "."
		finding.Fix.Command = then(c.method("update-integration", "--patch-operations", patch(replace("/timeoutInMillis", inMillis(c.longestTimeout)))), c.deploy())
		return
	}
	if command, ok := c.invokeAsynchronously(); ok {
		finding.Fix.Text = "Invoke the function asynchronously and answer 202: it runs on, with the body alone as its event (a request template gives it more). " +
			raiseMaximum + " Or make it faster."
		finding.Fix.Command = command
	}
}

// raiseMaximum says how to have more time than there is.
const raiseMaximum = "Or start the server with --max-integration-timeout, up to 300s, as AWS raises the quota on request, and set timeoutInMillis."

func inMillis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// sayTimeout says how long the backend took, now and usually, and what goes on.
func (c *diagnosed) sayTimeout(f *fault.Fault, finding *Finding) {
	after := c.record.IntegrationLatency
	finding.Checked += " (no answer for " + after.Round(time.Millisecond).String() + ")"
	if waitedInVain(f) { // the function has not begun
		fixFunctionThrottled(c, f, finding)
		return
	}
	if arn := c.functionArn(); arn != "" {
		finding.Found += c.stillRunning(arn, after)
	}
	finding.Found += c.usualLatency()
	finding.Fix.Text = "Make the backend faster, or answer 202 and let the client ask again later."
}

// stillRunning says that nobody ends a function whose answer comes too late.
func (c *diagnosed) stillRunning(arn string, after time.Duration) string {
	name, _ := nameOfFunction(arn)
	limit := time.Duration(0)
	if c.definitions != nil {
		limit = c.definitions.FunctionTimeout(arn)
	}
	switch {
	case limit == 0:
		return "; function " + name + " was left STILL RUNNING until its own limit: a retry may run it twice"
	case limit > after:
		return "; function " + name + " was left STILL RUNNING (limit " + strconv.Itoa(int(limit.Seconds())) + " s): a retry may run it twice"
	default:
		return "; function " + name + " has a limit of " + strconv.Itoa(int(limit.Seconds())) + " s itself"
	}
}

// p95 is the share that usualLatency tells, and fewest how many calls it takes to tell.
const (
	p95    = 0.95
	fewest = 20
)

// usualLatency says how long the backend takes for this method.
func (c *diagnosed) usualLatency() string {
	if c.latencies == nil {
		return ""
	}
	latency, count := c.latencies.IntegrationLatency(c.record, p95)
	calls := strconv.FormatUint(count, 10) + " calls since the server started"
	if count < fewest {
		return "; p95 of this method: no figures yet (" + calls + ")"
	}
	return "; p95 of this method " + latency.Round(time.Millisecond).String() + " (" + calls + ")"
}

// invokeAsynchronously makes of a function's integration one that answers 202 at once.
func (c *diagnosed) invokeAsynchronously() (string, bool) {
	const accepted = "202"
	target := c.restIntegration()
	if target == nil || c.functionArn() == "" {
		return "", false
	}
	commands := []string{c.method("put-integration", "--type", "AWS", "--integration-http-method", "POST", "--uri", target.Uri,
		"--request-parameters", jsonText(map[string]string{"integration.request.header.X-Amz-Invocation-Type": "'Event'"}))}
	if _, declared := c.definition.restMethod(c.record.ResourceId, c.methodOfResource).MethodResponses[accepted]; !declared {
		commands = append(commands, c.method("put-method-response", "--status-code", accepted))
	}
	return then(append(commands, c.method("put-integration-response", "--status-code", accepted, "--selection-pattern", ""), c.deploy())...), true
}
