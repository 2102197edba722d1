package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// AppendTo appends the Record to data in a compact form of its own, without its Fault,
// so that many can be kept in little memory. Decode reads it back.
func (r *Record) AppendTo(data []byte) []byte {
	for _, text := range [...]string{
		r.RequestId, r.ExtendedRequestId, r.AccountId, r.Region, r.ApiId, r.StageName, r.DeploymentId, r.HttpMethod, r.Path,
		r.ResourcePath, r.ResourceId, r.LoggingLevel, r.ProtocolType, r.DomainName, r.BasePath,
	} {
		data = appendText(data, text)
	}
	data = append(data, flag(r.DataTraceEnabled), flag(r.Called), flag(r.Redacted))
	for _, number := range [...]int64{
		r.Received.UnixNano(), int64(r.StatusCode), int64(r.Duration), int64(r.ResponseLength), int64(r.IntegrationLatency), int64(len(r.Steps)),
	} {
		data = binary.AppendVarint(data, number)
	}
	for i := range r.Steps {
		data = r.Steps[i].appendTo(data)
	}
	return data
}

func (s *Step) appendTo(data []byte) []byte {
	data = appendName(data, s.Name)
	if s.Started == 0 && s.Duration == 0 && len(s.Facts) == 0 {
		return append(data, 0) // most steps
	}
	data = append(data, 1)
	data = binary.AppendVarint(data, int64(s.Started))
	data = binary.AppendVarint(data, int64(s.Duration))
	data = binary.AppendVarint(data, int64(len(s.Facts)))
	for i := range s.Facts {
		data = s.Facts[i].appendTo(data)
	}
	return data
}

// The parts that a fact may have.
const (
	factText = 1 << iota
	factSize
	factBody
	factFields
)

func (f *Fact) appendTo(data []byte) []byte {
	data = appendName(data, string(f.Kind))
	at := len(data)
	data = append(data, 0)
	parts := byte(0)
	if f.Text != "" {
		parts |= factText
		data = appendText(data, f.Text)
	}
	if f.Size != 0 {
		parts |= factSize
		data = binary.AppendVarint(data, int64(f.Size))
	}
	if f.Body != nil {
		parts |= factBody
		data = append(binary.AppendUvarint(data, uint64(len(f.Body))), f.Body...)
	}
	if len(f.Fields) > 0 {
		parts |= factFields
		data = binary.AppendVarint(data, int64(len(f.Fields)))
		for i := range f.Fields {
			data = appendValue(appendName(data, f.Fields[i].Name), f.Fields[i].Value)
		}
	}
	data[at] = parts
	return data
}

func appendText(data []byte, text string) []byte {
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

var errEncoding = errors.New("not an encoded record")

// HasId says whether data, which AppendTo wrote, is the Record of a request id or
// extended request id.
func HasId(data []byte, id string) bool {
	d := decoder{data: data}
	requestId, extended := d.bytes(), d.bytes()
	return string(requestId) == id || string(extended) == id
}

// Decode reads what AppendTo wrote.
func Decode(data []byte) (*Record, error) {
	d := decoder{data: data}
	r := &Record{}
	for _, text := range [...]*string{
		&r.RequestId, &r.ExtendedRequestId, &r.AccountId, &r.Region, &r.ApiId, &r.StageName, &r.DeploymentId, &r.HttpMethod, &r.Path,
		&r.ResourcePath, &r.ResourceId, &r.LoggingLevel, &r.ProtocolType, &r.DomainName, &r.BasePath,
	} {
		*text = d.text()
	}
	r.DataTraceEnabled, r.Called, r.Redacted = d.flag(), d.flag(), d.flag()
	r.Received = time.Unix(0, d.number())
	r.StatusCode, r.Duration, r.ResponseLength = int(d.number()), time.Duration(d.number()), int(d.number())
	r.IntegrationLatency = time.Duration(d.number())
	for range d.count() {
		r.Steps = append(r.Steps, d.step())
	}
	if d.failed || len(d.data) > 0 {
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

func (d *decoder) bytes() []byte {
	length, n := binary.Uvarint(d.data)
	if n <= 0 || length > uint64(len(d.data)-n) {
		d.fail()
		return nil
	}
	d.data = d.data[n:]
	return d.take(int(length))
}

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

func (d *decoder) number() int64 {
	number, n := binary.Varint(d.data)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return number
}

// count reads a number of parts, each of which takes at least a byte.
func (d *decoder) count() int {
	count := d.number()
	if count < 0 || count > int64(len(d.data)) {
		d.fail()
		return 0
	}
	return int(count)
}

func (d *decoder) flag() bool { return d.byte() != 0 }

func (d *decoder) byte() byte {
	if len(d.data) == 0 {
		d.fail()
		return 0
	}
	first := d.data[0]
	d.data = d.data[1:]
	return first
}

func (d *decoder) step() Step {
	s := Step{Name: d.name()}
	if !d.flag() {
		return s
	}
	s.Started, s.Duration = time.Duration(d.number()), time.Duration(d.number())
	for range d.count() {
		s.Facts = append(s.Facts, d.fact())
	}
	return s
}

func (d *decoder) fact() Fact {
	f := Fact{Kind: Kind(d.name())}
	parts := d.byte()
	if parts&factText != 0 {
		f.Text = d.text()
	}
	if parts&factSize != 0 {
		f.Size = int(d.number())
	}
	if parts&factBody != 0 {
		f.Body = append([]byte{}, d.bytes()...)
	}
	if parts&factFields != 0 {
		for range d.count() {
			f.Fields = append(f.Fields, Field{Name: d.name(), Value: d.value()})
		}
	}
	return f
}
