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
	markStep  = iota // a step's name
	markTimes        // when the last step began and how long it took
	markFact         // a kind, the parts that it has, and those
)

// The parts that a fact may have, in this order.
const (
	factText = 1 << iota
	factSize
	factBody
	factFields
)

// summaryLengthBytes are at the end of an encoded exchange, behind steps and summary.
const summaryLengthBytes = 4

// roomSummary is what most summaries need, bytes.
const roomSummary = 256

// Encode ends the Notes with their Summary and returns all, for Decode to read. It is the
// Notes' own until they are Reset. The Fault is not in it.
func (n *Notes) Encode() []byte {
	steps := len(n.encoded)
	n.encoded = n.appendSummary(n.encoded)
	n.encoded = binary.BigEndian.AppendUint32(n.encoded, uint32(len(n.encoded)-steps)) //nolint:gosec // bounded by the request's head
	return n.encoded
}

func (n *Notes) appendSummary(data []byte) []byte {
	data = slices.Grow(data, roomSummary)
	data = appendText(data, n.RequestId)
	data = appendText(data, n.ExtendedRequestId)
	data = appendText(data, n.AccountId)
	data = appendText(data, n.Region)
	data = appendText(data, n.ApiId)
	data = appendText(data, n.StageName)
	data = appendText(data, n.DeploymentId)
	data = appendText(data, n.HttpMethod)
	data = appendText(data, n.Path[:min(len(n.Path), MaxPath)])
	data = appendText(data, n.ResourcePath)
	data = appendText(data, n.ResourceId)
	data = appendText(data, n.LoggingLevel)
	data = appendText(data, n.ProtocolType)
	data = appendText(data, n.DomainName)
	data = appendText(data, n.BasePath)
	data = append(data, flag(n.DataTraceEnabled)|flag(n.Called)<<1)
	data = binary.BigEndian.AppendUint64(data, uint64(n.Received.UnixNano())) //nolint:gosec // read back the same way
	data = binary.AppendVarint(data, int64(n.StatusCode))
	data = binary.AppendVarint(data, int64(n.Duration))
	data = binary.AppendVarint(data, int64(n.ResponseLength))
	return binary.AppendVarint(data, int64(n.IntegrationLatency))
}

// appendText appends the length of a text and the text.
func appendText[T string | []byte](data []byte, text T) []byte {
	if len(text) < oneByte {
		return append(append(data, byte(len(text))), text...)
	}
	return append(binary.AppendUvarint(data, uint64(len(text))), text...)
}

// oneByte is the least number that takes more than a byte.
const oneByte = 0x80

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// redactedMark stands for a value that is not shown, with its length behind it: no length
// of a text begins so.
const redactedMark = "\x80\x00"

// appendLength appends what stands for a value that is not shown.
func appendLength(data []byte, length int) []byte {
	return binary.AppendUvarint(append(data, redactedMark...), uint64(length)) //nolint:gosec // a length
}

var errEncoding = errors.New("not an encoded record")

// HasId says whether data is the encoded exchange of a request id or extended request id.
func HasId(data []byte, id string) bool {
	_, summary := parts(data)
	d := decoder{data: summary}
	requestId, extended := d.bytes(), d.bytes()
	return string(requestId) == id || string(extended) == id
}

// parts are the steps and the summary of an encoded exchange; both are nil of what is none.
func parts(data []byte) (steps, summary []byte) {
	end := len(data) - summaryLengthBytes
	if end < 0 {
		return nil, nil
	}
	start := end - int(binary.BigEndian.Uint32(data[end:]))
	if start < 0 {
		return nil, nil
	}
	return data[:start], data[start:end]
}

// Decode reads what Encode made.
func Decode(data []byte) (*Record, error) {
	steps, summary := parts(data)
	d := decoder{data: summary}
	r := &Record{}
	for _, text := range [...]*string{
		&r.RequestId, &r.ExtendedRequestId, &r.AccountId, &r.Region, &r.ApiId, &r.StageName, &r.DeploymentId, &r.HttpMethod, &r.Path,
		&r.ResourcePath, &r.ResourceId, &r.LoggingLevel, &r.ProtocolType, &r.DomainName, &r.BasePath,
	} {
		*text = d.text()
	}
	flags := d.byte()
	r.DataTraceEnabled, r.Called = flags&1 != 0, flags&2 != 0
	r.Received = d.time()
	r.StatusCode, r.Duration, r.ResponseLength = int(d.number()), time.Duration(d.number()), int(d.number())
	r.IntegrationLatency = time.Duration(d.number())
	rest := decoder{data: steps}
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
			step.Started, step.Duration = time.Duration(d.number()), time.Duration(d.number())
			ended = step.Started + step.Duration
		case markFact:
			step.Facts = append(step.Facts, d.fact())
		default:
			d.fail()
		}
	}
	return steps
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

func (d *decoder) number() int64 {
	number, n := binary.Varint(d.data)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return number
}

const timeBytes = 8

func (d *decoder) time() time.Time {
	encoded := d.take(timeBytes)
	if encoded == nil {
		return time.Time{}
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(encoded))) //nolint:gosec // written the same way
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
