// Package tracing says where an exchange stands in a distributed trace: whose trace it
// continues, which ids its spans have, and what backends and functions are told. It
// reads and writes W3C's traceparent and AWS's X-Amzn-Trace-Id, which name the same
// trace: a trace id of 128 bits is X-Ray's Root=1-{8 digits}-{24 digits}.
//
// It records nothing and sends nothing: package telemetry makes spans of the records of
// exchanges, package otlp sends them. An exchange that is not traced has no Context.
//
// Begin at Origin.Continue.
package tracing

import (
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"strings"
	"time"
)

// TraceId names a trace; all zeros name none.
type TraceId [16]byte

// SpanId names a span of a trace; all zeros name none.
type SpanId [8]byte

// The steps of a pipeline that call somebody, whose spans are the parents of what is
// called.
const (
	StepAuthorize       = "authorize"
	StepCallIntegration = "call_integration"
)

// HeaderTraceparent is W3C's header, in the spelling that the recommendation asks for.
const HeaderTraceparent = "traceparent"

// Context is the place of an exchange in a trace that is recorded.
type Context struct {
	TraceId TraceId
	// SpanId is the exchange's own span, ParentId the caller's, zero where the trace
	// begins here.
	SpanId, ParentId SpanId
	// Root is the trace in X-Ray's spelling: what the caller sent, or TraceId.
	Root string
	// Link is a span of another trace that led to this exchange: of a message, the
	// handshake of its connection. Nil for none.
	Link *Link
}

// Link names a span from within another trace.
type Link struct {
	TraceId TraceId
	SpanId  SpanId
}

// AsLink names the exchange's own span; nil for an exchange that is not traced. It keeps
// nothing else of the exchange.
func (c *Context) AsLink() *Link {
	if c == nil {
		return nil
	}
	return &Link{TraceId: c.TraceId, SpanId: c.SpanId}
}

// Sent is what a caller said of its trace, empty for nothing.
type Sent struct{ Traceparent, AmznTraceId string }

// Origin makes the ids of traces and spans.
type Origin struct {
	Now    time.Time
	Random func() uint64 // 64 random bits
}

// Continue returns the place of an exchange in its caller's trace, or in a new one; nil
// when the exchange is not traced. The caller decides that, and byDefault where it does
// not say.
func (o Origin) Continue(sent Sent, byDefault bool) *Context {
	amzn := readAmzn(sent.AmznTraceId)
	c := &Context{Root: amzn.root, TraceId: amzn.traceId, ParentId: amzn.parent}
	traced := byDefault
	if amzn.decided {
		traced = amzn.sampled
	}
	if traceId, parent, sampled, ok := readTraceparent(sent.Traceparent); ok {
		c.TraceId, c.ParentId, traced = traceId, parent, sampled
	}
	if !traced {
		return nil
	}
	if c.TraceId == (TraceId{}) {
		c.TraceId, c.ParentId = o.newTraceId(), SpanId{}
	}
	if c.Root == "" {
		c.Root = rootOf(c.TraceId)
	}
	binary.BigEndian.PutUint64(c.SpanId[:], max(o.Random(), 1))
	return c
}

const (
	timeBytes   = 4 // of a trace id, in seconds: X-Ray reads it
	uint64Bytes = 8
)

func (o Origin) newTraceId() TraceId {
	var id TraceId
	binary.BigEndian.PutUint64(id[uint64Bytes:], o.Random())
	binary.BigEndian.PutUint64(id[timeBytes:], o.Random())
	binary.BigEndian.PutUint32(id[:], uint32(o.Now.Unix())) // the format has 8 digits of seconds
	return id
}

// StepSpan is the id of the span of a step: it follows from the exchange's own, so that
// what a step calls can be told of it before the span is made.
func (c *Context) StepSpan(step string) SpanId {
	hash := fnv.New64a()
	_, _ = hash.Write(c.SpanId[:])
	_, _ = hash.Write([]byte(step))
	var id SpanId
	binary.BigEndian.PutUint64(id[:], max(hash.Sum64(), 1))
	return id
}

