package wire_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"gatehouse/internal/awsapi/schema"
)

// statusValue is the value of members that are the response's status.
const statusValue = 202

// missingInSDK lists members that the models have and the official client's types have not,
// because their versions differ.
var missingInSDK = map[string]bool{"SdkTypes.position": true}

// candidates are texts for the patterns of the models; the first that fits is taken. Those in
// front try what must be escaped.
var candidates = []string{
	"a b/c%2F+d?e&f=g#é\"\\<", "a b/c%2F+d?e&f=g", "abc", "200", "a", "abc-123", "/", "/path/", "ABCDEFGHIJKLMNOPQRST",
	"arn:aws:iam::123456789012:role/tester", "arn:aws:lambda:us-east-1:123456789012:function:pets",
	"arn:aws:lambda:us-east-1:123456789012:layer:layer1:2",
	"arn:aws:lambda:us-east-1:123456789012:code-signing-config:csc-0123456789abcdefg",
	"arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-0123456789abcdef0",
	"arn:aws:lambda:us-east-1:123456789012:capacity-provider:cp",
	"arn:aws:lambda:us-east-1::runtime:abc",
	"arn:aws:lambda:us-east-1:123456789012:function:pets:1/durable-execution/a/b",
	"123456789012", "/mnt/data", "o-abcdefghij", "lambda:InvokeFunction", "v1", "12345", "#{protocol}", "HTTPS",
	"ipam-pool-abc", "ipv4pool-coip-abc", "TestException", "01234567-89ab-cdef-0123-456789abcdef", "$LATEST",
	"abcdefghijklmnop", "ALL", "123456",
	"arn:aws:lambda:us-east-1:123456789012:function:pets:1/durable-execution/name/id",
}

// generate makes a tree of values that satisfies a shape: map[string]any for structures and maps,
// []any for lists. Every member is present. Location says where a text must be able to travel.
func generate(t *testing.T, shape *schema.Shape, location schema.Location) any {
	t.Helper()
	switch shape.Kind {
	case schema.Structure:
		tree := map[string]any{}
		for i := range shape.Members {
			m := &shape.Members[i]
			if !missingInSDK[shape.Name+"."+m.Name] {
				tree[m.Name] = generateMember(t, m)
			}
		}
		return tree
	case schema.List:
		count := 2
		if shape.Max.Set {
			count = min(count, int(shape.Max.Value))
		}
		list := make([]any, max(count, int(shape.Min.Value)))
		for i := range list {
			list[i] = generate(t, shape.Element.Target(), location)
		}
		return list
	case schema.Map:
		return generateMap(t, shape, location)
	case schema.String:
		return text(t, shape, location)
	case schema.Boolean:
		return true
	case schema.Integer, schema.Long:
		return number(shape)
	case schema.Double:
		return float64(number(shape))
	case schema.Timestamp:
		return time.Unix(1700000000, 0).UTC()
	}
	return []byte("{\"a\": 1}\n\x00\xff")
}

func generateMember(t *testing.T, m *schema.Member) any {
	t.Helper()
	if m.Location == schema.StatusCode {
		return int64(statusValue)
	}
	return generate(t, m.Target(), m.Location)
}

// generateMap makes as many entries as the shape asks for, one at least.
func generateMap(t *testing.T, shape *schema.Shape, location schema.Location) map[string]any {
	t.Helper()
	key := text(t, shape.Key.Target(), schema.Header)
	tree := map[string]any{key: generate(t, shape.Value.Target(), location)}
	for i := int64(1); i < shape.Min.Value; i++ {
		tree[key[:len(key)-1]+strconv.FormatInt(i, 10)] = generate(t, shape.Value.Target(), location)
	}
	return tree
}

func number(shape *schema.Shape) int64 {
	n := int64(7)
	if shape.Min.Set {
		n = max(n, shape.Min.Value)
	}
	if shape.Max.Set {
		n = min(n, shape.Max.Value)
	}
	return n
}

