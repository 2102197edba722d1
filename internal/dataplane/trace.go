package dataplane

import (
	"net/http"
	"slices"
	"strings"

	"gatehouse/internal/dataplane/inbound"
	"gatehouse/internal/dataplane/traceid"
	"gatehouse/internal/integration"
	"gatehouse/internal/tracing"
)

// trace finds the request's place in its caller's trace, or in a new one, and what its
// backend is told of it; without tracing that is the caller's X-Amzn-Trace-Id or a new one.
func (h *Handler) trace(in *inbound.Request, r *http.Request, byDefault bool) {
	sent := firstValue(r.Header, traceid.Header)
	if h.Traced {
		in.Trace = tracing.Origin{Now: in.Received, Random: h.Random}.Continue(
			tracing.Sent{Traceparent: firstValue(r.Header, "Traceparent"), AmznTraceId: sent}, byDefault)
	}
	if in.Trace == nil {
		in.TraceId = traceid.Of(sent, in.Received, h.Random)
		return
	}
	in.TraceId = in.Trace.AmznTraceId(tracing.StepCallIntegration)
}

// passTrace has what is passed on name the request's span as the parent, in place of the
// caller's.
func passTrace(in *inbound.Request) {
	if in.Trace == nil {
		return
	}
	in.Headers = slices.DeleteFunc(in.Headers, func(field integration.Field) bool {
		return strings.EqualFold(field.Name, tracing.HeaderTraceparent)
	})
	in.Headers = append(in.Headers, integration.Field{
		Name: tracing.HeaderTraceparent, Value: in.Trace.Traceparent(tracing.StepCallIntegration),
	})
}
