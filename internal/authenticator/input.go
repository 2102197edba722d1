package authenticator

import (
	"reflect"
	"strconv"

	"gatehouse/internal/caller"
	"gatehouse/internal/iam"
	"gatehouse/internal/wire"
)

// input reads members of an operation's input by AWS's names, whatever the operation.
type input struct{ value reflect.Value }

func inputOf(decoded any) input {
	v := reflect.ValueOf(decoded)
	for v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	return input{v}
}

func (in input) member(name string) reflect.Value {
	if !in.value.IsValid() || in.value.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	member := in.value.FieldByName(name)
	for member.IsValid() && member.Kind() == reflect.Pointer {
		member = member.Elem()
	}
	return member
}

// text is a member that is a string, "" when there is none.
func (in input) text(name string) string {
	if member := in.member(name); member.IsValid() && member.Kind() == reflect.String {
		return member.String()
	}
	return ""
}

// pointer is a member that is an optional string.
func (in input) pointer(name string) *string {
	text := in.text(name)
	if text == "" {
		return nil
	}
	return &text
}

// first is the first of several members that is not empty.
func (in input) first(names ...string) string {
	for _, name := range names {
		if text := in.text(name); text != "" {
			return text
		}
	}
	return ""
}

// texts is a member that is a list of strings.
func (in input) texts(name string) []string {
	member := in.member(name)
	if !member.IsValid() || member.Kind() != reflect.Slice || member.Type().Elem().Kind() != reflect.String {
		return nil
	}
	texts := make([]string, member.Len())
	for i := range texts {
		texts[i] = member.Index(i).String()
	}
	return texts
}

// items is a member that is a list of structures.
func (in input) items(name string) []input {
	member := in.member(name)
	if !member.IsValid() || member.Kind() != reflect.Slice || member.Type().Elem().Kind() != reflect.Struct {
		return nil
	}
	items := make([]input, member.Len())
	for i := range items {
		items[i] = input{member.Index(i)}
	}
	return items
}

// body is the definition of an import, a blob or a text.
func (in input) body() []byte {
	member := in.member("Body")
	if member.IsValid() && member.Kind() == reflect.Slice && member.Type().Elem().Kind() == reflect.Uint8 {
		return member.Bytes()
	}
	return []byte(in.text("Body"))
}

// tags are the tags that a request sets, as a map or as a list.
func (in input) tags() []iam.Tag {
	var tags []iam.Tag
	member := in.member("Tags")
	if member.IsValid() && member.Kind() == reflect.Map && member.Type().Elem().Kind() == reflect.String {
		for _, key := range member.MapKeys() {
			tags = append(tags, iam.Tag{Key: key.String(), Value: member.MapIndex(key).String()})
		}
	}
	for _, item := range in.items("Tags") {
		tags = append(tags, iam.Tag{Key: item.text("Key"), Value: item.text("Value")})
	}
	return tags
}

// commonKeys are the condition keys that every operation has.
func commonKeys(call *wire.Call, who caller.Caller) iam.Context {
	keys := iam.Context{
		{Key: "aws:SourceIp", Value: who.SourceIp},
		{Key: "aws:SecureTransport", Value: strconv.FormatBool(who.SecureTransport)},
		{Key: "aws:RequestedRegion", Value: who.Region},
	}
	if who.UserAgent != "" {
		keys = append(keys, iam.ContextKey{Key: "aws:UserAgent", Value: who.UserAgent})
	}
	in := inputOf(call.Input)
	var tagKeys []string
	for _, tag := range in.tags() {
		keys = append(keys, iam.ContextKey{Key: "aws:RequestTag/" + tag.Key, Value: tag.Value})
		tagKeys = append(tagKeys, tag.Key)
	}
	if tagKeys = append(tagKeys, in.texts("TagKeys")...); len(tagKeys) > 0 {
		keys = append(keys, iam.ContextKey{Key: "aws:TagKeys", Values: tagKeys})
	}
	return keys
}
