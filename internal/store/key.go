package store

import (
	"fmt"
	"net/url"
	"strings"
)

// Key is the name of a record: a path of segments, each any string. Keys compare segment by segment, bytewise, and a key comes directly before what
// is beneath it. The zero Key has no segments and is the root of everything. Keys are comparable and can be keys of maps.
type Key struct {
	// path holds the segments, each followed by separator but the last. Bytes 0 and 1 of a segment are escaped, so that the separator sorts
	// below every byte of a segment and order is kept. A key of one empty segment would equal the root: see escapeSegment.
	path string
}

const (
	separator = "\x00"
	// emptySegment stands for a segment without bytes; it sorts below every escaped segment, and above the separator.
	emptySegment = "\x01"
	// emptyText is how an empty segment is written for people; no percent-encoded text is a percent sign alone.
	emptyText = "%"
)

// NewKey makes a key of segments. Any string is a segment, also an empty one, and one with slashes.
func NewKey(segments ...string) Key {
	return Key{}.Child(segments...)
}

// Child returns the key with segments added.
func (k Key) Child(segments ...string) Key {
	var b strings.Builder
	b.WriteString(k.path)
	for _, segment := range segments {
		if b.Len() > 0 {
			b.WriteString(separator)
		}
		b.WriteString(escapeSegment(segment))
	}
	return Key{b.String()}
}

// Segments returns the segments of the key.
func (k Key) Segments() []string {
	if k.path == "" {
		return nil
	}
	segments := strings.Split(k.path, separator)
	for i, segment := range segments {
		segments[i] = unescapeSegment(segment)
	}
	return segments
}

// Len is the number of bytes the key takes towards MaxKeyBytes.
func (k Key) Len() int { return len(k.path) }

// IsRoot says whether the key has no segments.
func (k Key) IsRoot() bool { return k.path == "" }

// Compare orders keys: negative when k comes before other.
func (k Key) Compare(other Key) int { return strings.Compare(k.path, other.path) }

// HasPrefix says whether k is prefix or beneath it.
func (k Key) HasPrefix(prefix Key) bool {
	if prefix.path == "" || k.path == prefix.path {
		return true
	}
	return len(k.path) > len(prefix.path) && k.path[len(prefix.path)] == separator[0] && strings.HasPrefix(k.path, prefix.path)
}

// String writes the key for people: segments joined by slashes, percent-encoded where needed. ParseKey reads it back.
func (k Key) String() string {
	segments := k.Segments()
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
		if segment == "" {
			segments[i] = emptyText
		}
	}
	return strings.Join(segments, "/")
}

// ParseKey reads what Key.String wrote.
func ParseKey(text string) (Key, error) {
	if text == "" {
		return Key{}, nil
	}
	segments := strings.Split(text, "/")
	for i, segment := range segments {
		if segment == emptyText {
			segments[i] = ""
			continue
		}
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return Key{}, fmt.Errorf("parsing key %q: %w", text, err)
		}
		segments[i] = plain
	}
	return NewKey(segments...), nil
}

// MarshalText writes the key as String does.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (k *Key) UnmarshalText(text []byte) error {
	key, err := ParseKey(string(text))
	if err != nil {
		return err
	}
	*k = key
	return nil
}

// AppendBinary appends the key's shortest form, for implementations of Store; it is not for people.
func (k Key) AppendBinary(b []byte) ([]byte, error) { return append(b, k.path...), nil }

// UnmarshalBinary reads what AppendBinary wrote. Keys it reads that compare equal are equal.
func (k *Key) UnmarshalBinary(b []byte) error {
	k.path = string(b)
	return nil
}

// escapeSegment keeps order: 0 becomes 1 2, 1 becomes 1 3, and nothing becomes 1 alone.
func escapeSegment(segment string) string {
	if segment == "" {
		return emptySegment
	}
	if strings.IndexByte(segment, 0) < 0 && strings.IndexByte(segment, 1) < 0 {
		return segment
	}
	return strings.NewReplacer("\x00", "\x01\x02", "\x01", "\x01\x03").Replace(segment)
}

func unescapeSegment(segment string) string {
	if segment == emptySegment {
		return ""
	}
	if strings.IndexByte(segment, 1) < 0 {
		return segment
	}
	return strings.NewReplacer("\x01\x02", "\x00", "\x01\x03", "\x01").Replace(segment)
}
