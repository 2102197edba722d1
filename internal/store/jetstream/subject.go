package jetstream

import (
	"encoding/hex"
	"fmt"
	"strings"

	"gatehouse/internal/store"
)

// A record's subject is the prefix of records and one token for each segment of its key. NATS forbids dots, spaces and wildcards in a token, so every
// byte but ASCII letters, digits, "-" and "_" is written as "=" and two hexadecimal digits; a segment without bytes is "=" alone. Order does not
// matter here: the image sorts by key.
const (
	recordsSuffix = ".r."    // between the stream's name and the tokens of a key
	resetSuffix   = ".reset" // the subject of reset markers
	escape        = '='
)

// subjectOf is the subject of a key, given the prefix of all records' subjects.
func subjectOf(prefix string, key store.Key) string {
	var b strings.Builder
	b.WriteString(prefix)
	for i, segment := range key.Segments() {
		if i > 0 {
			b.WriteByte('.')
		}
		writeToken(&b, segment)
	}
	return b.String()
}

func writeToken(b *strings.Builder, segment string) {
	if segment == "" {
		b.WriteByte(escape)
		return
	}
	for i := range len(segment) {
		if c := segment[i]; isPlain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(b, "%c%02X", escape, c)
		}
	}
}

func isPlain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_'
}

// keyOf is the key of a subject that subjectOf wrote.
func keyOf(prefix, subject string) (store.Key, error) {
	path, ok := strings.CutPrefix(subject, prefix)
	if !ok || path == "" {
		return store.Key{}, fmt.Errorf("reading subject %q: not of a record", subject)
	}
	tokens := strings.Split(path, ".")
	for i, token := range tokens {
		segment, err := readToken(token)
		if err != nil {
			return store.Key{}, fmt.Errorf("reading subject %q: %w", subject, err)
		}
		tokens[i] = segment
	}
	return store.NewKey(tokens...), nil
}

func readToken(token string) (string, error) {
	if strings.IndexByte(token, escape) < 0 {
		return token, nil
	}
	if token == string(escape) {
		return "", nil
	}
	segment := make([]byte, 0, len(token))
	for i := 0; i < len(token); i++ {
		if token[i] != escape {
			segment = append(segment, token[i])
			continue
		}
		if i+2 >= len(token) {
			return "", fmt.Errorf("token %q ends in an escape", token)
		}
		var err error
		if segment, err = hex.AppendDecode(segment, []byte(token[i+1:i+3])); err != nil {
			return "", fmt.Errorf("token %q: %w", token, err)
		}
		i += 2
	}
	return string(segment), nil
}
