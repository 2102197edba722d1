package record

import (
	"bytes"
	"strings"
	"time"
)

// Notes are an exchange while it is recorded. What a step notes is encoded at once,
// redacted, so that nothing is kept twice and no secret at all. One goroutine at a time
// may use them.
type Notes struct {
	// Method is that of the stage until one is found.
	Method *Method
	Exchange
	// Silent says that no facts are wanted: the Exchange is all there will be.
	Silent bool
	// Redacted keeps values of headers that may be secret, all values of query parameters
	// and all payloads out while data trace is off, and masks credentials while it is on. A
	// Recorder that keeps Records sets it.
	Redacted bool
	// Brief says that what the client sent is left out when they are encoded; the Record says
	// so. A Recorder sets it at the end.
	Brief bool

	hidden  string        // a secret of the request that no payload or value may show
	encoded []byte        // the steps so far
	started time.Duration // the step that runs
	stepped bool          // there is a step
	request Request       // what markRequest in encoded stands for
}

// roomEncoded is what most exchanges need, bytes; maxRoom is what is kept for the next one.
const (
	roomEncoded = 1 << 10
	maxRoom     = 64 << 10
)

// NewNotes makes Notes of an exchange whose method no compiler made, with a Method of their
// own.
func NewNotes(method *Method, exchange Exchange) *Notes {
	return &Notes{Method: method.own(), Exchange: exchange, encoded: make([]byte, 0, roomEncoded)}
}

// Reset empties Notes for another exchange and keeps their room. What is in the room stays
// until it is written over: few Notes are unused at a time.
func (n *Notes) Reset() {
	room := n.encoded[:0]
	if cap(room) > maxRoom {
		room = make([]byte, 0, roomEncoded)
	}
	*n = Notes{encoded: room}
}

// Record is what was noted so far, whether Brief or not. It shares nothing with the Notes
// that changes. Use it before Encode.
func (n *Notes) Record() *Record {
	end := len(n.encoded)
	n.appendRequest(&n.request)
	d := decoder{data: n.encoded[:end], request: n.encoded[end:]}
	n.encoded = n.encoded[:end]
	return &Record{Summary: Summary{Method: *n.Method, Exchange: n.Exchange}, Steps: d.steps()}
}

// Enabled says whether facts are wanted.
func (n *Notes) Enabled() bool { return n != nil && !n.Silent }

// Traced says whether payloads and the values of fields are wanted. Ask before making
// a list of fields.
func (n *Notes) Traced() bool { return n.Enabled() && (!n.Redacted || n.Method.DataTraceEnabled) }

// Verbose says whether texts are wanted that only the execution log shows. Ask before
// making one.
func (n *Notes) Verbose() bool {
	return n.Traced() || n.Enabled() && n.Method.LoggingLevel == LevelInfo
}

// The logging levels of a stage's methods.
const (
	LevelOff   = "OFF"
	LevelError = "ERROR"
	LevelInfo  = "INFO"
)

// StepName is the name of a step, encoded once for all exchanges.
type StepName string

// NameStep encodes the name of a step.
func NameStep(name string) StepName { return StepName(appendName([]byte{markStep}, name)) }

// BeginStep notes that a step begins, so long after the exchange was received. A step
// that is not timed begins when the last one ended that is.
func (n *Notes) BeginStep(name StepName, since time.Duration) {
	if n.Enabled() {
		n.encoded = append(n.encoded, name...)
		n.started, n.stepped = since, true
	}
}

// TookStep notes how long the step that ends now has taken, where it was measured.
func (n *Notes) TookStep(since, took time.Duration) {
	if n != nil {
		n.started = max(0, since-took)
	}
}

// EndStep notes that the step has ended.
func (n *Notes) EndStep(since time.Duration) {
	if n != nil && n.stepped && since != n.started {
		n.encoded = appendNumber(append(n.encoded, markTimes), uint64(n.started)) //nolint:gosec // read back the same way
		n.encoded = appendNumber(n.encoded, uint64(since-n.started))              //nolint:gosec // read back the same way
	}
}

// Note adds a fact to the step that runs. The URI of the endpoint is kept for execution
// logs alone: where the request went tells the same. Its query string is kept only where
// payloads are.
func (n *Notes) Note(kind Kind, text string) {
	switch {
	case n == nil || !n.stepped || kind == EndpointUri && !n.Verbose():
		return
	case kind == Sending && !n.Traced():
		text, _, _ = strings.Cut(text, "?") // query strings may hold secrets
	}
	if kind == Sending || kind == EndpointUri {
		text = WithoutPassword(text)
	}
	n.encoded = appendText(append(n.encoded, markFact, byte(kind), factText), n.hide(text))
}

