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
	"select_integration_response", "map_response", "write_cache", "find_route", "answer_preflight", "select_route", "check_usage_plan", "check_cache",
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
	count  int
	shown  int    // codes below are of shownHeaders
	all    string // the names, one behind the other
	lower  string // the same in lower case
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
	t := &nameTable{shown: len(shown)}
	list := append(append([]string{}, shown...), others...)
	for i, name := range list {
		t.all += name
		t.starts[i+1] = uint16(len(t.all)) //nolint:gosec // some hundred bytes
	}
	t.lower, t.count = strings.ToLower(t.all), len(list)
	for !t.fill(list) {
		if t.salt++; t.salt == maxSalt {
			panic("two names of records have the same length and letters where nameTable.place looks")
		}
	}
	return t
}

func (t *nameTable) fill(list []string) bool {
	t.places = [placeCount]byte{}
	for code, name := range list {
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

// find returns the code of the name that a text is, in the name's spelling or in lower
// case; what is in neither has none. shown says whether the value of such a header may be
// shown, whatever its spelling.
func (t *nameTable) find(text string) (code byte, found, shown bool) {
	if text == "" {
		return 0, false, false
	}
	n := int(t.places[t.place(text)]) - 1
	if n < 0 {
		return 0, false, false
	}
	start, end := t.starts[n], t.starts[n+1]
	switch text {
	case t.all[start:end]:
		return byte(n), true, n < t.shown
	case t.lower[start:end]:
		return lowerCase | byte(n), true, n < t.shown
	default:
		return 0, false, n < t.shown && isSpelling(text, t.lower[start:end])
	}
}

// isSpelling says whether a text is a name that is given in lower case.
func isSpelling(text, name string) bool {
	if len(name) != len(text) {
		return false
	}
	for i := range len(name) {
		if text[i] != name[i] && (text[i]|letterCase != name[i] || text[i] < 'A' || text[i] > 'Z') {
			return false
		}
	}
	return true
}

// text is the name of a code; "" for none.
func (t *nameTable) text(code byte) string {
	n := int(code &^ lowerCase)
	switch {
	case n >= t.count:
		return ""
	case code&lowerCase != 0:
		return t.lower[t.starts[n]:t.starts[n+1]]
	default:
		return t.all[t.starts[n]:t.starts[n+1]]
	}
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
	code, found, shown := names.find(text)
	switch {
	case found:
		return append(data, isCode|code), shown
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
	switch {
	case first == longName:
		return d.text()
	case first < isCode:
		return string(d.take(int(first)))
	}
	name := names.text(first &^ isCode)
	if name == "" {
		d.fail()
	}
	return name
}
