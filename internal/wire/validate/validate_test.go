package validate_test

import (
	"reflect"
	"strings"
	"testing"

	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/awsapi/sts"
	"gatehouse/internal/wire/validate"
)

func ptr[T any](v T) *T { return &v }

// The wording is what AWS's services answer, as seen in public reports; paths of nested members too.
func TestMessage(t *testing.T) {
	for _, test := range []struct {
		name      string
		service   *schema.Service
		operation string
		input     any
		missing   []string
		want      string
	}{
		{"fine", iam.Schema(), "CreateUser", iam.CreateUserInput{UserName: "ann"}, nil, ""},
		{"missing", iam.Schema(), "CreateUser", iam.CreateUserInput{}, []string{"userName"},
			"1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null"},
		{"too long", iam.Schema(), "CreateUser", iam.CreateUserInput{UserName: strings.Repeat("é", 65)[:130]}, nil,
			"2 validation errors detected: Value '" + strings.Repeat("é", 65) + "' at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64; " +
				"Value '" + strings.Repeat("é", 65) + "' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+"},
		{"element of a list", iam.Schema(), "CreateUser", iam.CreateUserInput{UserName: "a", Tags: []iam.Tag{{Key: "k"}, {Key: ""}}}, nil,
			"2 validation errors detected: Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
				"Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"},
		{"long list", iam.Schema(), "CreateUser", iam.CreateUserInput{UserName: "a", Tags: repeat(iam.Tag{Key: "k"}, 51)}, nil,
			"1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"},
		{"sensitive", sts.Schema(), "AssumeRoleWithWebIdentity",
			sts.AssumeRoleWithWebIdentityInput{RoleArn: "arn:aws:iam::123456789012:role/r", RoleSessionName: "abc", WebIdentityToken: "a"}, nil,
			"1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4"},
		{"number", apigatewayv2.Schema(), "CreateApi",
			apigatewayv2.CreateApiInput{Name: "n", ProtocolType: "HTTP", CorsConfiguration: &apigatewayv2.Cors{MaxAge: ptr(int32(-2))}}, nil,
			"1 validation error detected: Value '-2' at 'corsConfiguration.maxAge' failed to satisfy constraint: Member must have value greater than or equal to -1"},
		{"enumeration", elbv2.Schema(), "CreateTargetGroup", elbv2.CreateTargetGroupInput{Name: "n", TargetType: "moon"}, nil,
			"1 validation error detected: Value 'moon' at 'targetType' failed to satisfy constraint: Member must satisfy enum value set: [instance, ip, lambda, alb]"},
		{"empty required enumeration", apigatewayv2.Schema(), "CreateApi", apigatewayv2.CreateApiInput{Name: "n"}, nil,
			"1 validation error detected: Value '' at 'protocolType' failed to satisfy constraint: Member must satisfy enum value set: [WEBSOCKET, HTTP]"},
		{"map", lambda.Schema(), "CreateFunction",
			lambda.CreateFunctionInput{FunctionName: "f", Role: "arn:aws:iam::123456789012:role/r", Environment: &lambda.Environment{Variables: map[string]string{"1x": ""}}}, nil,
			"1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var report validate.Report
			for _, path := range test.missing {
				report.Missing(path)
			}
			report.Check(test.service.Operation(test.operation).Input, reflect.ValueOf(test.input))
			got := report.Message()
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func repeat[T any](element T, count int) []T {
	list := make([]T, count)
	for i := range list {
		list[i] = element
	}
	return list
}
