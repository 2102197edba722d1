package record

import (
	"encoding/binary"
	"math/bits"
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

// nameTable finds the code of a name, whatever its case, in one line of the processor's
// cache and with few branches: its caches have forgotten the table by the next request.
type nameTable struct {
	places [1 << placeBits]namePlace
	salt   uint64
	names  []string // by code
	lower  []string // the same in lower case
}

// namePlace is a name: its length, and its first and last letters in its own spelling and
// in lower case. Up to 16 letters, these are all.
type namePlace struct {
	own, lower ends
	length     uint8 // 0 in a place without a name
	code       uint8
	shown      bool
}

const (
	placeBits = 8
	maxNames  = 1 << 6
	maxSalt   = 1 << 20
	// lowerCase marks the code of a name that was in lower case.
	lowerCase = maxNames
	// shortName is the most letters that ends hold.
	shortName = 16
)

// newNameTable looks for a salt that gives each name a place of its own.
func newNameTable(shown, others []string) *nameTable {
	t := &nameTable{names: append(append([]string{}, shown...), others...)}
	for _, name := range t.names {
		t.lower = append(t.lower, strings.ToLower(name))
	}
	for !t.fill(len(shown)) {
		if t.salt++; t.salt == maxSalt {
			panic("two names of records have the same length and ends")
		}
	}
	return t
}

func (t *nameTable) fill(shown int) bool {
	t.places = [1 << placeBits]namePlace{}
	for code, name := range t.names {
		own := endsOf(name)
		place := &t.places[t.place(own, len(name))]
		if place.length != 0 {
			return false
		}
		*place = namePlace{own: own, lower: endsOf(t.lower[code]), length: uint8(len(name)), code: uint8(code), shown: code < shown} //nolint:gosec // short names, few of them
	}
	return true
}

// ends are the first and the last eight letters of a text; of one that is shorter, all its
// letters, some of them twice.
type ends struct{ first, last uint64 }

const (
	wordLength = 8
	halfWord   = 4
	leastName  = 3
)

// endsOf reads the ends of a text of leastName letters or more.
func endsOf(text string) ends {
	switch n := len(text); {
	case n >= wordLength:
		return ends{word(text), word(text[n-wordLength:])}
	case n >= halfWord:
		both := uint64(half(text)) | uint64(half(text[n-halfWord:]))<<32 //nolint:mnd // the upper half
		return ends{both, both}
	default:
		few := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[n-1])<<16 //nolint:mnd // letter by letter
		return ends{few, few}
	}
}

// word is the first eight letters of a text, in one load.
func word(text string) uint64 { return binary.LittleEndian.Uint64([]byte(text[:wordLength])) }

func half(text string) uint32 { return binary.LittleEndian.Uint32([]byte(text[:halfWord])) }

// letterCase is the bit in which small letters differ from capital ones; lettersCase is the
// same of eight letters.
const (
	letterCase  = 0x20
	lettersCase = 0x2020202020202020
)

// place mixes the length of a text and its ends, whatever their case.
func (t *nameTable) place(e ends, length int) uint64 {
	mixed := (e.first|lettersCase)*(2*t.salt+1) ^ bits.RotateLeft64(e.last|lettersCase, 23) ^ uint64(length) //nolint:gosec,mnd // any mixture does
	return mixed * 0x9e3779b97f4a7c15 >> (64 - placeBits)                                                    //nolint:mnd // the upper bits, as many as places has
}

// find returns the code of the name that a text is, in the name's spelling or in lower
// case; what is in neither has none. shown says whether the value of such a header may be
// shown, whatever its spelling.
func (t *nameTable) find(text string) (code byte, found, shown bool) {
	if len(text) < leastName {
		return 0, false, false
	}
	e := endsOf(text)
	place := &t.places[t.place(e, len(text))]
	switch {
	case int(place.length) != len(text):
		return 0, false, false
	case e == place.own && (len(text) <= shortName || text == t.names[place.code]):
		return place.code, true, place.shown
	case e == place.lower && (len(text) <= shortName || text == t.lower[place.code]):
		return lowerCase | place.code, true, place.shown
	default:
		return 0, false, place.shown && isSpelling(text, t.lower[place.code])
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
	case n >= len(t.names):
		return ""
	case code&lowerCase != 0:
		return t.lower[n]
	default:
		return t.names[n]
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
		return appendText(data, text), shown
	default:
		return appendText(append(data, longName), text), shown
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
