package record

import "encoding/binary"

// names are the texts that records repeat; each is encoded as one byte. New ones go to
// the end. Records live in memory alone, so the list may change with the program.
var names = newNameTable(
	"find_method", "check_resource_policy", "authorize", "throttle", "validate_request", "map_request", "call_integration",
	"select_integration_response", "map_response", "find_route", "answer_preflight", "select_route", "check_usage_plan", "check_cache",
	string(Route), string(RequestPath), string(RequestQuery), string(RequestHeaders), string(RequestBody), string(Principal), string(PolicyDecision),
	string(ThrottleLevel), string(ValidatedModel), string(TemplateChosen), string(EndpointUri), string(EndpointHeaders), string(EndpointBody),
	string(Sending), string(IntegrationLatency), string(EndpointReplyHeaders), string(EndpointReplyBody), string(PatternTried), string(PatternChosen),
	string(MethodResponseBody), string(MethodResponseHeaders), string(GatewayResponse), string(Base64AsText),
	"Host", "Accept", "User-Agent", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Origin", "Referer", "Content-Type", "Date",
	"Content-Length", "Cache-Control", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "Connection", "Server", "Set-Cookie",
	"host", "accept", "user-agent", "accept-encoding", "accept-language", "authorization", "cookie", "origin", "referer", "content-type",
	"content-length", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto",
	string(PlainToTls),
)

// nameTable finds the code of a name by a few of its bytes; no two names share a place.
type nameTable struct {
	names  []string
	places [placeCount]byte // code + 1; 0 is no name
	salt   uint32
}

const placeCount = 1 << 11

// newNameTable looks for a salt that gives each name a place of its own.
func newNameTable(list ...string) *nameTable {
	t := &nameTable{names: list}
	for !t.fill() {
		t.salt++
	}
	return t
}

func (t *nameTable) fill() bool {
	t.places = [placeCount]byte{}
	for code, name := range t.names {
		place := t.place(name)
		switch taken := t.places[place]; {
		case taken != 0 && t.names[taken-1] == name:
			continue // named twice
		case taken != 0:
			return false
		}
		t.places[place] = byte(code + 1)
	}
	return true
}

func (t *nameTable) place(name string) uint32 {
	n := len(name)
	mixed := uint32(n)<<24 ^ uint32(name[0])<<16 ^ uint32(name[n/2])<<8 ^ uint32(name[n-1]) //nolint:gosec // any mixture does
	mixed = (mixed ^ t.salt) * 0x9e3779b1
	return mixed >> (32 - 11) //nolint:mnd // the upper bits, as many as places has
}

// code is the code of a name; ok is false for a text that is none.
func (t *nameTable) code(text string) (code byte, ok bool) {
	if text == "" {
		return 0, false
	}
	code = t.places[t.place(text)]
	return code - 1, code != 0 && t.names[code-1] == text
}

// isCode marks a byte that is a name's code and no length of a text.
const isCode = 0x80

// appendName appends a name as its code, anything else as text. Texts of 128 bytes and
// more begin with a byte that no code has.
func appendName(data []byte, text string) []byte {
	if code, ok := names.code(text); ok {
		return append(data, isCode|code)
	}
	if len(text) < oneByte {
		return append(append(data, byte(len(text))), text...)
	}
	return append(binary.AppendUvarint(append(data, longName), uint64(len(text))), text...)
}

// longName begins a text that is too long for one byte.
const longName = 0xff

func (d *decoder) name() string {
	first := d.byte()
	switch {
	case first == longName:
		return d.text()
	case first < oneByte:
		return string(d.take(int(first)))
	case int(first&^isCode) >= len(names.names):
		d.fail()
		return ""
	default:
		return names.names[first&^isCode]
	}
}

// redactedMark begins a value that is redacted, behind it its length: no length of a
// text begins so. "(29 characters)" is what most values of a record are.
const redactedMark = "\x80\x00"

const (
	redactedPrefix = "("
	redactedSuffix = " characters)"
)

// appendValue appends the value of a field.
func appendValue(data []byte, value string) []byte {
	if length, ok := redactedLength(value); ok {
		return append(data, redactedMark[0], redactedMark[1], length)
	}
	return appendText(data, value)
}

// redactedLength reads LengthText, up to 255 characters.
func redactedLength(value string) (byte, bool) {
	digits := len(value) - len(redactedPrefix) - len(redactedSuffix)
	if digits < 1 || digits > 3 || value[0] != redactedPrefix[0] || value[len(value)-1] != redactedSuffix[len(redactedSuffix)-1] {
		return 0, false
	}
	length := 0
	for _, digit := range []byte(value[1 : 1+digits]) {
		length = 10*length + int(digit) - '0'
	}
	if length < 0 || length >= longestLength || lengths[length] != value {
		return 0, false
	}
	return byte(length), true
}

func (d *decoder) value() string {
	if len(d.data) > len(redactedMark) && string(d.data[:len(redactedMark)]) == redactedMark {
		length := d.data[len(redactedMark)]
		d.data = d.data[len(redactedMark)+1:]
		return lengths[length]
	}
	return d.text()
}
