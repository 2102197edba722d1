package main

import (
	"strings"
	"unicode"
)

// upperFirst is the rule for every Go name made from a name in a model.
func upperFirst(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// snake turns an operation's name into its file's: PutIntegrationResponse, put_integration_response.
// A run of capitals is one word: CreateOpenIDConnectProvider, create_open_id_connect_provider.
func snake(name string) string {
	runes := []rune(name)
	var out strings.Builder
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			before := unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1])
			after := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if before || after {
				out.WriteByte('_')
			}
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

// constantName turns a value of an enumeration into the end of its constant's name, as the AWS
// SDK for Go does: HTTP_PROXY, HttpProxy; DEFAULT_4XX, Default4xx; nodejs18.x, Nodejs18x.
func constantName(value string) string {
	value = strings.ReplaceAll(value, ".", "")
	words := strings.FieldsFunc(value, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var out strings.Builder
	for _, word := range words {
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		out.WriteString(upperFirst(word))
	}
	return out.String()
}

// constantNames names all values of an enumeration; values that would share a name keep their
// punctuation as underscores.
func constantNames(values []string) []string {
	count := map[string]int{}
	for _, value := range values {
		count[constantName(value)]++
	}
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = constantName(value)
		if count[names[i]] > 1 || names[i] == "" {
			names[i] = literalName(value)
		}
	}
	return names
}

func literalName(value string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, value)
	return "_" + name
}