// text finds a string that the shape allows and that its place can carry.
func text(t *testing.T, shape *schema.Shape, location schema.Location) string {
	t.Helper()
	if len(shape.Enum) > 0 {
		return shape.Enum[len(shape.Enum)-1]
	}
	for _, candidate := range candidates {
		if location == schema.Header && strings.ContainsAny(candidate, "é") {
			continue
		}
		length := int64(utf8.RuneCountInString(candidate))
		if shape.Min.Set && length < shape.Min.Value {
			candidate += strings.Repeat("a", int(shape.Min.Value-length))
			length = shape.Min.Value
		}
		if shape.Max.Set && length > shape.Max.Value || !shape.Matches(candidate) {
			continue
		}
		return candidate
	}
	t.Fatalf("no text for %s, pattern %s", shape.Name, shape.Pattern)
	return ""
}

// fill sets a Go structure, ours or the official client's, from a tree.
func fill(t *testing.T, dst reflect.Value, shape *schema.Shape, tree any) {
	t.Helper()
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	switch value := tree.(type) {
	case string:
		dst.SetString(value)
	case bool:
		dst.SetBool(value)
	case int64:
		dst.SetInt(value)
	case float64:
		dst.SetFloat(value)
	case time.Time:
		dst.Set(reflect.ValueOf(value))
	case []byte:
		dst.SetBytes(value)
	case []any:
		dst.Set(reflect.MakeSlice(dst.Type(), len(value), len(value)))
		for i := range value {
			fill(t, dst.Index(i), shape.Element.Target(), value[i])
		}
	case map[string]any:
		fillMap(t, dst, shape, value)
	}
}

func fillMap(t *testing.T, dst reflect.Value, shape *schema.Shape, tree map[string]any) {
	t.Helper()
	if shape.Kind == schema.Map {
		dst.Set(reflect.MakeMap(dst.Type()))
		for key, value := range tree {
			element := reflect.New(dst.Type().Elem()).Elem()
			fill(t, element, shape.Value.Target(), value)
			dst.SetMapIndex(reflect.ValueOf(key).Convert(dst.Type().Key()), element)
		}
		return
	}
	for i := range shape.Members {
		m := &shape.Members[i]
		if _, ok := tree[m.Name]; !ok {
			continue
		}
		field := fieldOf(dst, m.Name)
		if !field.IsValid() {
			t.Errorf("%s has no field for %s", dst.Type(), m.Name)
			continue
		}
		fill(t, field, m.Target(), tree[m.Name])
	}
}

// fieldOf finds a member's field whatever its capitals.
func fieldOf(structure reflect.Value, member string) reflect.Value {
	return structure.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, member) })
}

// extract turns a Go structure, ours or the official client's, back into a tree.
func extract(src reflect.Value, shape *schema.Shape) any {
	if src.Kind() == reflect.Pointer {
		if src.IsNil() {
			return nil
		}
		src = src.Elem()
	}
	switch shape.Kind {
	case schema.Structure:
		tree := map[string]any{}
		for i := range shape.Members {
			m := &shape.Members[i]
			if field := fieldOf(src, m.Name); field.IsValid() && !missingInSDK[shape.Name+"."+m.Name] {
				tree[m.Name] = extract(field, m.Target())
			}
		}
		return tree
	case schema.List:
		list := make([]any, src.Len())
		for i := range list {
			list[i] = extract(src.Index(i), shape.Element.Target())
		}
		return list
	case schema.Map:
		tree := map[string]any{}
		for _, key := range src.MapKeys() {
			tree[key.String()] = extract(src.MapIndex(key), shape.Value.Target())
		}
		return tree
	}
	return extractScalar(src, shape)
}

func extractScalar(src reflect.Value, shape *schema.Shape) any {
	switch shape.Kind {
	case schema.Boolean:
		return src.Bool()
	case schema.Integer, schema.Long:
		return src.Int()
	case schema.Double:
		return src.Float()
	case schema.Timestamp:
		return src.Interface().(time.Time).UTC()
	case schema.Blob:
		return src.Bytes()
	}
	return src.String()
}
