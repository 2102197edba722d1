package wire

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gatehouse/internal/fault"
)

// AWS's answers repeat the value that was refused, and the client may read its own. What is
// kept of a refusal is read by others, in records, logs and on pages, so there a value that
// may be secret is replaced by its length.

// secretWords are parts of the names of members, of headers and of variables whose values
// are secret.
var secretWords = []string{"authorization", "token", "secret", "password", "passwd", "passphrase", "privatekey", "private_key", "private-key", "cookie", "apikey", "api-key", "api_key"}

func isSecretName(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// shownMaps are members of names and values which hold nothing secret.
var shownMaps = []string{"Tags", "RequestTemplates", "ResponseTemplates", "RequestModels", "ResponseModels"}

// patchedMaps are the parts of the paths of patch operations behind which a name and its
// value stand.
var patchedMaps = []string{"/variables/", "/requestParameters/", "/responseParameters/", "/environment/"}

// minSecretBytes is the length from which on a value is looked for in texts: shorter ones
// are words of the texts themselves.
const minSecretBytes = 4

// secretsOf are the values of an operation's input that may be secret, the longest first.
func secretsOf(input any) []string {
	if input == nil {
		return nil
	}
	found := &secrets{}
	found.walk(reflect.ValueOf(input), "", false)
	slices.SortFunc(found.values, func(a, b string) int { return len(b) - len(a) })
	return found.values
}

type secrets struct{ values []string }

func (s *secrets) add(value string) {
	if len(value) >= minSecretBytes && !isExpression(value) {
		s.values = append(s.values, value)
	}
}

// walk visits the member of that name; secret says that one around it is secret.
func (s *secrets) walk(v reflect.Value, name string, secret bool) {
	secret = secret || isSecretName(name)
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			s.walk(v.Elem(), name, secret)
		}
	case reflect.String:
		if secret {
			s.add(v.String())
		}
	case reflect.Struct:
		s.structure(v, secret)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // no text repeats a whole body; concealText sees to its parts
		}
		for i := range v.Len() {
			s.walk(v.Index(i), name, secret)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			s.walk(v.MapIndex(key), key.String(), secret || !slices.Contains(shownMaps, name))
		}
	}
}

func (s *secrets) structure(v reflect.Value, secret bool) {
	t := v.Type()
	// The value of an API key is a member of that name; a patch operation's is of any kind.
	isKey := strings.Contains(t.Name(), "ApiKey")
	if path := v.FieldByName("Path"); path.IsValid() && t.Name() == "PatchOperation" {
		text := reflect.Indirect(path)
		secret = secret || text.IsValid() && (isSecretName(text.String()) || slices.ContainsFunc(patchedMaps, func(part string) bool { return strings.Contains(text.String(), part) }))
	}
	for i := range v.NumField() {
		if field := t.Field(i); field.IsExported() && field.Name != "Op" && field.Name != "Path" {
			s.walk(v.Field(i), field.Name, secret || isKey && field.Name == "Value")
		}
	}
}

// expressionBegins are how mapping expressions begin, which hold no value of their own.
var expressionBegins = []string{"method.", "integration.", "context.", "stageVariables.", "$request.", "$response.", "$context.", "$stageVariables.", "${stageVariables."}

func isExpression(value string) bool {
	return !strings.ContainsAny(value, " '\"\n") && slices.ContainsFunc(expressionBegins, func(begin string) bool { return strings.HasPrefix(value, begin) })
}

// refusedValue finds values in AWS's messages about definitions that were imported, which no
// member of an input has.
var refusedValue = regexp.MustCompile(`(Invalid mapping expression (?:parameter )?specified: |Invalid stage variable value: )([^\],\n]+?)(\]|,|\. Please|\n|$)`)

// concealText replaces what may be secret.
func concealText(text string, values []string) string {
	for _, value := range values {
		text = strings.ReplaceAll(text, value, lengthOf(value))
		if quoted := strings.Trim(strconv.Quote(value), `"`); quoted != value {
			text = strings.ReplaceAll(text, quoted, lengthOf(value))
		}
	}
	if !strings.Contains(text, "Invalid ") {
		return text
	}
	return refusedValue.ReplaceAllStringFunc(text, func(match string) string {
		parts := refusedValue.FindStringSubmatch(match)
		if value := parts[2]; isExpression(value) || strings.HasPrefix(value, "Validation Result:") || strings.HasPrefix(value, "(") {
			return match
		}
		return parts[1] + lengthOf(parts[2]) + parts[3]
	})
}

func lengthOf(value string) string {
	return "(" + strconv.Itoa(utf8.RuneCountInString(value)) + " characters)"
}

// conceal replaces what may be secret in all that a fault says.
func conceal(f *fault.Fault, values []string) {
	for _, text := range []*string{&f.Message, &f.Checked, &f.Found, &f.Wanted, &f.Nearest, &f.Fix, &f.Command} {
		*text = concealText(*text, values)
	}
}

// minSecretSegment is the least length of what a path has in the place of an API key's id
// and is taken for its value; ids are shorter (API reference: CreateApiKey).
const minSecretSegment = 20

// concealPath replaces API keys' values that stand where their ids belong.
func concealPath(path string, values []string) string {
	for _, value := range values {
		if len(value) >= minSecretSegment {
			path = strings.ReplaceAll(path, value, lengthOf(value))
		}
	}
	return path
}