// Traceparent is what a step tells whom it calls, in W3C's form.
func (c *Context) Traceparent(step string) string {
	parent := c.StepSpan(step)
	text := make([]byte, 0, traceparentLength)
	text = append(text, "00-"...)
	text = hex.AppendEncode(text, c.TraceId[:])
	text = append(text, '-')
	text = hex.AppendEncode(text, parent[:])
	return string(append(text, "-01"...))
}

// AmznTraceId is what a step tells whom it calls, in X-Ray's form.
func (c *Context) AmznTraceId(step string) string {
	parent := c.StepSpan(step)
	return "Root=" + c.Root + ";Parent=" + hex.EncodeToString(parent[:]) + ";Sampled=1"
}

const (
	rootVersion    = "1-"
	rootTimeDigits = 8
	rootLength     = len(rootVersion) + 2*len(TraceId{}) + 1
	rootDash       = len(rootVersion) + rootTimeDigits
	fieldSeparator = ";"
	amznRoot       = "Root"
	amznParent     = "Parent"
	amznSampled    = "Sampled"
	sampledFlag    = 1
)

func rootOf(id TraceId) string {
	digits := hex.EncodeToString(id[:])
	return rootVersion + digits[:rootTimeDigits] + "-" + digits[rootTimeDigits:]
}

// amzn is an X-Amzn-Trace-Id, read.
type amzn struct {
	root             string // as it was sent
	traceId          TraceId
	parent           SpanId
	sampled, decided bool
}

// readAmzn reads Root=1-…;Parent=…;Sampled=1; fields of other names are not continued.
func readAmzn(text string) (read amzn) {
	for text != "" {
		var field string
		field, text, _ = strings.Cut(text, fieldSeparator)
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case amznRoot:
			read.root = value
			if len(value) == rootLength && value[:len(rootVersion)] == rootVersion && value[rootDash] == '-' {
				read.traceId, _ = readTraceId(value[len(rootVersion):rootDash] + value[rootDash+1:])
			}
		case amznParent:
			read.parent, _ = readSpanId(value)
		case amznSampled:
			read.sampled, read.decided = value == "1", value == "0" || value == "1"
		}
	}
	return read
}

// traceparentLength is that of version 00; later versions may append "-" and more.
const traceparentLength = len("00-") + 2*len(TraceId{}) + len("-") + 2*len(SpanId{}) + len("-01")

// readTraceparent reads 00-{trace id}-{parent id}-{flags}.
func readTraceparent(text string) (traceId TraceId, parent SpanId, sampled, ok bool) {
	if len(text) < traceparentLength {
		return traceId, parent, false, false
	}
	version, rest := text[:2], text[traceparentLength:]
	if !isLowerHex(version) || version == "ff" || rest != "" && (version == "00" || rest[0] != '-') {
		return traceId, parent, false, false
	}
	parts := strings.Split(text[:traceparentLength], "-")
	if len(parts) != 4 { // the four parts of the form
		return traceId, parent, false, false
	}
	traceId, hasTrace := readTraceId(parts[1])
	parent, hasParent := readSpanId(parts[2])
	flags, err := hex.DecodeString(parts[3])
	if !hasTrace || !hasParent || err != nil || len(flags) != 1 || !isLowerHex(parts[3]) {
		return TraceId{}, SpanId{}, false, false
	}
	return traceId, parent, flags[0]&sampledFlag != 0, true
}

func readTraceId(digits string) (id TraceId, ok bool) {
	if len(digits) != 2*len(id) || !isLowerHex(digits) {
		return TraceId{}, false
	}
	_, err := hex.Decode(id[:], []byte(digits))
	return id, err == nil && id != TraceId{}
}

func readSpanId(digits string) (id SpanId, ok bool) {
	if len(digits) != 2*len(id) || !isLowerHex(digits) {
		return SpanId{}, false
	}
	_, err := hex.Decode(id[:], []byte(digits))
	return id, err == nil && id != SpanId{}
}

func isLowerHex(text string) bool {
	return strings.Trim(text, "0123456789abcdef") == ""
}
