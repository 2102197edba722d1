package connections

import (
	"errors"
	"strings"
	"testing"

	"gatehouse/internal/caller"
	"gatehouse/internal/connections"
	"gatehouse/internal/fault"
)

// A Host header may hold what a shell would run; the commands that are shown quote it.
func TestExplain_quotesWhatClientsSend(t *testing.T) {
	const host = "x$(touch,pwned);y"
	ctx := caller.WithCaller(t.Context(), caller.Caller{Host: host, BasePath: "/prod"})
	for _, err := range []error{
		wrongUrl("the path", "http://"+host+"/prod"), explain(ctx, &connections.Gone{ConnectionId: "a;b", Connecting: true}),
	} {
		var f *fault.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Command, "'http://"+host+"/prod'") {
			t.Errorf("%+v", f)
		}
	}
}
