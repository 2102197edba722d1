// Package lambda holds one file for each operation of lambda (2015-03-31) that is
// built. See package conformance for where they run: a server of their own has real
// functions, AWS's have the role in GATEHOUSE_CONFORMANCE_ROLE.
//
// A file's first line says how we know what it expects. Begin at client and fixture.
package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"

	model "gatehouse/internal/awsapi/lambda"
	"gatehouse/internal/control/functions"
	runner "gatehouse/internal/lambda"
	"gatehouse/internal/store/memory"
	"gatehouse/internal/wire"
	"gatehouse/test/conformance"
)

const (
	defaultRole = "arn:aws:iam::000000000000:role/conformance"
)

func role() string {
	if configured := os.Getenv("GATEHOUSE_CONFORMANCE_ROLE"); configured != "" {
		return configured
	}
	return defaultRole
}

func client(t *testing.T) *lambda.Client {
	t.Helper()
	return lambda.NewFromConfig(conformance.Config(t, serve))
}

func serve(t *testing.T) string {
	t.Helper()
	functionRunner, err := runner.New(runner.Options{
		Now: time.Now, NewID: newId, Directory: t.TempDir(), Interpreters: &runner.Interpreters{Path: os.Getenv("PATH"), Home: os.Getenv("HOME")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = functionRunner.Close() })
	service := &functions.Service{
		Store: memory.New(), Runner: functionRunner, Now: time.Now, NewId: newId, Random: mathrand.Float64,
		FunctionUrl: func(urlId, region string) string { return "https://" + urlId + ".lambda-url." + region + ".on.aws/" },
		EndpointUrl: func() string { return "" },
	}
	return conformance.Serve(t, wire.Service{Schema: model.Schema(), Implementation: service})
}

func newId() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:])
	return fmt.Sprintf("%x-%x-4%x-8%x-%x", raw[0:4], raw[4:6], raw[6:8], raw[8:10], raw[10:])[:36]
}

// fixture is a function that a test may do with as it likes; it goes when the test ends.
type fixture struct {
	*testing.T
	ctx    context.Context
	client *lambda.Client
	name   *string
	arn    string
}

const echo = "import json\ndef handler(event, context):\n    print('saw', json.dumps(event))\n    if event == 'fail':\n        raise ValueError('asked to')\n    return event\n"

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, ctx: context.Background(), client: client(t), name: aws.String("conformance-" + newId()[:8])}
	created, err := f.create(*f.name)
	f.arn = *must(t, created, err).FunctionArn
	f.waitUntilActive()
	t.Cleanup(func() {
		_, err := f.client.DeleteFunction(f.ctx, &lambda.DeleteFunctionInput{FunctionName: f.name})
		var missing *types.ResourceNotFoundException
		if err != nil && !errors.As(err, &missing) {
			t.Errorf("deleting the function: %v", err)
		}
	})
	return f
}

func (f *fixture) create(name string) (*lambda.CreateFunctionOutput, error) {
	f.Helper()
	return f.client.CreateFunction(f.ctx, &lambda.CreateFunctionInput{
		FunctionName: &name, Runtime: types.RuntimePython312, Handler: aws.String("index.handler"), Role: aws.String(role()),
		Code: &types.FunctionCode{ZipFile: archive(f.T, echo)},
	})
}

func (f *fixture) waitUntilActive() {
	f.Helper()
	err := lambda.NewFunctionActiveV2Waiter(f.client).Wait(f.ctx, &lambda.GetFunctionInput{FunctionName: f.name}, time.Minute)
	if err != nil {
		f.Fatal(err)
	}
	err = lambda.NewFunctionUpdatedV2Waiter(f.client).Wait(f.ctx, &lambda.GetFunctionInput{FunctionName: f.name}, time.Minute)
	if err != nil {
		f.Fatal(err)
	}
}

// publish makes a version and returns its number.
func (f *fixture) publish() string {
	f.Helper()
	published, err := f.client.PublishVersion(f.ctx, &lambda.PublishVersionInput{FunctionName: f.name})
	return *must(f.T, published, err).Version
}

func archive(t testing.TB, text string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create("index.py")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = file.Write([]byte(text))
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// must is a call's output when it must succeed.
func must[T any](t testing.TB, output T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return output
}

// is compares a member of an output.
func is[T comparable](t testing.TB, name string, got *T, want T) {
	t.Helper()
	if got == nil || *got != want {
		t.Errorf("%s: got %v, want %v", name, aws.ToString(toText(got)), want)
	}
}

func toText[T any](value *T) *string {
	if value == nil {
		return aws.String("nothing")
	}
	return aws.String(fmt.Sprint(*value))
}

// refused checks an error's code and, unless empty, its message.
func refused(t testing.TB, err error, code, message string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	if refusal.ErrorCode() != code || message != "" && refusal.ErrorMessage() != message {
		t.Errorf("got %s: %s, want %s: %s", refusal.ErrorCode(), refusal.ErrorMessage(), code, message)
	}
}

const (
	notFoundCode = "ResourceNotFoundException"
	conflictCode = "ResourceConflictException"
	invalidCode  = "InvalidParameterValueException"
)

func missingArn(name string) string { return "arn:aws:lambda:us-east-1:000000000000:function:" + name }
