package record

import (
	"encoding/binary"
	"strings"
)

// shownHeaders are the headers whose values a diagnosis needs and that hold no secret. Of
// every other header only the length of the value is kept.
var shownHeaders = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers",
	"Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Access-Control-Request-Headers",
	"Access-Control-Request-Method", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Host",
	"Origin", "User-Agent", "X-Amzn-Trace-Id", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Http-Method-Override",
	"x-amzn-ErrorType", "x-amzn-RequestId", "Connection", "Server", "Via",
}

// otherNames are further texts that records repeat.
var otherNames = []string{
	"find_method", "check_resource_policy", "authorize", "throttle", "validate_request", "map_request", "call_integration",
	"select_integration_response", "map_response", "find_route", "answer_preflight", "select_route", "check_usage_plan", "check_cache",
	"Authorization", "Cookie", "Referer", "Set-Cookie", "X-Api-Key",
}

// names encodes these texts, and the same in lower case, as one byte each. Records live in
// memory alone, so the list may change with the program.
var names = newNameTable(shownHeaders, otherNames)

// nameTable finds the code of a name, whatever its case. It is small and in one piece: the
// processor's caches have forgotten it by the next request.
type nameTable struct {
	places [placeCount]byte // code + 1; 0 is no name
	starts [maxNames + 1]uint16
	salt   uint32
	shown  int    // codes below are of shownHeaders
	all    string // the names in lower case, one behind the other
	names  []string
}

const (
	placeBits  = 9
	placeCount = 1 << placeBits
	maxNames   = 1 << 6
	maxSalt    = 1 << 20
	// lowerCase marks the code of a name that was in lower case.
	lowerCase = maxNames
)

// newNameTable looks for a salt that gives each name a place of its own.
func newNameTable(shown, others []string) *nameTable {
	t := &nameTable{shown: len(shown), names: append(append([]string{}, shown...), others...)}
	for i, name := range t.names {
		t.all += strings.ToLower(name)
		t.starts[i+1] = uint16(len(t.all)) //nolint:gosec // some hundred bytes
	}
	for !t.fill() {
		if t.salt++; t.salt == maxSalt {
			panic("two names of records have the same length and letters where nameTable.place looks")
		}
	}
	return t
}

func (t *nameTable) fill() bool {
	t.places = [placeCount]byte{}
	for code, name := range t.names {
		place := &t.places[t.place(name)]
		if *place != 0 {
			return false
		}
		*place = byte(code + 1)
	}
	return true
}

// place mixes the length of a name and four of its letters, whatever their case.
func (t *nameTable) place(name string) uint32 {
	n := len(name)
	mixed := uint32(n) ^ uint32(name[0]|letterCase)<<6 ^ uint32(name[n/2]|letterCase)<<12 ^ uint32(name[n*3/4]|letterCase)<<18 ^ uint32(name[n-1]|letterCase)<<24 //nolint:gosec,mnd // any mixture does
	mixed = (mixed ^ t.salt) * 0x9e3779b1
	return mixed >> (32 - placeBits) //nolint:mnd // the upper bits, as many as places has
}

// letterCase is the bit in which small letters differ from capital ones.
const letterCase = 0x20

// find returns the code of the name that a text is, whatever its case; -1 for none.
func (t *nameTable) find(text string) int {
	if text == "" {
		return -1
	}
	code := int(t.places[t.place(text)]) - 1
	if code < 0 {
		return -1
	}
	name := t.all[t.starts[code]:t.starts[code+1]]
	if len(name) != len(text) {
		return -1
	}
	for i := range len(name) {
		if text[i] != name[i] && (text[i]|letterCase != name[i] || text[i] < 'A' || text[i] > 'Z') {
			return -1
		}
	}
	return code
}

// isCode marks a byte that is a name's code and no length of a text.
const isCode = 0x80

// appendName appends a name as its code, anything else as text.
func appendName(data []byte, text string) []byte {
	data, _ = appendHeaderName(data, text)
	return data
}

// appendHeaderName tells besides whether the value of a header may be shown. Texts of 128
// bytes and more begin with a byte that no code has.
func appendHeaderName(data []byte, text string) (extended []byte, shown bool) {
	code := names.find(text)
	shown = code >= 0 && code < names.shown
	switch {
	case code >= 0 && text == names.names[code]:
		return append(data, isCode|byte(code)), shown
	case code >= 0 && text == names.all[names.starts[code]:names.starts[code+1]]:
		return append(data, isCode|lowerCase|byte(code)), shown
	case len(text) < oneByte:
		return append(append(data, byte(len(text))), text...), shown
	default:
		return append(binary.AppendUvarint(append(data, longName), uint64(len(text))), text...), shown
	}
}

// longName begins a text that is too long for one byte.
const longName = 0xff

func (d *decoder) name() string {
	first := d.byte()
	code := int(first) &^ (isCode | lowerCase)
	switch {
	case first == longName:
		return d.text()
	case first < isCode:
		return string(d.take(int(first)))
	case code >= len(names.names):
		d.fail()
		return ""
	case first&lowerCase != 0:
		return names.all[names.starts[code]:names.starts[code+1]]
	default:
		return names.names[code]
	}
}