// Hide keeps a secret that the exchange has from then on out of every payload, value and
// text that is noted: an API key, which backends are sent.
func (n *Notes) Hide(secret string) {
	if n != nil {
		n.hidden = secret
	}
}

// hide masks the secret in a text.
func (n *Notes) hide(text string) string {
	if n.hidden == "" {
		return text
	}
	return strings.ReplaceAll(text, n.hidden, masked(n.hidden))
}

// NoteFields adds a list of names and values; an empty list, and path parameters, which
// the path shows, only where payloads are wanted.
func (n *Notes) NoteFields(kind Kind, fields []Field) {
	switch {
	case n == nil || !n.stepped:
	case n.Traced():
		n.traceFields(kind, fields)
	case len(fields) > 0 && kind != RequestPath:
		n.beginFields(kind, len(fields))
		n.encoded = n.appendRedacted(n.encoded, kind, fields)
	}
}

// NoteRequest adds what the client sent. Where payloads are not wanted it is encoded when
// the exchange ends, when it is known whether it is: until then the request must stay as it
// is.
func (n *Notes) NoteRequest(request Request) {
	switch {
	case n == nil || !n.stepped:
	case n.Traced():
		n.appendRequest(&request)
	default:
		n.request = request
		n.encoded = append(n.encoded, markRequest)
	}
}

func (n *Notes) appendRequest(request *Request) {
	n.NoteFields(RequestPath, request.Path)
	n.NoteFields(RequestQuery, request.Query)
	n.NoteFields(RequestHeaders, request.Headers)
	n.NoteBody(RequestBody, request.Body)
}

// traceFields adds all values but credentials.
func (n *Notes) traceFields(kind Kind, fields []Field) {
	n.beginFields(kind, len(fields))
	for i := range fields {
		name, value := fields[i].Name, fields[i].Value
		if n.Redacted {
			value = Masked(name, value)
		}
		n.encoded = appendText(appendName(n.encoded, name), n.hide(value))
	}
}

func (n *Notes) beginFields(kind Kind, count int) {
	n.encoded = appendNumber(append(n.encoded, markFact, byte(kind), factFields), uint64(count)) //nolint:gosec // a length
}

// bareSecret is the shortest name of a query parameter without value that may be a secret:
// clients send tokens as the whole query string, "?eyJhbGci…", in base64 with "=" behind.
const bareSecret = 32

// appendRedacted appends names with the values that hold no secret, and the lengths of the
// others.
func (n *Notes) appendRedacted(data []byte, kind Kind, fields []Field) []byte {
	for i := range fields {
		name, value := fields[i].Name, fields[i].Value
		if kind == RequestQuery && len(name) >= bareSecret && strings.Trim(value, "=") == "" {
			name = LengthText(name)
		}
		var shown bool
		data, shown = appendHeaderName(data, name)
		if !shown || kind == RequestQuery {
			data = appendLength(data, len(value))
			continue
		}
		if n.hidden != "" {
			value = n.hide(value)
		}
		data = appendText(data, value)
	}
	return data
}

// NoteBody adds a copy of a payload; without data trace its size alone, and nothing of
// an empty one.
func (n *Notes) NoteBody(kind Kind, body []byte) {
	switch {
	case n == nil || !n.stepped:
	case n.Traced():
		n.traceBody(kind, body)
	case len(body) > 0 && kind != MethodResponseBody: // whose size is ResponseLength
		n.encoded = appendNumber(append(n.encoded, markFact, byte(kind), factSize), uint64(len(body)))
	}
}

func (n *Notes) traceBody(kind Kind, body []byte) {
	n.encoded = appendNumber(append(n.encoded, markFact, byte(kind), factSize|factBody), uint64(len(body)))
	n.encoded = appendText(n.encoded, string(n.bodyShown(body)))
}

// bodyShown masks before it cuts, so that no part of the secret is left at the cut.
func (n *Notes) bodyShown(body []byte) []byte {
	if n.hidden != "" && bytes.Contains(body, []byte(n.hidden)) {
		body = bytes.ReplaceAll(body, []byte(n.hidden), []byte(masked(n.hidden)))
	}
	return body[:min(len(body), MaxBody)]
}
