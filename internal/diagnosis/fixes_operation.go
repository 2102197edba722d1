package diagnosis

import (
	"cmp"
	"errors"
	"strings"

	"gatehouse/internal/fault"
	"gatehouse/internal/sigv4"
)

// operationFixes are what mends a refused operation whose fault does not say it better.
var operationFixes = map[fault.Id]string{
	fault.InputInvalid:       "Correct the value that the message names, and send the operation again; nothing was changed.",
	fault.NotFound:           "Compare the id with what the operation that lists such things shows, in the same account and region: both come from the credentials and the region that sign.",
	fault.Conflict:           "Choose another name, or change what exists in place of making it anew; nothing was changed.",
	fault.LimitExceeded:      "Delete what is not needed any more; nothing was changed.",
	fault.NotBuilt:           "Do without the operation; the parity page lists what is built.",
	fault.OperationUnknown:   "Compare the endpoint with the service that the client means, and the client's version with the service's.",
	fault.OperationDenied:    "Give the caller a policy that allows the action, or take away the statement that denies it.",
	fault.CredentialsRefused: "Sign with an access key that exists here and is active, with its own secret, for the service's name and the right region.",
	fault.StoreUnwritable:    "Make room on the disk of the data directory, or make it writable; no restart is needed. Then send the operation again.",
	fault.StoreUnavailable:   "Look at the NATS servers that keep the data; then look whether the change is there, and send the operation again if not.",
	fault.OperationFailed:    "Look for the request id in the server's own log; nothing half done is kept.",
}

// fixOperation explains a refused operation: who asked for what.
func fixOperation(c *diagnosed, f *fault.Fault, finding *Finding) {
	if finding.Checked == "" && c.record.AccountId == "" {
		finding.Checked = "the AWS services that are served here"
	}
	if finding.Checked == "" && c.record.ResourcePath != "" {
		finding.Checked = c.record.ResourcePath + " in account " + c.record.AccountId + ", region " + c.record.Region
	}
	var refused *sigv4.Error
	if f.Id() == fault.CredentialsRefused && errors.As(f.Cause, &refused) {
		kind, _, _ := strings.Cut(f.Found, ": ")
		text := sayRefusal(refused, finding)
		finding.Found, finding.Fix.Text = kind+": "+finding.Found, cmp.Or(text, f.Fix)
	}
	if finding.Fix.Text == "" {
		finding.Fix.Text = operationFixes[f.Id()]
	}
}
