// Known from: the service model; errors from public reports.

package lambda

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"gatehouse/test/conformance"
)

func TestCreateFunction(t *testing.T) {
	f := newFixture(t)
	got, err := f.client.GetFunctionConfiguration(f.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: f.name})
	must(t, got, err)
	is(t, "version", got.Version, "$LATEST")
	is(t, "timeout", got.Timeout, 3)
	is(t, "memorySize", got.MemorySize, 128)
	if got.State != types.StateActive || got.PackageType != types.PackageTypeZip || got.TracingConfig.Mode != types.TracingModePassThrough {
		t.Errorf("got %+v", got)
	}
	if ours := missingArn(*f.name); conformance.Target() != conformance.Aws && *got.FunctionArn != ours {
		t.Errorf("ARN %s, want %s", *got.FunctionArn, ours)
	}
}

func TestCreateFunction_exists(t *testing.T) {
	f := newFixture(t)
	_, err := f.create(*f.name)
	refused(t, err, conflictCode, "Function already exist: "+*f.name)
}

func TestCreateFunction_badArchive(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.CreateFunction(f.ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("bad"), Runtime: types.RuntimePython312, Handler: aws.String("a.b"), Role: aws.String(role()),
		Code: &types.FunctionCode{ZipFile: []byte("no archive")},
	})
	refused(t, err, invalidCode, "Could not unzip uploaded file. Please check your file, then try to upload again.")
}

// Lambda checks the runtime itself, with an error of its own.
func TestCreateFunction_unknownRuntime(t *testing.T) {
	f := newFixture(t)
	_, err := f.client.CreateFunction(f.ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("old"), Runtime: "cobol99", Handler: aws.String("a.b"), Role: aws.String(role()),
		Code: &types.FunctionCode{ZipFile: archive(t, echo)},
	})
	var invalid *types.InvalidParameterValueException
	if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.ErrorMessage(), "Value cobol99 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [") ||
		!strings.HasSuffix(invalid.ErrorMessage(), "] or be a valid ARN") {
		t.Errorf("%v", err)
	}
}

// The text of the timeout is in public reports; the model allows any.
func TestCreateFunction_limits(t *testing.T) {
	f := newFixture(t)
	in := lambda.CreateFunctionInput{
		FunctionName: aws.String("limits"), Runtime: types.RuntimePython312, Handler: aws.String("a.b"), Role: aws.String(role()),
		Code: &types.FunctionCode{ZipFile: archive(t, echo)},
	}
	long := in
	long.Timeout = aws.Int32(901)
	_, err := f.client.CreateFunction(f.ctx, &long)
	refused(t, err, "ValidationException", "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900")
	badKey := in
	badKey.Environment = &types.Environment{Variables: map[string]string{"A": "too short a name"}}
	_, err = f.client.CreateFunction(f.ctx, &badKey)
	refused(t, err, "ValidationException", "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
}

func TestCreateFunction_refusesByName(t *testing.T) {
	conformance.Ours(t)
	f := newFixture(t)
	_, err := f.client.CreateFunction(f.ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("layered"), Runtime: types.RuntimePython312, Handler: aws.String("a.b"), Role: aws.String(role()),
		Code: &types.FunctionCode{ZipFile: archive(t, echo)}, Layers: []string{"arn:aws:lambda:us-east-1:000000000000:layer:l:1"},
	})
	refused(t, err, invalidCode, "Layers is not supported by Gatehouse: put the layer's content into the deployment package.")
}
