package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What begins a part of the encoded steps.
const (
	markStep    = iota // a step's name
	markTimes          // when the last step began and how long it took
	markFact           // a kind, the parts that it has, and those
	markRequest        // here belong the facts of the request, which are kept apart
)

// The parts that a fact may have, in this order.
const (
	factText = 1 << iota
	factSize
	factBody
	factFields
)

// ownLengthBytes are at the end of an encoded exchange, behind the steps, what else it has
// of its own, and the facts of the request.
const ownLengthBytes = 4

// roomExchange is what most need behind the steps, bytes.
const roomExchange = 160

// Encode ends the Notes with what else the exchange has of its own and returns all, for
// Decode to read. It is the Notes' own until they are Reset. The Method and the Fault are
// not in it.
func (n *Notes) Encode() []byte {
	steps := len(n.encoded)
	n.encoded = n.appendExchange(n.encoded)
	if !n.Brief {
		n.appendRequest(&n.request)
	}
	n.encoded = binary.BigEndian.AppendUint32(n.encoded, uint32(len(n.encoded)-steps)) //nolint:gosec // bounded by the request's head
	return n.encoded
}

func (n *Notes) appendExchange(data []byte) []byte {
	data = slices.Grow(data, roomExchange)
	for _, text := range [...]string{n.RequestId, n.ExtendedRequestId, n.HttpMethod, n.Path[:min(len(n.Path), MaxPath)], n.DomainName, n.BasePath} {
		data = appendText(data, text)
	}
	data = append(data, flag(n.Called, flagCalled)|flag(n.Brief, flagBrief))
	for _, number := range [...]int64{n.Received.UnixNano(), int64(n.StatusCode), int64(n.Duration), int64(n.ResponseLength), int64(n.IntegrationLatency)} {
		data = binary.BigEndian.AppendUint64(data, uint64(number)) //nolint:gosec // read back the same way
	}
	return data
}

// appendText appends the length of a text and the text. Like all that appends here it is
// kept out of its callers: the processor has forgotten the code by the next request, and
// what is one piece of code is fetched once.
//
//go:noinline
func appendText(data []byte, text string) []byte {
	if len(text) >= oneByte {
		data = appendNumber(data, uint64(len(text)))
	} else {
		data = append(data, byte(len(text)))
	}
	return append(data, text...)
}

//go:noinline
func appendNumber(data []byte, number uint64) []byte { return binary.AppendUvarint(data, number) }

// oneByte is the least number that takes more than a byte.
const oneByte = 0x80

// The flags of an encoded exchange.
const (
	flagCalled = 1 << iota
	flagBrief
)

func flag(set bool, value byte) byte {
	if set {
		return value
	}
	return 0
}

// leftOut is what a brief record says.
const leftOut = "what the client sent: so many requests succeeded in that second that only some of them are kept whole"

// redactedMark stands for a value that is not shown, with its length behind it: no length
// of a text begins so.
const redactedMark = "\x80\x00"

// appendLength appends what stands for a value that is not shown.
func appendLength(data []byte, length int) []byte {
	return appendNumber(append(data, redactedMark[0], redactedMark[1]), uint64(length)) //nolint:gosec // a length
}

var errEncoding = errors.New("not an encoded record")

// HasId says whether data is the encoded exchange of a request id or extended request id.
func HasId(data []byte, id string) bool {
	_, own := parts(data)
	d := decoder{data: own}
	requestId, extended := d.bytes(), d.bytes()
	return string(requestId) == id || string(extended) == id
}

// parts are the steps of an encoded exchange and what else it has of its own; both are nil
// of what is none.
func parts(data []byte) (steps, own []byte) {
	end := len(data) - ownLengthBytes
	if end < 0 {
		return nil, nil
	}
	start := end - int(binary.BigEndian.Uint32(data[end:]))
	if start < 0 {
		return nil, nil
	}
	return data[:start], data[start:end]
}

