package tracing_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/tracing"
)

func origin() tracing.Origin {
	next := uint64(0x1111111111111110)
	return tracing.Origin{Now: time.Unix(0x5759e988, 0), Random: func() uint64 { next++; return next }}
}

// The forms are those of W3C's recommendation "Trace Context" and of AWS's page on
// X-Amzn-Trace-Id; the examples are theirs.
func TestContinue(t *testing.T) {
	const w3c, xray = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
	tests := map[string]struct {
		sent            tracing.Sent
		byDefault       bool
		traceId, parent string // empty trace id: not traced
		root            string
	}{
		"nothing, not by default":      {tracing.Sent{}, false, "", "", ""},
		"nothing, by default":          {tracing.Sent{}, true, "5759e988111111111111111211111111", "", "1-5759e988-111111111111111211111111"},
		"traceparent":                  {tracing.Sent{Traceparent: w3c}, false, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "1-4bf92f35-77b34da6a3ce929d0e0e4736"},
		"traceparent not sampled":      {tracing.Sent{Traceparent: strings.TrimSuffix(w3c, "1") + "0"}, true, "", "", ""},
		"traceparent of version 01":    {tracing.Sent{Traceparent: "01" + w3c[2:] + "-more"}, false, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "1-4bf92f35-77b34da6a3ce929d0e0e4736"},
		"traceparent 00 with more":     {tracing.Sent{Traceparent: w3c + "-more"}, false, "", "", ""},
		"traceparent of version ff":    {tracing.Sent{Traceparent: "ff" + w3c[2:]}, false, "", "", ""},
		"traceparent in upper case":    {tracing.Sent{Traceparent: strings.ToUpper(w3c)}, false, "", "", ""},
		"traceparent of zeros":         {tracing.Sent{Traceparent: "00-00000000000000000000000000000000-00f067aa0ba902b7-01"}, false, "", "", ""},
		"parent of zeros":              {tracing.Sent{Traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"}, false, "", "", ""},
		"X-Ray":                        {tracing.Sent{AmznTraceId: xray}, false, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", "1-5759e988-bd862e3fe1be46a994272793"},
		"X-Ray not sampled":            {tracing.Sent{AmznTraceId: strings.TrimSuffix(xray, "1") + "0"}, true, "", "", ""},
		"X-Ray leaves it to us":        {tracing.Sent{AmznTraceId: strings.TrimSuffix(xray, "1") + "?"}, true, "5759e988bd862e3fe1be46a994272793", "53995c3f42cd8ad8", "1-5759e988-bd862e3fe1be46a994272793"},
		"X-Ray root alone":             {tracing.Sent{AmznTraceId: "Self=x; Root=1-5759e988-bd862e3fe1be46a994272793"}, true, "5759e988bd862e3fe1be46a994272793", "", "1-5759e988-bd862e3fe1be46a994272793"},
		"X-Ray root of another form":   {tracing.Sent{AmznTraceId: "Root=made-up;Parent=53995c3f42cd8ad8"}, true, "5759e988111111111111111211111111", "", "made-up"},
		"both: W3C's id, X-Ray's Root": {tracing.Sent{Traceparent: w3c, AmznTraceId: xray}, false, "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "1-5759e988-bd862e3fe1be46a994272793"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := origin().Continue(test.sent, test.byDefault)
			if got == nil || test.traceId == "" {
				if got != nil || test.traceId != "" {
					t.Fatalf("got %+v", got)
				}
				return
			}
			if id := hex.EncodeToString(got.TraceId[:]); id != test.traceId || got.Root != test.root {
				t.Errorf("trace id %s, root %s", id, got.Root)
			}
			parent := hex.EncodeToString(got.ParentId[:])
			if parent != test.parent && (test.parent != "" || got.ParentId != tracing.SpanId{}) {
				t.Errorf("parent %s", parent)
			}
			if got.SpanId == (tracing.SpanId{}) {
				t.Error("no span id")
			}
		})
	}
}

// What a step tells whom it calls is read back as the same trace, with the step as parent.
func TestContext_isContinued(t *testing.T) {
	c := origin().Continue(tracing.Sent{}, true)
	for _, sent := range []tracing.Sent{{Traceparent: c.Traceparent(tracing.StepCallIntegration)}, {AmznTraceId: c.AmznTraceId(tracing.StepCallIntegration)}} {
		next := origin().Continue(sent, false)
		if next == nil || next.TraceId != c.TraceId || next.ParentId != c.StepSpan(tracing.StepCallIntegration) {
			t.Errorf("%+v is read as %+v", sent, next)
		}
	}
	if c.StepSpan(tracing.StepAuthorize) == c.StepSpan(tracing.StepCallIntegration) || c.StepSpan(tracing.StepAuthorize) == c.SpanId {
		t.Error("spans share an id")
	}
}

func FuzzContinue(f *testing.F) {
	f.Add("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
	f.Add("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-----", "Root=;;Sampled")
	f.Fuzz(func(t *testing.T, traceparent, amzn string) {
		c := origin().Continue(tracing.Sent{Traceparent: traceparent, AmznTraceId: amzn}, true)
		if c != nil && (c.TraceId == tracing.TraceId{} || c.SpanId == tracing.SpanId{} || c.Root == "") {
			t.Errorf("%+v", c)
		}
	})
}
