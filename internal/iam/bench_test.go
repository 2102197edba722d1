package iam

import (
	"testing"
)

const fiveStatements = `{"Version":"2012-10-17","Statement":[
	{"Sid":"a","Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::bucket/*","arn:aws:s3:::bucket"]},
	{"Sid":"b","Effect":"Allow","Action":"dynamodb:*","Resource":"arn:aws:dynamodb:*:111122223333:table/orders"},
	{"Sid":"c","Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:*:*:a1b2c3/dev/*"},
	{"Sid":"d","Effect":"Allow","Action":"execute-api:Invoke","Resource":["arn:aws:execute-api:us-east-1:*:a1b2c3/prod/POST/*","arn:aws:execute-api:us-east-1:*:a1b2c3/prod/GET/*"],
	 "Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.0.2.0/24"]},"StringEquals":{"aws:PrincipalTag/team":"red"}}},
	{"Sid":"e","Effect":"Deny","Action":"execute-api:Invoke","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`

func benchmarkCase(t testing.TB) (*Request, *Policies) {
	t.Helper()
	req := &Request{Principal: people["user"], Action: ActionInvoke, Resource: apiResource, Context: Context{
		{Key: "aws:SourceIp", Value: "192.0.2.17"}, {Key: "aws:SecureTransport", Value: "true"}, {Key: "aws:UserAgent", Value: "curl"},
	}}
	policies := &Policies{PrincipalPolicies: PrincipalPolicies{Identity: list(mustCompile(t, IdentityPolicy, fiveStatements))}}
	if d := Evaluate(req, policies); !d.Allowed() || d.sid() != "d" {
		t.Fatalf("got %s %q", d.Outcome, d.sid())
	}
	return req, policies
}

func TestEvaluate_allocatesNothing(t *testing.T) {
	req, policies := benchmarkCase(t)
	if n := testing.AllocsPerRun(100, func() { Evaluate(req, policies) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	req, policies := benchmarkCase(b)
	b.ReportAllocs()
	for b.Loop() {
		Evaluate(req, policies)
	}
}

func BenchmarkEvaluateFunctionCall(b *testing.B) {
	policy := functionPolicy(b, `"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:us-east-1:111122223333:a1b2c3/*/GET/pets"}`)
	req, policies := FunctionCall{functionARN, apiResource}.Request(), &Policies{Resource: policy}
	b.ReportAllocs()
	for b.Loop() {
		if !Evaluate(req, policies).Allowed() {
			b.Fatal("denied")
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		mustCompile(b, IdentityPolicy, fiveStatements)
	}
}
