package knowledge

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is a word of a text with where it stands.
type word struct {
	term       string // what is compared: lower case, without its ending
	start, end int    // bytes of the text
}

const maxWordBytes = 64

// versionPattern is the number of a version or format, as payload formats have: 1.0, 2.0.
var versionPattern = regexp.MustCompile(`\b[1-9]\.\d\b`)

// versionsIn are the versions that a text names. Other numbers say nothing about what is
// looked for; of a number with more digits or points this finds none.
func versionsIn(text string) []word {
	var versions []word
	for _, at := range versionPattern.FindAllStringIndex(text, maxVersions) {
		start, end := at[0], at[1]
		if !isPartOfNumber(text, start-1) && !isPartOfNumber(text, end) {
			versions = append(versions, word{text[start:end], start, end})
		}
	}
	return versions
}

const maxVersions = 16

func isPartOfNumber(text string, at int) bool {
	if at < 0 || at >= len(text) || text[at] != '.' {
		return false
	}
	before, after := at-1, at+1
	return after < len(text) && isDigit(text[after]) && before >= 0 && isDigit(text[before])
}

func isDigit(letter byte) bool { return letter >= '0' && letter <= '9' }

// splitWords takes a text apart. A word in camel case, as AWS's names are, is there whole
// and in its parts.
func splitWords(text string) []word {
	var words []word
	start := -1
	for i, r := range text + " " {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			words = appendWord(words, text[start:i], start)
			start = -1
		}
	}
	return words
}

func appendWord(words []word, found string, start int) []word {
	if len(found) > maxWordBytes {
		return words
	}
	words = append(words, word{stem(strings.ToLower(found)), start, start + len(found)})
	parts := camelParts(found)
	if len(parts) < 2 {
		return words
	}
	for _, part := range parts {
		words = append(words, word{stem(strings.ToLower(part.term)), start + part.start, start + part.end})
	}
	return words
}

// camelParts cuts before each capital that follows a small letter.
func camelParts(text string) []word {
	var parts []word
	begin, previous := 0, rune(0)
	for i, r := range text {
		if unicode.IsUpper(r) && unicode.IsLower(previous) {
			parts = append(parts, word{text[begin:i], begin, i})
			begin = i
		}
		previous = r
	}
	return append(parts, word{text[begin:], begin, len(text)})
}

// stem takes the ending off an English word: "mappings" and "mapped" both give "map".
func stem(term string) string {
	const least = 3
	for _, ending := range [...]struct{ from, to string }{
		{"ations", "at"}, {"ation", "at"}, {"ies", "y"}, {"sses", "ss"}, {"ings", ""}, {"ing", ""}, {"ied", "y"}, {"ed", ""}, {"ers", "er"}, {"es", "e"}, {"s", ""},
	} {
		cut, ok := strings.CutSuffix(term, ending.from)
		if !ok || len(cut) < least || strings.HasSuffix(term, "ss") || !isASCII(term) {
			continue
		}
		return dropE(undouble(cut, ending.from) + ending.to)
	}
	return dropE(term)
}

// undouble makes "mapp" of "mapped" into "map".
func undouble(cut, ending string) string {
	n := len(cut)
	if (ending == "ed" || ending == "ing" || ending == "ings") && n > 3 && cut[n-1] == cut[n-2] && !strings.ContainsRune("ls", rune(cut[n-1])) {
		return cut[:n-1]
	}
	return cut
}

func dropE(term string) string {
	if len(term) > 4 && strings.HasSuffix(term, "e") {
		return term[:len(term)-1]
	}
	return term
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isStopWord says whether a word says nothing about what is looked for.
func isStopWord(term string) bool {
	switch term {
	case "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "get", "got", "how", "i", "in", "is", "it", "my",
		"not", "of", "on", "or", "that", "the", "this", "to", "what", "when", "why", "with", "you", "your", "always", "alway", "doe", "thi",
		"am", "because", "becaus", "been", "but", "don", "doesn", "even", "had", "has", "have", "hav", "if", "into", "isn", "its", "just", "me", "than", "then", "there", "they", "though",
		"was", "we", "were", "will", "while", "where", "which", "who", "also", "any", "some", "so", "should", "would", "could", "did", "didn",
		"between", "difference", "differenc", "anymore", "anymor", "please", "pleas", "still", "our", "us", "he", "she", "him", "their":
		return true
	}
	return false
}

var (
	uuidPattern  = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	arnPattern   = regexp.MustCompile(`(?i)\barn:aws[a-z-]*:[^\s"'<>]+`)
	timePattern  = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\b|\b\d{1,2}:\d{2}:\d{2}([.,]\d+)?\b`)
	tokenPattern = regexp.MustCompile(`\b[A-Za-z0-9_=+/.-]{32,}\b`)
	escaped      = regexp.MustCompile(`\\[nrt]|\\u[0-9a-fA-F]{4}`)
	errorID      = regexp.MustCompile(`(?i)\bGH[- ]?([A-Z]\d{3})\b|^\s*([A-Z]\d{3})\s*$`)
)

// normalise takes from a log line, a stack or an error's JSON what differs from one
// failure to the next: request ids, ARNs, times, tokens and numbers. What is left is
// words in lower case with one space between them. Numbers of three digits from 100 to
// 599 stay: they are status codes.
func normalise(text string) string {
	text = escaped.ReplaceAllString(text, " ")
	for _, pattern := range [...]*regexp.Regexp{uuidPattern, arnPattern, timePattern} {
		text = pattern.ReplaceAllString(text, " ")
	}
	text = tokenPattern.ReplaceAllStringFunc(text, func(token string) string {
		if strings.ContainsAny(token, "0123456789") && !strings.Contains(token, "/") {
			return " "
		}
		return token
	})
	var b strings.Builder
	b.Grow(len(text))
	for field := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if hasOnlyDigits(field) && !isStatusCode(field) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(field))
	}
	return b.String()
}

func hasOnlyDigits(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func isStatusCode(digits string) bool {
	return len(digits) == len("200") && digits[0] >= '1' && digits[0] <= '5'
}

// errorIDsIn are the ids of errors that a text names, in order, upper case.
func errorIDsIn(text string) []string {
	var ids []string
	for _, match := range errorID.FindAllStringSubmatch(text, maxIDsInQuery) {
		ids = append(ids, "GH-"+strings.ToUpper(match[1]+match[2]))
	}
	return ids
}

const maxIDsInQuery = 8