// Decode reads what Encode made of an exchange with a method.
func Decode(data []byte, method *Method) (*Record, error) {
	steps, own := parts(data)
	d := decoder{data: own}
	r := &Record{Summary: Summary{Method: *method}}
	for _, text := range [...]*string{&r.RequestId, &r.ExtendedRequestId, &r.HttpMethod, &r.Path, &r.DomainName, &r.BasePath} {
		*text = d.text()
	}
	flags := d.byte()
	r.Called = flags&flagCalled != 0
	r.Received = time.Unix(0, d.fixed())
	r.StatusCode, r.Duration, r.ResponseLength = int(d.fixed()), time.Duration(d.fixed()), int(d.fixed())
	r.IntegrationLatency = time.Duration(d.fixed())
	rest := decoder{data: steps, request: d.data, brief: flags&flagBrief != 0}
	r.Steps = rest.steps()
	if d.failed || rest.failed {
		return nil, fmt.Errorf("decoding a record: %w", errEncoding)
	}
	return r, nil
}

// decoder reads from the front of data; after a failure it reads zeros.
type decoder struct {
	data   []byte
	failed bool
	// request is the facts that markRequest stands for; brief says that they were left out.
	request []byte
	brief   bool
}

func (d *decoder) fail() {
	d.failed, d.data = true, nil
}

// steps reads all that is left.
func (d *decoder) steps() (steps []Step) {
	ended := time.Duration(0) // of the last timed step
	for len(d.data) > 0 {
		mark := d.byte()
		if mark == markStep {
			steps = append(steps, Step{Name: d.name(), Started: ended})
			continue
		}
		if len(steps) == 0 {
			d.fail()
			break
		}
		switch step := &steps[len(steps)-1]; mark {
		case markTimes:
			step.Started, step.Duration = time.Duration(d.count()), time.Duration(d.count())
			ended = step.Started + step.Duration
		case markFact:
			step.Facts = append(step.Facts, d.fact())
		case markRequest:
			step.Facts = append(step.Facts, d.requestFacts()...)
		default:
			d.fail()
		}
	}
	return steps
}

// requestFacts are those that were kept apart.
func (d *decoder) requestFacts() (facts []Fact) {
	if d.brief {
		return []Fact{{Kind: LeftOut, Text: leftOut}}
	}
	apart := decoder{data: d.request}
	for len(apart.data) > 0 {
		if apart.byte() != markFact {
			apart.fail()
			break
		}
		facts = append(facts, apart.fact())
	}
	d.failed = d.failed || apart.failed
	return facts
}

func (d *decoder) fact() Fact {
	f := Fact{Kind: Kind(d.byte())}
	parts := d.byte()
	if parts&factText != 0 {
		f.Text = d.text()
	}
	if parts&factSize != 0 {
		f.Size = d.count()
	}
	if parts&factBody != 0 {
		f.Body = append([]byte{}, d.bytes()...)
	}
	if parts&factFields != 0 {
		for range min(d.count(), len(d.data)) { // each takes a byte at least
			f.Fields = append(f.Fields, Field{Name: d.name(), Value: d.value()})
		}
	}
	return f
}

// value reads the value of a field, or what stands for it.
func (d *decoder) value() string {
	if len(d.data) <= len(redactedMark) || string(d.data[:len(redactedMark)]) != redactedMark {
		return d.text()
	}
	d.data = d.data[len(redactedMark):]
	return lengthText(d.count())
}

func (d *decoder) bytes() []byte { return d.take(d.count()) }

func (d *decoder) take(length int) []byte {
	if length > len(d.data) {
		d.fail()
		return nil
	}
	taken := d.data[:length]
	d.data = d.data[length:]
	return taken
}

func (d *decoder) text() string { return string(d.bytes()) }

// count reads a number that is not negative.
func (d *decoder) count() int {
	count, n := binary.Uvarint(d.data)
	if n <= 0 || int(count) < 0 { //nolint:gosec // checked here
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return int(count) //nolint:gosec // checked above
}

const fixedBytes = 8

// fixed reads a number of fixedBytes.
func (d *decoder) fixed() int64 {
	encoded := d.take(fixedBytes)
	if encoded == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(encoded)) //nolint:gosec // written the same way
}

func (d *decoder) byte() byte {
	if len(d.data) == 0 {
		d.fail()
		return 0
	}
	first := d.data[0]
	d.data = d.data[1:]
	return first
}
