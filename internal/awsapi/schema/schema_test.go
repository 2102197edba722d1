package schema_test

import (
	"testing"

	"gatehouse/internal/awsapi/apigateway"
	"gatehouse/internal/awsapi/apigatewaymanagementapi"
	"gatehouse/internal/awsapi/apigatewayv2"
	"gatehouse/internal/awsapi/cloudformation"
	"gatehouse/internal/awsapi/elbv2"
	"gatehouse/internal/awsapi/iam"
	"gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/awsapi/logs"
	"gatehouse/internal/awsapi/schema"
	"gatehouse/internal/awsapi/sts"
)

// The tables agree with the Go types, for the operations that have any.
func TestEveryServiceLinks(t *testing.T) {
	for _, service := range []*schema.Service{
		apigateway.Schema(), apigatewayv2.Schema(), apigatewaymanagementapi.Schema(), lambda.Schema(), logs.Schema(), iam.Schema(), sts.Schema(),
		elbv2.Schema(), cloudformation.Schema(),
	} {
		typed := 0
		for i := range service.Operations {
			o := &service.Operations[i]
			if !o.Typed() {
				continue
			}
			typed++
			if o.Input.Type != o.Handler.InputType || o.Output.Type != o.Handler.OutputType {
				t.Errorf("%s %s: tables and Go types differ", service.Name, o.Name)
			}
		}
		if typed == 0 {
			t.Errorf("%s has no operation with Go types", service.Name)
		}
	}
}

// Every pattern of the models must compile, in RE2 or in the engine with look-around.
func TestEveryPatternCompiles(t *testing.T) {
	for _, service := range []*schema.Service{
		apigateway.Schema(), apigatewayv2.Schema(), lambda.Schema(), logs.Schema(), iam.Schema(), sts.Schema(), elbv2.Schema(), cloudformation.Schema(),
	} {
		for i := range service.Shapes {
			service.Shapes[i].Matches("x")
		}
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		shape *schema.Shape
		value string
		want  bool
	}{
		{apigateway.Schema().Shape("StatusCode"), "200", true},
		{apigateway.Schema().Shape("StatusCode"), "2000", false},
		{apigateway.Schema().Shape("String"), "anything", true},
		{lambda.Schema().Shape("Alias"), "live", true},
		{lambda.Schema().Shape("Alias"), "123", false},
		{lambda.Schema().Shape("FunctionName"), "arn:aws:lambda:us-east-1:123456789012:function:pets", true},
		{lambda.Schema().Shape("S3Bucket"), "bucket.", false},
		{iam.Schema().Shape("pathType"), "/division/", true},
		{iam.Schema().Shape("pathType"), "division", false},
		{sts.Schema().Shape("arnType"), "arn:aws:iam::123456789012:role/é", true},
		{sts.Schema().Shape("arnType"), "arn:\x01", false},
	} {
		if got := test.shape.Matches(test.value); got != test.want {
			t.Errorf("%s matches %q = %v, want %v", test.shape.Name, test.value, got, test.want)
		}
	}
}
