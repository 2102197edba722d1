package blame

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/mapping"
	"gatehouse/internal/plan"
	"gatehouse/internal/value"
)

// How templates read payloads and parameters. A path is a constant; properties may follow.
var (
	pathCall      = regexp.MustCompile(`input\.(?:path|json)\(\s*(?:'([^']*)'|"([^"$]*)")\s*\)((?:\.\w+\b[^(]?)*)`)
	parameterCall = regexp.MustCompile(`input\.params\(\s*['"]([^'"]*)['"]\s*\)`)
	variable      = regexp.MustCompile(`^\$!?\{?(\w+)((?:\.\w+)*)\}?$`)
)

// maxAliases is how many variables are followed from a reference to its path.
const maxAliases = 4

// constantPath is the path that a reference names itself; empty without one.
func constantPath(source string) string {
	match := pathCall.FindStringSubmatch(source)
	if match == nil {
		return ""
	}
	properties := strings.TrimRight(match[3], "})( ,'\"")
	return match[1] + match[2] + properties
}

// payloadPath is a path that a reference reads. Of an element of a loop, which it may be
// or be part of, it is the first one's.
type payloadPath struct {
	text      string // empty for a reference that reads no payload
	isElement bool
}

// pathOf is the path in the payload that a reference at an offset of the template reads,
// through variables that #set and #foreach gave it.
func (x *explanation) pathOf(source string, offset, depth int) payloadPath {
	if path := constantPath(source); path != "" {
		return payloadPath{text: path}
	}
	match := variable.FindStringSubmatch(source)
	if match == nil || depth == maxAliases {
		return payloadPath{}
	}
	before := x.Template[:min(offset, len(x.Template))]
	name := regexp.QuoteMeta(match[1])
	set := regexp.MustCompile(`#set\s*\(\s*\$!?\{?` + name + `\}?\s*=\s*(\$[^\n#]*)`)
	loop := regexp.MustCompile(`#foreach\s*\(\s*\$!?\{?` + name + `\}?\s+in\s+(\$[^\n#]*)`)
	if given, at := lastMatch(set, before); at >= 0 {
		if base := x.pathOf(expression(given), at, depth+1); base.text != "" {
			return payloadPath{base.text + match[2], base.isElement}
		}
	}
	if given, at := lastMatch(loop, before); at >= 0 {
		if base := x.pathOf(expression(given), at, depth+1); base.text != "" {
			return payloadPath{base.text + "[0]" + match[2], true}
		}
	}
	return payloadPath{}
}

// lastMatch is the last match's group, and where the match begins; -1 without one.
func lastMatch(pattern *regexp.Regexp, text string) (group string, at int) {
	all := pattern.FindAllStringSubmatchIndex(text, -1)
	if len(all) == 0 {
		return "", -1
	}
	last := all[len(all)-1]
	return text[last[2]:last[3]], last[0]
}

// expression is a text up to the parenthesis that closes the directive around it.
func expression(text string) string {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return strings.TrimSpace(text[:i])
			}
			depth--
		}
	}
	return strings.TrimSpace(text)
}

// followed is how far a path goes in a payload.
type followed struct {
	missing string // the key that is not there; empty if the path ends at something
	at      string // the path of the object without it
	keys    []string
	nearest string
	is      string // what kind of value is there instead, or at the end
	inText  bool   // a key was asked of what has none
	// mended is the whole path with nearest in the place of missing.
	mended string
}

// follow follows the keys and indexes of a path; what else a path may have ends it.
func (x *explanation) follow(path string) followed {
	input := x.Input()
	defer input.Context.Release()
	text := "{}"
	if input.Payload != nil {
		text = input.Payload.Text()
	}
	here, err := value.Read(nil, text)
	if err != nil {
		return followed{is: "not JSON"}
	}
	done, rest := "$", strings.TrimPrefix(path, "$")
	for rest != "" {
		segment, key, index := cutSegment(rest)
		switch {
		case segment == "":
			return followed{is: kindOf(here)}
		case key == "" && here.List() != nil && index < here.List().Len():
			here = here.List().At(index)
		case key != "" && here.Map() != nil:
			inner, has := here.Map().GetString(key)
			if !has {
				return missingKey(here, done, segment, key, rest)
			}
			here = inner
		default:
			return followed{missing: strings.TrimLeft(segment, "."), at: done, is: kindOf(here), inText: true}
		}
		done, rest = done+segment, rest[len(segment):]
	}
	return followed{is: kindOf(here)}
}

func missingKey(here value.Value, done, segment, key, rest string) followed {
	found := followed{missing: key, at: done, keys: keysOf(here), is: kindOf(here)}
	if found.nearest = nearestOf(key, found.keys); found.nearest != "" {
		found.mended = done + strings.Replace(segment, key, found.nearest, 1) + rest[len(segment):]
	}
	return found
}

var segmentPattern = regexp.MustCompile(`^(?:\.([\w-]+)|\['([^']*)'\]|\[(\d+|\*)\])`)

// cutSegment is the first segment of a path, and its key or index; segment is empty for
// what is neither. An asterisk is the first element.
func cutSegment(path string) (segment, key string, index int) {
	match := segmentPattern.FindStringSubmatch(path)
	if match == nil {
		return "", "", 0
	}
	index, _ = strconv.Atoi(match[3])
	return match[0], match[1] + match[2], index
}

func kindOf(v value.Value) string {
	switch {
	case v.IsNull():
		return "null"
	case v.Map() != nil:
		return "an object"
	case v.List() != nil:
		return "a list of " + strconv.Itoa(v.List().Len())
	case v.Kind() == value.KindString && v.Str() == "":
		return "an empty text"
	default:
		return "a " + v.Kind().String()
	}
}

// Bounds of the keys that are told.
const (
	maxKeys      = 12
	maxKeyLength = 40
)

func keysOf(v value.Value) []string {
	var keys []string
	for _, entry := range v.Map().Entries() {
		if key := entry.Key.Str(); len(key) <= maxKeyLength {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func keysText(keys []string) string {
	switch {
	case len(keys) == 0:
		return ""
	case len(keys) > maxKeys:
		return " (there: " + strings.Join(keys[:maxKeys], ", ") + " and " + strconv.Itoa(len(keys)-maxKeys) + " more)"
	}
	return " (there: " + strings.Join(keys, ", ") + ")"
}

// nearestOf is the name that was probably meant.
func nearestOf(written string, names []string) string {
	for _, resembles := range []func(a, b string) bool{strings.EqualFold, plan.Resembles} {
		for _, name := range names {
			if resembles(name, written) {
				return name
			}
		}
	}
	return ""
}

func namesOf(values mapping.Values) []string {
	var names []string
	for _, one := range values {
		names = append(names, one.Name)
	}
	return names
}
